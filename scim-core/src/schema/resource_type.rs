use serde::{Deserialize, Deserializer, Serialize, de::Error};

use crate::{members::Members, schema_uri::SchemaUri};

/// A kind of resource: its endpoint and its schemas ([RFC 7643 §6]).
///
/// Reading takes members in any case, booleans as text, and the `id` for a missing name. The
/// `endpoint` and the `schema` are needed.
///
/// [RFC 7643 §6]: https://www.rfc-editor.org/rfc/rfc7643#section-6
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ResourceType {
    /// `schemas` of the document itself.
    pub schemas: Vec<SchemaUri>,
    /// The identifier, mostly equal to the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The name, as in `meta.resourceType`.
    pub name: String,
    /// A sentence for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The path below the base URL, such as `/Users`.
    pub endpoint: String,
    /// The core schema.
    pub schema: SchemaUri,
    /// The extensions that resources may or must have.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub schema_extensions: Vec<SchemaExtension>,
}

/// An extension of a resource type.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SchemaExtension {
    /// The schema of the extension.
    pub schema: SchemaUri,
    /// Whether every resource has it.
    pub required: bool,
}

impl ResourceType {
    /// A resource type without extensions.
    pub fn new(name: impl Into<String>, endpoint: impl Into<String>, schema: SchemaUri) -> Self {
        let name = name.into();
        Self {
            schemas: vec![SchemaUri::literal(SchemaUri::RESOURCE_TYPE)],
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

impl<'de> Deserialize<'de> for ResourceType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut members = Members::deserialize(deserializer)?;
        let missing = D::Error::missing_field;
        let schema = members.text("schema").ok_or_else(|| missing("schema"))?;
        let id = members.nonempty("id");
        let name = members.nonempty("name").or_else(|| id.clone());
        Ok(Self {
            schemas: members.schemas(SchemaUri::RESOURCE_TYPE),
            id,
            name: name.ok_or_else(|| missing("name"))?,
            description: members.text("description"),
            endpoint: members.text("endpoint").ok_or_else(|| missing("endpoint"))?,
            schema: schema.trim().parse().map_err(D::Error::custom)?,
            schema_extensions: members.read_list("schemaExtensions"),
        })
    }
}

impl<'de> Deserialize<'de> for SchemaExtension {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut members = Members::deserialize(deserializer)?;
        let schema = members.text("schema").ok_or_else(|| D::Error::missing_field("schema"))?;
        Ok(Self {
            schema: schema.trim().parse().map_err(D::Error::custom)?,
            required: members.boolean("required").unwrap_or_default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn odd_documents_are_read_for_what_they_say() {
        let body = json!({
            "ID": "User", "endPoint": "/Users", "schema": SchemaUri::USER, "meta": {},
            "schemaextensions": [
                {"schema": SchemaUri::ENTERPRISE_USER, "Required": "false"},
                {"schema": "", "required": true},
                {"required": true},
            ],
        });
        let user: ResourceType = serde_json::from_value(body).unwrap();
        assert_eq!((user.name.as_str(), user.endpoint.as_str()), ("User", "/Users"));
        let [enterprise] = user.schema_extensions.as_slice() else { panic!("one extension") };
        assert!(enterprise.schema == SchemaUri::ENTERPRISE_USER && !enterprise.required);
        for lacking in ["id", "schema", "endpoint"] {
            let mut body = serde_json::to_value(&user).unwrap();
            body["name"].take();
            body[lacking].take();
            assert!(serde_json::from_value::<ResourceType>(body).is_err(), "{lacking}");
        }
    }
}
