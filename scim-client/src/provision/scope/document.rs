//! Scoping filters as people write them, so that an error names the filter and the clause.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{Error, SeqAccess, Visitor},
};
use serde_json::Value;

use super::{
    Clause, InvalidScopingFilter, InvalidScopingFilterKind as Kind, ScopingFilter, ScopingOperator,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FilterDocument {
    name: Option<String>,
    #[serde(deserialize_with = "clauses")]
    clauses: Vec<Clause>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClauseDocument {
    attribute: String,
    operator: String,
    /// Of any type, since an error of serde would show it.
    value: Option<Value>,
}

impl TryFrom<FilterDocument> for ScopingFilter {
    type Error = InvalidScopingFilter;

    fn try_from(document: FilterDocument) -> Result<Self, Self::Error> {
        if document.clauses.is_empty() {
            return Err(InvalidScopingFilter::new(Kind::NoClause));
        }
        Ok(Self::of(document.name, document.clauses))
    }
}

impl TryFrom<ClauseDocument> for Clause {
    type Error = InvalidScopingFilter;

    fn try_from(document: ClauseDocument) -> Result<Self, Self::Error> {
        match operator(&document.operator, document.value) {
            Ok(operator) => Ok(Self::new(document.attribute, operator)),
            Err(error) => Err(error.on(document.attribute)),
        }
    }
}

fn operator(word: &str, value: Option<Value>) -> Result<ScopingOperator, InvalidScopingFilter> {
    Ok(match word {
        "equals" => ScopingOperator::Equals(text(value)?),
        "notEquals" => ScopingOperator::NotEquals(text(value)?),
        "startsWith" => ScopingOperator::StartsWith(text(value)?),
        "endsWith" => ScopingOperator::EndsWith(text(value)?),
        "includes" => ScopingOperator::Includes(text(value)?),
        "isTrue" => without(value.as_ref(), ScopingOperator::IsTrue)?,
        "isFalse" => without(value.as_ref(), ScopingOperator::IsFalse)?,
        "isNull" => without(value.as_ref(), ScopingOperator::IsNull)?,
        "isNotNull" => without(value.as_ref(), ScopingOperator::IsNotNull)?,
        "regexMatch" => ScopingOperator::RegexMatch(text(value)?.parse()?),
        "notRegexMatch" => ScopingOperator::NotRegexMatch(text(value)?.parse()?),
        "greaterThan" => ScopingOperator::GreaterThan(integer(value)?),
        "greaterThanOrEquals" => ScopingOperator::GreaterThanOrEquals(integer(value)?),
        "bitPresent" => ScopingOperator::BitPresent(integer(value)?),
        "bitAbsent" => ScopingOperator::BitAbsent(integer(value)?),
        _ => return Err(InvalidScopingFilter::new(Kind::UnknownOperator)),
    })
}

fn text(value: Option<Value>) -> Result<String, InvalidScopingFilter> {
    match value {
        Some(Value::String(text)) => Ok(text),
        _ => Err(InvalidScopingFilter::new(Kind::NotText)),
    }
}

fn integer(value: Option<Value>) -> Result<i64, InvalidScopingFilter> {
    let integer = value.and_then(|value| value.as_i64());
    integer.ok_or_else(|| InvalidScopingFilter::new(Kind::NotAnInteger))
}

fn without(
    value: Option<&Value>,
    operator: ScopingOperator,
) -> Result<ScopingOperator, InvalidScopingFilter> {
    match value {
        None => Ok(operator),
        Some(_) => Err(InvalidScopingFilter::new(Kind::UnexpectedValue)),
    }
}

pub(super) fn filters<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<ScopingFilter>, D::Error> {
    deserializer.deserialize_seq(Numbered { noun: "filter", element: PhantomData })
}

fn clauses<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Clause>, D::Error> {
    deserializer.deserialize_seq(Numbered { noun: "clause", element: PhantomData })
}

/// A list whose errors say which element is wrong, counted from one.
struct Numbered<T> {
    noun: &'static str,
    element: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Numbered<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list, each element a {}", self.noun)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut elements = Vec::new();
        loop {
            match list.next_element() {
                Ok(Some(element)) => elements.push(element),
                Ok(None) => return Ok(elements),
                Err(error) => {
                    let number = elements.len() + 1;
                    return Err(A::Error::custom(format_args!("{} {number}: {error}", self.noun)));
                }
            }
        }
    }
}
