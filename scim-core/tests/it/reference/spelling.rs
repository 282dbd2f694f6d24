//! Texts that the grammar has, in the oddest spellings it allows.

use proptest::{collection::vec, option, prelude::*, sample::select};

pub(super) fn filter() -> impl Strategy<Value = String> {
    whole(prop_oneof![3 => expression(), 1 => value_path_and_condition()])
}

pub(super) fn path() -> impl Strategy<Value = String> {
    let behind =
        option::of(name()).prop_map(|name| name.map_or_else(String::new, |n| format!(".{n}")));
    prop_oneof![
        2 => attribute(),
        3 => (value_path(), behind).prop_map(|(path, behind)| path + &behind),
        1 => "[Uu][Rr][Nn](:[!#-;=?-Z_a-z~]{0,6}){1,2}:[0-9][!#-9;=?-Z_a-z~]{0,3}",
    ]
}

/// `FILTER` or `valFilter` with these as its parts
fn whole(part: impl Strategy<Value = String> + 'static) -> impl Strategy<Value = String> {
    let whole = part.prop_recursive(4, 12, 3, |inner| {
        let negation = (any_case("not"), blanks(), group(inner.clone()));
        prop_oneof![
            4 => chain(inner.clone()),
            2 => group(inner),
            2 => negation.prop_map(|(not, blanks, group)| not + &blanks + &group),
        ]
    });
    (blanks(), whole, blanks()).prop_map(|(before, whole, behind)| before + &whole + &behind)
}

fn group(inner: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    (blanks(), inner, blanks())
        .prop_map(|(before, inner, behind)| format!("({before}{inner}{behind})"))
}

fn chain(operand: BoxedStrategy<String>) -> impl Strategy<Value = String> {
    let word = prop_oneof![any_case("and"), any_case("or")];
    let more = (blank(), word, option::weighted(0.8, blank()), operand.clone());
    (operand, vec(more, 1..4)).prop_map(|(first, more)| {
        let more = more.into_iter().map(|(before, word, behind, operand)| {
            // A parenthesis may do without the blank.
            let blank = if operand.starts_with('(') { "" } else { " " };
            before + &word + behind.as_deref().unwrap_or(blank) + &operand
        });
        std::iter::once(first).chain(more).collect()
    })
}

fn value_path_and_condition() -> impl Strategy<Value = String> {
    let condition = option::of((name(), condition()));
    (value_path(), condition).prop_map(|(path, condition)| match condition {
        Some((name, condition)) => format!("{path}.{name}{condition}"),
        None => path,
    })
}

fn value_path() -> impl Strategy<Value = String> {
    (attribute(), whole(expression())).prop_map(|(path, filter)| format!("{path}[{filter}]"))
}

fn expression() -> impl Strategy<Value = String> {
    (attribute(), condition()).prop_map(|(path, condition)| path + &condition)
}

/// ` pr`, or ` eq "x"`
fn condition() -> impl Strategy<Value = String> {
    let words = ["eq", "ne", "co", "sw", "ew", "gt", "lt", "ge", "le"].map(any_case);
    let comparison = (blank(), proptest::strategy::Union::new(words), blank(), literal());
    prop_oneof![
        (blank(), any_case("pr")).prop_map(|(blank, pr)| blank + &pr),
        comparison.prop_map(|(before, op, behind, literal)| before + &op + &behind + &literal),
    ]
}

fn attribute() -> impl Strategy<Value = String> {
    let uri = prop_oneof![
        3 => select(vec![
            "urn:ietf:params:scim:schemas:core:2.0:User", "urn:x:y", "URN:", "http://h:1/(p)?q=#f",
        ]).prop_map(str::to_owned),
        1 => "[A-Za-z][A-Za-z0-9+.-]{0,3}:[!#-;=?-Z_a-z~]{0,6}",
    ];
    (option::weighted(0.3, uri), name(), option::weighted(0.3, name())).prop_map(
        |(uri, name, sub_attribute)| {
            let uri = uri.map_or_else(String::new, |uri| uri + ":");
            uri + &name + &sub_attribute.map_or_else(String::new, |sub| format!(".{sub}"))
        },
    )
}

/// The grammar reserves no word.
fn name() -> impl Strategy<Value = String> {
    let words = ["not", "and", "OR", "pr", "eq", "true", "null", "$ref", "$REF", "urn"];
    prop_oneof![
        3 => "[a-zA-Z][a-zA-Z0-9_-]{0,4}",
        1 => select(words.to_vec()).prop_map(str::to_owned),
    ]
}

fn literal() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => vec(character(), 0..5).prop_map(|text| format!("\"{}\"", text.concat())),
        2 => "-?(0|[1-9][0-9]{0,2})([.][0-9]{1,3})?([eE][+-]?[0-9]{1,3})?",
        1 => select(vec!["true", "false", "null"]).prop_map(str::to_owned),
    ]
}

/// `char`, as JSON has it
fn character() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => r"[ !#-\[\]-~]",
        1 => select(vec!["é", "\u{7f}", "\u{2028}", "\u{ffff}", "😀", "\u{a0}"]).prop_map(str::to_owned),
        2 => r#"\\["\\/bfnrt]"#,
        1 => r"\\u([0-9a-cA-CefEF][0-9a-fA-F]{3}|[dD][0-7][0-9a-fA-F]{2})",
        1 => r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}",
    ]
}

/// `1*SP`
fn blank() -> impl Strategy<Value = String> {
    prop_oneof![4 => Just(" ".to_owned()), 1 => " {2,3}"]
}

/// `*SP`
fn blanks() -> impl Strategy<Value = String> {
    prop_oneof![4 => Just(String::new()), 1 => " {1,2}"]
}

fn any_case(word: &str) -> BoxedStrategy<String> {
    let letters = word.chars().map(|c| select(vec![c, c.to_ascii_uppercase()])).collect::<Vec<_>>();
    letters.prop_map(String::from_iter).boxed()
}
