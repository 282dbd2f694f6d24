//! What a resource may hold whatever its schema says, so that every store can keep and index it.

use scim_core::{
    Resource, ResourceSchema,
    patch::PatchOperation,
    resource::{Violation, ViolationKind},
    schema::AttributeDefinition,
};
use serde_json::{Map, Value};

use super::{Operations, unique::is_unique};
use crate::error::Error;

/// The longest value that identifies a resource, so that every store can index it.
const LONGEST: usize = 1020;

impl Operations {
    /// Checks a resource that is to be stored in the place of `before`.
    ///
    /// What was there before may stay, so that a resource from elsewhere can still be changed.
    pub(super) fn check_bounds(
        &self,
        next: &Resource,
        before: Option<&Resource>,
        schema: &ResourceSchema,
    ) -> Result<(), Error> {
        let before = before.map(Resource::attributes);
        for definition in schema.attributes() {
            self.check_attribute(definition, "", next.attributes(), before)?;
        }
        for extension in schema.extensions() {
            let uri = extension.id.as_str();
            let Some(Value::Object(next)) = next.attributes().get(uri) else { continue };
            let before = before.and_then(|before| before.get(uri)?.as_object());
            for definition in &extension.attributes {
                self.check_attribute(definition, &format!("{uri}:"), next, before)?;
            }
        }
        Ok(())
    }

    /// Checks how many members a resource names that a client sent.
    pub(super) fn check_members(
        &self,
        sent: &Resource,
        schema: &ResourceSchema,
    ) -> Result<(), Error> {
        let members = schema.attributes().filter(|definition| refers(definition));
        let count = members.map(|definition| count(sent.attributes(), definition)).sum();
        self.check_member_count(count)
    }

    /// Checks how many values the operations of a PATCH hold.
    pub(super) fn check_values(&self, operations: &[PatchOperation]) -> Result<(), Error> {
        let length = |value: &Value| value.as_array().map_or(0, Vec::len);
        let count = operations.iter().filter_map(|operation| operation.value.as_ref());
        let count = count.map(|value| match value {
            Value::Object(members) => members.values().map(length).sum(),
            value => length(value),
        });
        self.check_member_count(count.sum())
    }

    fn check_member_count(&self, count: usize) -> Result<(), Error> {
        let limit = self.limits.members;
        if count > limit { Err(Error::TooManyMembers { limit }) } else { Ok(()) }
    }

    fn check_attribute(
        &self,
        definition: &AttributeDefinition,
        prefix: &str,
        next: &Map<String, Value>,
        before: Option<&Map<String, Value>>,
    ) -> Result<(), Error> {
        let name = definition.name.as_str();
        let path = || format!("{prefix}{name}");
        let limit = self.limits.elements;
        if definition.multi_valued && !refers(definition) {
            let elements = count(next, definition);
            let had = before.map_or(0, |before| count(before, definition));
            if elements > limit.max(had) {
                return Err(Error::TooManyElements { attribute: path(), limit });
            }
        }
        let is_identifier = is_unique(definition) || (prefix.is_empty() && name == "externalId");
        let Some(Value::String(text)) = next.get(name).filter(|_| is_identifier) else {
            return Ok(());
        };
        let is_old = before.and_then(|before| before.get(name)?.as_str()) == Some(text);
        let fits = if is_unique(definition) { is_name(text) } else { is_plain(text) };
        if is_old || fits {
            Ok(())
        } else {
            Err(Error::Invalid(Violation::new(path(), ViolationKind::Text).into()))
        }
    }
}

/// Whether the values of an attribute are references to resources, of which there may be many.
fn refers(definition: &AttributeDefinition) -> bool {
    definition.multi_valued && definition.sub_attribute("$ref").is_some()
}

fn count(object: &Map<String, Value>, definition: &AttributeDefinition) -> usize {
    object.get(definition.name.as_str()).and_then(Value::as_array).map_or(0, Vec::len)
}

/// Whether a text can be indexed and logged.
fn is_plain(text: &str) -> bool {
    text.len() <= LONGEST && !text.chars().any(char::is_control)
}

/// Whether a text can be a name that no other resource has: what looks alike and is not must not
/// be told apart by what cannot be seen.
fn is_name(text: &str) -> bool {
    is_plain(text)
        && !text.is_empty()
        && text.trim() == text
        && (text.is_ascii() || !text.chars().any(is_invisible))
}

/// Characters that join, order or hide others, and show nothing themselves (the zero-width ones,
/// the controls of writing direction, separators of lines and paragraphs, tags).
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}
