use serde::{Deserialize, Serialize};

use super::AttributeDefinition;
use crate::schema_uri::SchemaUri;

/// A schema: a named set of attribute definitions ([RFC 7643 §7]).
///
/// ```
/// use scim_core::schema::SchemaDefinition;
///
/// let schema: SchemaDefinition = serde_json::from_str(
///     r#"{"id": "urn:example:Badge", "name": "Badge", "attributes": [{"name": "number"}]}"#,
/// )?;
/// assert!(schema.attribute("NUMBER").is_some());
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// [RFC 7643 §7]: https://www.rfc-editor.org/rfc/rfc7643#section-7
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SchemaDefinition {
    /// `schemas` of the document itself (errata 8417).
    #[serde(default = "schemas_of_a_schema")]
    pub schemas: Vec<SchemaUri>,
    /// The URI that names the schema.
    pub id: SchemaUri,
    /// A name for people.
    #[serde(default)]
    pub name: String,
    /// A sentence for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The attributes.
    #[serde(default)]
    pub attributes: Vec<AttributeDefinition>,
}

impl SchemaDefinition {
    /// A schema without attributes.
    pub fn new(id: SchemaUri, name: impl Into<String>) -> Self {
        let schemas = schemas_of_a_schema();
        Self { schemas, id, name: name.into(), description: None, attributes: Vec::new() }
    }

    /// The schema with one more attribute.
    #[must_use]
    pub fn with_attribute(mut self, attribute: AttributeDefinition) -> Self {
        self.attributes.push(attribute);
        self
    }

    /// The attribute of that name, in any case.
    pub fn attribute(&self, name: &str) -> Option<&AttributeDefinition> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }
}

fn schemas_of_a_schema() -> Vec<SchemaUri> {
    vec![SchemaUri::literal(SchemaUri::SCHEMA)]
}
