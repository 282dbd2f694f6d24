use std::{fmt, slice};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{ScopingOperator, document::ClauseDocument};
use crate::provision::source::SourceObject;

/// What a scoping filter asks of one attribute of the source.
///
/// An attribute that is not there under its whole name is looked for by the parts between its
/// dots: `onPremises.department` is the department in the object `onPremises`.
///
/// **An attribute without value meets no clause** but [`IsNull`](ScopingOperator::IsNull), also
/// none that denies something. Null, the empty text, the empty list and the empty object are no
/// values.
///
/// Of the values of a list one must meet an operator, and all of them one that denies something,
/// such as [`NotEquals`](ScopingOperator::NotEquals).
///
/// ```
/// use scim_client::provision::{SourceObject, scope::{Clause, ScopingOperator}};
/// use serde_json::json;
///
/// let person = SourceObject::new("1").with_attribute("sites", json!(["Berlin", "Bern"]));
/// let clause = |operator| Clause::new("sites", operator);
/// assert!(clause(ScopingOperator::Equals("Bern".to_owned())).is_met_by(&person));
/// assert!(!clause(ScopingOperator::NotEquals("Bern".to_owned())).is_met_by(&person));
/// ```
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "ClauseDocument")]
pub struct Clause {
    attribute: String,
    #[serde(flatten)]
    operator: ScopingOperator,
}

impl Clause {
    /// A clause on an attribute of the source, by the source's own name.
    pub fn new(attribute: impl Into<String>, operator: ScopingOperator) -> Self {
        Self { attribute: attribute.into(), operator }
    }

    /// The attribute.
    pub fn attribute(&self) -> &str {
        &self.attribute
    }

    /// What is asked of it.
    pub fn operator(&self) -> &ScopingOperator {
        &self.operator
    }

    /// Whether an object meets the clause.
    pub fn is_met_by(&self, object: &SourceObject) -> bool {
        let mut values = values(object, &self.attribute).iter().filter(|value| !is_empty(value));
        let Some(first) = values.next() else {
            return self.operator == ScopingOperator::IsNull;
        };
        if self.operator.denies() {
            self.operator.is_met_by(first) && values.all(|value| self.operator.is_met_by(value))
        } else {
            self.operator.is_met_by(first) || values.any(|value| self.operator.is_met_by(value))
        }
    }
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.attribute, self.operator)
    }
}

/// The values of an attribute, empty ones among them.
fn values<'o>(object: &'o SourceObject, attribute: &str) -> &'o [Value] {
    let value = match object.attributes.get(attribute) {
        Some(value) => Some(value),
        None => nested_value(object, attribute),
    };
    match value {
        Some(Value::Array(values)) => values,
        Some(value) => slice::from_ref(value),
        None => &[],
    }
}

fn nested_value<'o>(object: &'o SourceObject, path: &str) -> Option<&'o Value> {
    let (first, rest) = path.split_once('.')?;
    let value = object.attributes.get(first)?;
    rest.split('.').try_fold(value, |value, name| value.as_object()?.get(name))
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(values) => values.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}
