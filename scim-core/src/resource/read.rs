use serde_json::{Map, Value};

use super::{Conform, InvalidResource, Resource, Tolerance, Tolerances, Violation, ViolationKind};
use crate::{
    schema::{AttributeDefinition, Mutability, ResourceSchema, SchemaDefinition},
    schema_uri::{self, SchemaUri},
};

impl Resource {
    /// Reads a resource that a client sent to be created or to replace another.
    ///
    /// Names get the schema's spelling. Unassigned and read-only attributes are left out
    /// ([RFC 7644 §3.3]). `schemas` then names the core schema and the extensions in use.
    ///
    /// ```
    /// use scim_core::{Resource, SchemaRegistry, Tolerances};
    /// use serde_json::json;
    ///
    /// let registry = SchemaRegistry::standard();
    /// let users = registry.resource_type("User").ok_or("no such resource type")?;
    /// let body = json!({
    ///     "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
    ///     "USERNAME": "bjensen", "id": "mine", "emails": [],
    /// });
    /// let user = Resource::read(body, users, Tolerances::default())?;
    /// assert_eq!(user.text("userName"), Some("bjensen"));
    /// assert_eq!(user.id(), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Every attribute that the schema lacks, that has a value of another type, or that is
    /// required and missing.
    ///
    /// [RFC 7644 §3.3]: https://www.rfc-editor.org/rfc/rfc7644#section-3.3
    pub fn read(
        body: Value,
        schema: &ResourceSchema,
        tolerances: Tolerances,
    ) -> Result<Self, InvalidResource> {
        let Value::Object(body) = body else {
            let kind = ViolationKind::Type("a JSON object");
            return Err(Violation::new(schema.name(), kind).into());
        };
        let mut reader = Reader {
            schema,
            conform: Conform::new(tolerances),
            declared: Vec::new(),
            attributes: Map::new(),
            violations: Vec::new(),
        };
        reader.body(body);
        let mut attributes = reader.attributes;
        let mut violations = reader.violations;
        violations.extend(check_required(&attributes, schema));
        if violations.is_empty() {
            declare_schemas(&mut attributes, schema);
            Ok(Self { attributes })
        } else {
            Err(InvalidResource::new(violations))
        }
    }
}

struct Reader<'s> {
    schema: &'s ResourceSchema,
    conform: Conform,
    declared: Vec<String>,
    attributes: Map<String, Value>,
    violations: Vec<Violation>,
}

impl Reader<'_> {
    fn body(&mut self, body: Map<String, Value>) {
        let is_schemas = |key: &String| key.eq_ignore_ascii_case("schemas");
        let (schemas, rest): (Map<_, _>, Map<_, _>) =
            body.into_iter().partition(|(key, _)| is_schemas(key));
        if let Err(violation) = self.schemas(schemas.into_iter().next().map(|(_, value)| value)) {
            self.violations.push(violation);
        }
        for (key, value) in rest {
            if let Err(violation) = self.member(&key, value) {
                self.violations.push(violation);
            }
        }
    }

    fn schemas(&mut self, value: Option<Value>) -> Result<(), Violation> {
        let wrong = || Violation::new("schemas", ViolationKind::Schemas);
        let uris = match value {
            Some(Value::Array(uris)) => uris,
            Some(single @ Value::String(_))
                if self.conform.tolerates(Tolerance::ArrayFromSingle) =>
            {
                vec![single]
            }
            None | Some(Value::Null) => Vec::new(),
            Some(_) => return Err(wrong()),
        };
        let mut core = false;
        for uri in uris {
            let Value::String(uri) = uri else { return Err(wrong()) };
            let modern = schema_uri::modern(&uri);
            let is_legacy_core = ["urn:scim:schemas:core:1.0", "urn:scim:schemas:core:2.0"]
                .iter()
                .any(|legacy| legacy.eq_ignore_ascii_case(&uri));
            let legacy = modern != uri || is_legacy_core;
            if legacy && !self.conform.tolerates(Tolerance::LegacySchemaUrns) {
                return Err(wrong());
            }
            if is_legacy_core || *self.schema.core_uri() == modern {
                core = true;
            } else if self.schema.extension(modern).is_none()
                && !self.conform.tolerates(Tolerance::UnknownSchemaUrn)
            {
                return Err(wrong());
            }
            self.declared.push(modern.to_owned());
        }
        if core || self.conform.tolerates(Tolerance::MissingSchemas) {
            Ok(())
        } else {
            Err(wrong())
        }
    }

    fn member(&mut self, key: &str, value: Value) -> Result<(), Violation> {
        let schema = self.schema;
        if let Some(definition) = schema.attribute(key) {
            return self.assign(None, definition, value);
        }
        if let Some(extension) = schema.extension(key) {
            return self.extension(extension, value);
        }
        let resolved = key.contains(':').then(|| key.parse().ok()).flatten();
        if let Some(resolved) = resolved.and_then(|path| schema.resolve(&path).ok())
            && resolved.sub_attribute().is_none()
            && self.conform.tolerates(Tolerance::UrnKeys)
        {
            let container = resolved.extension().map(SchemaUri::as_str);
            return self.assign(container, resolved.attribute(), value);
        }
        self.conform.unknown(key, &value)
    }

    fn extension(&mut self, extension: &SchemaDefinition, value: Value) -> Result<(), Violation> {
        let uri = extension.id.as_str();
        let members = match value {
            Value::Null => return Ok(()),
            Value::Object(members) => members,
            _ => return Err(Violation::new(uri, ViolationKind::Type("an object"))),
        };
        let declared = self.declared.iter().any(|declared| declared.eq_ignore_ascii_case(uri));
        if !declared && !self.conform.tolerates(Tolerance::ExtensionNotDeclaredInSchemas) {
            return Err(Violation::new("schemas", ViolationKind::Schemas));
        }
        for (key, value) in members {
            match extension.attribute(&key) {
                Some(definition) => self.assign(Some(uri), definition, value)?,
                // Some clients repeat `schemas` here; it follows from what the resource holds.
                None if key.eq_ignore_ascii_case("schemas") => {}
                None => self.conform.unknown(&format!("{uri}:{key}"), &value)?,
            }
        }
        Ok(())
    }

    fn assign(
        &mut self,
        extension: Option<&str>,
        definition: &AttributeDefinition,
        value: Value,
    ) -> Result<(), Violation> {
        if definition.mutability == Mutability::ReadOnly {
            return Ok(());
        }
        let path = match extension {
            Some(uri) => format!("{uri}:{}", definition.name),
            None => definition.name.to_string(),
        };
        let Some(value) = self.conform.attribute(definition, &path, value)? else { return Ok(()) };
        let container = match extension {
            Some(uri) => self
                .attributes
                .entry(uri)
                .or_insert_with(|| Value::Object(Map::new()))
                .as_object_mut(),
            None => Some(&mut self.attributes),
        };
        let before =
            container.and_then(|container| container.insert(definition.name.to_string(), value));
        match before {
            Some(_) => Err(Violation::new(path, ViolationKind::GivenTwice)),
            None => Ok(()),
        }
    }
}

/// The required attributes that a resource lacks (RFC 7643 §2.2).
pub(crate) fn check_required(
    attributes: &Map<String, Value>,
    schema: &ResourceSchema,
) -> Vec<Violation> {
    let mut violations = Vec::new();
    let core = schema.attributes().filter(|definition| definition.name != "schemas");
    missing(attributes, core, "", &mut violations);
    for extension in schema.extensions() {
        let uri = extension.id.as_str();
        let is_required = schema.required_extensions().any(|required| required.id == extension.id);
        match attributes.get(uri).and_then(Value::as_object) {
            Some(object) => {
                missing(object, extension.attributes.iter(), &format!("{uri}:"), &mut violations);
            }
            None if is_required => violations.push(Violation::new(uri, ViolationKind::Required)),
            None => {}
        }
    }
    violations
}

fn missing<'d>(
    object: &Map<String, Value>,
    definitions: impl Iterator<Item = &'d AttributeDefinition>,
    prefix: &str,
    violations: &mut Vec<Violation>,
) {
    for definition in definitions {
        let path = format!("{prefix}{}", definition.name);
        let value = object.get(definition.name.as_str());
        match value {
            None if definition.required && definition.mutability != Mutability::ReadOnly => {
                violations.push(Violation::new(path, ViolationKind::Required));
            }
            Some(Value::Object(inner)) => {
                missing(inner, definition.sub_attributes.iter(), &format!("{path}."), violations);
            }
            Some(Value::Array(elements))
                if definition.sub_attributes.iter().any(|sub| sub.required) =>
            {
                for inner in elements.iter().filter_map(Value::as_object) {
                    missing(
                        inner,
                        definition.sub_attributes.iter(),
                        &format!("{path}."),
                        violations,
                    );
                }
            }
            _ => {}
        }
    }
}

/// Writes `schemas`: the core schema and the extensions that hold something.
pub(crate) fn declare_schemas(attributes: &mut Map<String, Value>, schema: &ResourceSchema) {
    let in_use =
        schema.extensions().filter(|extension| attributes.contains_key(extension.id.as_str()));
    let uris = std::iter::once(schema.core_uri().as_str()).chain(in_use.map(|e| e.id.as_str()));
    let uris: Vec<Value> = uris.map(Value::from).collect();
    attributes.insert("schemas".to_owned(), Value::Array(uris));
}
