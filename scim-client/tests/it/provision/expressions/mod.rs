//! The expressions of mappings, without an engine around them.

mod choosing;
mod counting;
mod dates;
mod diacritics;
mod documented;
mod drawing;
mod properties;
mod refusing;
mod replacing;

use chrono::{DateTime, Utc};
use scim_client::provision::{
    SourceObject,
    mapping::expression::{EvaluateErrorKind, Expression, ExpressionContext, Outcome},
};
use serde_json::{Value, json};

fn now() -> DateTime<Utc> {
    "2021-08-25T17:41:18.75Z".parse().unwrap()
}

fn parse(text: &str) -> Expression {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Somebody with the attributes of a JSON object.
fn person(attributes: &Value) -> SourceObject {
    let attributes = attributes.as_object().into_iter().flatten();
    attributes.fold(SourceObject::new("1"), |person, (name, value)| {
        person.with_attribute(name, value.clone())
    })
}

/// What an expression gives for somebody.
fn outcome(text: &str, attributes: &Value) -> Outcome {
    let context = ExpressionContext::new(now(), 0);
    let outcome = parse(text).evaluate(&person(attributes), &context);
    outcome.unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// What an expression gives for somebody, where null stands for no value.
fn value(text: &str, attributes: &Value) -> Value {
    match outcome(text, attributes) {
        Outcome::Value(value) => value,
        Outcome::Null => Value::Null,
        other => panic!("{text}: {other:?}"),
    }
}

/// Why an expression gives nothing for somebody.
fn fault(text: &str, attributes: &Value) -> (EvaluateErrorKind, &'static str) {
    let context = ExpressionContext::new(now(), 0);
    let error = parse(text).evaluate(&person(attributes), &context).unwrap_err();
    (error.kind(), error.function())
}

/// Rows of an expression, attributes, and what it gives.
fn check(rows: &[(&str, Value, Value)]) {
    for (text, attributes, expected) in rows {
        assert_eq!(&value(text, attributes), expected, "{text} {attributes}");
    }
}

/// Rows of an expression without attributes, and what it gives.
fn check_constant(rows: &[(&str, Value)]) {
    for (text, expected) in rows {
        assert_eq!(&value(text, &json!({})), expected, "{text}");
    }
}
