//! What has no value, and what is compared with what.

use scim_client::provision::mapping::expression::{EvaluateErrorKind as Kind, Outcome};
use serde_json::{Value, json};

use super::{check, check_constant, fault, outcome, value};

#[test]
fn without_a_value() {
    let none = || json!({"a": null, "empty": "", "list": []});
    let rows = [
        ("[a]", json!(null)),
        ("[b]", json!(null)),
        ("[list]", json!(null)),
        ("[empty]", json!("")),
        (r#"Append([a], ".test")"#, json!(null)),
        (r#"Append("x", [a])"#, json!("x")),
        (r#"Append([empty], "x")"#, json!("x")),
        (r#"Coalesce([a], [empty], "x")"#, json!("")),
        ("Coalesce([a], [b])", json!(null)),
        ("Coalesce([a], [b], ToLower([a]), \"X\")", json!("X")),
        ("CBool([a])", json!("False")),
        ("ConvertToBase64([a])", json!(null)),
        ("ConvertToUTF8Hex([a])", json!(null)),
        ("CStr([a])", json!(null)),
        ("Count([a])", json!("0")),
        ("Count([list])", json!("0")),
        ("BitAnd([a], 1)", json!(null)),
        (r#"InStr([a], "x")"#, json!("0")),
        ("IsNull([list])", json!("True")),
        ("IsString([a])", json!("False")),
        ("Item([a], 1)", json!(null)),
        (r#"Join("@", [a], [empty], [list])"#, json!(null)),
        (r#"Join([a], "x", "y")"#, json!("xy")),
        ("Left([a], 2)", json!("")),
        ("Mid([a], 1, 2)", json!("")),
        (r#"Word([a], 1, " ")"#, json!("")),
        ("NormalizeDiacritics([a])", json!(null)),
        ("Not([a])", json!("True")),
        ("PCase([a])", json!(null)),
        ("RemoveDuplicates([a])", json!(null)),
        (r#"Replace([a], "x", , , "y")"#, json!(null)),
        (r#"Split([a], ",")"#, json!(null)),
        (r#"Split(" , ,", ",")"#, json!(null)),
        ("StripSpaces([a])", json!(null)),
        (r#"Switch([a], "d", [b], "x")"#, json!("x")),
        (r#"Switch("x", , "y", "z")"#, json!(null)),
        ("ToUpper([a])", json!(null)),
        ("CDate([empty])", json!(null)),
        (r#"DateAdd("d", 1, [a])"#, json!(null)),
        (r#"DateDiff("d", Now(), [a])"#, json!(null)),
        ("DateFromNum([a])", json!(null)),
        (r#"FormatDateTime([a], , "d", "d")"#, json!(null)),
        ("NumFromDate([a])", json!(null)),
    ];
    check(&rows.map(|(text, expected)| (text, none(), expected)));
}

#[test]
fn values_of_other_types_travel_as_text() {
    let rows = [
        ("[a]", json!(true), json!("True")),
        ("[a]", json!(false), json!("False")),
        ("[a]", json!(-7), json!("-7")),
        ("[a]", json!(1.5), json!("1.5")),
        ("[a]", json!(u64::MAX), json!("18446744073709551615")),
        ("[a]", json!(["x", 1, true, null, "y"]), json!(["x", "1", "True", "y"])),
        ("[a]", json!({"x": [1]}), json!({"x": [1]})),
        ("[a]", json!({}), json!(null)),
        ("[a]", json!([["x"], {"y": 1}, {}]), json!([["x"], {"y": 1}])),
        (r#"Append([a], "!")"#, json!(true), json!("True!")),
        ("IsString([a])", json!(1), json!("False")),
        ("IsString([a])", json!("1"), json!("True")),
        ("IsPresent([a])", json!([1]), json!("True")),
        ("7", json!(null), json!("7")),
        ("&HFFFFFFFF", json!(null), json!("4294967295")),
        ("-9223372036854775808", json!(null), json!("-9223372036854775808")),
    ];
    let rows = rows.map(|(text, a, expected)| (text, json!({"a": a}), expected));
    check(&rows);
    check_constant(&[("IsString(Now())", json!("True"))]);
}

#[test]
fn comparisons() {
    let dates = || json!({"a": "2021-08-25", "b": "8/24/2021 11:00:00 PM", "n": "10"});
    let rows = [
        (r#""a" = "a""#, true),
        (r#""a" = "A""#, false),
        (r#""a" <> "A""#, true),
        (r#""a" < "b""#, true),
        (r#""B" < "a""#, true),
        (r#""10" > "9""#, true),
        (r#""10" = "10.0""#, false),
        ("[n] = 10", true),
        ("[n] <> 10", false),
        ("[n] <= 10", true),
        ("[n] < 9", false),
        (r#"10 < "10.5""#, true),
        ("9223372036854775807 > 9223372036854775806", true),
        (r#"5 = "five""#, false),
        (r#"5 < "five""#, true),
        ("CDate([a]) > CDate([b])", true),
        ("CDate([a]) > [b]", true),
        ("CDate([a]) = [a]", true),
        (r#"CDate([a]) > "soon""#, false),
        (r#"Not("False") = "true""#, true),
        (r#"Not("False") = 1"#, true),
        (r#"Not("False") = "yes""#, false),
        (r#"[none] = """#, true),
        ("[none] = [nothing]", true),
        (r#"[none] <> "a""#, true),
        (r#"[none] < "a""#, false),
        (r#"[none] >= """#, false),
        ("[none] = 0", false),
    ];
    for (comparison, expected) in rows {
        let text = format!("CBool({comparison})");
        assert_eq!(
            value(&text, &dates()),
            json!(if expected { "True" } else { "False" }),
            "{text}"
        );
    }
}

#[test]
fn comparisons_of_several_values() {
    let rows = [
        (json!(["x", "y"]), json!(["x", "y"]), "True"),
        (json!(["x", "y"]), json!(["y", "x"]), "False"),
        (json!(["x"]), json!("x"), "False"),
        (json!({"x": 1}), json!({"x": 1}), "True"),
        (json!({"x": 1}), json!({"x": 2}), "False"),
        (json!([]), json!(null), "True"),
    ];
    for (a, b, expected) in rows {
        assert_eq!(value("CBool([a] = [b])", &json!({"a": a, "b": b})), json!(expected), "{a} {b}");
        assert_eq!(value("CBool([a] < [b])", &json!({"a": a, "b": b})), json!("False"), "{a} {b}");
    }
}

#[test]
fn truth() {
    let rows = [
        (json!("True"), "True", "False", "yes"),
        (json!("true"), "True", "False", "yes"),
        (json!("FALSE"), "False", "True", "no"),
        (json!(true), "True", "False", "yes"),
        (json!(0), "False", "True", "no"),
        (json!(-1), "True", "False", "yes"),
        (json!("0"), "False", "True", "no"),
        // A text with a number is a truth value where one is asked for, and nowhere else.
        (json!("1"), "True", "True", "no"),
        (json!(""), "False", "True", "no"),
    ];
    for (a, as_bool, negated, chosen) in rows {
        let a = json!({"a": a});
        assert_eq!(value("CBool([a])", &a), json!(as_bool), "{a}");
        assert_eq!(value("Not([a])", &a), json!(negated), "{a}");
        assert_eq!(value(r#"IIF([a], "yes", "no")"#, &a), json!(chosen), "{a}");
    }
    assert_eq!(value(r#"IIF("abc", "yes", "no")"#, &json!({})), json!("no"));
    assert_eq!(fault("CBool([a])", &json!({"a": "abc"})), (Kind::NotABoolean, "CBool"));
}

#[test]
fn what_is_not_chosen_is_not_evaluated() {
    let wrong = "Left([a], [a])";
    assert_eq!(fault(wrong, &json!({"a": "x"})), (Kind::NotANumber, "Left"));
    let rows = [
        format!(r#"IIF("True", "x", {wrong})"#),
        format!(r#"IIF("False", {wrong}, "x")"#),
        format!(r#"Coalesce("x", {wrong})"#),
        format!(r#"Switch("a", {wrong}, "b", {wrong}, "a", "x", {wrong}, "y")"#),
    ];
    for text in rows {
        assert_eq!(value(&text, &json!({"a": "x"})), json!("x"), "{text}");
    }
}

#[test]
fn an_attribute_is_left_out_from_wherever_that_is_said() {
    let ignoring = r#"Append(IIF([a] = "1", IgnoreFlowIfNullOrEmpty([b]), "x"), "y")"#;
    assert_eq!(outcome(ignoring, &json!({"a": "1"})), Outcome::Ignore);
    assert_eq!(value(ignoring, &json!({"a": "2"})), json!("xy"));
    assert_eq!(value(ignoring, &json!({"a": "1", "b": "z"})), json!("zy"));
}

#[test]
fn candidates_are_different_and_have_a_value() {
    let text = r#"SelectUniqueValue([a], "", "Jo", Left("Joe", 2), [b])"#;
    let candidates = |values: &[&str]| values.iter().copied().map(Value::from).collect();
    assert_eq!(outcome(text, &json!({})), Outcome::Candidates(candidates(&["Jo"])));
    assert_eq!(
        outcome(text, &json!({"a": "x", "b": 7})),
        Outcome::Candidates(candidates(&["x", "Jo", "7"]))
    );
    assert_eq!(outcome("SelectUniqueValue([a], [b])", &json!({})), Outcome::Null);
    assert_eq!(
        fault("SelectUniqueValue([a], [b])", &json!({"a": ["x"]})),
        (Kind::NotText, "SelectUniqueValue")
    );
}
