use chrono::{DateTime, Utc};
use scim_core::ResourceId;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Applied, Values};
use crate::provision::{
    scope::Cause,
    source::{ObjectKind, SourceId},
};

/// An object of the source and the resource that stands for it.
///
/// `Debug` names the attributes and keeps their values, which are personal, to itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct Link {
    /// The object.
    pub source_id: SourceId,
    /// What it stands for.
    #[serde(default)]
    pub kind: ObjectKind,
    /// The resource.
    pub target_id: ResourceId,
    /// What was last sent; null where no answer told whether it was taken. A reference names the
    /// object of the source.
    pub applied: Applied,
    /// The targets whose references could not be sent yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pending: Vec<String>,
    /// Since when and why the object is not in scope; none while it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<Left>,
}

/// Since when and why an object is not in scope.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Left {
    /// When the engine saw it.
    pub at: DateTime<Utc>,
    /// Why.
    pub cause: Cause,
}

impl Link {
    /// A link of an object in scope.
    pub fn new(
        source_id: SourceId,
        kind: ObjectKind,
        target_id: ResourceId,
        applied: &Values,
    ) -> Self {
        let applied = Applied::new(applied);
        Self { source_id, kind, target_id, applied, pending: Vec::new(), left: None }
    }

    /// Whether the object is in scope, as far as the engine has seen.
    pub fn is_in_scope(&self) -> bool {
        self.left.is_none()
    }

    /// The link as it is until the answer to a change of these targets is there.
    pub(in crate::provision) fn in_doubt<'t>(
        &self,
        targets: impl IntoIterator<Item = &'t str>,
    ) -> Self {
        let mut values = self.applied.values();
        for target in targets {
            values.insert(target, Value::Null);
        }
        Self { applied: Applied::new(&values), ..self.clone() }
    }
}

impl Left {
    /// Out of scope from then on, for that reason.
    pub fn new(at: DateTime<Utc>, cause: Cause) -> Self {
        Self { at, cause }
    }
}
