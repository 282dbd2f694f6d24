use proptest::prelude::*;

use super::{CompareOp, CompareValue, Filter, Number, ParseErrorKind, ParseLimits};

#[test]
fn errors_point_at_the_fault() {
    let cases = [
        ("", 0, "expected an attribute path"),
        ("userName", 8, "expected a blank"),
        ("userName zz \"x\"", 9, "expected an operator"),
        ("userName eq x", 12, "expected a JSON string, number, `true`, `false` or `null`"),
        ("a pr and", 8, "expected a blank"),
        ("a pr and ", 9, "expected an attribute path"),
        ("a pr an b pr", 5, "expected `and`, `or` or the end"),
        ("a pr)", 4, "expected `and`, `or` or the end"),
        ("(a pr", 5, "expected `and`, `or` or `)`"),
        ("a[b pr", 6, "expected `and`, `or` or `]`"),
        ("a[b[c pr]]", 3, "expected a blank"),
        ("a eq \"\\x\"", 6, "expected an escape or a closing quote"),
        ("a eq \"\\ud800\"", 6, "expected an escape or a closing quote"),
    ];
    for (text, offset, message) in cases {
        let error = text.parse::<Filter>().unwrap_err();
        assert_eq!(
            (error.offset(), error.kind().to_string().as_str()),
            (offset, message),
            "{text}"
        );
    }
}

#[test]
fn messages_keep_the_literal_to_themselves() {
    let error = r#"userName eq "secret" secret"#.parse::<Filter>().unwrap_err();
    assert!(!error.to_string().contains("secret"));
}

#[test]
fn limits_are_named() {
    let limits = ParseLimits::new().with_nodes(3).with_nesting(2);
    let kind = |text: &str| Filter::parse(text, &limits).unwrap_err().kind();
    assert_eq!(kind("a pr or b pr or c pr or d pr"), ParseErrorKind::TooManyNodes(3));
    assert_eq!(kind("not (not (not (a pr)))"), ParseErrorKind::TooDeep(2));
}

#[test]
fn a_condition_behind_the_bracket_counts_as_what_it_reads_as() {
    let limits = ParseLimits::new().with_nodes(4).with_nesting(1);
    let kind = |text: &str| Filter::parse(text, &limits).map_err(|error| error.kind()).err();
    assert_eq!(kind("a[b pr and c pr].d pr"), None);
    assert_eq!(kind("a[b pr or c pr].d pr"), Some(ParseErrorKind::TooDeep(1)));
    assert_eq!(kind("a[b pr and c pr and d pr].e pr"), Some(ParseErrorKind::TooManyNodes(4)));
}

#[test]
fn a_thousand_ids_fit_the_defaults_and_a_megabyte_of_parentheses_is_refused() {
    let ids: Vec<_> =
        (0..1000).map(|id| format!("id eq \"2819c223-7f76-453a-919d-4138{id:08}\"")).collect();
    assert!(ids.join(" or ").parse::<Filter>().is_ok());
    for text in ["(".repeat(1 << 20), "not (".repeat(1 << 18), "a[".repeat(60_000)] {
        assert!(text.parse::<Filter>().is_err());
    }
}

#[test]
fn a_condition_behind_the_bracket_joins_those_inside() {
    let filter: Filter = r#"emails[type eq "work"].value eq "x""#.parse().unwrap();
    assert_eq!(filter.to_string(), r#"emails[type eq "work" and value eq "x"]"#);
}

#[test]
fn a_parenthesis_needs_no_blank_between_it_and_the_word_before_it() {
    let filter: Filter = "a pr and(b pr or(c pr)) OR not(d pr)".parse().unwrap();
    assert_eq!(filter.to_string(), "a pr and (b pr or c pr) or not (d pr)");
    assert!("(a pr)and b pr".parse::<Filter>().is_err());
}

fn value() -> impl Strategy<Value = CompareValue> {
    prop_oneof![
        any::<String>().prop_map(CompareValue::from),
        any::<i64>().prop_map(|n| CompareValue::Number(Number::from(n))),
        any::<bool>().prop_map(CompareValue::from),
        Just(CompareValue::Null),
    ]
}

fn path() -> impl Strategy<Value = String> {
    "(urn:[a-z]{1,8}:[a-z0-9.-]{1,8}:)?[a-zA-Z][a-zA-Z0-9_-]{0,30}([.][a-z]{1,9})?"
}

fn compare_op() -> impl Strategy<Value = CompareOp> {
    prop_oneof![
        Just(CompareOp::Equal),
        Just(CompareOp::NotEqual),
        Just(CompareOp::Contains),
        Just(CompareOp::StartsWith),
        Just(CompareOp::EndsWith),
        Just(CompareOp::GreaterThan),
        Just(CompareOp::GreaterOrEqual),
        Just(CompareOp::LessThan),
        Just(CompareOp::LessOrEqual),
    ]
}

fn simple() -> impl Strategy<Value = Filter> {
    prop_oneof![
        path().prop_map(|path| Filter::present(&path).unwrap()),
        (path(), compare_op(), value())
            .prop_map(|(path, op, value)| Filter::compare(&path, op, value).unwrap()),
    ]
}

pub(super) fn tree(leaf: impl Strategy<Value = Filter> + 'static) -> impl Strategy<Value = Filter> {
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(|all| Filter::all(all).unwrap()),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|any| Filter::any(any).unwrap()),
            inner.prop_map(|filter| !filter),
        ]
    })
}

fn filter() -> impl Strategy<Value = Filter> {
    let value_path = (path(), tree(simple()))
        .prop_map(|(path, filter)| Filter::value_path(&path, filter).unwrap());
    tree(prop_oneof![3 => simple(), 1 => value_path])
}

proptest! {
    #[test]
    fn printing_and_parsing_are_inverse(filter in filter()) {
        prop_assert_eq!(filter.to_string().parse::<Filter>().unwrap(), filter);
    }

    #[test]
    fn no_text_panics(text in any::<String>()) {
        let _ = text.parse::<Filter>();
    }

    #[test]
    fn no_text_of_the_language_s_own_pieces_panics(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "a", "userName", " ", "eq", "pr", "and", "or", "not", "(", ")", "[", "]", ".", ":",
                "\"", "\\", "\\u", "d83d", "1", "-", "e", "true", "null", "urn:x:",
            ]),
            0..24,
        )
    ) {
        let _ = pieces.concat().parse::<Filter>();
    }
}
