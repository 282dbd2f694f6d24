//! What makes no sense in a definition although every word of it is known.

use super::{
    AttributeDefinition, InvalidDefinition, InvalidDefinitionKind, ResourceType, SchemaDefinition,
};
use crate::{attribute::AttributeName, schema_uri::SchemaUri};

impl SchemaDefinition {
    /// Checks what the types leave open: names, sub-attributes and reference types.
    ///
    /// [`SchemaRegistry::with_resource_type`](super::SchemaRegistry::with_resource_type) does so
    /// for every schema that a resource type uses.
    ///
    /// # Errors
    /// The first attribute that makes no sense.
    pub fn check(&self) -> Result<(), InvalidDefinition> {
        check_attributes(&self.attributes, "", self.levels())
    }

    /// How deep attributes may lie below an attribute.
    ///
    /// The schema of schemas alone is complex inside complex (RFC 7643 §8.7.2).
    pub(super) fn levels(&self) -> usize {
        if self.id == SchemaUri::SCHEMA { 2 } else { 1 }
    }
}

fn check_attributes(
    attributes: &[AttributeDefinition],
    above: &str,
    levels: usize,
) -> Result<(), InvalidDefinition> {
    for (index, attribute) in attributes.iter().enumerate() {
        let path = format!("{above}{}", attribute.name);
        let names_earlier = |name: &AttributeName| {
            attributes.iter().take(index).any(|earlier| earlier.name == *name)
        };
        let has_sub_attributes = !attribute.sub_attributes.is_empty();
        let wrong = if names_earlier(&attribute.name) {
            Some(InvalidDefinitionKind::DuplicateName)
        } else if has_sub_attributes && !attribute.is_complex() {
            Some(InvalidDefinitionKind::SubAttributes)
        } else if attribute.is_complex() && levels == 0 {
            Some(InvalidDefinitionKind::Nested)
        } else if attribute.is_complex() && !has_sub_attributes {
            Some(InvalidDefinitionKind::NoSubAttributes)
        } else if !attribute.reference_types.is_empty() && !attribute.is_reference() {
            Some(InvalidDefinitionKind::ReferenceTypes)
        } else {
            None
        };
        if let Some(kind) = wrong {
            return Err(InvalidDefinition::new(path, kind));
        }
        let below = levels.saturating_sub(1);
        check_attributes(&attribute.sub_attributes, &format!("{path}."), below)?;
    }
    Ok(())
}

impl ResourceType {
    /// Checks what the types leave open: the name, the endpoint, and that no schema comes twice.
    ///
    /// # Errors
    /// The first thing that makes no sense.
    pub fn check(&self) -> Result<(), InvalidDefinition> {
        let wrong = |member, expected| {
            let kind = InvalidDefinitionKind::Form { member, expected };
            Err(InvalidDefinition::new("", kind))
        };
        if self.name.trim().is_empty() || self.name.chars().any(char::is_control) {
            return wrong("name", "a name");
        }
        if !is_path(&self.endpoint) {
            return wrong("endpoint", "a path below the base URL, such as `/Users`");
        }
        for (index, extension) in self.schema_extensions.iter().enumerate() {
            let earlier = self.schema_extensions.iter().take(index).map(|e| &e.schema);
            if std::iter::once(&self.schema).chain(earlier).any(|uri| *uri == extension.schema) {
                let place = format!("schemaExtensions[{index}]");
                let kind = InvalidDefinitionKind::DuplicateExtension;
                return Err(InvalidDefinition::new(place, kind));
            }
        }
        Ok(())
    }
}

/// Segments of unreserved characters (RFC 3986 §2.3), with a slash in front or not.
fn is_path(endpoint: &str) -> bool {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    endpoint
        .strip_prefix('/')
        .unwrap_or(endpoint)
        .split('/')
        .all(|segment| !segment.is_empty() && segment.bytes().all(is_plain))
}
