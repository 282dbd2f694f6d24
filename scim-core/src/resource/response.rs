use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{
    Conform, InvalidResource, Resource, ResourceId, Tolerance, Tolerances, ViolationKind,
    elements::{is_primary, value_and_type},
    place::Place,
    scalar,
    schemas::Declared,
};
use crate::{
    schema::{
        AttributeDefinition, AttributeType, Mutability, ResourceSchema, Returned, SchemaDefinition,
    },
    schema_uri::SchemaUri,
};

impl Resource {
    /// Checks a resource as a service provider answered it, whole.
    ///
    /// It must have what the schema requires, `id` and `meta` included, values of the right type,
    /// the schema's spelling, `schemas` that names what is there, and nothing that is never
    /// returned. References to anything but SCIM resources must be URIs. The tolerances let
    /// through what they do in a request.
    ///
    /// ```
    /// use scim_core::{Resource, SchemaRegistry, Tolerances};
    /// use serde_json::json;
    ///
    /// let registry = SchemaRegistry::standard();
    /// let groups = registry.resource_type("Group").ok_or("no such resource type")?;
    /// let answer: Resource = serde_json::from_value(json!({
    ///     "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
    ///     "id": "e9e30dba", "displayname": "Tour Guides", "meta": {"resourceType": "Group"},
    /// }))?;
    /// let error = answer.check_response(groups, Tolerances::strict()).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "`displayname` is not spelt as the schema spells it; `displayName` is required",
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// All that does not fit.
    pub fn check_response(
        &self,
        schema: &ResourceSchema,
        tolerances: Tolerances,
    ) -> Result<(), InvalidResource> {
        self.check_answer(schema, tolerances, true)
    }

    /// [`check_response`](Self::check_response) of an answer to a request with `attributes` or
    /// `excludedAttributes`: only what is always returned must be there ([RFC 7644 §3.9]).
    ///
    /// # Errors
    /// All that does not fit.
    ///
    /// [RFC 7644 §3.9]: https://www.rfc-editor.org/rfc/rfc7644#section-3.9
    pub fn check_partial_response(
        &self,
        schema: &ResourceSchema,
        tolerances: Tolerances,
    ) -> Result<(), InvalidResource> {
        self.check_answer(schema, tolerances, false)
    }

    fn check_answer(
        &self,
        schema: &ResourceSchema,
        tolerances: Tolerances,
        whole: bool,
    ) -> Result<(), InvalidResource> {
        let mut conform = Conform::new(tolerances);
        let declared = Declared::read(self.attributes.get("schemas"), schema, &mut conform);
        let mut check = Check { schema, conform, declared, whole };
        check.resource(&self.attributes);
        let violations = check.conform.violations;
        if violations.is_empty() { Ok(()) } else { Err(InvalidResource::new(violations)) }
    }
}

struct Check<'a> {
    schema: &'a ResourceSchema,
    conform: Conform,
    declared: Declared<'a>,
    whole: bool,
}

impl<'a> Check<'a> {
    fn resource(&mut self, attributes: &Map<String, Value>) {
        let schema = self.schema;
        for (key, value) in attributes.iter().filter(|(key, _)| *key != "schemas") {
            if let Some(definition) = schema.attribute(key) {
                self.member(definition, Place::Path(key), key, value);
            } else if let Some(extension) = schema.extension(key) {
                self.extension(extension, key, value);
            } else {
                self.conform.note_unknown(Place::Path(key), value);
            }
        }
        self.identity(attributes);
        let all = schema.attributes().filter(|definition| definition.name != "schemas");
        self.required(attributes, all, Place::Path);
        for extension in schema.required_extensions().filter(|_| self.whole) {
            let uri = extension.id.as_str();
            if attributes.get(uri).is_none_or(is_unassigned) {
                self.conform.violations.push(Place::Path(uri), ViolationKind::Required);
            }
        }
    }

    /// What RFC 7643 §3.1 says of `id` and `meta.resourceType` besides their types.
    fn identity(&mut self, attributes: &Map<String, Value>) {
        let violations = &mut self.conform.violations;
        let id = attributes.get("id").and_then(Value::as_str);
        if id.is_some_and(|id| id.parse::<ResourceId>().is_err()) {
            violations.push(Place::Path("id"), ViolationKind::Type("a resource id"));
        }
        let resource_type = attributes.get("meta").and_then(|meta| meta.get("resourceType"));
        if resource_type.and_then(Value::as_str).is_some_and(|name| name != self.schema.name()) {
            let kind = ViolationKind::Type("the name of the resource type");
            violations.push(Place::Path("meta.resourceType"), kind);
        }
    }

    fn extension(&mut self, extension: &'a SchemaDefinition, key: &str, value: &Value) {
        let uri = extension.id.as_str();
        let is_modern = extension.id == *key;
        if key != uri && (is_modern || !self.conform.tolerates(Tolerance::LegacySchemaUrns)) {
            self.conform.violations.push(Place::Path(key), ViolationKind::Spelling);
        }
        let members = match value {
            Value::Object(members) => members,
            Value::Null => return,
            _ => {
                let kind = ViolationKind::Type("an object");
                self.conform.violations.push(Place::Path(uri), kind);
                return;
            }
        };
        self.declared.expect(extension, &mut self.conform);
        for (key, value) in members {
            match extension.attribute(key) {
                Some(definition) => {
                    self.member(definition, Place::InExtension(uri, key), key, value);
                }
                None => self.conform.note_unknown(Place::InExtension(uri, key), value),
            }
        }
        self.required(members, &extension.attributes, |name| Place::InExtension(uri, name));
    }

    fn member(
        &mut self,
        definition: &AttributeDefinition,
        place: Place<'_>,
        key: &str,
        value: &Value,
    ) {
        if definition.name.as_str() != key {
            self.conform.violations.push(place, ViolationKind::Spelling);
        }
        if is_unassigned(value) {
            return;
        }
        if is_never_returned(definition) {
            self.conform.violations.push(place, ViolationKind::Returned);
        }
        match (definition.multi_valued, value) {
            (true, Value::Array(values)) => self.elements(definition, place, values),
            (true, _) if !self.conform.tolerates(Tolerance::ArrayFromSingle) => {
                self.conform.violations.push(place, ViolationKind::Type("an array"));
            }
            (false, Value::Array(_)) => {
                self.conform.violations.push(place, ViolationKind::Type("a single value"));
            }
            (_, single) => self.element(definition, place, single),
        }
    }

    fn elements(&mut self, definition: &AttributeDefinition, place: Place<'_>, values: &[Value]) {
        for (index, value) in values.iter().enumerate() {
            self.element(definition, Place::Element(&place, index), value);
        }
        if values.iter().filter(|value| is_primary(value)).count() > 1 {
            self.conform.violations.push(place, ViolationKind::SeveralPrimary);
        }
        let mut seen = HashSet::with_capacity(values.len());
        // RFC 7643 §2.4: no combination of value and type more than once.
        if !values.iter().all(|value| seen.insert(value_and_type(definition, value))) {
            self.conform.violations.push(place, ViolationKind::SameValue);
        }
    }

    fn element(&mut self, definition: &AttributeDefinition, place: Place<'_>, value: &Value) {
        let attribute_type = definition.attribute_type;
        if let (AttributeType::Complex, Value::Object(members)) = (attribute_type, value) {
            for (key, value) in members {
                match definition.sub_attribute(key) {
                    Some(sub) => self.member(sub, Place::Below(&place, key), key, value),
                    None => self.conform.note_unknown(Place::Below(&place, key), value),
                }
            }
            let below = |name| Place::Below(&place, name);
            self.required(members, &definition.sub_attributes, below);
            return;
        }
        let fault = scalar::fault(attribute_type, value);
        let fault = fault.or_else(|| {
            let wrong = is_uri(definition) && !value.as_str().is_some_and(SchemaUri::is_reference);
            wrong.then_some(ViolationKind::Type("a URI"))
        });
        let Some(kind) = fault else { return };
        let is_let_through = attribute_type == AttributeType::Boolean
            && value.as_str().is_some_and(|text| scalar::boolean(text).is_some())
            && self.conform.tolerates(Tolerance::BooleanFromString);
        if !is_let_through {
            self.conform.violations.push(place, kind);
        }
    }

    fn required<'d>(
        &mut self,
        object: &Map<String, Value>,
        definitions: impl IntoIterator<Item = &'d AttributeDefinition>,
        place: impl Fn(&'d str) -> Place<'d>,
    ) {
        for definition in definitions.into_iter().filter(|definition| definition.required) {
            let is_due = match definition.returned {
                Returned::Always => true,
                Returned::Default => self.whole,
                Returned::Never | Returned::Request => false,
            };
            let name = definition.name.as_str();
            let is_due = is_due && !is_never_returned(definition);
            if is_due && object.get(name).is_none_or(is_unassigned) {
                self.conform.violations.push(place(name), ViolationKind::Required);
            }
        }
    }
}

/// RFC 7643 §7: what is write-only is not returned either.
fn is_never_returned(definition: &AttributeDefinition) -> bool {
    definition.returned == Returned::Never || definition.mutability == Mutability::WriteOnly
}

/// Whether it refers to something else than a SCIM resource.
fn is_uri(definition: &AttributeDefinition) -> bool {
    definition.reference_types.iter().any(|word| word == "uri" || word == "external")
}

/// RFC 7643 §2.5.
fn is_unassigned(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(values) => values.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}
