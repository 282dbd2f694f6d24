//! The one comparator: how a value of an attribute compares with a literal.

use std::{borrow::Cow, cmp::Ordering};

use serde_json::Value;

use super::{CompareOp, Number};
use crate::{
    comparable::Comparable,
    date_time::{CoarseInstant, DateTime},
    fold::{fold, hash, with_folded},
    layout::{JsonValue, instant},
    schema::AttributeDefinition,
};

/// A literal that was coerced to the type of its attribute, and folded if case does not count.
#[derive(Clone, Debug)]
pub(crate) enum Operand {
    Text {
        text: String,
        case_exact: bool,
        /// The hash of the folded text: texts that are equal are equal when they are folded.
        hash: u32,
    },
    Number(Number),
    Boolean(bool),
    Instant {
        instant: DateTime,
        coarse: Option<CoarseInstant>,
    },
}

impl Operand {
    pub(super) fn text(text: &str, case_exact: bool) -> Self {
        let hash = hash(&fold(text));
        Self::Text { text: comparable(text, case_exact).into_owned(), case_exact, hash }
    }

    pub(super) fn instant(instant: DateTime) -> Self {
        Self::Instant { instant, coarse: instant.coarse() }
    }

    /// Whether the text itself is looked at, and not only what is known of it.
    pub(super) fn reads_text(&self, op: CompareOp) -> bool {
        matches!(self, Self::Text { .. }) && op != CompareOp::Equal
    }

    /// Whether `value op self` holds; a value of another type never matches.
    #[inline]
    pub(super) fn holds<'v>(&self, op: CompareOp, value: impl JsonValue<'v>) -> bool {
        match self {
            Self::Text { hash, .. } if op == CompareOp::Equal && !value.may_fold_to(*hash) => false,
            Self::Text { text, case_exact, .. } => {
                let value = value.as_comparable(*case_exact);
                value.is_some_and(|value| holds_for_text(op, &value, text))
            }
            Self::Number(number) => {
                let ordering = value.as_number().and_then(|value| number.compare(&value));
                ordering.is_some_and(|ordering| holds_for(op, ordering))
            }
            Self::Boolean(operand) => {
                value.as_boolean().is_some_and(|value| holds_for(op, value.cmp(operand)))
            }
            Self::Instant { instant: operand, coarse } => match (value.coarse_instant(), coarse) {
                (Some(value), Some(coarse)) if value != *coarse => holds_for(op, value.cmp(coarse)),
                _ => instant(value).is_some_and(|value| holds_for(op, value.cmp(operand))),
            },
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

#[inline]
fn holds_for_text(op: CompareOp, value: &Comparable<'_>, operand: &str) -> bool {
    match op {
        CompareOp::Equal => value.is(operand),
        CompareOp::Contains => value.contains(operand),
        CompareOp::StartsWith => value.starts_with(operand),
        CompareOp::EndsWith => value.ends_with(operand),
        _ => holds_for(op, value.compare(operand)),
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
