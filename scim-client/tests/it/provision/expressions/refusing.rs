//! Texts that are no expression, and what is said of them.

use scim_client::provision::mapping::expression::{Expression, ParseExpressionErrorKind as Kind};
use serde_json::json;

use super::value;

/// Rows of a text and what is said of it.
fn check(rows: &[(&str, &str)]) {
    for (text, expected) in rows {
        let parsed = text.parse::<Expression>().map(|expression| expression.to_string());
        assert_eq!(parsed.unwrap_err().to_string(), *expected, "{text}");
    }
}

#[test]
fn something_else_stands_where_an_operand_belongs() {
    let rows = [
        ("", 0),
        ("   ", 3),
        ("(\"a\")", 0),
        ("Left(", 5),
        ("CBool([a] = )", 12),
        ("CBool([a] == [b])", 11),
        (r#"Append("é", é)"#, 13),
    ];
    for (text, offset) in rows {
        let what = "a function, an attribute, a text or a number";
        check(&[(text, &format!("expected {what} at byte {offset}"))]);
    }
}

#[test]
fn errors_point_at_the_fault() {
    check(&[
        ("Now() x", "expected the end at byte 6"),
        ("Now", "expected `(` at byte 3"),
        (r#"Left("a""#, "expected `,` or `)` at byte 8"),
        (r#"Left("a", 1"#, "expected `,` or `)` at byte 11"),
        (r#"Left("a"; 1)"#, "expected `,` or `)` at byte 8"),
        ("Left([a, 1)", "expected `]` at byte 11"),
        ("Left([a[b], 1)", "expected `]` at byte 7"),
        ("[]", "expected the name of an attribute at byte 1"),
        ("[a\nb]", "expected `]` at byte 2"),
        (r#"ToLower("abc)"#, "expected `\"` at byte 13"),
        (r#"ToLower("a\dc")"#, r#"expected `\"` or `\\` at byte 11"#),
        (r#"ToLower("a\"#, r#"expected `\"` or `\\` at byte 11"#),
        ("Left([a], -)", "expected a whole number of 64 bits at byte 10"),
        ("Left([a], &HG)", "expected a whole number of 64 bits at byte 10"),
        ("Left([a], &H123456789)", "expected a whole number of 64 bits at byte 10"),
        ("Left([a], 9223372036854775808)", "expected a whole number of 64 bits at byte 10"),
        ("Left([a], 1.5)", "expected the end of the number at byte 11"),
        ("Left([a], 1a)", "expected the end of the number at byte 11"),
        ("CBool([a] = [b] = [c])", "expected `,` or `)` at byte 16"),
        ("[a] = [b]", "expected the end at byte 4"),
        (
            r#"InStr("a", "b", 1, exact)"#,
            "expected `vbBinaryCompare` or `vbTextCompare` at byte 19",
        ),
        (r#"InStr("a", "b", 1, [a])"#, "expected `vbBinaryCompare` or `vbTextCompare` at byte 19"),
    ]);
}

#[test]
fn calls_are_checked() {
    check(&[
        ("Lower([a])", "unknown function `Lower` at byte 0"),
        ("Not(Lower([a]))", "unknown function `Lower` at byte 4"),
        (
            r#"switch([a], "x", "y", "z")"#,
            "unknown function `switch`, did you mean `Switch` at byte 0",
        ),
        ("Now(1)", "wrong number of arguments for `Now()` at byte 0"),
        ("Left([a])", "wrong number of arguments for `Left(source, length)` at byte 0"),
        ("Left()", "wrong number of arguments for `Left(source, length)` at byte 0"),
        ("Left([a], 1, 2)", "wrong number of arguments for `Left(source, length)` at byte 0"),
        ("Left([a], )", "no argument `length` for `Left` at byte 0"),
        ("Join(, [a])", "no argument `separator` for `Join` at byte 0"),
        (r#"Join(",", [a], , [b])"#, "no argument `source` for `Join` at byte 0"),
        (
            r#"Switch([a], "d")"#,
            "wrong number of arguments for `Switch(source, default, key, value, …)` at byte 0",
        ),
        (
            r#"Switch([a], "d", "k", "v", "k")"#,
            "wrong number of arguments for `Switch(source, default, key, value, …)` at byte 0",
        ),
        (
            "SelectUniqueValue([a])",
            "wrong number of arguments for `SelectUniqueValue(rule, rule, …)` at byte 0",
        ),
        (
            "Redact(SelectUniqueValue([a], [b]))",
            "`SelectUniqueValue` inside another call at byte 7",
        ),
        (r#"Replace([a], "b")"#, "arguments of `Replace` that have no meaning together at byte 0"),
        (
            r#"Replace([a], "b", "c", , "d", , )"#,
            "arguments of `Replace` that have no meaning together at byte 0",
        ),
    ]);
}

#[test]
fn literals_are_checked() {
    check(&[
        (r#"Replace([a], , "(", , "d", , )"#, "not a regular expression at byte 15"),
        (
            r#"Replace([a], , "a(?=b)", , "d", , )"#,
            "a regular expression with look-around at byte 15",
        ),
        (
            r#"Replace([a], , "(?<!b)a", , "d", , )"#,
            "a regular expression with look-around at byte 15",
        ),
        (
            r#"Replace([a], , "(?>b)a", , "d", , )"#,
            "a regular expression with an atomic group at byte 15",
        ),
        (
            r#"Replace([a], , "(a)\\1", , "d", , )"#,
            "a regular expression with a back reference at byte 15",
        ),
        (
            r#"Replace([a], , "(a)(?(1)b|c)", , "d", , )"#,
            "a regular expression with a condition at byte 15",
        ),
        (
            r#"Replace([a], , "[a-z-[b]]", , "d", , )"#,
            "a regular expression with a subtraction of characters at byte 15",
        ),
        (
            r#"Replace([a], , "\\w{1000}", , "d", , )"#,
            "a regular expression that is too large at byte 15",
        ),
        (
            r#"Replace([a], , "(?<g>a)", "h", "d", , )"#,
            "no such group in the regular expression at byte 0",
        ),
        (r#"FormatDateTime([a], , "yyyy'", "d")"#, "not a format of dates at byte 22"),
        (r#"FormatDateTime([a], , "d", "")"#, "not a format of dates at byte 27"),
        (r#"FormatDateTime([a], , "d", "%%")"#, "not a format of dates at byte 27"),
        (r#"FormatDateTime([a], , "d", "ffffffff")"#, "not a format of dates at byte 27"),
        (r#"FormatDateTime([a], "Fast", "d", "d")"#, "not a list of styles of dates at byte 20"),
        (
            r#"DateAdd("days", 1, [a])"#,
            "none of the intervals `yyyy`, `m`, `d`, `ww`, `h`, `n`, `s` at byte 8",
        ),
        (r#"ToLower([a], "Klingon")"#, "not the name of a culture at byte 13"),
        (r#"ToLower([a], "en_US")"#, "not the name of a culture at byte 13"),
    ]);
}

#[test]
fn limits() {
    let nested = |levels: usize| format!("{}[a]{}", "Not(".repeat(levels), ")".repeat(levels));
    assert!(nested(64).parse::<Expression>().is_ok());
    let error = nested(65).parse::<Expression>().unwrap_err();
    assert_eq!((error.kind(), error.offset()), (&Kind::TooDeep(64), 256));
    let compared = format!("{}[a]{}", "Not([b] = ".repeat(65), ")".repeat(65));
    assert_eq!(compared.parse::<Expression>().unwrap_err().kind(), &Kind::TooDeep(64));

    let of_length = |length: usize| format!("\"{}\"", "é".repeat(length - 2));
    assert!(of_length(10_000).parse::<Expression>().is_ok());
    let error = of_length(10_001).parse::<Expression>().unwrap_err();
    assert_eq!(error.kind(), &Kind::TooLong(10_000));
    assert_eq!(error.to_string(), "longer than the limit of 10000 characters at byte 19999");
    let open = "Not(".repeat(100_000);
    assert_eq!(open.parse::<Expression>().unwrap_err().kind(), &Kind::TooLong(10_000));

    let of_arguments = |count: usize| format!("Coalesce(1{})", ",1".repeat(count - 1));
    assert!(of_arguments(1000).parse::<Expression>().is_ok());
    let error = of_arguments(1001).parse::<Expression>().unwrap_err();
    assert_eq!(error.kind(), &Kind::TooManyArguments(1000));

    let name = "x".repeat(9000);
    let error = format!("{name}()").parse::<Expression>().unwrap_err();
    assert_eq!(error.kind(), &Kind::UnknownFunction("x".repeat(64)));
}

#[test]
fn depth_takes_little_of_the_stack() {
    let nested = format!("{}[a]{}", "Redact([b] = Left(".repeat(32), ", 9))".repeat(32));
    let run = move || {
        let expression: Expression = nested.parse().unwrap();
        let copy: Expression = expression.to_string().parse().unwrap();
        assert!(copy == expression);
        value(&copy.to_string(), &json!({"a": "x"}))
    };
    let thread = std::thread::Builder::new().stack_size(1024 * 1024).spawn(run).unwrap();
    assert_eq!(thread.join().unwrap(), json!("False"));
}

#[test]
fn an_expression_is_a_string_to_serde() {
    let expression: Expression = serde_json::from_value(json!(" Left( [a] , &HF ) ")).unwrap();
    assert_eq!(serde_json::to_value(&expression).unwrap(), json!("Left([a],15)"));
    assert_eq!(format!("{expression:?}"), "Expression(Left([a],15))");
    let error = serde_json::from_value::<Expression>(json!("Left(")).unwrap_err();
    assert!(error.to_string().starts_with("expected a function"), "{error}");
    assert!(serde_json::from_value::<Expression>(json!(7)).is_err());
}

#[test]
fn attributes_are_listed_once_in_order() {
    let text = r#"Switch([b], [a], "[c]", IIF([b] = [e], 1, [a]), "k", Left([a x], [b]))"#;
    let expression: Expression = text.parse().unwrap();
    assert_eq!(expression.attributes().collect::<Vec<_>>(), ["b", "a", "e", "a x"]);
}
