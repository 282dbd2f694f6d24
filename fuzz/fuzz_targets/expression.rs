//! Any text as an expression of a mapping, and what it gives for one person.

#![no_main]

use libfuzzer_sys::fuzz_target;
use scim_client::provision::{
    SourceObject,
    mapping::expression::{Expression, ExpressionContext},
};
use serde_json::{Value, json};

fuzz_target!(|text: &str| check(text));

fn check(text: &str) {
    let expression = match text.parse::<Expression>() {
        Ok(expression) => expression,
        Err(error) => {
            assert!(text.is_char_boundary(error.offset()), "{error}");
            return;
        }
    };
    let printed = expression.to_string();
    let again: Expression = printed.parse().expect("what was printed is refused");
    assert_eq!(again.to_string(), printed);
    assert!(again == expression, "{printed}");

    let person = person(&expression);
    let context = ExpressionContext::new("2021-07-02T15:33:38Z".parse().expect("a time"), 1)
        .with_soft_deleted(true);
    let given = expression.evaluate(&person, &context);
    assert_eq!(given.is_ok(), again.evaluate(&person, &context).is_ok());
    if let (Ok(one), Ok(other)) = (given, again.evaluate(&person, &context)) {
        assert!(one == other, "{printed}");
    }
}

/// Somebody with a value for most of the attributes.
fn person(expression: &Expression) -> SourceObject {
    let values = [
        json!("Zoë O'Malley"),
        json!(3),
        json!("2021-07-02T15:33:38Z"),
        json!(["a", "b"]),
        json!(true),
        Value::Null,
    ];
    let attributes = expression.attributes().zip(values.into_iter().cycle());
    attributes
        .fold(SourceObject::new("1"), |person, (name, value)| person.with_attribute(name, value))
}
