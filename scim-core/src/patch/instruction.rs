//! A change in the schema's own language: what normalising gives and applying takes.

use serde_json::{Map, Value};

use super::{MembershipDelta, PatchErrorKind};
use crate::{
    filter::BoundFilter,
    schema::{AttributeDefinition, Mutability, ResolvedAttribute},
    schema_uri::SchemaUri,
};

/// One change to one place.
#[derive(Debug)]
pub(super) struct Instruction<'s> {
    pub(super) operation: usize,
    pub(super) target: Target<'s>,
    pub(super) action: Action,
}

/// The place that changes.
#[derive(Debug)]
pub(super) struct Target<'s> {
    pub(super) extension: Option<&'s SchemaUri>,
    pub(super) attribute: &'s AttributeDefinition,
    pub(super) selection: Option<Selection>,
    pub(super) sub_attribute: Option<&'s AttributeDefinition>,
}

/// Which elements change.
#[derive(Debug)]
pub(super) struct Selection {
    pub(super) filter: BoundFilter,
    /// What to begin an element with if none is found and one may be created.
    pub(super) template: Option<Map<String, Value>>,
    /// The `value` of each element, if the filter asks for nothing else.
    pub(super) values: Option<Vec<String>>,
}

/// What happens there; values have the shape and spelling of their definitions.
#[derive(Debug)]
pub(super) enum Action {
    Add(Value),
    Replace(Value),
    Remove,
    /// Removes the elements that the values name.
    RemoveValues(Vec<Value>),
    /// What happens to elements that are known by their `value`.
    Delta(MembershipDelta),
    /// Fails unless the value is there already.
    ExpectUnchanged(Value),
}

impl<'s> Target<'s> {
    pub(super) fn of(resolved: &ResolvedAttribute<'s>) -> Self {
        Self {
            extension: resolved.extension(),
            attribute: resolved.attribute(),
            selection: None,
            sub_attribute: resolved.sub_attribute(),
        }
    }

    pub(super) fn of_attribute(
        extension: Option<&'s SchemaUri>,
        attribute: &'s AttributeDefinition,
    ) -> Self {
        Self { extension, attribute, selection: None, sub_attribute: None }
    }

    /// The path without filter, for messages.
    pub(super) fn path(&self) -> String {
        let mut path = self.extension.map_or_else(String::new, |uri| format!("{uri}:"));
        path.push_str(self.attribute.name.as_str());
        if let Some(sub) = self.sub_attribute {
            path.push('.');
            path.push_str(sub.name.as_str());
        }
        path
    }

    /// Whether both are about the same attribute.
    pub(super) fn is_beside(&self, other: &Self) -> bool {
        std::ptr::eq(self.attribute, other.attribute)
    }

    /// What an action does to elements that are known by their `value`; the action itself where
    /// more is to be known of them.
    pub(super) fn delta(&self, action: Action) -> Result<MembershipDelta, Action> {
        let attribute = self.attribute;
        if self.sub_attribute.is_some() || !attribute.is_membership() {
            return Err(action);
        }
        let mut delta = MembershipDelta::default();
        match (action, &self.selection) {
            (Action::Add(Value::Array(elements)), None) => delta.add_all(attribute, elements),
            (Action::Replace(Value::Array(elements)), None) => {
                delta.clear();
                delta.add_all(attribute, elements);
            }
            (Action::Remove, None) => delta.clear(),
            (Action::Remove, Some(Selection { values: Some(values), .. })) => {
                for value in values {
                    delta.remove(value.clone());
                }
            }
            (Action::RemoveValues(elements), None) => {
                delta.remove_all(attribute, &elements);
            }
            (action, _) => return Err(action),
        }
        Ok(delta)
    }

    pub(super) fn refused(&self, reason: &'static str) -> PatchErrorKind {
        PatchErrorKind::Mutability { path: self.path(), reason }
    }

    pub(super) fn is_read_only(&self) -> bool {
        let is_read_only =
            |definition: &AttributeDefinition| definition.mutability == Mutability::ReadOnly;
        is_read_only(self.attribute) || self.sub_attribute.is_some_and(is_read_only)
    }

    /// Whether a value changes sub-attributes one by one.
    ///
    /// A reference such as `manager` is changed as a whole: what stood beside the old `value`
    /// does not belong to the new one.
    pub(super) fn merges(&self) -> bool {
        self.selection.is_none()
            && self.sub_attribute.is_none()
            && self.attribute.is_complex()
            && !self.attribute.multi_valued
            && self.attribute.sub_attribute("$ref").is_none()
    }
}
