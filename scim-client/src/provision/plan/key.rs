use std::borrow::Cow;

use scim_core::{
    Filter, Resource, ResourceSchema, filter::CompareValue, patch::PatchPath,
    schema::AttributeDefinition,
};
use serde_json::Value;

use crate::provision::{
    mapping::{Desired, Mapping},
    state::Values,
};

/// The values by which an object is looked for: all of them must match.
pub(in crate::provision) struct Key {
    parts: Vec<Part>,
}

/// Values by their targets.
pub(in crate::provision) trait Lookup: Sync {
    fn value(&self, target: &str) -> Option<&Value>;
}

impl Lookup for Desired {
    fn value(&self, target: &str) -> Option<&Value> {
        self.get(target)
    }
}

impl Lookup for Values {
    fn value(&self, target: &str) -> Option<&Value> {
        self.get(target)
    }
}

struct Part {
    path: PatchPath,
    name: String,
    /// The schema extension, the attribute and the sub-attribute, as resources spell them.
    extension: Option<String>,
    attribute: String,
    sub_attribute: Option<String>,
    definition: AttributeDefinition,
}

impl Key {
    /// The keys of a mapping, by precedence.
    pub(in crate::provision) fn all(mapping: &Mapping, schema: &ResourceSchema) -> Vec<Self> {
        let keys = mapping.keys().into_iter().filter_map(|paths| {
            let parts = paths.into_iter().map(|path| Part::new(path, schema));
            Some(Self { parts: parts.collect::<Option<_>>()? })
        });
        keys.collect()
    }

    /// The values of an object in the form in which they compare; none if one is missing.
    pub(in crate::provision) fn text(&self, values: &impl Lookup) -> Option<String> {
        let mut key = String::new();
        for part in &self.parts {
            let text = text_of(values.value(&part.name)?)?;
            key.push_str(&part.definition.comparable(&text));
            key.push('\0');
        }
        Some(key)
    }

    /// All values of a resource that an object could match; [`Key::matches`] tells for sure.
    pub(in crate::provision) fn texts(&self, resource: &Resource) -> Vec<String> {
        let mut keys = vec![String::new()];
        for part in &self.parts {
            let texts = part.texts(resource);
            let extended =
                keys.iter().flat_map(|key| texts.iter().map(move |text| format!("{key}{text}\0")));
            keys = extended.collect();
        }
        keys
    }

    /// The values of an object that it looks at.
    pub(in crate::provision) fn values(&self, values: &impl Lookup, into: &mut Values) {
        for part in &self.parts {
            if let Some(value) = values.value(&part.name) {
                into.insert(part.name.as_str(), value.clone());
            }
        }
    }

    /// The filter that finds the resources that match an object; none if a value is missing.
    pub(in crate::provision) fn filter(&self, values: &impl Lookup) -> Option<Filter> {
        let filters = self.parts.iter().map(|part| {
            let value = literal(values.value(&part.name)?)?;
            equals(&part.path, value)
        });
        Filter::all(filters.collect::<Option<Vec<_>>>()?)
    }

    /// The attributes that it looks at.
    pub(in crate::provision) fn attributes(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(|part| part.attribute.as_str())
    }
}

impl Part {
    fn new(path: &PatchPath, schema: &ResourceSchema) -> Option<Self> {
        let resolved = schema.resolve(path.attribute()?).ok()?;
        let sub_attribute = match (path.sub_attribute(), resolved.sub_attribute()) {
            (Some(sub), None) => Some(resolved.attribute().sub_attribute(sub)?),
            (_, sub) => sub,
        };
        Some(Self {
            path: path.clone(),
            name: path.to_string(),
            extension: resolved.extension().map(ToString::to_string),
            attribute: resolved.attribute().name.to_string(),
            sub_attribute: sub_attribute.map(|sub| sub.name.to_string()),
            definition: sub_attribute.unwrap_or_else(|| resolved.attribute()).clone(),
        })
    }

    fn texts(&self, resource: &Resource) -> Vec<String> {
        let attributes = resource.attributes();
        let value = match &self.extension {
            Some(extension) => attributes.get(extension).and_then(|all| all.get(&self.attribute)),
            None => attributes.get(&self.attribute),
        };
        let values = match value {
            Some(Value::Array(values)) => values.iter().collect(),
            Some(value) => vec![value],
            None => Vec::new(),
        };
        let values = values.into_iter().filter_map(|value| match &self.sub_attribute {
            Some(sub) => value.get(sub),
            None => Some(value),
        });
        let texts = values.filter_map(text_of);
        texts.map(|text| self.definition.comparable(&text).into_owned()).collect()
    }
}

fn text_of(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Bool(_) | Value::Number(_) => Some(Cow::Owned(value.to_string())),
        _ => None,
    }
}

pub(in crate::provision) fn literal(value: &Value) -> Option<CompareValue> {
    match value {
        Value::String(text) => Some(CompareValue::from(text.as_str())),
        Value::Bool(boolean) => Some(CompareValue::from(*boolean)),
        Value::Number(number) => number.as_i64().map(CompareValue::from),
        _ => None,
    }
}

/// The filter for a path of a mapping: `userName`, or `emails[type eq "work"].value`.
pub(in crate::provision) fn equals(path: &PatchPath, value: CompareValue) -> Option<Filter> {
    let attribute = path.attribute()?;
    match (path.filter(), path.sub_attribute()) {
        (None, _) => Filter::eq(attribute.as_str(), value).ok(),
        (Some(filter), Some(sub)) => {
            let inner = filter.clone().and(Filter::eq(sub, value).ok()?);
            Filter::value_path(attribute.as_str(), inner).ok()
        }
        (Some(_), None) => None,
    }
}
