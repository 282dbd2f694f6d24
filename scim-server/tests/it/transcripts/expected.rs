//! What an exchange expects, and the rules by which it is compared.

use std::collections::BTreeMap;

use http::{HeaderName, Uri};
use scim_core::DateTime;
use serde::Deserialize;
use serde_json::Value;

use crate::reply::Reply;

/// The response.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Expected {
    status: Statuses,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    body: Option<Value>,
    #[serde(default)]
    absent: Vec<String>,
}

/// What is there afterwards.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct After {
    pub(super) path: String,
    #[serde(default)]
    status: Statuses,
    body: Option<Value>,
    /// Members that must not have these values.
    not: Option<Value>,
    #[serde(default)]
    absent: Vec<String>,
}

/// A status, or those that are all acceptable.
#[derive(Deserialize)]
#[serde(untagged)]
enum Statuses {
    One(u16),
    OneOf(Vec<u16>),
}

impl Default for Statuses {
    fn default() -> Self {
        Self::One(200)
    }
}

impl Statuses {
    fn hold(&self, status: u16) -> Result<(), String> {
        let is_expected = match self {
            Self::One(expected) => *expected == status,
            Self::OneOf(expected) => expected.contains(&status),
        };
        if is_expected { Ok(()) } else { Err(format!("status {status}")) }
    }
}

impl Expected {
    pub(super) fn hold(&self, reply: &Reply) -> Result<(), String> {
        self.status.hold(reply.status)?;
        for (name, expected) in &self.headers {
            let header: HeaderName = name.parse().unwrap();
            let Some(value) = reply.header(header) else { return Err(format!("no `{name}`")) };
            compare(&Value::from(expected.as_str()), &Value::from(value), name)?;
        }
        hold_body(reply, self.body.as_ref(), &self.absent)
    }
}

impl After {
    pub(super) fn hold(&self, reply: &Reply) -> Result<(), String> {
        self.status.hold(reply.status)?;
        for (name, value) in self.not.iter().filter_map(Value::as_object).flatten() {
            if reply.json().get(name) == Some(value) {
                return Err(format!("`{name}` is {value}"));
            }
        }
        hold_body(reply, self.body.as_ref(), &self.absent)
    }
}

fn hold_body(reply: &Reply, body: Option<&Value>, absent: &[String]) -> Result<(), String> {
    if let Some(expected) = body {
        compare(expected, &reply.json(), "")?;
    }
    for pointer in absent {
        match reply.json().pointer(pointer) {
            None => {}
            Some(Value::Array(elements)) if elements.is_empty() => {}
            Some(_) => return Err(format!("`{pointer}` is there")),
        }
    }
    Ok(())
}

/// Every member named must be there and equal; arrays in any order, of the same length.
fn compare(expected: &Value, actual: &Value, at: &str) -> Result<(), String> {
    match (expected, actual) {
        (Value::String(word), actual) if word.starts_with("{{") => {
            if fits(word, actual) {
                Ok(())
            } else {
                Err(format!("`{at}` is no {word}"))
            }
        }
        (Value::Object(expected), Value::Object(actual)) => {
            expected.iter().try_for_each(|(name, expected)| {
                let at = format!("{at}/{name}");
                let Some(actual) = actual.get(name) else { return Err(format!("no `{at}`")) };
                compare(expected, actual, &at)
            })
        }
        (Value::Array(expected), Value::Array(actual)) => {
            let places: Vec<usize> = (0..actual.len()).collect();
            if expected.len() == actual.len() && pair_up(expected, actual, &places) {
                Ok(())
            } else {
                Err(format!("`{at}` has other elements"))
            }
        }
        (expected, actual) if expected == actual => Ok(()),
        _ => Err(format!("`{at}` has another value")),
    }
}

/// Whether each expected element finds one of its own among those at the places left.
fn pair_up(expected: &[Value], actual: &[Value], places: &[usize]) -> bool {
    let Some((first, rest)) = expected.split_first() else { return true };
    places.iter().any(|place| {
        let left: Vec<usize> = places.iter().copied().filter(|other| other != place).collect();
        compare(first, &actual[*place], "").is_ok() && pair_up(rest, actual, &left)
    })
}

fn fits(word: &str, actual: &Value) -> bool {
    let text = actual.as_str();
    match word {
        "{{any}}" => true,
        "{{string}}" => text.is_some_and(|text| !text.is_empty()),
        "{{datetime}}" => text.is_some_and(|text| text.parse::<DateTime>().is_ok()),
        "{{uri}}" => {
            text.is_some_and(|text| text.parse::<Uri>().is_ok_and(|uri| uri.scheme().is_some()))
        }
        _ => panic!("`{word}` is not one of the conventions"),
    }
}

#[test]
fn comparison_tells_a_subset_from_what_is_missing() {
    use serde_json::json;

    for (expected, actual, is_subset) in [
        (json!({ "a": 1 }), json!({ "a": 1, "b": 2 }), true),
        (json!({ "a": 1 }), json!({ "b": 2 }), false),
        (json!([{ "a": 1 }, { "a": 1, "b": 2 }]), json!([{ "a": 1, "b": 2 }, { "a": 1 }]), true),
        (json!([{ "a": 1 }, { "a": 1, "b": 2 }]), json!([{ "a": 1 }, { "a": 1 }]), false),
        (json!([]), json!([1]), false),
        (json!({ "a": "{{string}}" }), json!({ "a": "x" }), true),
        (json!({ "a": "{{string}}" }), json!({ "a": 1 }), false),
        (json!({ "a": "{{datetime}}" }), json!({ "a": "2026-01-12T08:30:00Z" }), true),
        (json!({ "a": "{{uri}}" }), json!({ "a": "/relative" }), false),
        (json!({ "a": 1 }), json!({ "a": "1" }), false),
    ] {
        assert_eq!(compare(&expected, &actual, "").is_ok(), is_subset, "{expected} {actual}");
    }
}
