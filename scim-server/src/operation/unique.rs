use scim_core::{
    BoundFilter, Resource, ResourceSchema,
    schema::{AttributeDefinition, Uniqueness},
};
use serde_json::{Map, Value};

use crate::store::UniqueKey;

/// What no other resource may have, as the schema says.
///
/// Single-valued text alone is looked at; the service gives `id`, which is unique by itself.
pub(super) fn unique_keys(resource: &Resource, schema: &ResourceSchema) -> Vec<UniqueKey> {
    let mut keys = Vec::new();
    collect(resource.attributes(), schema.attributes(), "", &mut keys);
    for extension in schema.extensions() {
        let uri = extension.id.as_str();
        if let Some(Value::Object(inner)) = resource.attributes().get(uri) {
            collect(inner, extension.attributes.iter(), &format!("{uri}:"), &mut keys);
        }
    }
    keys
}

/// The unique key that a resource must have for the filter to match.
pub(super) fn required_key(filter: &BoundFilter, schema: &ResourceSchema) -> Option<UniqueKey> {
    schema.attributes().filter(|definition| is_unique(definition)).find_map(|definition| {
        let name = definition.name.as_str();
        filter.required_text(name).map(|text| UniqueKey::new(name, text))
    })
}

pub(super) fn is_unique(definition: &AttributeDefinition) -> bool {
    definition.uniqueness != Uniqueness::None && definition.name != "id" && !definition.multi_valued
}

fn collect<'d>(
    object: &Map<String, Value>,
    definitions: impl Iterator<Item = &'d AttributeDefinition>,
    prefix: &str,
    keys: &mut Vec<UniqueKey>,
) {
    for definition in definitions {
        if !is_unique(definition) {
            continue;
        }
        let Some(Value::String(text)) = object.get(definition.name.as_str()) else { continue };
        let attribute = format!("{prefix}{}", definition.name);
        keys.push(UniqueKey::new(attribute, definition.comparable(text)));
    }
}
