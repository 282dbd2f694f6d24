use serde_json::{Map, Value};

use super::{
    bind::{BoundFilter, Condition, Location, Test},
    decide::Next,
};

/// What a filter is matched against.
#[derive(Clone, Copy)]
pub(super) enum Subject<'v> {
    /// A resource, or an element that is an object.
    Object(&'v Map<String, Value>),
    /// An element that is a plain value: it is its own `value`.
    Plain(&'v Value),
}

impl<'v> Subject<'v> {
    pub(super) fn of_element(element: &'v Value) -> Self {
        element.as_object().map_or(Self::Plain(element), Self::Object)
    }
}

impl BoundFilter {
    /// Whether a subject passes the tests, beginning with one of them.
    pub(super) fn passes(&self, first: usize, subject: Subject<'_>) -> bool {
        let mut next = Next::Test(first);
        while let Next::Test(index) = next {
            let Some(test) = self.tests.get(index) else { break };
            let holds = self.holds(index, test, subject);
            next = if holds { test.way.if_true } else { test.way.if_false };
        }
        matches!(next, Next::Answer(true))
    }

    fn holds(&self, index: usize, test: &Test, subject: Subject<'_>) -> bool {
        let holds = |value: &Value| match &test.condition {
            Condition::Present => is_present(value),
            Condition::Compare(op, operand) => operand.holds(*op, value),
            Condition::OneOf(texts) => texts.holds(value),
            Condition::Never => false,
            // Value paths do not nest: this goes one level down and no further.
            Condition::Elements => {
                is_assigned(value) && self.passes(index + 1, Subject::of_element(value))
            }
        };
        match subject {
            Subject::Object(object) => test.location.any(object, &holds),
            Subject::Plain(value) => holds(value),
        }
    }
}

/// The size up to which an object is gone through.
const SHORT: usize = 32;

impl Location {
    /// Whether one of the values at this place passes the test.
    fn any(&self, object: &Map<String, Value>, test: &impl Fn(&Value) -> bool) -> bool {
        let container = match &self.extension {
            Some(uri) => member(object, uri).and_then(Value::as_object),
            None => Some(object),
        };
        let Some(value) = container.and_then(|container| member(container, &self.attribute)) else {
            return false;
        };
        any_value(value, &|value| match &self.sub_attribute {
            Some(name) => {
                let sub = value.as_object().and_then(|object| member(object, name));
                sub.is_some_and(|sub| any_value(sub, test))
            }
            None => test(value),
        })
    }
}

/// The value of a member.
///
/// A short object is gone through, from the end that is nearer in the alphabet: only a name of the
/// right length is then read, where a look-up reads every name it comes by, each in a place of its
/// own and seldom in a cache.
fn member<'v>(object: &'v Map<String, Value>, name: &str) -> Option<&'v Value> {
    let value = |(key, value): (&String, &'v Value)| (key == name).then_some(value);
    if object.len() > SHORT {
        object.get(name)
    } else if name.starts_with(|first| first < 'n') {
        object.iter().find_map(value)
    } else {
        object.iter().rev().find_map(value)
    }
}

fn any_value(value: &Value, test: &impl Fn(&Value) -> bool) -> bool {
    match value {
        Value::Array(values) => values.iter().any(test),
        single => test(single),
    }
}

/// RFC 7643 §2.5: null, an empty array and an object without values are unassigned.
fn is_assigned(value: &Value) -> bool {
    any_plain(value, &|_| true)
}

/// Whether a value is more than unassigned: the empty string is no value for `pr`.
fn is_present(value: &Value) -> bool {
    any_plain(value, &|plain| plain.as_str() != Some(""))
}

/// Whether a value that is no array, no object and not null passes the test, however deep it lies.
fn any_plain(value: &Value, test: &impl Fn(&Value) -> bool) -> bool {
    match value {
        Value::Null => false,
        Value::Array(values) => values.iter().any(|value| any_plain(value, test)),
        Value::Object(object) => object.values().any(|value| any_plain(value, test)),
        plain => test(plain),
    }
}
