//! Where resources are: their `location`, and the `$ref` of those that refer to them.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use scim_core::{
    ResourceSchema, SchemaRegistry,
    schema::{AttributeDefinition, Mutability},
};
use serde_json::{Map, Value};

/// What a segment of a path cannot carry as it is.
const SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'/')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// The URL of a resource.
pub(super) fn location(base: &str, schema: &ResourceSchema, id: &str) -> String {
    format!("{base}{}/{}", schema.endpoint(), utf8_percent_encode(id, SEGMENT))
}

/// Puts a `$ref` to each member and each of the `groups` that lacks it, as far as it is known of
/// what type they are (RFC 7643 §2.4).
pub(super) fn add_references(
    attributes: &mut Map<String, Value>,
    schema: &ResourceSchema,
    registry: &SchemaRegistry,
    base: &str,
) {
    let groups =
        schema.attribute("groups").filter(|groups| groups.mutability == Mutability::ReadOnly);
    for definition in schema.membership().into_iter().chain(groups) {
        let Some(Value::Array(elements)) = attributes.get_mut(definition.name.as_str()) else {
            continue;
        };
        for element in elements.iter_mut().filter_map(Value::as_object_mut) {
            let Some(target) = target(element, definition, registry) else { continue };
            let Some(Value::String(id)) = element.get("value") else { continue };
            let reference = location(base, target, id);
            element.entry("$ref").or_insert(Value::String(reference));
        }
    }
}

/// The resource type that an element refers to: the one it names, or the only one it can be of.
fn target<'r>(
    element: &Map<String, Value>,
    definition: &AttributeDefinition,
    registry: &'r SchemaRegistry,
) -> Option<&'r ResourceSchema> {
    let named = element.get("type").and_then(Value::as_str);
    let named = named.and_then(|name| registry.resource_type(name));
    let only = || match definition.sub_attribute("$ref")?.reference_types.as_slice() {
        [only] => registry.resource_type(only),
        _ => None,
    };
    named.map(AsRef::as_ref).or_else(|| only().map(AsRef::as_ref))
}
