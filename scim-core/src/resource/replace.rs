use serde_json::{Map, Value};

use super::{InvalidResource, Resource, Violation, ViolationKind, read};
use crate::{
    filter::same_value,
    schema::{AttributeDefinition, AttributeType, Mutability, ResourceSchema},
};

impl Resource {
    /// The resource that stands in this one's place after a PUT ([RFC 7644 §3.5.1]).
    ///
    /// `replacement` comes from [`Resource::read`]. Read-only attributes stay; so do an immutable
    /// or write-only one that the replacement leaves out, and `active` when it is false: leaving
    /// it out enables nobody.
    ///
    /// # Errors
    /// If the replacement gives an immutable attribute another value.
    ///
    /// [RFC 7644 §3.5.1]: https://www.rfc-editor.org/rfc/rfc7644#section-3.5.1
    pub fn replaced_by(
        &self,
        replacement: Self,
        schema: &ResourceSchema,
    ) -> Result<Self, InvalidResource> {
        let mut next = replacement.attributes;
        let mut violations = Vec::new();
        keep(&self.attributes, &mut next, schema.attributes(), "", &mut violations);
        for extension in schema.extensions() {
            let uri = extension.id.as_str();
            let Some(before) = self.attributes.get(uri).and_then(Value::as_object) else {
                continue;
            };
            let mut inner = match next.remove(uri) {
                Some(Value::Object(inner)) => inner,
                _ => Map::new(),
            };
            let prefix = format!("{uri}:");
            keep(before, &mut inner, extension.attributes.iter(), &prefix, &mut violations);
            if !inner.is_empty() {
                next.insert(uri.to_owned(), Value::Object(inner));
            }
        }
        if !violations.is_empty() {
            return Err(InvalidResource::new(violations));
        }
        read::declare_schemas(&mut next, schema);
        Ok(Self { attributes: next })
    }
}

fn keep<'d>(
    before: &Map<String, Value>,
    next: &mut Map<String, Value>,
    definitions: impl Iterator<Item = &'d AttributeDefinition>,
    prefix: &str,
    violations: &mut Vec<Violation>,
) {
    for definition in definitions {
        let name = definition.name.as_str();
        let Some(old) = before.get(name) else { continue };
        match (definition.mutability, next.get(name)) {
            (Mutability::Immutable, Some(new)) if !same_value(definition, old, new) => {
                violations
                    .push(Violation::new(format!("{prefix}{name}"), ViolationKind::Immutable));
            }
            (Mutability::ReadOnly, _) | (Mutability::Immutable | Mutability::WriteOnly, None) => {
                next.insert(name.to_owned(), old.clone());
            }
            (_, None) if disables(definition, old) => {
                next.insert(name.to_owned(), old.clone());
            }
            _ => {}
        }
    }
}

/// Whether the value is what keeps an account out.
fn disables(definition: &AttributeDefinition, value: &Value) -> bool {
    definition.attribute_type == AttributeType::Boolean
        && definition.name == "active"
        && *value == Value::Bool(false)
}
