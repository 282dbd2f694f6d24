//! A filter, and what it means: RFC 7644 §3.4.2.2 with `docs/interpretations.md`, word by word.

use std::{cmp::Ordering, fmt};

use scim_core::schema::{AttributeDefinition, AttributeType};
use serde_json::Value;

use super::{
    literals::{folded, instant},
    places::Place,
};

#[derive(Clone)]
pub(super) enum Tree {
    And(Vec<Self>),
    Or(Vec<Self>),
    Not(Box<Self>),
    Present(Path),
    /// The literal as it is written.
    Compare(Path, Op, String),
    Elements(Path, Box<Self>),
}

#[derive(Clone, Debug)]
pub(super) struct Path {
    pub(super) written: String,
    pub(super) place: Place,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Op {
    Eq,
    Ne,
    Co,
    Sw,
    Ew,
    Gt,
    Ge,
    Lt,
    Le,
}

impl Tree {
    /// Whether a resource, or an element of a value path, matches.
    pub(super) fn holds(&self, subject: &Value) -> bool {
        match self {
            Self::And(operands) => operands.iter().all(|operand| operand.holds(subject)),
            Self::Or(operands) => operands.iter().any(|operand| operand.holds(subject)),
            Self::Not(operand) => !operand.holds(subject),
            Self::Present(path) => is_present(path, subject),
            Self::Compare(path, Op::Eq, literal) if literal == "null" => !is_present(path, subject),
            Self::Compare(path, Op::Ne, literal) if literal == "null" => is_present(path, subject),
            Self::Compare(path, Op::Ne, literal) => !compares(path, Op::Eq, literal, subject),
            Self::Compare(path, op, literal) => compares(path, *op, literal, subject),
            Self::Elements(path, inside) => {
                path.values(subject).into_iter().any(|element| inside.holds(element))
            }
        }
    }
}

fn is_present(path: &Path, subject: &Value) -> bool {
    path.values(subject).into_iter().any(says_something)
}

/// The empty string is a value, but none for `pr`; nor is what is made of nothing else.
fn says_something(value: &Value) -> bool {
    match value {
        Value::Array(values) => values.iter().any(says_something),
        Value::Object(members) => members.values().any(says_something),
        Value::String(text) => !text.is_empty(),
        other => !other.is_null(),
    }
}

fn compares(path: &Path, op: Op, literal: &str, subject: &Value) -> bool {
    let compared = path.place.compared().unwrap();
    let mut values = path.values(subject);
    if values.iter().any(|value| value.is_object()) {
        values = values.into_iter().flat_map(|value| assigned(&value["value"])).collect();
    }
    values.into_iter().any(|value| compare(compared, value, op, literal))
}

impl Path {
    /// The values at the end of the path, without what is unassigned.
    fn values<'v>(&self, subject: &'v Value) -> Vec<&'v Value> {
        let container = match &self.place.extension {
            Some(uri) => &subject[uri],
            None => subject,
        };
        let is_plain_element = !container.is_object() && !container.is_null();
        let values = if is_plain_element {
            vec![container]
        } else {
            assigned(&container[self.place.name()])
        };
        match self.place.sub_name() {
            Some(sub) => values.into_iter().flat_map(|value| assigned(&value[sub])).collect(),
            None => values,
        }
    }
}

/// One value or several, without those that are none (RFC 7643 §2.5).
fn assigned(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(values) => values.iter().flat_map(assigned).collect(),
        Value::Object(members) if members.values().all(|member| assigned(member).is_empty()) => {
            Vec::new()
        }
        Value::Null => Vec::new(),
        value => vec![value],
    }
}

/// Whether `value op literal` holds.
fn compare(definition: &AttributeDefinition, value: &Value, op: Op, literal: &str) -> bool {
    let literal: Value = match literal {
        // JSON has no numbers of that size; a double has something beyond all of them.
        "1e400" => return matches!(op, Op::Lt | Op::Le),
        "-1e400" => return matches!(op, Op::Gt | Op::Ge),
        literal => serde_json::from_str(literal).unwrap(),
    };
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    match definition.attribute_type {
        AttributeType::String if !definition.case_exact => {
            compare_text(folded(&text(value)), op, folded(&text(&literal)))
        }
        AttributeType::String | AttributeType::Reference | AttributeType::Binary => {
            compare_text(&text(value), op, &text(&literal))
        }
        AttributeType::DateTime if matches!(op, Op::Co | Op::Sw | Op::Ew) => {
            compare_text(&text(value).to_lowercase(), op, &text(&literal).to_lowercase())
        }
        AttributeType::DateTime => match (instant(&text(value)), instant(&text(&literal))) {
            (Some(value), Some(literal)) => in_order(value.cmp(&literal), op),
            _ => false,
        },
        AttributeType::Integer | AttributeType::Decimal => {
            in_order(compare_numbers(value, &literal), op)
        }
        AttributeType::Boolean => {
            // `"True"` is read as the boolean.
            let literal = literal.as_str().map_or(literal == true, |text| text == "True");
            *value == literal
        }
        AttributeType::Complex => panic!("a comparison is one with `value`"),
    }
}

/// Whole numbers exactly, others as doubles.
fn compare_numbers(value: &Value, literal: &Value) -> Ordering {
    match (value.as_i64(), literal.as_i64()) {
        (Some(value), Some(literal)) => value.cmp(&literal),
        _ => value.as_f64().unwrap().partial_cmp(&literal.as_f64().unwrap()).unwrap(),
    }
}

fn compare_text(value: &str, op: Op, literal: &str) -> bool {
    match op {
        Op::Co => value.contains(literal),
        Op::Sw => value.starts_with(literal),
        Op::Ew => value.ends_with(literal),
        // By code point.
        op => in_order(value.chars().cmp(literal.chars()), op),
    }
}

fn in_order(ordering: Ordering, op: Op) -> bool {
    match op {
        Op::Eq => ordering.is_eq(),
        Op::Gt => ordering.is_gt(),
        Op::Ge => ordering.is_ge(),
        Op::Lt => ordering.is_lt(),
        Op::Le => ordering.is_le(),
        op => panic!("`{op}` is no order"),
    }
}

impl fmt::Debug for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format!("{self:?}").to_lowercase())
    }
}

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let chain = |word: &str, operands: &[Self]| {
            let operands: Vec<_> = operands.iter().map(|operand| format!("({operand})")).collect();
            operands.join(word)
        };
        match self {
            Self::And(operands) => f.write_str(&chain(" and ", operands)),
            Self::Or(operands) => f.write_str(&chain(" or ", operands)),
            Self::Not(operand) => write!(f, "not ({operand})"),
            Self::Present(path) => write!(f, "{} pr", path.written),
            Self::Compare(path, op, literal) => write!(f, "{} {op} {literal}", path.written),
            Self::Elements(path, inside) => write!(f, "{}[{inside}]", path.written),
        }
    }
}
