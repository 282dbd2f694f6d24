//! The test vectors in `tests/data`: samples of the rules of RFC 7643 and RFC 7644.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test reports by panicking"
)]

mod deltas;
mod differences;
mod filters;
mod hidden;
mod matching;
mod model;
mod patch_properties;
mod patches;
mod paths;
mod projection_properties;
mod projections;
mod reference;
mod stack;
mod transcripts;

use std::sync::Arc;

use scim_core::{Resource, ResourceSchema, ResourceType, SchemaRegistry, schema::SchemaDefinition};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};

/// A resource type, and the schemas that it names.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Described {
    resource_type: ResourceType,
    schemas: Vec<SchemaDefinition>,
}

/// The standard resource types and those of the test data.
fn registry() -> SchemaRegistry {
    let mut schemas: Vec<SchemaDefinition> = data(include_str!("../data/kit-schemas.json"));
    let mut types: Vec<ResourceType> = data(include_str!("../data/kit-resource-types.json"));
    let device: Described = data(include_str!("../data/device.json"));
    schemas.extend(device.schemas);
    types.push(device.resource_type);
    let registry = SchemaRegistry::standard();
    let registry = schemas.into_iter().fold(registry, SchemaRegistry::with_schema);
    types.into_iter().fold(registry, |registry, resource_type| {
        if registry.resource_type(&resource_type.name).is_some() {
            registry
        } else {
            registry.with_resource_type(resource_type).unwrap()
        }
    })
}

/// A resource type of the registry, with its schemas.
fn schema(resource_type: &str) -> Arc<ResourceSchema> {
    registry().resource_type(resource_type).map(Arc::clone).unwrap()
}

fn data<T: DeserializeOwned>(text: &str) -> T {
    serde_json::from_str(text).unwrap()
}

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

/// Fills in the placeholders of the vectors.
fn filled(value: &Value) -> Value {
    let text = value.to_string().replace("{run}", "7").replace("{taken}", "taken-7");
    let text = ["u1", "u2", "u3"].iter().fold(text, |text, user| {
        text.replace(&format!("{{{user}}}"), &format!("2819c223-7f76-453a-919d-4138619046{user}"))
    });
    serde_json::from_str(&text).unwrap()
}

/// The resource as a service provider would hold it.
fn stored(body: &Value, resource_type: &str) -> Resource {
    let mut attributes = object(body);
    attributes.insert("id".to_owned(), "Stored-Id-1".into());
    let meta = serde_json::json!({
        "resourceType": resource_type,
        "created": "2026-01-12T08:30:00Z", "lastModified": "2026-01-12T08:30:00Z",
    });
    attributes.insert("meta".to_owned(), meta);
    Resource::from_canonical(attributes)
}
