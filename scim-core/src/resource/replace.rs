use std::collections::HashMap;

use serde_json::{Map, Value};

use super::{
    InvalidResource, Resource, ViolationKind, Violations, elements::refers, place::Place,
    schemas::declare_schemas,
};
use crate::{
    filter::same_value,
    schema::{AttributeDefinition, AttributeType, Mutability, ResourceSchema},
};

impl Resource {
    /// The resource that stands in this one's place after a PUT ([RFC 7644 §3.5.1]).
    ///
    /// `replacement` comes from [`Resource::read`]. Read-only attributes stay; so do an immutable
    /// or write-only one that the replacement leaves out, and `active` when it is false: leaving
    /// it out enables nobody. The same holds for the sub-attributes of a complex attribute that
    /// the replacement has. Elements of a multi-valued one may be exchanged as a whole; one that
    /// stays, by its `value`, keeps its read-only sub-attributes.
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
        let mut violations = Violations::default();
        keep(&self.attributes, &mut next, schema.attributes(), Place::Path, &mut violations);
        for extension in schema.extensions() {
            let uri = extension.id.as_str();
            let Some(before) = self.attributes.get(uri).and_then(Value::as_object) else {
                continue;
            };
            let mut inner = match next.remove(uri) {
                Some(Value::Object(inner)) => inner,
                _ => Map::new(),
            };
            let place = |name| Place::InExtension(uri, name);
            keep(before, &mut inner, &extension.attributes, place, &mut violations);
            if !inner.is_empty() {
                next.insert(uri.to_owned(), Value::Object(inner));
            }
        }
        if !violations.is_empty() {
            return Err(InvalidResource::new(violations));
        }
        declare_schemas(&mut next, schema);
        Ok(Self { attributes: next })
    }
}

fn keep<'d>(
    before: &Map<String, Value>,
    next: &mut Map<String, Value>,
    definitions: impl IntoIterator<Item = &'d AttributeDefinition>,
    place: impl Fn(&'d str) -> Place<'d>,
    violations: &mut Violations,
) {
    for definition in definitions {
        let name = definition.name.as_str();
        let Some(old) = before.get(name) else { continue };
        match (definition.mutability, next.get_mut(name)) {
            (Mutability::Immutable, Some(new)) if !same_value(definition, old, new) => {
                violations.push(place(name), ViolationKind::Immutable);
            }
            (Mutability::ReadOnly, _) | (Mutability::Immutable | Mutability::WriteOnly, None) => {
                next.insert(name.to_owned(), old.clone());
            }
            (_, None) if disables(definition, old) => {
                next.insert(name.to_owned(), old.clone());
            }
            (_, Some(new)) if definition.is_complex() => {
                keep_within(definition, old, new, &place(name), violations);
            }
            _ => {}
        }
    }
}

fn keep_within(
    definition: &AttributeDefinition,
    old: &Value,
    new: &mut Value,
    place: &Place<'_>,
    violations: &mut Violations,
) {
    match (old, new) {
        // What is said of one resource does not hold for another that takes its place.
        (Value::Object(old), Value::Object(new))
            if !refers(definition) || old.get("value") == new.get("value") =>
        {
            let below = |name| Place::Below(place, name);
            keep(old, new, &definition.sub_attributes, below, violations);
        }
        (Value::Array(old), Value::Array(new)) => keep_in_elements(definition, old, new),
        _ => {}
    }
}

fn keep_in_elements(definition: &AttributeDefinition, old: &[Value], new: &mut [Value]) {
    let is_read_only = |sub: &&AttributeDefinition| sub.mutability == Mutability::ReadOnly;
    let read_only: Vec<_> = definition.sub_attributes.iter().filter(is_read_only).collect();
    if read_only.is_empty() {
        return;
    }
    let by_value: HashMap<&str, &Value> =
        old.iter().filter_map(|old| Some((old.get("value")?.as_str()?, old))).collect();
    for new in new.iter_mut().filter_map(Value::as_object_mut) {
        let value = new.get("value").and_then(Value::as_str);
        let Some(old) = value.and_then(|value| by_value.get(value)) else { continue };
        for sub in &read_only {
            let name = sub.name.as_str();
            if let Some(kept) = old.get(name) {
                new.insert(name.to_owned(), kept.clone());
            }
        }
    }
}

/// Whether the value is what keeps an account out.
fn disables(definition: &AttributeDefinition, value: &Value) -> bool {
    definition.attribute_type == AttributeType::Boolean
        && definition.name == "active"
        && *value == Value::Bool(false)
}
