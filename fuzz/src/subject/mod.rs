//! Resource types, and resources and paths that are near to fitting them.

mod json;
mod language;

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use scim_core::{
    ResourceSchema, ResourceType, SchemaRegistry,
    schema::{AttributeDefinition, Returned, SchemaDefinition},
};
use serde::Deserialize;
use serde_json::{Map, Value};

/// A resource type, and the choices that make what is near to it.
#[derive(Debug)]
pub struct Subject<'u, 'a> {
    /// The resource type.
    pub schema: &'static ResourceSchema,
    choices: &'u mut Unstructured<'a>,
}

/// A resource type, and the schemas that it names.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Described {
    resource_type: ResourceType,
    schemas: Vec<SchemaDefinition>,
}

/// Users, groups and the devices of the tests, which have attributes of all types.
static TYPES: LazyLock<Vec<Arc<ResourceSchema>>> = LazyLock::new(|| {
    let device = include_str!("../../../scim-core/tests/data/device.json");
    let device: Described = serde_json::from_str(device).expect("the description is well formed");
    let registry = SchemaRegistry::standard();
    let registry = device.schemas.into_iter().fold(registry, SchemaRegistry::with_schema);
    let registry = registry.with_resource_type(device.resource_type).expect("its name is free");
    registry.resource_types().map(Arc::clone).collect()
});

impl<'u, 'a> Subject<'u, 'a> {
    /// One of the resource types.
    ///
    /// # Errors
    /// None that a lack of bytes could cause: then the first of all choices is taken.
    pub fn new(choices: &'u mut Unstructured<'a>) -> Result<Self> {
        let schema = choices.choose(&TYPES)?;
        Ok(Self { schema, choices })
    }

    fn one_in(&mut self, times: u8) -> Result<bool> {
        // The most frequent choice is the one that no bytes give.
        Ok(self.choices.int_in_range(0..=times - 1)? == times - 1)
    }

    /// The text with some of its letters in the other case, mostly none.
    fn in_case(&mut self, text: &str) -> Result<String> {
        if !self.one_in(4)? {
            return Ok(text.to_owned());
        }
        let choices: u64 = self.choices.arbitrary()?;
        let flip = |(index, c): (usize, char)| match c {
            c if choices.rotate_right(u32::try_from(index % 64).unwrap_or_default()) & 1 == 0 => c,
            c if c.is_ascii_lowercase() => c.to_ascii_uppercase(),
            c => c.to_ascii_lowercase(),
        };
        Ok(text.chars().enumerate().map(flip).collect())
    }
}

/// Holds that nothing is there that is never returned, in any spelling and at any depth.
pub fn shows_nothing_hidden(shown: &Map<String, Value>, schema: &ResourceSchema) {
    for (name, value) in shown {
        if let Some(extension) = schema.extension(name) {
            shows_none_of(value, &extension.attributes);
        } else {
            let definition = schema.attribute(name).expect("what the schema lacks is not shown");
            shows(definition, value);
        }
    }
}

fn shows(definition: &AttributeDefinition, value: &Value) {
    assert_ne!(definition.returned, Returned::Never, "{}", definition.name);
    shows_none_of(value, &definition.sub_attributes);
}

fn shows_none_of(value: &Value, definitions: &[AttributeDefinition]) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| shows_none_of(value, definitions)),
        Value::Object(members) => {
            for (name, value) in members {
                let found = definitions.iter().find(|d| d.name == name.as_str());
                if let Some(definition) = found {
                    shows(definition, value);
                }
            }
        }
        _ => {}
    }
}
