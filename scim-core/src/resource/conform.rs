use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{Tolerance, Tolerances, Violation, ViolationKind};
use crate::{
    date_time::DateTime,
    filter::comparable,
    schema::{AttributeDefinition, AttributeType, Mutability},
};

/// Text longer than this is refused wherever it stands.
const LONGEST_TEXT: usize = 64 * 1024;

/// Gives values the shape and the spelling of their definitions, and notes what it had to tolerate.
///
/// Read-only sub-attributes are left out, and so are nulls: both mean nothing in a request.
#[derive(Debug)]
pub(crate) struct Conform {
    allowed: Tolerances,
    used: Tolerances,
}

impl Conform {
    pub(crate) fn new(allowed: Tolerances) -> Self {
        Self { allowed, used: Tolerances::none() }
    }

    /// The tolerances that were needed so far.
    pub(crate) fn used(&self) -> Tolerances {
        self.used
    }

    /// Whether the tolerance is allowed; if so, it counts as used.
    pub(crate) fn tolerates(&mut self, tolerance: Tolerance) -> bool {
        let allowed = self.allowed.allows(tolerance);
        if allowed {
            self.used = self.used.with(tolerance);
        }
        allowed
    }

    /// The whole value of an attribute; `None` if it is unassigned (RFC 7643 §2.5).
    pub(crate) fn attribute(
        &mut self,
        definition: &AttributeDefinition,
        path: &str,
        value: Value,
    ) -> Result<Option<Value>, Violation> {
        match (definition.multi_valued, value) {
            (_, Value::Null) => Ok(None),
            (true, Value::Array(values)) => self.elements(definition, path, values),
            (true, single) => {
                if !self.tolerates(Tolerance::ArrayFromSingle) {
                    return Err(Violation::new(path, ViolationKind::Type("an array")));
                }
                self.elements(definition, path, vec![single])
            }
            (false, Value::Array(mut values)) => {
                let single = if values.len() == 1 { values.pop() } else { None };
                match single {
                    Some(single) if self.tolerates(Tolerance::SingleFromArray) => {
                        self.element(definition, path, single)
                    }
                    _ => Err(Violation::new(path, ViolationKind::Type("a single value"))),
                }
            }
            (false, single) => self.element(definition, path, single),
        }
    }

    /// One value of an attribute; `None` if it is unassigned.
    pub(crate) fn element(
        &mut self,
        definition: &AttributeDefinition,
        path: &str,
        value: Value,
    ) -> Result<Option<Value>, Violation> {
        if value.is_null() {
            return Ok(None);
        }
        let wrong = |expected| Err(Violation::new(path, ViolationKind::Type(expected)));
        match (definition.attribute_type, value) {
            (AttributeType::Complex, value) => self.complex(definition, path, value),
            (AttributeType::Boolean, Value::Bool(value)) => Ok(Some(Value::Bool(value))),
            (AttributeType::Boolean, Value::String(text)) => {
                match text.to_ascii_lowercase().parse::<bool>() {
                    Ok(value) if self.tolerates(Tolerance::BooleanFromString) => {
                        Ok(Some(Value::Bool(value)))
                    }
                    _ => wrong("a boolean"),
                }
            }
            (AttributeType::Boolean, _) => wrong("a boolean"),
            (AttributeType::Integer, Value::Number(number)) if number.is_i64() => {
                Ok(Some(Value::Number(number)))
            }
            (AttributeType::Integer, _) => wrong("an integer of 64 bits"),
            (AttributeType::Decimal, Value::Number(number)) => Ok(Some(Value::Number(number))),
            (AttributeType::Decimal, _) => wrong("a number"),
            (AttributeType::DateTime, Value::String(text)) => match text.parse::<DateTime>() {
                Ok(_) => Ok(Some(Value::String(text))),
                Err(_) => wrong("a date and time"),
            },
            (AttributeType::DateTime, _) => wrong("a date and time"),
            (AttributeType::Binary, Value::String(text)) if is_base64(&text) => {
                Ok(Some(Value::String(text)))
            }
            (AttributeType::Binary, _) => wrong("text in base 64"),
            (AttributeType::String | AttributeType::Reference, Value::String(text)) => {
                if text.len() > LONGEST_TEXT || text.contains('\0') {
                    return Err(Violation::new(path, ViolationKind::Text));
                }
                Ok(Some(Value::String(text)))
            }
            (AttributeType::String | AttributeType::Reference, _) => wrong("a string"),
        }
    }

    fn complex(
        &mut self,
        definition: &AttributeDefinition,
        path: &str,
        value: Value,
    ) -> Result<Option<Value>, Violation> {
        let members = match value {
            Value::Object(members) => members,
            Value::Array(_) => return Err(Violation::new(path, ViolationKind::Type("an object"))),
            scalar => self.object_from_scalar(definition, path, scalar)?,
        };
        let mut object = Map::new();
        for (key, value) in members {
            let Some(sub) = definition.sub_attribute(&key) else {
                self.unknown(&format!("{path}.{key}"), &value)?;
                continue;
            };
            if sub.mutability == Mutability::ReadOnly {
                continue;
            }
            let path = format!("{path}.{}", sub.name);
            let Some(value) = self.attribute(sub, &path, value)? else { continue };
            if object.insert(sub.name.to_string(), value).is_some() {
                return Err(Violation::new(path, ViolationKind::GivenTwice));
            }
        }
        Ok((!object.is_empty()).then_some(Value::Object(object)))
    }

    fn object_from_scalar(
        &mut self,
        definition: &AttributeDefinition,
        path: &str,
        scalar: Value,
    ) -> Result<Map<String, Value>, Violation> {
        let has_value = definition.sub_attribute("value").is_some();
        if !has_value || !self.tolerates(Tolerance::ComplexFromScalar) {
            return Err(Violation::new(path, ViolationKind::Type("an object")));
        }
        Ok(Map::from_iter([("value".to_owned(), scalar)]))
    }

    fn elements(
        &mut self,
        definition: &AttributeDefinition,
        path: &str,
        values: Vec<Value>,
    ) -> Result<Option<Value>, Violation> {
        let mut seen = HashSet::new();
        let mut elements = Vec::with_capacity(values.len());
        for value in values {
            let Some(element) = self.element(definition, path, value)? else { continue };
            // RFC 7643 §2.4: the same value twice is one value.
            if seen.insert(identity(definition, &element)) {
                elements.push(element);
            }
        }
        let primary = elements.iter().filter(|element| is_primary(element)).count();
        if primary > 1 {
            return Err(Violation::new(path, ViolationKind::SeveralPrimary));
        }
        Ok((!elements.is_empty()).then_some(Value::Array(elements)))
    }

    /// An attribute that the schema lacks: let through if it is unassigned or to be ignored.
    pub(crate) fn unknown(&mut self, path: &str, value: &Value) -> Result<(), Violation> {
        let unassigned = match value {
            Value::Null => true,
            Value::Array(values) => values.is_empty(),
            _ => false,
        };
        if unassigned && self.tolerates(Tolerance::UnknownNullAttribute) {
            return Ok(());
        }
        if self.tolerates(Tolerance::UnknownAttributeIgnored) {
            return Ok(());
        }
        // A key may be a path with a filter in brackets, and that may hold a value.
        let shown = path.chars().take_while(|c| *c != '[').filter(|c| !c.is_control());
        let shown: String = shown.take(200).collect();
        Err(Violation::new(shown, ViolationKind::Unknown))
    }
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
    let refers = definition.sub_attribute("$ref").is_some();
    if let (true, Some(Value::String(value))) = (refers, object.get("value")) {
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

/// RFC 4648 §4 or §5, padded or not, white space let through.
fn is_base64(text: &str) -> bool {
    let digits = text.trim_end().trim_end_matches('=');
    text.len() <= LONGEST_TEXT
        && digits.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/-_ \r\n\t".contains(&b))
}
