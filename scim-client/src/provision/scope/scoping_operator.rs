use std::{borrow::Cow, fmt};

use serde::Serialize;
use serde_json::Value;

use super::Pattern;

/// What a clause asks of a value.
///
/// Text compares with regard to case. A number or a boolean has the text that JSON writes for it.
/// A text that is an integer counts as one, and text that says `true` or `false`, in any case,
/// as a boolean. What is neither text nor number nor boolean meets nothing but
/// [`IsNotNull`](Self::IsNotNull).
///
/// In a document an operator is named as here, with a small letter first: `notEquals`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(tag = "operator", content = "value", rename_all = "camelCase")]
#[non_exhaustive]
pub enum ScopingOperator {
    /// The value is this text.
    Equals(String),
    /// The value is another text.
    NotEquals(String),
    /// The value starts with this text.
    StartsWith(String),
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
    /// The pattern matches somewhere in the value.
    RegexMatch(Pattern),
    /// The pattern matches nowhere in the value.
    NotRegexMatch(Pattern),
    /// The value is an integer greater than this.
    GreaterThan(i64),
    /// The value is an integer not less than this.
    GreaterThanOrEquals(i64),
    /// The value is an integer in which all these bits are set.
    BitPresent(i64),
    /// The value is an integer in which none of these bits is set.
    BitAbsent(i64),
}

impl ScopingOperator {
    /// Whether it asks that something is not so, which must then hold for each of several values.
    pub(super) fn denies(&self) -> bool {
        matches!(self, Self::NotEquals(_) | Self::NotRegexMatch(_) | Self::BitAbsent(_))
    }

    /// Whether a value, which is not empty, meets it.
    pub(super) fn is_met_by(&self, value: &Value) -> bool {
        let is_text = |test: &dyn Fn(&str) -> bool| text(value).is_some_and(|text| test(&text));
        let is_integer = |test: &dyn Fn(i128) -> bool| integer(value).is_some_and(test);
        match self {
            Self::Equals(other) => is_text(&|text| text == other),
            Self::NotEquals(other) => is_text(&|text| text != other),
            Self::StartsWith(start) => is_text(&|text| text.starts_with(start)),
            Self::EndsWith(end) => is_text(&|text| text.ends_with(end)),
            Self::Includes(part) => is_text(&|text| text.contains(part)),
            Self::IsTrue => boolean(value) == Some(true),
            Self::IsFalse => boolean(value) == Some(false),
            Self::IsNull => false,
            Self::IsNotNull => true,
            Self::RegexMatch(pattern) => is_text(&|text| pattern.is_match(text)),
            Self::NotRegexMatch(pattern) => is_text(&|text| !pattern.is_match(text)),
            Self::GreaterThan(other) => is_integer(&|integer| integer > (*other).into()),
            Self::GreaterThanOrEquals(other) => is_integer(&|integer| integer >= (*other).into()),
            Self::BitPresent(bits) => is_integer(&|integer| !integer & i128::from(*bits) == 0),
            Self::BitAbsent(bits) => is_integer(&|integer| integer & i128::from(*bits) == 0),
        }
    }
}

impl fmt::Display for ScopingOperator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Equals(text) => write!(f, "equals `{text}`"),
            Self::NotEquals(text) => write!(f, "does not equal `{text}`"),
            Self::StartsWith(text) => write!(f, "starts with `{text}`"),
            Self::EndsWith(text) => write!(f, "ends with `{text}`"),
            Self::Includes(text) => write!(f, "includes `{text}`"),
            Self::IsTrue => f.write_str("is true"),
            Self::IsFalse => f.write_str("is false"),
            Self::IsNull => f.write_str("has no value"),
            Self::IsNotNull => f.write_str("has a value"),
            Self::RegexMatch(pattern) => write!(f, "matches `{pattern}`"),
            Self::NotRegexMatch(pattern) => write!(f, "does not match `{pattern}`"),
            Self::GreaterThan(other) => write!(f, "is greater than {other}"),
            Self::GreaterThanOrEquals(other) => write!(f, "is at least {other}"),
            Self::BitPresent(bits) => write!(f, "has the bits of {bits}"),
            Self::BitAbsent(bits) => write!(f, "has no bit of {bits}"),
        }
    }
}

fn text(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Bool(true) => Some(Cow::Borrowed("true")),
        Value::Bool(false) => Some(Cow::Borrowed("false")),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(boolean) => Some(*boolean),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

fn integer(value: &Value) -> Option<i128> {
    match value {
        Value::Number(number) => number.as_i128(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}
