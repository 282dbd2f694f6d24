//! JSON from a stranger: bounded in depth and in number of values, and without duplicate names.

use std::{cell::Cell, fmt};

use http::{HeaderMap, header};
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::Limits;
use crate::error::Error;

/// Reads the body of a request.
pub(super) fn read(headers: &HeaderMap, body: &[u8], limits: &Limits) -> Result<Value, Error> {
    if body.len() > limits.body {
        return Err(Error::BodyTooLarge { limit: limits.body });
    }
    check_media_type(headers)?;
    let nodes = Cell::new(limits.json_nodes);
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let seed = Bounded { depth: limits.json_depth, nodes: &nodes };
    let value = seed.deserialize(&mut deserializer).and_then(|value| {
        deserializer.end()?;
        Ok(value)
    });
    match value {
        // Every message and every resource of the protocol is an object.
        Ok(object @ Value::Object(_)) => Ok(object),
        Ok(_) => Err(Error::Body { reason: "it is not an object".to_owned() }),
        Err(error) => Err(Error::Body { reason: reason(&error) }),
    }
}

/// RFC 7644 §3.1: `application/scim+json`, and `application/json` for simple clients.
fn check_media_type(headers: &HeaderMap) -> Result<(), Error> {
    let is_encoded = headers
        .get_all(header::CONTENT_ENCODING)
        .iter()
        .any(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity"));
    let is_json = headers.get_all(header::CONTENT_TYPE).iter().all(|media_type| {
        let media_type = media_type.to_str().unwrap_or("?");
        let essence = media_type.split(';').next().unwrap_or_default().trim();
        ["application/scim+json", "application/json"]
            .iter()
            .any(|taken| taken.eq_ignore_ascii_case(essence))
    });
    if is_json && !is_encoded { Ok(()) } else { Err(Error::UnsupportedMediaType) }
}

/// What is wrong, without a word of the body itself.
fn reason(error: &serde_json::Error) -> String {
    let what = match error.classify() {
        serde_json::error::Category::Eof => "it ends too early",
        serde_json::error::Category::Data => data_reason(error),
        serde_json::error::Category::Syntax | serde_json::error::Category::Io => "it is malformed",
    };
    format!("{what} at line {} column {}", error.line(), error.column())
}

fn data_reason(error: &serde_json::Error) -> &'static str {
    let text = error.to_string();
    [DUPLICATE, TOO_DEEP, TOO_MANY]
        .into_iter()
        .find(|reason| text.starts_with(reason))
        .unwrap_or("it is not a JSON value")
}

const DUPLICATE: &str = "an object has two members of one name";
const TOO_DEEP: &str = "it is nested too deep";
const TOO_MANY: &str = "it has too many values";

#[derive(Clone, Copy)]
struct Bounded<'n> {
    depth: usize,
    nodes: &'n Cell<usize>,
}

impl Bounded<'_> {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        let depth = self.depth.checked_sub(1).ok_or_else(|| E::custom(TOO_DEEP))?;
        Ok(Self { depth, ..self })
    }

    fn count<E: serde::de::Error>(self) -> Result<(), E> {
        let left = self.nodes.get().checked_sub(1).ok_or_else(|| E::custom(TOO_MANY))?;
        self.nodes.set(left);
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Bounded<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.count()?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Bounded<'_> {
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
        Ok(Value::from(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
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
            let value = members.next_value_seed(inner)?;
            if object.insert(name, value).is_some() {
                return Err(A::Error::custom(DUPLICATE));
            }
        }
        Ok(Value::Object(object))
    }
}
