use serde_json::{Map, Value};

use super::{ViolationKind, Violations, place::Place};
use crate::schema::{AttributeDefinition, Mutability, ResourceSchema};

/// The required attributes that a resource lacks, at every depth (RFC 7643 §2.2).
pub(crate) fn check_required(
    attributes: &Map<String, Value>,
    schema: &ResourceSchema,
) -> Violations {
    let mut violations = Violations::default();
    missing_of_resource(attributes, schema, &mut violations);
    for definition in schema.attributes() {
        missing_within(attributes, definition, None, &mut violations);
    }
    for extension in schema.extensions() {
        let uri = extension.id.as_str();
        let Some(Value::Object(object)) = attributes.get(uri) else { continue };
        for definition in &extension.attributes {
            missing_within(object, definition, Some(uri), &mut violations);
        }
    }
    violations
}

/// The required attributes and extensions that a resource lacks, without a look into them.
pub(super) fn missing_of_resource(
    attributes: &Map<String, Value>,
    schema: &ResourceSchema,
    violations: &mut Violations,
) {
    // `schemas` follows from what the resource holds.
    let core = schema.attributes().filter(|definition| definition.name != "schemas");
    missing(attributes, core, Place::Path, violations);
    for extension in schema.extensions() {
        let uri = extension.id.as_str();
        match attributes.get(uri) {
            Some(Value::Object(object)) => {
                let place = |name| Place::InExtension(uri, name);
                missing(object, &extension.attributes, place, violations);
            }
            Some(_) => {}
            None => {
                if schema.required_extensions().any(|required| required.id == extension.id) {
                    violations.push(Place::Path(uri), ViolationKind::Required);
                }
            }
        }
    }
}

/// The required attributes that one object lacks.
pub(super) fn missing<'d>(
    object: &Map<String, Value>,
    definitions: impl IntoIterator<Item = &'d AttributeDefinition>,
    place: impl Fn(&'d str) -> Place<'d>,
    violations: &mut Violations,
) {
    for definition in definitions {
        let name = definition.name.as_str();
        let is_asked_for = definition.required && definition.mutability != Mutability::ReadOnly;
        if is_asked_for && !object.contains_key(name) {
            violations.push(place(name), ViolationKind::Required);
        }
    }
}

fn missing_within(
    container: &Map<String, Value>,
    definition: &AttributeDefinition,
    extension: Option<&str>,
    violations: &mut Violations,
) {
    if !definition.sub_attributes.iter().any(|sub| sub.required) {
        return;
    }
    let place = Place::attribute(extension, definition.name.as_str());
    match container.get(definition.name.as_str()) {
        Some(Value::Object(object)) => {
            let below = |name| Place::Below(&place, name);
            missing(object, &definition.sub_attributes, below, violations);
        }
        Some(Value::Array(elements)) => {
            for (index, element) in elements.iter().enumerate() {
                let Value::Object(object) = element else { continue };
                let element = Place::Element(&place, index);
                let below = |name| Place::Below(&element, name);
                missing(object, &definition.sub_attributes, below, violations);
            }
        }
        _ => {}
    }
}
