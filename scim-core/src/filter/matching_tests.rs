use proptest::prelude::*;
use serde_json::{Value, json};

use super::{BoundFilter, CompareOp, Comparison, Expression, Filter, FilterRef, tests::tree};
use crate::schema::SchemaRegistry;

fn bind(filter: &Filter) -> BoundFilter {
    filter.bind(SchemaRegistry::standard().resource_type("User").unwrap()).unwrap()
}

#[test]
fn equalities_in_a_row_become_one_test() {
    let rows = [
        (r#"id eq "1" or id eq "2" or id eq "3""#, 1),
        (r#"id ne "1" and id ne "2" and not (id eq "3")"#, 1),
        (r#"not (not (id ne "1") or not (id ne "2"))"#, 1),
        (r#"title pr and (id eq "1" or id eq "2") and active eq true"#, 3),
        (r#"emails[type eq "work" or type eq "home"]"#, 2),
        (r#"emails eq "a@x.y" or emails.value eq "b@x.y""#, 1),
        // Asked only together, or of another attribute, or in another way.
        (r#"id eq "1" and id eq "2""#, 2),
        (r#"id ne "1" or id ne "2""#, 2),
        (r#"id eq "1" or userName eq "1""#, 2),
        (r#"id eq "1" or id sw "2""#, 2),
        // The second is asked of users without title too.
        (r#"title pr and id eq "1" or id eq "2""#, 3),
    ];
    for (text, tests) in rows {
        assert_eq!(bind(&text.parse().unwrap()).tests.len(), tests, "{text}");
    }
}

#[test]
fn a_text_that_is_required_still_is() {
    let filter = r#"userName eq "A" and (id ne "1" and id ne "2")"#.parse().unwrap();
    assert_eq!(bind(&filter).required_text("userName"), Some("a"));
    let filter = r#"userName eq "a" or userName eq "b""#.parse().unwrap();
    assert_eq!(bind(&filter).required_text("userName"), None);
}

#[test]
fn what_only_other_types_have_is_unassigned() {
    let registry = SchemaRegistry::standard();
    let groups = registry.resource_type("Group").unwrap();
    let all: Vec<_> = registry.resource_types().map(AsRef::as_ref).collect();
    let group = json!({"displayName": "G", "members": [{"value": "1"}]});
    let rows = [
        ("userName pr", false),
        (r#"userName eq "g""#, false),
        (r#"userName ne "g""#, true),
        ("userName eq null", true),
        ("userName ne null", false),
        (r#"userName gt "a""#, false),
        (r#"not (userName sw "g")"#, true),
        (r#"userName eq "g" or displayName eq "g""#, true),
        (r#"displayName eq "g" and userName eq "g""#, false),
        (r#"emails[type eq "work"]"#, false),
        (r#"not (emails[type eq "work" and not (value pr)]) and displayName pr"#, true),
        (r#"emails[type eq "work" or value pr] or members[value eq "1"]"#, true),
        (r#"emails.type ne "work" and members.value eq "1""#, true),
        ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter pr", false),
    ];
    for (text, expected) in rows {
        let filter: Filter = text.parse().unwrap();
        assert!(filter.bind(groups).is_err(), "{text}");
        let bound = filter.bind_among(groups, &all).unwrap();
        assert_eq!(bound.matches(group.as_object().unwrap()), expected, "{text}");
    }
    for text in ["shoeSize pr", "userName pr or emails.shoeSize pr", "displayName gt true"] {
        let filter: Filter = text.parse().unwrap();
        assert!(filter.bind_among(groups, &all).is_err(), "{text}");
    }
}

#[test]
fn the_type_of_a_resource_can_be_required() {
    let filter = r#"meta.resourceType eq "User" and (title pr or active eq true)"#.parse().unwrap();
    assert_eq!(bind(&filter).required_text("meta.resourceType"), Some("User"));
    assert_eq!(bind(&filter).required_text("meta"), None);
}

/// Matches a filter condition by condition, each of them bound alone.
fn naive(filter: FilterRef<'_>, subject: &Value, alone: &dyn Fn(&Filter, &Value) -> bool) -> bool {
    match filter.expression() {
        Expression::And(mut all) => all.all(|operand| naive(operand, subject, alone)),
        Expression::Or(mut any) => any.any(|operand| naive(operand, subject, alone)),
        Expression::Not(operand) => !naive(operand, subject, alone),
        Expression::Present(path) => alone(&Filter::present(path.as_str()).unwrap(), subject),
        Expression::Compare(Comparison { path, op, value }) => {
            alone(&Filter::compare(path.as_str(), *op, value.clone()).unwrap(), subject)
        }
        Expression::ValuePath(path, inner) => {
            let registry = SchemaRegistry::standard();
            let users = registry.resource_type("User").unwrap();
            let attribute = users.attribute(path.as_str()).unwrap();
            let matches = |filter: &Filter, element: &Value| {
                filter.bind_elements(attribute).unwrap().matches_element(element)
            };
            let elements = subject.get(path.as_str()).and_then(Value::as_array);
            let has_value = |element: &&Value| {
                element.as_object().is_some_and(|object| !object.values().all(Value::is_null))
            };
            let mut elements = elements.into_iter().flatten().filter(has_value);
            elements.any(|element| naive(inner, element, &matches))
        }
    }
}

fn text() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["a", "A", "b", "é", "É", ""])
}

fn condition(paths: &[&'static str]) -> impl Strategy<Value = Filter> + use<> {
    let op = prop_oneof![
        4 => Just(CompareOp::Equal),
        2 => Just(CompareOp::NotEqual),
        1 => Just(CompareOp::StartsWith),
    ];
    let path = prop::sample::select(paths.to_vec());
    prop_oneof![
        8 => (path.clone(), op, text()).prop_map(|(path, op, text)| Filter::compare(path, op, text)),
        1 => path.prop_map(Filter::present),
    ]
    .prop_map(Result::unwrap)
}

fn filter() -> impl Strategy<Value = Filter> {
    let inside = tree(condition(&["value", "type"]));
    let value_path = inside.prop_map(|inside| Filter::value_path("emails", inside).unwrap());
    let paths = ["id", "userName", "emails", "emails.value", "emails.type"];
    tree(prop_oneof![4 => condition(&paths), 1 => value_path])
}

fn user() -> impl Strategy<Value = Value> {
    let text = || prop::option::of(text());
    let email = (text(), text()).prop_map(|(value, kind)| json!({"value": value, "type": kind}));
    let emails = prop::option::of(prop::collection::vec(email, 0..3));
    (text(), text(), emails)
        .prop_map(|(id, name, emails)| json!({"id": id, "userName": name, "emails": emails}))
}

proptest! {
    #[test]
    fn a_filter_matches_what_its_conditions_match_one_by_one(
        filter in filter(),
        users in prop::collection::vec(user(), 4),
    ) {
        let bound = bind(&filter);
        for user in users {
            let alone = |filter: &Filter, user: &Value| bind(filter).matches(user.as_object().unwrap());
            let expected = naive(filter.as_filter_ref(), &user, &alone);
            prop_assert_eq!(bound.matches(user.as_object().unwrap()), expected, "{} {}", filter, user);
        }
    }
}
