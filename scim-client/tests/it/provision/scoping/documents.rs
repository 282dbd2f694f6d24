use proptest::{collection::vec, option, prelude::*, sample::select};
use scim_client::provision::{
    Scope,
    scope::{
        Clause, InvalidScopingFilterKind as Kind, Pattern, ScopingFilter,
        ScopingOperator as Operator,
    },
};
use serde_json::{Value, json};

use super::equals;

fn read(document: Value) -> Result<Scope, serde_json::Error> {
    serde_json::from_value(document)
}

#[test]
fn a_scope_is_a_document() {
    let document = json!({
        "assigned": true,
        "roles": ["User"],
        "withoutRoles": ["Default Access"],
        "nestedGroups": true,
        "filters": [
            {
                "name": "members",
                "clauses": [
                    {"attribute": "userType", "operator": "equals", "value": "Member"},
                    {"attribute": "level", "operator": "greaterThan", "value": 3},
                    {"attribute": "leaveDate", "operator": "isNull"},
                ],
            },
            {"clauses": [{"attribute": "mail", "operator": "regexMatch", "value": "^b@"}]},
        ],
    });
    let pattern: Pattern = "^b@".parse().unwrap();
    let members = ScopingFilter::new(equals("userType", "Member"))
        .and(Clause::new("level", Operator::GreaterThan(3)))
        .and(Clause::new("leaveDate", Operator::IsNull))
        .with_name("members");
    let scope = Scope::assigned()
        .with_role("User")
        .without_role("Default Access")
        .with_nested_groups()
        .with_filter(members)
        .with_filter(ScopingFilter::new(Clause::new("mail", Operator::RegexMatch(pattern))));
    assert_eq!(read(document.clone()).unwrap(), scope);
    assert_eq!(serde_json::to_value(&scope).unwrap(), document);
}

#[test]
fn what_a_document_leaves_out_is_as_in_an_assigned_scope() {
    let rows = [
        (json!({}), Scope::assigned()),
        (json!({"assigned": false}), Scope::all()),
        (json!({"roles": ["User"]}), Scope::assigned().with_role("User")),
        (json!({"assigned": true, "filters": []}), Scope::assigned()),
    ];
    for (document, scope) in rows {
        assert_eq!(read(document).unwrap(), scope);
    }
}

#[test]
fn every_operator_has_a_word_and_a_value_of_its_type() {
    let rows = [
        ("equals", json!("x")),
        ("notEquals", json!("x")),
        ("startsWith", json!("x")),
        ("endsWith", json!("x")),
        ("includes", json!("x")),
        ("isTrue", json!(null)),
        ("isFalse", json!(null)),
        ("isNull", json!(null)),
        ("isNotNull", json!(null)),
        ("regexMatch", json!("x")),
        ("notRegexMatch", json!("x")),
        ("greaterThan", json!(1)),
        ("greaterThanOrEquals", json!(1)),
        ("bitPresent", json!(1)),
        ("bitAbsent", json!(1)),
    ];
    let kind_of = |value: &Value| match value {
        Value::String(_) => Kind::NotText,
        Value::Number(_) => Kind::NotAnInteger,
        _ => Kind::UnexpectedValue,
    };
    for (word, value) in rows {
        for other in [json!("x"), json!(1), json!(1.5), json!(true), json!(["x"]), json!(null)] {
            let clause = json!({"attribute": "a", "operator": word, "value": other});
            let read: Result<Clause, _> = serde_json::from_value(clause.clone());
            let is_of_its_type = kind_of(&other) == kind_of(&value)
                && other.is_null() == value.is_null()
                && other.is_f64() == value.is_f64();
            match read {
                Ok(read) => {
                    assert!(is_of_its_type, "{clause}");
                    let written = serde_json::to_value(&read).unwrap();
                    assert_eq!(written["operator"], word);
                    assert_eq!(written["value"], value);
                }
                Err(error) => {
                    assert!(!is_of_its_type, "{clause}");
                    assert_eq!(error.to_string(), format!("`a`: {}", kind_of(&value)));
                }
            }
        }
    }
}

#[test]
fn errors_name_the_filter_and_the_clause_and_no_value() {
    let good = || json!({"attribute": "site", "operator": "isNull"});
    let clause = |clause: Value| {
        json!({"filters": [
            {"clauses": [good()]},
            {"name": "members", "clauses": [good(), good(), clause]},
        ]})
    };
    let of = |operator: &str, value: Value| {
        clause(json!({"attribute": "level", "operator": operator, "value": value}))
    };
    let rows = [
        (of("equals", json!(17)), "filter 2: clause 3: `level`: the operator takes a text"),
        (of("equals", json!(null)), "filter 2: clause 3: `level`: the operator takes a text"),
        (
            of("greaterThan", json!("secret")),
            "filter 2: clause 3: `level`: the operator takes an integer",
        ),
        (of("isNull", json!("secret")), "filter 2: clause 3: `level`: the operator takes no value"),
        (
            of("regexMatch", json!("(secret")),
            "filter 2: clause 3: `level`: the pattern is not a regular expression",
        ),
        (
            of("notRegexMatch", json!("(secret){999999999}")),
            "filter 2: clause 3: `level`: the pattern takes too much memory",
        ),
        (of("secret", json!("x")), "filter 2: clause 3: `level`: there is no such operator"),
        (clause(json!({"attribute": "level"})), "filter 2: clause 3: missing field `operator`"),
        (clause(json!({"operator": "isNull"})), "filter 2: clause 3: missing field `attribute`"),
        (
            clause(json!({"attribute": "level", "operator": "isNull", "values": ["secret"]})),
            "filter 2: clause 3: unknown field `values`, \
             expected one of `attribute`, `operator`, `value`",
        ),
        (json!({"filters": [{"clauses": []}]}), "filter 1: a filter has at least one clause"),
        (json!({"filters": [{"name": "x"}]}), "filter 1: missing field `clauses`"),
        (
            json!({"filters": [{"clauses": [good()], "or": []}]}),
            "filter 1: unknown field `or`, expected `name` or `clauses`",
        ),
        (
            json!({"assignd": true}),
            "unknown field `assignd`, expected one of \
             `assigned`, `roles`, `withoutRoles`, `nestedGroups`, `filters`",
        ),
    ];
    for (document, message) in rows {
        assert_eq!(read(document).unwrap_err().to_string(), message);
    }
}

#[test]
fn errors_in_a_text_say_where_in_it_they_are() {
    let text = "{\"filters\": [\n{\"clauses\": [\n{\"attribute\": \"a\", \"is\": 1}\n]}]}";
    let error = serde_json::from_str::<Scope>(text).unwrap_err();
    let message = error.to_string();
    assert!(message.starts_with("filter 1: clause 1: unknown field `is`, "), "{message}");
    assert_eq!((error.line(), message.matches(" at line ").count()), (3, 1), "{message}");
}

fn operator() -> impl Strategy<Value = Operator> {
    let pattern = select(vec!["", "^a", r"\d+$", "(?i)ö|x", "[^@]@"]);
    let pattern = pattern.prop_map(|text| text.parse::<Pattern>().unwrap());
    prop_oneof![
        any::<String>().prop_map(Operator::Equals),
        any::<String>().prop_map(Operator::NotEquals),
        any::<String>().prop_map(Operator::StartsWith),
        any::<String>().prop_map(Operator::EndsWith),
        any::<String>().prop_map(Operator::Includes),
        Just(Operator::IsTrue),
        Just(Operator::IsFalse),
        Just(Operator::IsNull),
        Just(Operator::IsNotNull),
        pattern.clone().prop_map(Operator::RegexMatch),
        pattern.prop_map(Operator::NotRegexMatch),
        any::<i64>().prop_map(Operator::GreaterThan),
        any::<i64>().prop_map(Operator::GreaterThanOrEquals),
        any::<i64>().prop_map(Operator::BitPresent),
        any::<i64>().prop_map(Operator::BitAbsent),
    ]
}

fn filter() -> impl Strategy<Value = ScopingFilter> {
    let clause = || (any::<String>(), operator()).prop_map(|(name, op)| Clause::new(name, op));
    let clauses = (clause(), vec(clause(), 0..4));
    (clauses, option::of(any::<String>())).prop_map(|((first, others), name)| {
        let filter = others.into_iter().fold(ScopingFilter::new(first), ScopingFilter::and);
        match name {
            Some(name) => filter.with_name(name),
            None => filter,
        }
    })
}

fn scope() -> impl Strategy<Value = Scope> {
    let roles = || vec(any::<String>(), 0..3);
    let flags = (any::<bool>(), any::<bool>());
    (flags, roles(), roles(), vec(filter(), 0..3)).prop_map(
        |((is_assigned, is_nested), roles, without, filters)| {
            let scope = if is_assigned { Scope::assigned() } else { Scope::all() };
            let scope = if is_nested { scope.with_nested_groups() } else { scope };
            let scope = roles.into_iter().fold(scope, Scope::with_role);
            let scope = without.into_iter().fold(scope, Scope::without_role);
            filters.into_iter().fold(scope, Scope::with_filter)
        },
    )
}

proptest! {
    #[test]
    fn writing_and_reading_a_scope_are_inverse(scope in scope()) {
        let text = serde_json::to_string(&scope).unwrap();
        prop_assert_eq!(serde_json::from_str::<Scope>(&text).unwrap(), scope);
    }

    #[test]
    fn no_text_makes_reading_a_pattern_panic(text in "[\\\\()\\[\\]{}?*+|^$.,:a0-9ö<>-]{0,24}") {
        let _ = text.parse::<Pattern>();
    }
}
