use scim_client::provision::scope::{Clause, ScopingFilter, ScopingOperator as Operator};
use serde_json::{Value, json};

use super::{equals, person};

fn text(operator: fn(String) -> Operator, text: &str) -> Operator {
    operator(text.to_owned())
}

/// The values of the table that meet an operator.
fn meeting<const N: usize>(operator: &Operator, values: &[Value; N]) -> Vec<Value> {
    let clause = Clause::new("a", operator.clone());
    let meets = |value: &&Value| clause.is_met_by(&person().with_attribute("a", (*value).clone()));
    values.iter().filter(meets).cloned().collect()
}

#[test]
fn text_compares_with_text_and_with_that_of_numbers_and_booleans() {
    let values = [
        json!("Member"),
        json!("member"),
        json!("true"),
        json!("False"),
        json!("3"),
        json!(3),
        json!(-4.5),
        json!(true),
        json!(false),
        json!({"Member": "Member"}),
    ];
    let [upper, lower, truth, untruth, three, number, float, yes, no, _object] = &values;
    let rows = [
        (text(Operator::Equals, "Member"), vec![upper]),
        (text(Operator::Equals, "3"), vec![three, number]),
        (text(Operator::Equals, "-4.5"), vec![float]),
        (text(Operator::Equals, "true"), vec![truth, yes]),
        (text(Operator::Equals, "False"), vec![untruth]),
        (text(Operator::Equals, ""), vec![]),
        (
            text(Operator::NotEquals, "Member"),
            vec![lower, truth, untruth, three, number, float, yes, no],
        ),
        (text(Operator::NotEquals, "3"), vec![upper, lower, truth, untruth, float, yes, no]),
        (text(Operator::StartsWith, "Mem"), vec![upper]),
        (text(Operator::StartsWith, "-"), vec![float]),
        (text(Operator::EndsWith, "ber"), vec![upper, lower]),
        (text(Operator::EndsWith, "e"), vec![truth, untruth, yes, no]),
        (text(Operator::Includes, "emb"), vec![upper, lower]),
        (text(Operator::Includes, "3"), vec![three, number]),
        (Operator::RegexMatch("^Mem".parse().unwrap()), vec![upper]),
        (Operator::RegexMatch(r"^\d$".parse().unwrap()), vec![three, number]),
        (Operator::NotRegexMatch("(?i)m|e".parse().unwrap()), vec![three, number, float]),
        (Operator::IsTrue, vec![truth, yes]),
        (Operator::IsFalse, vec![untruth, no]),
        (Operator::IsNull, vec![]),
        (Operator::IsNotNull, values.iter().collect()),
    ];
    for (operator, expected) in rows {
        let expected: Vec<_> = expected.into_iter().cloned().collect();
        assert_eq!(meeting(&operator, &values), expected, "{operator}");
    }
}

#[test]
fn integers_compare_as_numbers_and_as_text() {
    let values = [
        json!("3"),
        json!(3),
        json!("-8"),
        json!(4),
        json!(u64::MAX),
        json!(4.0),
        json!("4.0"),
        json!(" 4"),
        json!("four"),
        json!(true),
        json!([[4]]),
    ];
    let [text_3, three, minus_8, four, huge, ..] = &values;
    let rows = [
        (Operator::GreaterThan(3), vec![four, huge]),
        (Operator::GreaterThan(i64::MAX), vec![huge]),
        (Operator::GreaterThan(i64::MIN), vec![text_3, three, minus_8, four, huge]),
        (Operator::GreaterThanOrEquals(3), vec![text_3, three, four, huge]),
        (Operator::GreaterThanOrEquals(-8), vec![text_3, three, minus_8, four, huge]),
        (Operator::BitPresent(1), vec![text_3, three, huge]),
        (Operator::BitPresent(3), vec![text_3, three, huge]),
        (Operator::BitPresent(6), vec![huge]),
        (Operator::BitPresent(i64::MIN), vec![minus_8]),
        (Operator::BitAbsent(2), vec![minus_8, four]),
        (Operator::BitAbsent(6), vec![minus_8]),
    ];
    for (operator, expected) in rows {
        let expected: Vec<_> = expected.into_iter().cloned().collect();
        assert_eq!(meeting(&operator, &values), expected, "{operator}");
    }
}

#[test]
fn what_has_no_value_is_null_and_nothing_else() {
    let empty = [json!(null), json!(""), json!([]), json!({}), json!([null, "", [], {}])];
    let operators = [
        text(Operator::Equals, ""),
        text(Operator::NotEquals, "x"),
        text(Operator::StartsWith, ""),
        text(Operator::EndsWith, ""),
        text(Operator::Includes, ""),
        Operator::IsTrue,
        Operator::IsFalse,
        Operator::IsNull,
        Operator::IsNotNull,
        Operator::RegexMatch("".parse().unwrap()),
        Operator::NotRegexMatch("x".parse().unwrap()),
        Operator::GreaterThan(i64::MIN),
        Operator::GreaterThanOrEquals(i64::MIN),
        Operator::BitPresent(0),
        Operator::BitAbsent(1),
    ];
    for operator in operators {
        let is_null = operator == Operator::IsNull;
        let expected = if is_null { empty.to_vec() } else { vec![] };
        assert_eq!(meeting(&operator, &empty), expected, "{operator}");
        assert_eq!(Clause::new("a", operator).is_met_by(&person()), is_null);
    }
}

#[test]
fn one_of_several_values_is_enough_unless_the_operator_denies() {
    let values = [
        json!(["x", "x"]),
        json!(["x", "y", null]),
        json!(["y", "z"]),
        json!(["x", {"x": "x"}]),
        json!([["x"]]),
        json!([1, "3"]),
        json!([2, 4]),
        json!([true, "false"]),
    ];
    let [both_x, with_x, without_x, beside_object, nested, odd, even, booleans] = &values;
    let rows = [
        (text(Operator::Equals, "x"), vec![both_x, with_x, beside_object]),
        (text(Operator::NotEquals, "x"), vec![without_x, odd, even, booleans]),
        (text(Operator::StartsWith, "y"), vec![with_x, without_x]),
        (text(Operator::EndsWith, "z"), vec![without_x]),
        (text(Operator::Includes, "x"), vec![both_x, with_x, beside_object]),
        (Operator::IsTrue, vec![booleans]),
        (Operator::IsFalse, vec![booleans]),
        (Operator::IsNull, vec![]),
        (
            Operator::IsNotNull,
            vec![both_x, with_x, without_x, beside_object, nested, odd, even, booleans],
        ),
        (Operator::RegexMatch("^[yz]$".parse().unwrap()), vec![with_x, without_x]),
        (Operator::NotRegexMatch("^[yz]$".parse().unwrap()), vec![both_x, odd, even, booleans]),
        (Operator::GreaterThan(2), vec![odd, even]),
        (Operator::GreaterThanOrEquals(4), vec![even]),
        (Operator::BitPresent(2), vec![odd, even]),
        (Operator::BitAbsent(1), vec![even]),
        (Operator::BitAbsent(8), vec![odd, even]),
    ];
    for (operator, expected) in rows {
        let expected: Vec<_> = expected.into_iter().cloned().collect();
        assert_eq!(meeting(&operator, &values), expected, "{operator}");
    }
}

#[test]
fn a_dotted_name_leads_into_objects_where_it_is_no_name_itself() {
    let object = json!({"department": "Oncology", "sites": ["Bern"], "deep": {"er": 1}});
    let nested = person().with_attribute("onPremises", object).with_attribute("mail", "b@c");
    let rows = [
        ("onPremises.department", "Oncology", true),
        ("onPremises.sites", "Bern", true),
        ("onPremises.deep.er", "1", true),
        ("onPremises.Department", "Oncology", false),
        ("onPremises.department.x", "Oncology", false),
        ("onPremises.", "Oncology", false),
        (".department", "Oncology", false),
        ("mail.department", "Oncology", false),
        ("department", "Oncology", false),
    ];
    for (attribute, text, is_met) in rows {
        assert_eq!(equals(attribute, text).is_met_by(&nested), is_met, "{attribute}");
        let is_null = Clause::new(attribute, Operator::IsNull);
        assert_eq!(is_null.is_met_by(&nested), !is_met, "{attribute}");
    }
    for value in [json!("Kitchen"), json!(null)] {
        let literal = nested.clone().with_attribute("onPremises.department", value);
        assert!(!equals("onPremises.department", "Oncology").is_met_by(&literal));
    }
}

#[test]
fn filters_and_operators_are_displayed_in_words() {
    let rows = [
        (text(Operator::Equals, "x"), "equals `x`"),
        (text(Operator::NotEquals, "x"), "does not equal `x`"),
        (text(Operator::StartsWith, "x"), "starts with `x`"),
        (text(Operator::EndsWith, "x"), "ends with `x`"),
        (text(Operator::Includes, "x"), "includes `x`"),
        (Operator::IsTrue, "is true"),
        (Operator::IsFalse, "is false"),
        (Operator::IsNull, "has no value"),
        (Operator::IsNotNull, "has a value"),
        (Operator::RegexMatch("^x".parse().unwrap()), "matches `^x`"),
        (Operator::NotRegexMatch("^x".parse().unwrap()), "does not match `^x`"),
        (Operator::GreaterThan(3), "is greater than 3"),
        (Operator::GreaterThanOrEquals(-3), "is at least -3"),
        (Operator::BitPresent(2), "has the bits of 2"),
        (Operator::BitAbsent(2), "has no bit of 2"),
    ];
    for (operator, words) in rows {
        assert_eq!(operator.to_string(), words);
        assert_eq!(Clause::new("a.b", operator).to_string(), format!("`a.b` {words}"));
    }
    let filter = ScopingFilter::new(equals("a", "x")).with_name("named").and(equals("b", "y"));
    assert_eq!(filter.to_string(), "named (`a` equals `x` and `b` equals `y`)");
    assert_eq!((filter.name(), filter.clauses().len()), (Some("named"), 2));
}
