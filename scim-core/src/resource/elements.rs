use std::collections::{HashMap, hash_map::Entry};

use serde_json::{Map, Value};

use crate::{
    filter::{comparable, same_value},
    schema::AttributeDefinition,
};

/// The elements of a multi-valued attribute as they come in, each value once ([RFC 7643 §2.4]).
///
/// An element with the `value` and `type` of an earlier one adds to it what it lacks. Where they
/// contradict each other both stay, unless they refer to a resource: that is named once.
///
/// [RFC 7643 §2.4]: https://www.rfc-editor.org/rfc/rfc7643#section-2.4
pub(super) struct Elements<'d> {
    definition: &'d AttributeDefinition,
    values: Vec<Value>,
    /// The place of every element, from the second one on.
    places: HashMap<String, usize>,
}

impl<'d> Elements<'d> {
    pub(super) fn new(definition: &'d AttributeDefinition, capacity: usize) -> Self {
        Self { definition, values: Vec::with_capacity(capacity), places: HashMap::new() }
    }

    pub(super) fn push(&mut self, element: Value) {
        if let [first] = self.values.as_slice() {
            self.places.insert(value_and_type(self.definition, first), 0);
        }
        if self.values.is_empty() || self.is_new(&element) {
            self.values.push(element);
        }
    }

    /// All of them; `None` if there are none.
    pub(super) fn into_value(self) -> Option<Value> {
        (!self.values.is_empty()).then_some(Value::Array(self.values))
    }

    pub(super) fn primaries(&self) -> usize {
        self.values.iter().filter(|element| is_primary(element)).count()
    }

    /// Takes the mark from all but the last that has it.
    pub(super) fn keep_last_primary(&mut self) {
        let marked = self.values.iter_mut().rev().filter(|element| is_primary(element)).skip(1);
        for element in marked.filter_map(Value::as_object_mut) {
            element.insert("primary".to_owned(), Value::Bool(false));
        }
    }

    /// Whether the element goes beside the earlier ones; if not, one of them has all of it now.
    fn is_new(&mut self, element: &Value) -> bool {
        let count = self.values.len();
        let earlier = match self.places.entry(value_and_type(self.definition, element)) {
            Entry::Vacant(place) => {
                place.insert(count);
                return true;
            }
            Entry::Occupied(place) => *place.get(),
        };
        let earlier = self.values.get_mut(earlier);
        if earlier.is_none_or(|earlier| complete(self.definition, earlier, element))
            || refers(self.definition)
        {
            return false;
        }
        let whole = format!("\u{1}{}", identity(self.definition, element));
        self.places.insert(whole, count).is_none()
    }
}

/// Adds what an element lacks and the other has; `false` if they contradict each other.
fn complete(definition: &AttributeDefinition, element: &mut Value, other: &Value) -> bool {
    let (Value::Object(element), Value::Object(other)) = (element, other) else { return true };
    let agrees = |(name, new): (&String, &Value)| match element.get(name) {
        Some(old) => {
            name == "primary"
                || definition.sub_attribute(name).is_some_and(|sub| same_value(sub, old, new))
        }
        None => true,
    };
    if !other.iter().all(agrees) {
        return false;
    }
    for (name, new) in other {
        let marks = name == "primary" && *new == Value::Bool(true);
        if marks || !element.contains_key(name) {
            element.insert(name.clone(), new.clone());
        }
    }
    true
}

pub(crate) fn refers(definition: &AttributeDefinition) -> bool {
    definition.sub_attribute("$ref").is_some()
}

/// What must not come twice in one attribute: the `value` with its `type`.
///
/// An element that refers to a resource is known by its `value` alone, one without `value` by all
/// that it holds.
pub(super) fn value_and_type(definition: &AttributeDefinition, element: &Value) -> String {
    let text = |object: &Map<String, Value>, name: &str| {
        let text = object.get(name)?.as_str()?;
        let case_exact = definition.sub_attribute(name)?.is_case_exact();
        Some(comparable(text, case_exact).into_owned())
    };
    let value = element.as_object().filter(|_| !refers(definition)).and_then(|object| {
        let mut value = text(object, "value")?;
        value.push('\0');
        value.push_str(&text(object, "type").unwrap_or_default());
        Some(value)
    });
    value.unwrap_or_else(|| identity(definition, element))
}

/// What makes an element of a multi-valued attribute itself: two elements of the same identity
/// are one.
///
/// An element that refers to a resource is known by its `value`, another one by all that it holds
/// but for `primary` being false.
pub(crate) fn identity(definition: &AttributeDefinition, element: &Value) -> String {
    let Value::Object(object) = element else {
        return match element.as_str() {
            Some(text) => comparable(text, definition.is_case_exact()).into_owned(),
            None => element.to_string(),
        };
    };
    if let (true, Some(Value::String(value))) = (refers(definition), object.get("value")) {
        return value.clone();
    }
    let mut identity = String::new();
    for (name, value) in object {
        let case_exact =
            definition.sub_attribute(name).is_none_or(AttributeDefinition::is_case_exact);
        match value {
            Value::Bool(false) if name == "primary" => continue,
            Value::String(text) => identity.push_str(&comparable(text, case_exact)),
            other => identity.push_str(&other.to_string()),
        }
        identity.push('\0');
        identity.push_str(name);
        identity.push('\0');
    }
    identity
}

pub(crate) fn is_primary(element: &Value) -> bool {
    element.get("primary") == Some(&Value::Bool(true))
}
