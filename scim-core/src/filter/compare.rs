//! The one comparator: how a value of an attribute compares with a literal.

use std::{borrow::Cow, cmp::Ordering};

use serde_json::Value;

use super::{CompareOp, Number};
use crate::{
    date_time::DateTime,
    fold::{fold, folds_to, with_folded},
    schema::AttributeDefinition,
};

/// A literal that was coerced to the type of its attribute, and folded if case does not count.
#[derive(Clone, Debug)]
pub(crate) enum Operand {
    Text { text: String, case_exact: bool },
    Number(Number),
    Boolean(bool),
    Instant(DateTime),
}

impl Operand {
    /// Whether `value op self` holds; a value of another type never matches.
    pub(super) fn holds(&self, op: CompareOp, value: &Value) -> bool {
        match (self, value) {
            (Self::Text { text, case_exact: false }, Value::String(value))
                if op == CompareOp::Equal =>
            {
                folds_to(value, text)
            }
            (Self::Text { text, case_exact }, Value::String(value)) => {
                with_comparable(value, *case_exact, |value| holds_for_text(op, value, text))
            }
            (Self::Number(number), Value::Number(value)) => {
                number.compare(value).is_some_and(|ordering| holds_for(op, ordering))
            }
            (Self::Boolean(operand), Value::Bool(value)) => holds_for(op, value.cmp(operand)),
            (Self::Instant(operand), Value::String(value)) => {
                value.parse::<DateTime>().is_ok_and(|value| holds_for(op, value.cmp(operand)))
            }
            _ => false,
        }
    }
}

/// The form in which the text of an attribute compares, is sorted and is unique.
pub(crate) fn comparable(text: &str, case_exact: bool) -> Cow<'_, str> {
    if case_exact { Cow::Borrowed(text) } else { fold(text) }
}

/// [`comparable`] for as long as it is looked at.
pub(super) fn with_comparable<T>(text: &str, case_exact: bool, look: impl FnOnce(&str) -> T) -> T {
    if case_exact { look(text) } else { with_folded(text, look) }
}

/// Whether two values of one attribute are the same value.
pub(crate) fn same_value(definition: &AttributeDefinition, a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::String(a), Value::String(b)) => {
            let case_exact = definition.is_case_exact();
            comparable(a, case_exact) == comparable(b, case_exact)
        }
        (a, b) => a == b,
    }
}

fn holds_for_text(op: CompareOp, value: &str, operand: &str) -> bool {
    match op {
        CompareOp::Contains => contains(value, operand),
        CompareOp::StartsWith => value.starts_with(operand),
        CompareOp::EndsWith => value.ends_with(operand),
        _ => holds_for(op, value.cmp(operand)),
    }
}

/// How long a text is at most for which a search is not worth its preparation.
const SHORT: usize = 64;

fn contains(text: &str, part: &str) -> bool {
    let (bytes, part_bytes) = (text.as_bytes(), part.as_bytes());
    match part_bytes.first() {
        first @ Some(_) if bytes.len() <= SHORT => bytes
            .windows(part_bytes.len())
            .any(|window| window.first() == first && window == part_bytes),
        _ => text.contains(part),
    }
}

fn holds_for(op: CompareOp, ordering: Ordering) -> bool {
    match op {
        CompareOp::Equal => ordering.is_eq(),
        CompareOp::NotEqual => ordering.is_ne(),
        CompareOp::GreaterThan => ordering.is_gt(),
        CompareOp::GreaterOrEqual => ordering.is_ge(),
        CompareOp::LessThan => ordering.is_lt(),
        CompareOp::LessOrEqual => ordering.is_le(),
        CompareOp::Contains | CompareOp::StartsWith | CompareOp::EndsWith => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::contains;

    proptest! {
        #[test]
        fn short_and_long_texts_contain_alike(text in "[abé]{0,40}", part in "[abé]{0,3}") {
            prop_assert_eq!(contains(&text, &part), text.contains(&part));
        }
    }
}
