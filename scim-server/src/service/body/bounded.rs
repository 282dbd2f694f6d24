use std::{cell::Cell, collections::HashSet, fmt};

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::service::Limits;

/// Up to so many names are compared with each other, and more are put in a set.
const FEW: usize = 16;

/// Reads JSON within limits and remembers what went wrong.
pub(super) struct Reader<'l> {
    limits: &'l Limits,
    nodes: Cell<usize>,
    fault: Cell<Option<Fault>>,
    rounds: Cell<bool>,
}

/// JSON that is not taken.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Fault {
    Duplicate,
    TooDeep,
    TooMany,
    Nul,
    TooLong,
    Number,
}

impl Fault {
    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::Duplicate => "an object has two members of one name",
            Self::TooDeep => "it is nested too deep",
            Self::TooMany => "it has too many values",
            Self::Nul => "it holds the character U+0000",
            Self::TooLong => "it holds a text that is too long",
            Self::Number => "it holds a number that cannot be kept exactly",
        }
    }

    /// Whether the JSON is well formed, and one of its values is not taken.
    pub(super) fn is_value(self) -> bool {
        matches!(self, Self::Nul | Self::TooLong | Self::Number)
    }
}

impl<'l> Reader<'l> {
    pub(super) fn new(limits: &'l Limits) -> Self {
        let nodes = Cell::new(limits.json_nodes);
        Self { limits, nodes, fault: Cell::new(None), rounds: Cell::new(false) }
    }

    pub(super) fn read(&self, body: &[u8]) -> Result<Value, serde_json::Error> {
        let mut deserializer = serde_json::Deserializer::from_slice(body);
        let seed = Bounded { depth: self.limits.json_depth, reader: self };
        let value = seed.deserialize(&mut deserializer)?;
        deserializer.end()?;
        Ok(value)
    }

    /// What was not taken, if the JSON is not merely malformed.
    pub(super) fn fault(&self) -> Option<Fault> {
        self.fault.get()
    }

    /// Whether there was a number that is no integer of 64 bits, and so may have been rounded.
    pub(super) fn rounds(&self) -> bool {
        self.rounds.get()
    }

    fn refuse<E: serde::de::Error>(&self, fault: Fault) -> E {
        self.fault.set(Some(fault));
        E::custom(fault.reason())
    }

    fn check_text<E: serde::de::Error>(&self, text: &str) -> Result<(), E> {
        if text.len() > self.limits.text {
            return Err(self.refuse(Fault::TooLong));
        }
        if text.contains('\0') {
            return Err(self.refuse(Fault::Nul));
        }
        Ok(())
    }
}

#[derive(Clone, Copy)]
struct Bounded<'r, 'l> {
    depth: usize,
    reader: &'r Reader<'l>,
}

impl Bounded<'_, '_> {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        let depth = self.depth.checked_sub(1).ok_or_else(|| self.reader.refuse(Fault::TooDeep))?;
        Ok(Self { depth, ..self })
    }

    fn count<E: serde::de::Error>(self) -> Result<(), E> {
        let nodes = &self.reader.nodes;
        let left = nodes.get().checked_sub(1).ok_or_else(|| self.reader.refuse(Fault::TooMany))?;
        nodes.set(left);
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Bounded<'_, '_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.count()?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Bounded<'_, '_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        self.reader.rounds.set(true);
        Ok(Value::from(value))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Value, E> {
        self.reader.check_text(value)?;
        Ok(Value::from(value))
    }

    fn visit_string<E: serde::de::Error>(self, value: String) -> Result<Value, E> {
        self.reader.check_text(&value)?;
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut array = Vec::new();
        while let Some(element) = elements.next_element_seed(inner)? {
            array.push(element);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            self.reader.check_text::<A::Error>(&name)?;
            let value = members.next_value_seed(inner)?;
            if object.insert(name, value).is_some() {
                return Err(self.reader.refuse(Fault::Duplicate));
            }
        }
        if has_one_name_twice(&object) {
            return Err(self.reader.refuse(Fault::Duplicate));
        }
        Ok(Value::Object(object))
    }
}

/// RFC 7643 §2.1: names that differ in case are one name.
fn has_one_name_twice(object: &Map<String, Value>) -> bool {
    if object.len() > FEW {
        let mut names = HashSet::with_capacity(object.len());
        return !object.keys().all(|name| names.insert(name.to_ascii_lowercase()));
    }
    let names = || object.keys().enumerate();
    names().any(|(place, name)| names().skip(place + 1).any(|(_, o)| o.eq_ignore_ascii_case(name)))
}
