use serde_json::{Map, Value};

use super::{
    Conform, InvalidResource, Resource, Tolerance, Tolerances, Violation, ViolationKind,
    conform::spelt,
    place::Place,
    required::missing_of_resource,
    schemas::{Declared, declare_schemas},
};
use crate::{
    schema::{AttributeDefinition, Mutability, ResourceSchema, SchemaDefinition},
    schema_uri::SchemaUri,
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
    /// All that does not fit: attributes that the schema lacks, values of another type, what is
    /// required and missing, more than one `primary`, and wrong `schemas`.
    ///
    /// [RFC 7644 §3.3]: https://www.rfc-editor.org/rfc/rfc7644#section-3.3
    pub fn read(
        body: Value,
        schema: &ResourceSchema,
        tolerances: Tolerances,
    ) -> Result<Self, InvalidResource> {
        let Value::Object(mut body) = body else {
            let kind = ViolationKind::Type("a JSON object");
            return Err(Violation::new(schema.name(), kind).into());
        };
        let mut conform = Conform::of_resource(tolerances);
        let schemas = take_schemas(&mut body, &mut conform);
        let declared = Declared::read(schemas.as_ref(), schema, &mut conform);
        let mut reader =
            Reader { schema, conform, declared, attributes: Map::new(), unassigned: Vec::new() };
        for (key, value) in body {
            reader.member(key, value);
        }
        let Reader { conform, mut attributes, .. } = reader;
        let mut violations = conform.violations;
        missing_of_resource(&attributes, schema, &mut violations);
        if violations.is_empty() {
            declare_schemas(&mut attributes, schema);
            Ok(Self { attributes })
        } else {
            Err(InvalidResource::new(violations))
        }
    }
}

/// Takes `schemas` out of a body, in any case.
fn take_schemas(body: &mut Map<String, Value>, conform: &mut Conform) -> Option<Value> {
    let schemas = body.remove("schemas");
    let is_schemas = |key: &&String| key.eq_ignore_ascii_case("schemas");
    let Some(other) = body.keys().find(is_schemas).cloned() else { return schemas };
    let other = body.remove(&other);
    if schemas.is_some() || body.keys().any(|key| is_schemas(&key)) {
        conform.violations.push(Place::Path("schemas"), ViolationKind::GivenTwice);
        body.retain(|key, _| !is_schemas(&key));
    }
    schemas.or(other)
}

struct Reader<'s, 'v> {
    schema: &'s ResourceSchema,
    conform: Conform,
    declared: Declared<'v>,
    attributes: Map<String, Value>,
    /// What was given without a value, such as null.
    unassigned: Vec<&'s AttributeDefinition>,
}

impl<'s> Reader<'s, '_> {
    fn member(&mut self, key: String, value: Value) {
        let schema = self.schema;
        if let Some(definition) = schema.attribute(&key) {
            return self.assign(None, definition, key, value);
        }
        if let Some(extension) = schema.extension(&key) {
            return self.extension(extension, value);
        }
        let resolved = key.contains(':').then(|| key.parse().ok()).flatten();
        if let Some(resolved) = resolved.and_then(|path| schema.resolve(&path).ok())
            && resolved.sub_attribute().is_none()
            && self.conform.tolerates(Tolerance::UrnKeys)
        {
            let container = resolved.extension().map(SchemaUri::as_str);
            return self.assign(container, resolved.attribute(), key, value);
        }
        self.conform.note_unknown(Place::Path(&key), &value);
    }

    fn extension(&mut self, extension: &'s SchemaDefinition, value: Value) {
        let uri = extension.id.as_str();
        let members = match value {
            Value::Null => return,
            Value::Object(members) => members,
            _ => {
                let kind = ViolationKind::Type("an object");
                self.conform.violations.push(Place::Path(uri), kind);
                // It is there, so that it does not count as missing, too.
                self.attributes.insert(uri.to_owned(), Value::Null);
                return;
            }
        };
        self.declared.expect(extension, &mut self.conform);
        for (key, value) in members {
            match extension.attribute(&key) {
                Some(definition) => self.assign(Some(uri), definition, key, value),
                // Some clients repeat `schemas` here; it follows from what the resource holds.
                None if key.eq_ignore_ascii_case("schemas") => {}
                None => self.conform.note_unknown(Place::InExtension(uri, &key), &value),
            }
        }
    }

    fn assign(
        &mut self,
        extension: Option<&str>,
        definition: &'s AttributeDefinition,
        key: String,
        value: Value,
    ) {
        if definition.mutability == Mutability::ReadOnly {
            return;
        }
        let place = Place::attribute(extension, definition.name.as_str());
        // A key and the same key behind its schema's URI are one name, with or without a value.
        let mut is_repeated = self.unassigned.iter().any(|other| std::ptr::eq(*other, definition));
        if let Some(value) = self.conform.shape(definition, place, value) {
            let container = match extension {
                Some(uri) => object_at(&mut self.attributes, uri),
                None => Some(&mut self.attributes),
            };
            let key = spelt(definition, key);
            is_repeated |= container.and_then(|object| object.insert(key, value)).is_some();
        } else {
            let container = match extension {
                Some(uri) => self.attributes.get(uri).and_then(Value::as_object),
                None => Some(&self.attributes),
            };
            let name = definition.name.as_str();
            is_repeated |= container.is_some_and(|object| object.contains_key(name));
            self.unassigned.push(definition);
        }
        if is_repeated {
            self.conform.violations.push(place, ViolationKind::GivenTwice);
        }
    }
}

/// The object below a key, which is made if it is not there.
fn object_at<'m>(map: &'m mut Map<String, Value>, key: &str) -> Option<&'m mut Map<String, Value>> {
    if !map.contains_key(key) {
        map.insert(key.to_owned(), Value::Object(Map::new()));
    }
    map.get_mut(key)?.as_object_mut()
}
