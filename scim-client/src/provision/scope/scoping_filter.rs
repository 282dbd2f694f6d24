use std::fmt;

use serde_json::Value;

use crate::provision::source::SourceObject;

/// A condition on one attribute of the source.
///
/// A condition on an attribute without value is not met, but for
/// [`ScopingOperator::IsNull`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ScopingFilter {
    attribute: String,
    operator: ScopingOperator,
}

/// What a condition asks of a value; text compares with regard to case.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum ScopingOperator {
    /// The value is this text.
    Equals(String),
    /// The value is another text.
    NotEquals(String),
    /// The value ends with this text.
    EndsWith(String),
    /// The value holds this text.
    Includes(String),
    /// The value is `true`.
    IsTrue,
    /// The value is `false`.
    IsFalse,
    /// There is no value.
    IsNull,
    /// There is a value.
    IsNotNull,
}

impl ScopingFilter {
    /// A condition on an attribute.
    pub fn new(attribute: impl Into<String>, operator: ScopingOperator) -> Self {
        Self { attribute: attribute.into(), operator }
    }

    /// Whether an object meets the condition.
    pub fn lets_through(&self, object: &SourceObject) -> bool {
        let value = object.value(&self.attribute);
        let text = value.and_then(Value::as_str);
        match &self.operator {
            ScopingOperator::Equals(other) => text.is_some_and(|text| text == other),
            ScopingOperator::NotEquals(other) => text.is_some_and(|text| text != other),
            ScopingOperator::EndsWith(end) => text.is_some_and(|text| text.ends_with(end)),
            ScopingOperator::Includes(part) => text.is_some_and(|text| text.contains(part)),
            ScopingOperator::IsTrue => value == Some(&Value::Bool(true)),
            ScopingOperator::IsFalse => value == Some(&Value::Bool(false)),
            ScopingOperator::IsNull => value.is_none(),
            ScopingOperator::IsNotNull => value.is_some(),
        }
    }
}

impl fmt::Display for ScopingFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let attribute = &self.attribute;
        match &self.operator {
            ScopingOperator::Equals(text) => write!(f, "`{attribute}` equals `{text}`"),
            ScopingOperator::NotEquals(text) => write!(f, "`{attribute}` does not equal `{text}`"),
            ScopingOperator::EndsWith(text) => write!(f, "`{attribute}` ends with `{text}`"),
            ScopingOperator::Includes(text) => write!(f, "`{attribute}` includes `{text}`"),
            ScopingOperator::IsTrue => write!(f, "`{attribute}` is true"),
            ScopingOperator::IsFalse => write!(f, "`{attribute}` is false"),
            ScopingOperator::IsNull => write!(f, "`{attribute}` has no value"),
            ScopingOperator::IsNotNull => write!(f, "`{attribute}` has a value"),
        }
    }
}
