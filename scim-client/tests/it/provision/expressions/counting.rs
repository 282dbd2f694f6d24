//! Functions that count characters or values, at their edges.

use scim_client::provision::mapping::expression::EvaluateErrorKind as Kind;
use serde_json::json;

use super::{check, check_constant, fault, value};

#[test]
fn left_and_mid() {
    check_constant(&[
        (r#"Left("John", 0)"#, json!("")),
        (r#"Left("John", -1)"#, json!("John")),
        (r#"Left("John", 9223372036854775807)"#, json!("John")),
        (r#"Left("José", 4)"#, json!("José")),
        (r#"Left("👍👎", 1)"#, json!("👍")),
        (r#"Mid("John Doe", 3, 5)"#, json!("hn Do")),
        (r#"Mid("John Doe", 6, 999)"#, json!("Doe")),
        (r#"Mid("John Doe", 8, 1)"#, json!("e")),
        (r#"Mid("John Doe", 9, 1)"#, json!("")),
        (r#"Mid("John Doe", 9223372036854775807, 9223372036854775807)"#, json!("")),
        (r#"Mid("John Doe", 0, 4)"#, json!("John")),
        (r#"Mid("John Doe", -9223372036854775808, 4)"#, json!("John")),
        (r#"Mid("John Doe", 6, 0)"#, json!("")),
        (r#"Mid("John Doe", 6, -1)"#, json!("Doe")),
        (r#"Mid(Append("é", "éa"), 2, 1)"#, json!("é")),
    ]);
}

#[test]
fn in_str() {
    check_constant(&[
        (r#"InStr("repEated", "E")"#, json!("4")),
        (r#"InStr("repEated", "e", 3, vbTextCompare)"#, json!("4")),
        (r#"InStr("repEated", "EA", 1, "vbTextCompare")"#, json!("4")),
        (r#"InStr("repEated", "e", , vbBinaryCompare)"#, json!("2")),
        (r#"InStr("repEated", "x")"#, json!("0")),
        (r#"InStr("éé", "é", 2)"#, json!("2")),
        (r#"InStr("éÉ", "É", 1, vbTextCompare)"#, json!("1")),
        (r#"InStr("abc", "")"#, json!("1")),
        (r#"InStr("abc", "", 4)"#, json!("4")),
        (r#"InStr("abc", "", 5)"#, json!("0")),
        (r#"InStr("abc", "a", 0)"#, json!("1")),
        (r#"InStr("abc", "a", -9223372036854775808)"#, json!("1")),
        (r#"InStr("abc", "a", 9223372036854775807)"#, json!("0")),
        (r#"InStr("", "a")"#, json!("0")),
    ]);
}

#[test]
fn words() {
    check_constant(&[
        (r#"Word("a  b", 2, " ")"#, json!("b")),
        (r#"Word(" a b", 1, " ")"#, json!("a")),
        (r#"Word("a b", 3, " ")"#, json!("")),
        (r#"Word("a b", 0, " ")"#, json!("")),
        (r#"Word("a b", -9223372036854775808, " ")"#, json!("")),
        (r#"Word("ab", 1, " ")"#, json!("ab")),
        (r#"Word("a b", 1, "")"#, json!("a b")),
        (r#"Word("aébéc", 2, "é")"#, json!("b")),
        (r#"Word(Append("a ", "b"), 2, " ")"#, json!("b")),
        (r#"Word("", 1, " ")"#, json!("")),
    ]);
}

#[test]
fn proper_case() {
    check_constant(&[
        (r#"PCase("o'neil")"#, json!("O'neil")),
        (r#"PCase("o'neil", "'")"#, json!("O'Neil")),
        (r#"PCase("ANNA-LENA VON_DER_LEYEN")"#, json!("Anna-Lena Von_Der_Leyen")),
        (r#"PCase("3rd FLOOR")"#, json!("3rd Floor")),
        (r#"PCase("john doe", "")"#, json!("John doe")),
        ("PCase(\"\u{e9}mile Z\u{d6}E\")", json!("\u{c9}mile Z\u{f6}e")),
        // A mark is no end of a word.
        ("PCase(\"E\u{301}MILE E\u{301}\")", json!("E\u{301}mile E\u{301}")),
        ("PCase(\"\u{1c6}ep\")", json!("\u{1c5}ep")),
        (r#"PCase("a.b,c(d)e$f+g|h~i©j—k“l”")"#, json!("A.B,C(D)E$F+G|H~I©J—K“L”")),
    ]);
}

#[test]
fn upper_and_lower_case() {
    check_constant(&[
        (r#"ToUpper("straße")"#, json!("STRAßE")),
        (r#"ToLower("ΟΔΟΣ")"#, json!("οδοσ")),
        (r#"ToUpper("istanbul")"#, json!("ISTANBUL")),
        (r#"ToUpper("istanbulı", "tr-TR")"#, json!("İSTANBULI")),
        (r#"ToLower("ISTANBULİ", "tr")"#, json!("ıstanbuli")),
        (r#"ToLower("ISTANBUL", "az-Latn-AZ")"#, json!("ıstanbul")),
        (r#"ToLower("ISTANBULİ", "en-US")"#, json!("istanbuli")),
        (r#"ToLower("ABC", "ja-JP")"#, json!("abc")),
        (r#"ToLower("ABC", "es-419")"#, json!("abc")),
        (r#"ToLower("ABC", "")"#, json!("abc")),
        (r#"ToLower("ABC", )"#, json!("abc")),
    ]);
    let dynamic = "ToLower([a], [culture])";
    assert_eq!(value(dynamic, &json!({"a": "I", "culture": "tr"})), json!("ı"));
    assert_eq!(
        fault(dynamic, &json!({"a": "I", "culture": "Turkish!"})),
        (Kind::InvalidCulture, "ToLower")
    );
}

#[test]
fn lists() {
    let list = || json!({"a": ["x", "y", "x", {"z": 1}, {"z": 1}], "one": "x"});
    let rows = [
        ("Count([a])", json!("5")),
        ("Count([one])", json!("1")),
        ("Item([a], 2)", json!("y")),
        ("Item([a], 4)", json!({"z": 1})),
        ("Item([a], 0)", json!(null)),
        ("Item([a], 6)", json!(null)),
        ("Item([a], -1)", json!(null)),
        ("Item([one], 1)", json!("x")),
        ("RemoveDuplicates([a])", json!(["x", "y", {"z": 1}])),
        ("RemoveDuplicates([one])", json!(["x"])),
        (r#"Coalesce([none], Split("x", ";"))"#, json!(["x"])),
    ];
    check(&rows.map(|(text, expected)| (text, list(), expected)));
    check_constant(&[
        (r#"Split("a::b: c", "::")"#, json!(["a", "b: c"])),
        (r#"Split("a,,b,", ",")"#, json!(["a", "b"])),
        (r#"Split("a, b", "")"#, json!(["a, b"])),
        (r#"Split(Append("a,", "b"), ",")"#, json!(["a", "b"])),
        (r#"Count(Split("a,b,c", ","))"#, json!("3")),
        (r#"Join("-", Split("a,b", ","), 3)"#, json!("a-b-3")),
    ]);
}

#[test]
fn a_text_is_needed_and_several_values_are_there() {
    let several = json!({"a": ["x", "y"], "one": ["x"], "complex": {"x": "y"}});
    for attribute in ["a", "one", "complex"] {
        for (function, arguments) in [
            ("ToLower", format!("[{attribute}]")),
            ("Append", format!("[{attribute}], \"x\"")),
            ("Switch", format!("[{attribute}], , \"x\", \"y\"")),
            ("CStr", format!("[{attribute}]")),
        ] {
            let text = format!("{function}({arguments})");
            assert_eq!(fault(&text, &several), (Kind::NotText, function), "{text}");
        }
    }
    assert_eq!(fault(r#"Join("", [a], [complex])"#, &several), (Kind::NotText, "Join"));
}

#[test]
fn an_error_names_the_innermost_function_and_no_value() {
    let text = r#"Append(Left("secret", [length]), "x")"#;
    assert_eq!(fault(text, &json!({"length": "secret"})), (Kind::NotANumber, "Left"));
    assert_eq!(fault(text, &json!({})), (Kind::NotANumber, "Left"));
    assert_eq!(fault(text, &json!({"length": "1.5"})), (Kind::NotANumber, "Left"));
    assert_eq!(value(text, &json!({"length": " 3 "})), json!("secx"));
}

#[test]
fn more_than_a_mebibyte_of_text_is_refused() {
    let doubled = |times: usize| {
        let text = format!("\"{}\"", "x".repeat(1000));
        (0..times).fold(text, |text, _| format!(r#"Replace({text}, "x", , , "xx")"#))
    };
    // All that is made on the way counts.
    assert_eq!(value(&doubled(9), &json!({})), json!("x".repeat(512_000)));
    assert_eq!(fault(&doubled(10), &json!({})), (Kind::TooLarge, "Replace"));
    let large = json!({"a": "x".repeat(600_000)});
    assert_eq!(fault("Append([a], [a])", &large), (Kind::TooLarge, "Append"));
    assert_eq!(fault(r#"Join("", [a], [a])"#, &large), (Kind::TooLarge, "Join"));
    assert_eq!(fault(r#"Replace([a], "x", , , "yy")"#, &large), (Kind::TooLarge, "Replace"));
    assert_eq!(fault(r#"Replace([a], "x", , , , , "xx")"#, &large), (Kind::TooLarge, "Replace"));
    assert_eq!(value("Count([a])", &large), json!("1"));
}
