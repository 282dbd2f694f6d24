use std::{fmt, sync::Arc};

use scim_core::{
    PatchOp,
    patch::{PatchOperation, PatchOperationKind, PatchPath},
};
use serde::Serialize;
use serde_json::{Value, json};

use crate::provision::{
    mapping::{Desired, Mapping, referenced},
    source::SourceId,
    state::Values,
};

/// What leads from the resource as it was sent to the resource as it is desired.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Changes {
    /// The attributes that change.
    pub attributes: Vec<Change>,
    /// The members who come.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub joining: Vec<SourceId>,
    /// The members who go.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub leaving: Vec<SourceId>,
}

/// An attribute that changes.
///
/// `Debug` names it and keeps the values, which are personal, to itself.
#[derive(Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// The path of the attribute.
    pub target: Arc<str>,
    /// What was sent last; null if that is not known.
    pub old: Option<Value>,
    /// What is to be there; nothing if it is cleared.
    pub new: Option<Value>,
}

impl Changes {
    /// What differs; nothing is said about members.
    pub fn between(applied: &Values, desired: &Desired, mapping: &Mapping) -> Self {
        let mut attributes = Vec::new();
        for (target, value) in desired.values.iter() {
            let old = applied.get(target);
            if old != Some(value) {
                attributes.push(Change::new(target, old.cloned(), Some(value.clone())));
            }
        }
        // What the source has lost is cleared; what is not mapped any more is let go.
        let is_lost = |target: &Arc<str>| {
            desired.values.get(target).is_none()
                && !desired.kept.contains(target)
                && mapping.writes(target)
        };
        for (target, old) in applied.iter().filter(|(target, _)| is_lost(target)) {
            attributes.push(Change::new(target, Some(old.clone()), None));
        }
        Self { attributes, ..Self::default() }
    }

    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.attributes.is_empty() && self.joining.is_empty() && self.leaving.is_empty()
    }

    /// The targets that change.
    pub fn targets(&self) -> impl Iterator<Item = &str> {
        self.attributes.iter().map(|change| &*change.target)
    }

    /// The changes of attributes as a PATCH, and the targets whose references are not known.
    pub(in crate::provision) fn to_patch(
        &self,
        target_id: &dyn Fn(&SourceId) -> Option<String>,
    ) -> (PatchOp, Vec<String>) {
        let mut patch = PatchOp::new();
        let mut pending = Vec::new();
        for change in &self.attributes {
            let new = change.new.as_ref();
            let value = new.and_then(|value| resolved(&change.target, value, target_id));
            if new.is_some() && value.is_none() {
                pending.push(change.target.to_string());
            }
            if let Some(operation) = change.operation(value) {
                patch = patch.with_operation(operation);
            }
        }
        (patch, pending)
    }
}

impl Change {
    pub(in crate::provision) fn new(
        target: &Arc<str>,
        old: Option<Value>,
        new: Option<Value>,
    ) -> Self {
        Self { target: Arc::clone(target), old, new }
    }

    fn operation(&self, value: Option<Value>) -> Option<PatchOperation> {
        let op = match (&self.old, &value) {
            // There is nothing to remove.
            (None, None) => return None,
            (Some(_), None) => PatchOperationKind::Remove,
            // What is not known may be missing.
            (None | Some(Value::Null), Some(_)) => PatchOperationKind::Add,
            (Some(_), Some(_)) => PatchOperationKind::Replace,
        };
        operation(op, &self.target, value)
    }
}

/// An operation on a target, which is a path because a mapping printed it.
pub(in crate::provision) fn operation(
    op: PatchOperationKind,
    target: &str,
    value: Option<Value>,
) -> Option<PatchOperation> {
    let operation = PatchOperation::new(op).with_path(target.parse().ok()?);
    Some(match value {
        Some(value) => operation.with_value(value),
        None => operation,
    })
}

/// The value with the identifier of the target in the place of a reference; nothing if that is not
/// known.
pub(in crate::provision) fn resolved(
    target: &str,
    value: &Value,
    target_id: &dyn Fn(&SourceId) -> Option<String>,
) -> Option<Value> {
    let Some(wanted) = referenced(value) else { return Some(value.clone()) };
    let id = target_id(&wanted)?;
    let names_value = target.parse::<PatchPath>().is_ok_and(|path| {
        path.sub_attribute().is_some()
            || path.attribute().is_some_and(|attribute| attribute.sub_attribute().is_some())
    });
    Some(if names_value { Value::from(id) } else { json!({"value": id}) })
}

impl fmt::Debug for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.target)
    }
}
