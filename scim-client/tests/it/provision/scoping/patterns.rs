use scim_client::provision::scope::{
    Clause, InvalidScopingFilterKind as Kind, Pattern, ScopingOperator as Operator,
};

use super::person;

#[test]
fn a_pattern_matches_anywhere_in_a_value() {
    let rows = [
        ("ern", "Bern", true),
        ("^ern", "Bern", false),
        ("^Bern$", "Bern", true),
        ("^Bern$", "Berne", false),
        ("bern", "Bern", false),
        ("(?i)bern", "BERN", true),
        (r"^\w+$", "Žižkov", true),
        (r"^\p{Lu}", "Ölberg", true),
        ("^.$", "ö", true),
        ("(?i)ÖL", "öl", true),
        ("", "x", true),
    ];
    for (pattern, value, is_match) in rows {
        let object = person().with_attribute("a", value);
        let pattern: Pattern = pattern.parse().unwrap();
        let matches = Clause::new("a", Operator::RegexMatch(pattern.clone()));
        assert_eq!(matches.is_met_by(&object), is_match, "{pattern} {value}");
        let does_not = Clause::new("a", Operator::NotRegexMatch(pattern));
        assert_eq!(does_not.is_met_by(&object), !is_match);
    }
}

#[test]
fn what_is_no_pattern_is_refused_without_showing_it() {
    let nested = |depth: usize| format!("{}secret{}", "(".repeat(depth), ")".repeat(depth));
    let rows = [
        ("(secret".to_owned(), Kind::Pattern),
        ("secret[".to_owned(), Kind::Pattern),
        ("*secret".to_owned(), Kind::Pattern),
        ("(?=secret)".to_owned(), Kind::Pattern),
        (r"(secret)\1".to_owned(), Kind::Pattern),
        (r"\p{secret}".to_owned(), Kind::Pattern),
        (nested(10_000), Kind::Pattern),
        ("(secret){4000000000}".to_owned(), Kind::PatternTooLarge),
        ("((secret{1000}){1000}){1000}".to_owned(), Kind::PatternTooLarge),
        (r"\w{5000}secret".to_owned(), Kind::PatternTooLarge),
    ];
    for (text, kind) in rows {
        let error = text.parse::<Pattern>().unwrap_err();
        assert_eq!(error.kind(), kind, "{text:.40}");
        assert_eq!(error.attribute(), None);
        assert!(!format!("{error} {error:?}").contains("secret"));
    }
    assert!(nested(100).parse::<Pattern>().is_ok());
    assert!(r"^\p{L}{1,50}$".parse::<Pattern>().is_ok());
}

/// Would not end where a pattern is tried in every way.
#[test]
fn no_value_makes_a_pattern_slow() {
    let pattern: Pattern = "^(a|a)*(a+)+$".parse().unwrap();
    let object = person().with_attribute("a", format!("{}b", "a".repeat(100_000)));
    let clause = Clause::new("a", Operator::RegexMatch(pattern));
    assert!(!clause.is_met_by(&object));
}

#[test]
fn patterns_are_equal_by_their_text() {
    let pattern = |text: &str| text.parse::<Pattern>().unwrap();
    assert_eq!(pattern("a+"), pattern("a+"));
    assert_ne!(pattern("a+"), pattern("aa*"));
    assert_eq!(format!("{} {0:?}", pattern("a+")), r#"a+ Pattern("a+")"#);
}
