//! What is left to chance, and what is not.

use std::collections::BTreeSet;

use scim_client::provision::{
    SourceObject,
    mapping::expression::{EvaluateErrorKind as Kind, ExpressionContext, Outcome},
};
use serde_json::json;

use super::{fault, now, parse, value};

const SPECIAL: &str = "~!@#$%^&*_-+=`|\\(){}[]:;\"'<>,.?/";

fn draw(text: &str, seed: u128) -> String {
    let context = ExpressionContext::new(now(), seed);
    match parse(text).evaluate(&SourceObject::new("1"), &context).unwrap() {
        Outcome::Value(value) => value.as_str().unwrap().to_owned(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_random_text_has_what_was_asked_for() {
    let count = |text: &str, is: fn(char) -> bool| text.chars().filter(|c| is(*c)).count();
    for seed in 0..200 {
        let text = draw("RandomString(6,3,0,0,3)", seed);
        assert_eq!(count(&text, |c| c.is_ascii_digit()), 3, "{text}");
        assert_eq!(count(&text, |c| c.is_ascii_lowercase()), 3, "{text}");

        let text = draw(r#"RandomString(10,2,2,2,1,"?,")"#, seed);
        assert_eq!(text.len(), 10);
        assert!(count(&text, |c| c.is_ascii_digit()) >= 2, "{text}");
        assert!(count(&text, |c| SPECIAL.contains(c)) >= 2, "{text}");
        assert!(count(&text, |c| c.is_ascii_uppercase()) >= 2, "{text}");
        assert!(count(&text, |c| c.is_ascii_lowercase()) >= 1, "{text}");
        assert!(!text.contains(['?', ',']), "{text}");

        let text = draw("RandomString(256,0,0,0,0)", seed);
        assert_eq!(count(&text, |c| c.is_ascii_alphanumeric()), 256, "{text}");
        assert_eq!(draw("RandomString(0,0,0,0,0)", seed), "");
    }
}

#[test]
fn every_character_comes_up_and_in_every_place() {
    let drawn: BTreeSet<char> = (0..100)
        .flat_map(|seed| draw("RandomString(256,1,1,1,1)", seed).into_bytes())
        .map(char::from)
        .collect();
    assert_eq!(drawn.len(), 10 + 26 + 26 + SPECIAL.len());
    let first: BTreeSet<char> =
        (0..2000).filter_map(|seed| draw("RandomString(6,3,0,0,3)", seed).chars().next()).collect();
    assert_eq!(first.len(), 36);
}

#[test]
fn impossible_lengths_are_refused() {
    for arguments in [
        "257,0,0,0,0",
        "5,2,2,2,0",
        "-1,0,0,0,0",
        "5,-1,0,0,0",
        "5,9223372036854775807,0,0,0",
        r#"5,1,0,0,0,"0123456789""#,
    ] {
        let text = format!("RandomString({arguments})");
        assert_eq!(fault(&text, &json!({})), (Kind::ImpossibleLength, "RandomString"), "{text}");
    }
}

#[test]
fn a_seed_decides_and_no_two_draws_are_the_same() {
    let pair = r#"Join(" ", RandomString(20,1,1,1,1), RandomString(20,1,1,1,1), Guid(), Guid())"#;
    assert_eq!(draw(pair, 7), draw(pair, 7));
    let drawn = (draw(pair, 7), draw(pair, 8));
    let parts: BTreeSet<_> = drawn.0.split(' ').chain(drawn.1.split(' ')).collect();
    assert_eq!(parts.len(), 8);
}

#[test]
fn an_identifier_is_one_of_version_4() {
    for seed in 0..100 {
        let guid = draw("Guid()", seed);
        let lengths: Vec<_> = guid.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12], "{guid}");
        assert_eq!(guid.chars().nth(14), Some('4'), "{guid}");
        assert!(matches!(guid.chars().nth(19), Some('8' | '9' | 'a' | 'b')), "{guid}");
        assert!(guid.chars().all(|c| matches!(c, '-' | '0'..='9' | 'a'..='f')), "{guid}");
    }
}

#[test]
fn a_seed_is_not_shown() {
    let context = ExpressionContext::new(now(), 123_456_789);
    assert!(!format!("{context:?}").contains("123456789"));
    assert_eq!(value("Now()", &json!({})), json!("8/25/2021 5:41:18 PM"));
    let outcome = Outcome::Value(json!("secret"));
    assert_eq!(format!("{outcome:?}"), "Value(…)");
}
