//! Definitions from documents that people write: nothing in them is passed over.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{
    AttributeDefinition, InvalidDefinition, InvalidDefinitionKind, ResourceType, SchemaDefinition,
    SchemaExtension,
};
use crate::{attribute::AttributeName, schema_uri::SchemaUri};

const TYPES: &str =
    "`string`, `boolean`, `decimal`, `integer`, `dateTime`, `binary`, `reference` or `complex`";
const MUTABILITIES: &str = "`readOnly`, `readWrite`, `immutable` or `writeOnly`";
const RETURNED: &str = "`always`, `never`, `default` or `request`";
const UNIQUENESS: &str = "`none`, `server` or `global`";
const BOOLEAN: &str = "a boolean";
const TEXT: &str = "a string";
const TEXTS: &str = "an array of strings";
const URI: &str = "a URI";
const URIS: &str = "an array of URIs";
const NAME: &str =
    "a letter followed by letters, digits, hyphens and underscores, or the name `$ref`";

impl SchemaDefinition {
    /// Reads a schema from a document that somebody wrote ([RFC 7643 §7]).
    ///
    /// What it leaves out has the default of [RFC 7643 §2.2]; what it says must make sense, to
    /// the last word. `Deserialize`, on the other hand, takes what another service provider
    /// publishes as it is.
    ///
    /// ```
    /// use scim_core::schema::{InvalidDefinitionKind, SchemaDefinition};
    /// use serde_json::json;
    ///
    /// let badge = |attribute| json!({"id": "urn:example:Badge", "attributes": [attribute]});
    /// let schema = SchemaDefinition::read(badge(json!({"name": "number"})))?;
    /// assert!(schema.attribute("number").is_some_and(|number| !number.required));
    ///
    /// let misspelt = badge(json!({"name": "number", "require": true}));
    /// let error = SchemaDefinition::read(misspelt).unwrap_err();
    /// assert_eq!(*error.kind(), InvalidDefinitionKind::UnknownMember("require".to_owned()));
    /// # Ok::<(), scim_core::schema::InvalidDefinition>(())
    /// ```
    ///
    /// # Errors
    /// The first thing in the document that does not make sense.
    ///
    /// [RFC 7643 §7]: https://www.rfc-editor.org/rfc/rfc7643#section-7
    /// [RFC 7643 §2.2]: https://www.rfc-editor.org/rfc/rfc7643#section-2.2
    pub fn read(document: Value) -> Result<Self, InvalidDefinition> {
        let mut document = Document::new(document, String::new())?;
        let id: SchemaUri = document.require("id", URI)?;
        let mut schema = Self::new(id, document.take::<String>("name", TEXT)?.unwrap_or_default());
        schema.schemas = document.take("schemas", URIS)?.unwrap_or(schema.schemas);
        schema.description = document.take("description", TEXT)?;
        let levels = schema.levels();
        for (index, attribute) in document.list("attributes")?.into_iter().enumerate() {
            let place = format!("attributes[{index}]");
            schema.attributes.push(attribute_definition(attribute, place, "", levels)?);
        }
        document.end()?;
        schema.check()?;
        Ok(schema)
    }
}

impl ResourceType {
    /// Reads a resource type from a document that somebody wrote ([RFC 7643 §6]).
    ///
    /// # Errors
    /// The first thing in the document that does not make sense.
    ///
    /// [RFC 7643 §6]: https://www.rfc-editor.org/rfc/rfc7643#section-6
    pub fn read(document: Value) -> Result<Self, InvalidDefinition> {
        let mut document = Document::new(document, String::new())?;
        let name: String = document.require("name", TEXT)?;
        let endpoint: String = document.require("endpoint", TEXT)?;
        let mut resource_type = Self::new(name, endpoint, document.require("schema", URI)?);
        resource_type.schemas = document.take("schemas", URIS)?.unwrap_or(resource_type.schemas);
        resource_type.id = document.take("id", TEXT)?.or(resource_type.id);
        resource_type.description = document.take("description", TEXT)?;
        for (index, extension) in document.list("schemaExtensions")?.into_iter().enumerate() {
            let mut extension = Document::new(extension, format!("schemaExtensions[{index}]"))?;
            let schema = extension.require("schema", URI)?;
            let required = extension.take("required", BOOLEAN)?.unwrap_or_default();
            extension.end()?;
            resource_type.schema_extensions.push(SchemaExtension { schema, required });
        }
        document.end()?;
        resource_type.check()?;
        Ok(resource_type)
    }
}

/// `place` is where the definition stands, `above` the attribute it is part of.
fn attribute_definition(
    value: Value,
    place: String,
    above: &str,
    levels: usize,
) -> Result<AttributeDefinition, InvalidDefinition> {
    let mut document = Document::new(value, place)?;
    let name: AttributeName = document.require("name", NAME)?;
    document.path = format!("{above}{name}");
    let attribute_type = document.take("type", TYPES)?.unwrap_or_default();
    let mut definition = AttributeDefinition::new(name, attribute_type);
    definition.multi_valued = document.take("multiValued", BOOLEAN)?.unwrap_or_default();
    definition.description = document.take("description", TEXT)?;
    definition.required = document.take("required", BOOLEAN)?.unwrap_or_default();
    definition.canonical_values = document.take("canonicalValues", TEXTS)?.unwrap_or_default();
    definition.case_exact = document.take("caseExact", BOOLEAN)?.unwrap_or_default();
    definition.mutability = document.take("mutability", MUTABILITIES)?.unwrap_or_default();
    definition.returned = document.take("returned", RETURNED)?.unwrap_or_default();
    definition.uniqueness = document.take("uniqueness", UNIQUENESS)?.unwrap_or_default();
    definition.reference_types = document.take("referenceTypes", TEXTS)?.unwrap_or_default();
    let above = format!("{}.", document.path);
    for (index, sub) in document.list("subAttributes")?.into_iter().enumerate() {
        let Some(levels) = levels.checked_sub(1) else {
            return Err(InvalidDefinition::new(document.path, InvalidDefinitionKind::Nested));
        };
        let place = format!("{above}subAttributes[{index}]");
        definition.sub_attributes.push(attribute_definition(sub, place, &above, levels)?);
    }
    document.end()?;
    Ok(definition)
}

/// An object whose members are taken out one by one.
struct Document {
    members: Map<String, Value>,
    path: String,
}

impl Document {
    fn new(value: Value, path: String) -> Result<Self, InvalidDefinition> {
        let Value::Object(mut members) = value else {
            return Err(InvalidDefinition::new(path, InvalidDefinitionKind::NotAnObject));
        };
        if path.is_empty() {
            // What every resource has besides (RFC 7643 §3.1) defines nothing here.
            members.retain(|name, _| {
                !["meta", "externalId"].iter().any(|common| name.eq_ignore_ascii_case(common))
            });
        }
        Ok(Self { members, path })
    }

    /// A member, in any case; null is no value.
    fn take<T: DeserializeOwned>(
        &mut self,
        member: &'static str,
        expected: &'static str,
    ) -> Result<Option<T>, InvalidDefinition> {
        let key = self.members.keys().find(|key| key.eq_ignore_ascii_case(member)).cloned();
        let value = key.and_then(|key| self.members.remove(&key));
        let Some(value) = value.filter(|value| !value.is_null()) else { return Ok(None) };
        let kind = InvalidDefinitionKind::Form { member, expected };
        serde_json::from_value(value)
            .map(Some)
            .map_err(|_| InvalidDefinition::new(self.path.as_str(), kind))
    }

    fn require<T: DeserializeOwned>(
        &mut self,
        member: &'static str,
        expected: &'static str,
    ) -> Result<T, InvalidDefinition> {
        let value = self.take(member, expected)?;
        let kind = InvalidDefinitionKind::Missing(member);
        value.ok_or_else(|| InvalidDefinition::new(self.path.as_str(), kind))
    }

    fn list(&mut self, member: &'static str) -> Result<Vec<Value>, InvalidDefinition> {
        Ok(self.take(member, "an array")?.unwrap_or_default())
    }

    /// Fails if a member is left that nobody asked for.
    fn end(self) -> Result<(), InvalidDefinition> {
        match self.members.into_iter().next() {
            Some((name, _)) => {
                Err(InvalidDefinition::new(self.path, InvalidDefinitionKind::UnknownMember(name)))
            }
            None => Ok(()),
        }
    }
}
