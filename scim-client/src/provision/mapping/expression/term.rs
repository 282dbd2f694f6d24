use std::{borrow::Cow, cmp::Ordering};

use chrono::{DateTime, Utc};
use serde_json::{Number, Value};

use super::{date, error::EvaluateErrorKind as Kind, tree::Operator};

/// What a part of an expression gives.
#[derive(Clone)]
pub(super) enum Term<'a> {
    Null,
    Bool(bool),
    Integer(i64),
    Date(DateTime<Utc>),
    Text(Cow<'a, str>),
    /// A complex value of the source, or an array inside an array.
    Complex(Cow<'a, Value>),
    /// Never empty, and no list in it.
    List(Vec<Self>),
}

impl<'a> Term<'a> {
    /// The list; none is no value.
    pub(super) fn list(terms: Vec<Self>) -> Self {
        if terms.is_empty() { Self::Null } else { Self::List(terms) }
    }

    /// The values, however many there are.
    pub(super) fn into_list(self) -> Vec<Self> {
        match self {
            Self::Null => Vec::new(),
            Self::List(terms) => terms,
            term => vec![term],
        }
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    pub(super) fn is_null_or_empty(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.is_empty(),
            _ => false,
        }
    }

    /// The value as a text, if there is one.
    pub(super) fn into_text(self) -> Result<Option<Cow<'a, str>>, Kind> {
        Ok(Some(match self {
            Self::Null => return Ok(None),
            Self::Bool(true) => "True".into(),
            Self::Bool(false) => "False".into(),
            Self::Integer(number) => number.to_string().into(),
            Self::Date(date) => date::to_text(date).into(),
            Self::Text(text) => text,
            Self::Complex(_) | Self::List(_) => return Err(Kind::NotText),
        }))
    }

    /// The value as a number, if there is one.
    pub(super) fn to_integer(&self) -> Result<Option<i64>, Kind> {
        match self {
            Self::Integer(number) => Ok(Some(*number)),
            term if term.is_null_or_empty() => Ok(None),
            Self::Text(text) => text.trim().parse().map(Some).map_err(|_| Kind::NotANumber),
            _ => Err(Kind::NotANumber),
        }
    }

    /// The value as a date, if there is one.
    pub(super) fn to_date(&self) -> Result<Option<DateTime<Utc>>, Kind> {
        match self {
            Self::Date(date) => Ok(Some(*date)),
            term if term.is_null_or_empty() => Ok(None),
            Self::Text(text) => date::read(text).map(Some).ok_or(Kind::NotADate),
            _ => Err(Kind::NotADate),
        }
    }

    /// The value as a truth value; `None` if it is neither.
    pub(super) fn to_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            Self::Integer(number) => Some(*number != 0),
            Self::Text(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Self::Text(text) if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        }
    }

    /// The value as JSON has it: all that is simple is a text.
    pub(super) fn into_value(self) -> Value {
        match self {
            Self::Complex(value) => value.into_owned(),
            Self::List(terms) => terms.into_iter().map(Self::into_value).collect(),
            term => match term.into_text() {
                Ok(Some(text)) => Value::String(text.into_owned()),
                _ => Value::Null,
            },
        }
    }

    /// Whether a comparison of the two holds.
    ///
    /// A missing value is the empty text; in an order it has no place.
    pub(super) fn compares(&self, operator: Operator, other: &Self) -> bool {
        let order = || self.order(other);
        match operator {
            Operator::Equal => self.equals(other),
            Operator::NotEqual => !self.equals(other),
            Operator::Less => order().is_some_and(Ordering::is_lt),
            Operator::LessOrEqual => order().is_some_and(Ordering::is_le),
            Operator::Greater => order().is_some_and(Ordering::is_gt),
            Operator::GreaterOrEqual => order().is_some_and(Ordering::is_ge),
        }
    }

    fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::List(left), Self::List(right)) => {
                left.len() == right.len()
                    && left.iter().zip(right).all(|(left, right)| left.equals(right))
            }
            (Self::Complex(left), Self::Complex(right)) => left == right,
            (Self::Text(left), Self::Text(right)) => left == right,
            (Self::Bool(value), other) | (other, Self::Bool(value)) => {
                other.to_bool() == Some(*value)
            }
            (Self::Integer(_) | Self::Date(_), _) | (_, Self::Integer(_) | Self::Date(_)) => {
                self.order(other).is_some_and(Ordering::is_eq)
            }
            (left, right) => left.is_null_or_empty() && right.is_null_or_empty(),
        }
    }

    /// By number or by date where both are one, else by text.
    fn order(&self, other: &Self) -> Option<Ordering> {
        if self.is_null_or_empty() || other.is_null_or_empty() {
            return None;
        }
        if let (Ok(Some(left)), Ok(Some(right))) = (self.to_integer(), other.to_integer()) {
            return Some(left.cmp(&right));
        }
        if let (Some(left), Some(right)) = (self.to_float(), other.to_float()) {
            return left.partial_cmp(&right);
        }
        if matches!(self, Self::Date(_)) || matches!(other, Self::Date(_)) {
            return Some(self.to_date().ok()??.cmp(&other.to_date().ok()??));
        }
        let left = self.clone().into_text().ok()??;
        let right = other.clone().into_text().ok()??;
        Some(left.cmp(&right))
    }

    fn to_float(&self) -> Option<f64> {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "compared with a fraction")]
            Self::Integer(number) => Some(*number as f64),
            Self::Text(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
            _ => None,
        }
    }
}

impl<'a> From<&'a Value> for Term<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(*value),
            Value::Number(number) => number.into(),
            Value::String(text) => Self::Text(Cow::Borrowed(text)),
            Value::Array(values) => Self::list(values.iter().filter_map(element).collect()),
            Value::Object(members) if members.is_empty() => Self::Null,
            Value::Object(_) => Self::Complex(Cow::Borrowed(value)),
        }
    }
}

impl From<&Number> for Term<'_> {
    fn from(number: &Number) -> Self {
        match number.as_i64() {
            Some(number) => Self::Integer(number),
            None => Self::Text(number.to_string().into()),
        }
    }
}

impl From<String> for Term<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

/// A value inside an array.
fn element(value: &Value) -> Option<Term<'_>> {
    match value {
        Value::Null => None,
        Value::Array(_) => Some(Term::Complex(Cow::Borrowed(value))),
        value => Some(value.into()).filter(|term: &Term<'_>| !term.is_null()),
    }
}
