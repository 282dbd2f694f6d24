//! `Replace`, beyond what the reference shows.

use scim_client::provision::mapping::expression::EvaluateErrorKind as Kind;
use serde_json::json;

use super::{check, fault, value};

#[test]
fn texts_and_templates() {
    let rows = [
        (r#"Replace("aXbXc", "X", , , "")"#, json!({}), json!("abc")),
        (r#"Replace("aaa", "aa", , , "b")"#, json!({}), json!("ba")),
        (r#"Replace("abc", "", , , "x")"#, json!({}), json!("abc")),
        (r#"Replace("abc", [old], , , "x")"#, json!({}), json!("abc")),
        (r#"Replace("abc", "b", , , [new])"#, json!({}), json!("ac")),
        (r#"Replace("a.c", ".", , , "$0")"#, json!({}), json!("a$0c")),
        (r#"Replace([id], "<u>", , , , , "<u>.<u>@x")"#, json!({"id": "j"}), json!("j.j@x")),
        (r#"Replace([id], "<u>", , , , , "<u>@x")"#, json!({}), json!(null)),
        (r#"Replace([id], "<u>", , , , , "<u>@x")"#, json!({"id": ""}), json!(null)),
    ];
    check(&rows);
}

#[test]
fn groups_are_put_into_the_replacement() {
    let rows = [
        ("(?<a>x)(y)(?<c>z)", "$1", "y"),
        ("(?<a>x)(y)(?<c>z)", "$2$3", "xz"),
        ("(?<a>x)(y)(?<c>z)", "${c}${a}", "zx"),
        ("(?<a>x)(y)(?<c>z)", "${1}0", "y0"),
        ("(?<a>x)(y)(?<c>z)", "$10", "y0"),
        ("(?<a>x)(y)(?<c>z)", "$0$&", "xyzxyz"),
        ("(?<a>x)(y)(?<c>z)", "$$1", "$1"),
        ("(?<a>x)(y)(?<c>z)", "$9${no}$x$", "$9${no}$x$"),
        ("(?<a>x)(y)(?<c>z)", "${", "${"),
        ("x(?<no>n)?yz", "-${no}-", "--"),
    ];
    for (pattern, replacement, expected) in rows {
        let attributes = json!({"pattern": pattern, "new": replacement});
        let text = r#"Replace("<xyz>", , [pattern], , [new], , )"#;
        assert_eq!(
            value(text, &attributes),
            json!(format!("<{expected}>")),
            "{pattern} {replacement}"
        );
    }
}

#[test]
fn patterns_mean_what_they_mean_to_dotnet() {
    let rows = [
        (r"[[]", "a[b]", "ab]"),
        (r"[]]", "a[b]", "a[b"),
        (r"[^]b]", "a]b", "]b"),
        (r"[a&&b]", "a&b", ""),
        (r"[x~~]", "a~b", "ab"),
        (r"[+--]", "a,-b", "ab"),
        (r"[a-]", "a-b", "b"),
        (r"[\]\\]", r"a]\b", "ab"),
        (r"\<", "a<b", "ab"),
        (r"\[\<\>\]", "[<>]", ""),
        (r"[\<]", "a<b", "ab"),
        (r"(?i)B", "abc", "ac"),
        (r"\p{Lu}", "aBÉ", "a"),
        (r"\w", "aé-", "-"),
        (r"(?-i)[[:x:]", "a[:x", "a"),
        (r"\/", "a/b", "ab"),
    ];
    for (pattern, text, expected) in rows {
        let attributes = json!({"pattern": pattern, "a": text});
        let expression = r#"Replace([a], , [pattern], , "", , )"#;
        assert_eq!(value(expression, &attributes), json!(expected), "{pattern}");
    }
}

#[test]
fn a_group_alone_is_replaced() {
    let rows = [
        (r#"Replace("a1b2", , "(?<n>\\d)", "n", "$0", , )"#, json!({}), json!("a$0b$0")),
        (r#"Replace("a1b2", , "b(?<n>\\d)", "n", "", , )"#, json!({}), json!("a1b")),
        (r#"Replace("a1b2", , "b(\\d)", "1", "", , )"#, json!({}), json!("a1b")),
        (r#"Replace("a1b2", , "(?<n>x)|a", "n", "", , )"#, json!({}), json!("a1b2")),
        (r#"Replace([none], , "(?<n>x)", "n", "", , )"#, json!({}), json!(null)),
    ];
    check(&rows);
}

#[test]
fn another_source_is_looked_at_if_the_first_has_none() {
    let text = r#"Replace([a], , "(?<n>\\d+)", "n", , [b], )"#;
    let rows = [
        (text, json!({"a": "x", "b": "7"}), json!("x")),
        (text, json!({"a": ["x"], "b": "7"}), json!(["x"])),
        (text, json!({"b": "a12b34"}), json!("12")),
        (text, json!({"b": "none"}), json!(null)),
        (text, json!({}), json!(null)),
    ];
    check(&rows);
}

#[test]
fn a_pattern_from_the_source_is_checked_too() {
    let text = r#"Replace("abc", , [pattern], [group], "", , )"#;
    for (pattern, group, expected) in [
        ("(", "g", Kind::InvalidPattern),
        ("(?=a)", "g", Kind::InvalidPattern),
        (r"(a)\1", "g", Kind::InvalidPattern),
        ("(?<g>a{1000}{1000}{1000})", "g", Kind::InvalidPattern),
        ("(a)", "g", Kind::UnknownGroup),
        ("(a)", "2", Kind::UnknownGroup),
    ] {
        let fault = fault(text, &json!({"pattern": pattern, "group": group}));
        assert_eq!(fault, (expected, "Replace"), "{pattern}");
    }
}
