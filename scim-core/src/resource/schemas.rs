//! `schemas`: the URIs that say what a resource is made of ([RFC 7643 §3]).
//!
//! [RFC 7643 §3]: https://www.rfc-editor.org/rfc/rfc7643#section-3

use serde_json::{Map, Value};

use super::{Conform, Tolerance, ViolationKind, place::Place};
use crate::{
    schema::{ResourceSchema, SchemaDefinition},
    schema_uri,
};

/// Names that SCIM 1.1 and drafts had for all core schemas together.
const LEGACY_CORE: [&str; 2] = ["urn:scim:schemas:core:1.0", "urn:scim:schemas:core:2.0"];

/// What `schemas` names, by today's names.
#[derive(Debug)]
pub(super) struct Declared<'v> {
    uris: Vec<&'v str>,
    /// Whether the violation is noted already; one is enough.
    is_wrong: bool,
}

impl<'v> Declared<'v> {
    /// Reads `schemas`, and notes if it does not name what it must.
    pub(super) fn read(
        value: Option<&'v Value>,
        schema: &ResourceSchema,
        conform: &mut Conform,
    ) -> Self {
        let mut declared = Self { uris: Vec::new(), is_wrong: false };
        let values = match value {
            Some(Value::Array(values)) => values.as_slice(),
            Some(single @ Value::String(_)) if conform.tolerates(Tolerance::ArrayFromSingle) => {
                std::slice::from_ref(single)
            }
            None | Some(Value::Null) => &[],
            Some(_) => {
                declared.wrong(conform);
                return declared;
            }
        };
        let mut has_core = false;
        for value in values {
            let Value::String(uri) = value else {
                declared.wrong(conform);
                continue;
            };
            let modern = schema_uri::modern(uri);
            let is_legacy_core = LEGACY_CORE.iter().any(|legacy| legacy.eq_ignore_ascii_case(uri));
            let is_core = is_legacy_core || *schema.core_uri() == modern;
            let is_known = is_core || schema.extension(modern).is_some();
            let is_legacy = is_legacy_core || modern != uri;
            if (is_legacy && !conform.tolerates(Tolerance::LegacySchemaUrns))
                || (!is_known && !conform.tolerates(Tolerance::UnknownSchemaUrn))
            {
                declared.wrong(conform);
            }
            has_core |= is_core;
            declared.uris.push(modern);
        }
        if !has_core && !conform.tolerates(Tolerance::MissingSchemas) {
            declared.wrong(conform);
        }
        declared
    }

    /// Notes if an extension that the resource holds is not named.
    pub(super) fn expect(&mut self, extension: &SchemaDefinition, conform: &mut Conform) {
        let is_named = self.uris.iter().any(|uri| extension.id == *uri);
        if !is_named && !conform.tolerates(Tolerance::ExtensionNotDeclaredInSchemas) {
            self.wrong(conform);
        }
    }

    fn wrong(&mut self, conform: &mut Conform) {
        if !self.is_wrong {
            self.is_wrong = true;
            conform.violations.push(Place::Path("schemas"), ViolationKind::Schemas);
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
