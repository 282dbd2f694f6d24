use serde_json::{Map, Value};

use super::bind::{Location, Node};

impl Node {
    /// Whether a resource, or an element that is an object, matches.
    pub(super) fn matches(&self, object: &Map<String, Value>) -> bool {
        match self {
            Self::And(nodes) => nodes.iter().all(|node| node.matches(object)),
            Self::Or(nodes) => nodes.iter().any(|node| node.matches(object)),
            Self::Not(node) => !node.matches(object),
            Self::Present(location) => location.any(object, &is_present),
            Self::Compare { location, op, operand } => {
                location.any(object, &|value| operand.holds(*op, value))
            }
            Self::Elements { location, filter } => {
                location.any(object, &|element| filter.matches_element(element))
            }
        }
    }

    /// Whether an element of a multi-valued attribute matches; a plain value is its own `value`.
    pub(super) fn matches_element(&self, element: &Value) -> bool {
        match (element, self) {
            (Value::Object(object), _) => self.matches(object),
            (_, Self::And(nodes)) => nodes.iter().all(|node| node.matches_element(element)),
            (_, Self::Or(nodes)) => nodes.iter().any(|node| node.matches_element(element)),
            (_, Self::Not(node)) => !node.matches_element(element),
            (_, Self::Present(_)) => is_present(element),
            (_, Self::Compare { op, operand, .. }) => operand.holds(*op, element),
            (_, Self::Elements { .. }) => false,
        }
    }
}

impl Location {
    /// Whether one of the values at this place passes the test.
    fn any(&self, object: &Map<String, Value>, test: &impl Fn(&Value) -> bool) -> bool {
        let container = match &self.extension {
            Some(uri) => object.get(&**uri).and_then(Value::as_object),
            None => Some(object),
        };
        let Some(value) = container.and_then(|container| container.get(&*self.attribute)) else {
            return false;
        };
        any_value(value, &|value| match &self.sub_attribute {
            Some(name) => value.get(&**name).is_some_and(|sub| any_value(sub, test)),
            None => test(value),
        })
    }
}

fn any_value(value: &Value, test: &impl Fn(&Value) -> bool) -> bool {
    match value {
        Value::Array(values) => values.iter().any(test),
        single => test(single),
    }
}

/// RFC 7643 §2.5: null, an empty array and an object without values are unassigned.
fn is_present(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(values) => values.iter().any(is_present),
        Value::Object(object) => object.values().any(is_present),
        Value::Bool(_) | Value::Number(_) => true,
    }
}
