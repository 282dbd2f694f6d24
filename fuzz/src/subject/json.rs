use libfuzzer_sys::arbitrary::Result;
use scim_core::schema::{AttributeDefinition, AttributeType};
use serde_json::{Map, Value, json};

use super::Subject;
use crate::planted::marked;

/// Text that says something to one of the types; all other text has the marker in it.
const WORDS: [&str; 12] = [
    "",
    "work",
    "home",
    "True",
    "FALSE",
    "2024-05-13T12:00:00Z",
    "2024-05-13T14:00:00.5+02:00",
    "2024-05-13T12:00:00",
    "aGVsbG8=",
    "a",
    "A",
    "É",
];

/// Names that some schema has, and some that none has.
const NAMES: [&str; 8] = ["value", "pin", "primary", "schemas", "meta", "x", "a.b", "urn:x:2.0:y"];

/// How deep values lie in each other that no schema asks for.
const DEPTH: usize = 3;

impl Subject<'_, '_> {
    /// A body that mostly fits the resource type.
    ///
    /// # Errors
    /// As [`Subject::new`].
    pub fn resource(&mut self) -> Result<Map<String, Value>> {
        let schema = self.schema;
        let core: Vec<_> = schema.attributes().cloned().collect();
        let mut resource = self.object(&core)?;
        let mut uris = vec![schema.core_uri().as_str()];
        for extension in schema.extensions() {
            if self.one_in(2)? {
                let uri = extension.id.as_str();
                let inner = self.object(&extension.attributes)?;
                resource.insert(self.in_case(uri)?, Value::Object(inner));
                uris.push(uri);
            }
        }
        if !self.one_in(8)? {
            resource.insert("schemas".to_owned(), json!(uris));
        }
        Ok(resource)
    }

    /// The value of an attribute, mostly in its shape and of its type.
    ///
    /// # Errors
    /// As [`Subject::new`].
    pub fn value(&mut self, definition: &AttributeDefinition) -> Result<Value> {
        if self.one_in(16)? {
            return self.any(DEPTH);
        }
        // One list where the schema has none, and none where it has one, are tolerated.
        if definition.multi_valued == self.one_in(16)? {
            return self.element(definition);
        }
        let count = self.choices.int_in_range(0..=3)?;
        (0..count).map(|_| self.element(definition)).collect()
    }

    /// One value of an attribute, mostly of its type.
    ///
    /// # Errors
    /// As [`Subject::new`].
    pub fn element(&mut self, definition: &AttributeDefinition) -> Result<Value> {
        if self.one_in(16)? {
            return self.any(DEPTH);
        }
        Ok(match definition.attribute_type {
            AttributeType::Complex => Value::Object(self.object(&definition.sub_attributes)?),
            AttributeType::Boolean => json!(self.one_in(2)?),
            AttributeType::Integer => json!(self.choices.int_in_range(-2..=2_i64)?),
            AttributeType::Decimal => json!(f64::from(self.choices.int_in_range(-4..=4_i8)?) / 2.0),
            AttributeType::DateTime => json!(self.choices.choose(&WORDS[5..8])?),
            AttributeType::Binary => json!(self.choices.choose(&["aGVsbG8=", "", "aGVs"])?),
            AttributeType::String | AttributeType::Reference => self.text()?.into(),
        })
    }

    fn object(&mut self, definitions: &[AttributeDefinition]) -> Result<Map<String, Value>> {
        let mut object = Map::new();
        for definition in definitions {
            // Most resources need what is required, and have little else.
            if definition.required != self.one_in(3)? {
                let value = self.value(definition)?;
                object.insert(self.in_case(definition.name.as_str())?, value);
            }
        }
        if self.one_in(16)? {
            object.insert(self.name()?, self.any(DEPTH)?);
        }
        Ok(object)
    }

    /// Any value at all.
    fn any(&mut self, depth: usize) -> Result<Value> {
        let kinds = if depth == 0 { 4 } else { 6 };
        let count = self.choices.int_in_range(0..=2)?;
        Ok(match self.choices.int_in_range(0..=kinds)? {
            0 => Value::Null,
            1 => json!(self.one_in(2)?),
            2 => json!(self.choices.arbitrary::<i64>()?),
            3 => json!(self.choices.arbitrary::<f64>()?),
            4 => self.text()?.into(),
            5 => (0..count).map(|_| self.any(depth - 1)).collect::<Result<_>>()?,
            _ => {
                let member = |subject: &mut Self| Ok((subject.name()?, subject.any(depth - 1)?));
                Value::Object((0..count).map(|_| member(self)).collect::<Result<_>>()?)
            }
        })
    }

    pub(super) fn name(&mut self) -> Result<String> {
        let names: Vec<_> = self.schema.attributes().map(|d| d.name.as_str()).collect();
        let names = if self.one_in(2)? { names } else { NAMES.to_vec() };
        let name = *self.choices.choose(&names)?;
        self.in_case(name)
    }

    pub(super) fn text(&mut self) -> Result<String> {
        let word = *self.choices.choose(&WORDS)?;
        Ok(if self.one_in(2)? { marked(word) } else { word.to_owned() })
    }
}
