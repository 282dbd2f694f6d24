use scim_core::{
    Resource, ResourceSchema,
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

/// The paths of the attributes that [`unique_keys`] looks at.
pub(super) fn unique_paths(schema: &ResourceSchema) -> Vec<String> {
    let own = schema.attributes().filter(|definition| is_unique(definition));
    let mut paths: Vec<_> = own.map(|definition| definition.name.to_string()).collect();
    for extension in schema.extensions() {
        let unique = extension.attributes.iter().filter(|definition| is_unique(definition));
        paths.extend(unique.map(|definition| format!("{}:{}", extension.id, definition.name)));
    }
    paths
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
