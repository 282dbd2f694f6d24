//! What a list of attributes names, as in `attributes` and `excludedAttributes`.

use serde_json::{Map, Value};

use crate::{
    attribute::{AttributePath, InvalidAttributePath},
    schema::ResourceSchema,
    schema_uri::SchemaUri,
};

/// What a list names.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Entry {
    Attribute(AttributePath),
    /// An extension whose URI does not end like the name of an attribute.
    Extension(SchemaUri),
}

/// An attribute, a sub-attribute, or (without attribute) a whole extension.
#[derive(Debug)]
pub(crate) struct Selected {
    pub(crate) extension: Option<String>,
    pub(crate) attribute: Option<String>,
    pub(crate) sub_attribute: Option<String>,
}

impl Entry {
    /// Reads entries with commas between them.
    pub(super) fn read_list(text: Option<&str>) -> Result<Vec<Self>, InvalidAttributePath> {
        let entries = text.unwrap_or_default().split(',').map(str::trim);
        entries.filter(|entry| !entry.is_empty()).map(Self::read).collect()
    }

    fn read(text: &str) -> Result<Self, InvalidAttributePath> {
        let as_uri = |error| text.parse().map(Self::Extension).map_err(|_| error);
        text.parse().map(Self::Attribute).or_else(as_uri)
    }

    /// What it means for a resource type; nothing, if the schemas lack it.
    fn resolve(&self, schema: &ResourceSchema) -> Option<Selected> {
        let (path, uri) = match self {
            Self::Attribute(path) => (Some(path), path.as_str()),
            Self::Extension(uri) => (None, uri.as_str()),
        };
        if let Some(extension) = schema.extension(uri) {
            let extension = Some(extension.id.to_string());
            return Some(Selected { extension, attribute: None, sub_attribute: None });
        }
        let resolved = schema.resolve(path?).ok()?;
        Some(Selected {
            extension: resolved.extension().map(ToString::to_string),
            attribute: Some(resolved.attribute().name.to_string()),
            sub_attribute: resolved.sub_attribute().map(|sub| sub.name.to_string()),
        })
    }
}

pub(super) fn resolve(entries: &[Entry], schema: &ResourceSchema) -> Vec<Selected> {
    entries.iter().filter_map(|entry| entry.resolve(schema)).collect()
}

pub(super) fn each_object(value: &mut Value, change: &impl Fn(&mut Map<String, Value>)) {
    match value {
        Value::Object(object) => change(object),
        Value::Array(elements) => {
            for element in elements {
                each_object(element, change);
            }
        }
        _ => {}
    }
}

pub(super) fn is_empty(value: &mut Value) -> bool {
    match value {
        Value::Object(object) => object.is_empty(),
        Value::Array(elements) => {
            elements
                .retain(|element| !matches!(element, Value::Object(object) if object.is_empty()));
            elements.is_empty()
        }
        _ => false,
    }
}
