use serde::{Deserialize, Serialize};

use crate::schema_uri::SchemaUri;

/// A kind of resource: its endpoint and its schemas ([RFC 7643 §6]).
///
/// [RFC 7643 §6]: https://www.rfc-editor.org/rfc/rfc7643#section-6
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ResourceType {
    /// `schemas` of the document itself.
    #[serde(default = "schemas_of_a_resource_type")]
    pub schemas: Vec<SchemaUri>,
    /// The identifier, mostly equal to the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The name, as in `meta.resourceType`.
    pub name: String,
    /// A sentence for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The path below the base URL, such as `/Users`.
    pub endpoint: String,
    /// The core schema.
    pub schema: SchemaUri,
    /// The extensions that resources may or must have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub schema_extensions: Vec<SchemaExtension>,
}

/// An extension of a resource type.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SchemaExtension {
    /// The schema of the extension.
    pub schema: SchemaUri,
    /// Whether every resource has it.
    #[serde(default)]
    pub required: bool,
}

impl ResourceType {
    /// A resource type without extensions.
    pub fn new(name: impl Into<String>, endpoint: impl Into<String>, schema: SchemaUri) -> Self {
        let name = name.into();
        Self {
            schemas: schemas_of_a_resource_type(),
            id: Some(name.clone()),
            name,
            description: None,
            endpoint: endpoint.into(),
            schema,
            schema_extensions: Vec::new(),
        }
    }

    /// The resource type with one more extension.
    #[must_use]
    pub fn with_extension(mut self, schema: SchemaUri, required: bool) -> Self {
        self.schema_extensions.push(SchemaExtension { schema, required });
        self
    }
}

fn schemas_of_a_resource_type() -> Vec<SchemaUri> {
    vec![SchemaUri::literal(SchemaUri::RESOURCE_TYPE)]
}
