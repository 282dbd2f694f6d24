use serde::{Deserialize, Deserializer, Serialize, de::Error};

use super::AttributeDefinition;
use crate::{members::Members, schema_uri::SchemaUri};

/// A schema: a named set of attribute definitions ([RFC 7643 §7]).
///
/// Reading takes members in any case, and passes over attributes whose names are not in the
/// grammar. The `id` alone is needed.
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
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SchemaDefinition {
    /// `schemas` of the document itself (errata 8417).
    pub schemas: Vec<SchemaUri>,
    /// The URI that names the schema.
    pub id: SchemaUri,
    /// A name for people.
    pub name: String,
    /// A sentence for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The attributes.
    pub attributes: Vec<AttributeDefinition>,
}

impl SchemaDefinition {
    /// A schema without attributes.
    pub fn new(id: SchemaUri, name: impl Into<String>) -> Self {
        let schemas = vec![SchemaUri::literal(SchemaUri::SCHEMA)];
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

impl<'de> Deserialize<'de> for SchemaDefinition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut members = Members::deserialize(deserializer)?;
        let id = members.text("id").ok_or_else(|| D::Error::missing_field("id"))?;
        Ok(Self {
            schemas: members.schemas(SchemaUri::SCHEMA),
            id: id.trim().parse().map_err(D::Error::custom)?,
            name: members.text("name").unwrap_or_default(),
            description: members.text("description"),
            attributes: members.read_list("attributes"),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::schema::{AttributeType, Mutability, Returned, Uniqueness};

    #[test]
    fn odd_documents_are_read_for_what_they_say() {
        let body = json!({
            "ID": "urn:example:Badge",
            "Attributes": [
                {
                    "Name": "number", "type": "datetime", "multiValued": "True", "required": "x",
                    "mutability": "READONLY", "returned": "sometimes", "canonicalValues": "one",
                    "subAttributes": null, "minItems": 3,
                },
                {"name": "not a name"},
                {"type": "string"},
                {"name": "plain"},
            ],
        });
        let schema: SchemaDefinition = serde_json::from_value(body).unwrap();
        assert_eq!(schema.schemas, [SchemaUri::SCHEMA]);
        assert_eq!(schema.name, "");
        let [number, plain] = schema.attributes.as_slice() else { panic!("two attributes") };
        assert_eq!((number.attribute_type, number.multi_valued), (AttributeType::DateTime, true));
        assert_eq!((number.required, number.mutability), (false, Mutability::ReadOnly));
        assert_eq!(number.canonical_values, ["one"]);
        assert_eq!((plain.returned, number.returned), (Returned::Default, Returned::Default));
        assert_eq!((plain.mutability, plain.uniqueness), (Mutability::ReadWrite, Uniqueness::None));
    }

    #[test]
    fn the_words_are_those_that_are_written() {
        fn all<T: serde::de::DeserializeOwned + Serialize>(words: &[&str]) {
            for word in words {
                let read: T = serde_json::from_value(json!(word)).unwrap();
                assert_eq!(serde_json::to_value(&read).unwrap(), json!(word));
            }
        }
        all::<AttributeType>(&AttributeType::WORDS);
        all::<Mutability>(&Mutability::WORDS);
        all::<Returned>(&Returned::WORDS);
        all::<Uniqueness>(&Uniqueness::WORDS);
    }
}
