//! `PatchOp::between`: the form of what it gives. That it leads where it should is a property.

use scim_core::{PatchOp, Resource, SchemaUri};
use serde_json::{Value, json};

use super::{object, schema};

fn operations(resource_type: &str, old: &Value, new: &Value) -> Value {
    let [old, new] = [old, new].map(|value| Resource::from_canonical(object(value)));
    json!(PatchOp::between(&old, &new, &schema(resource_type)).operations())
}

#[test]
fn an_attribute_is_named_once_and_by_its_smallest_part() {
    let enterprise = SchemaUri::ENTERPRISE_USER;
    for (old, new, expected) in [
        (
            json!({}),
            json!({"title": "Guide"}),
            json!([{"op": "add", "path": "title", "value": "Guide"}]),
        ),
        (json!({"title": "Guide"}), json!({}), json!([{"op": "remove", "path": "title"}])),
        (
            json!({"name": {"givenName": "B", "familyName": "J", "middleName": "x"}}),
            json!({"name": {"givenName": "A", "familyName": "K"}}),
            json!([
                {"op": "remove", "path": "name.middleName"},
                {"op": "replace", "path": "name", "value": {"familyName": "K", "givenName": "A"}},
            ]),
        ),
        (
            json!({enterprise: {"department": "A", "manager": {"value": "1"}}}),
            json!({enterprise: {"department": "B", "manager": {"value": "2"}}}),
            json!([
                {"op": "replace", "path": format!("{enterprise}:department"), "value": "B"},
                {"op": "replace", "path": format!("{enterprise}:manager"), "value": {"value": "2"}},
            ]),
        ),
        // The service provider's own.
        (json!({"id": "1", "meta": {"version": "a"}}), json!({"id": "2"}), json!([])),
    ] {
        assert_eq!(operations("User", &old, &new), expected, "{old} {new}");
    }
}

#[test]
fn elements_are_taken_for_themselves_where_that_is_shorter() {
    let phones = |names: &[&str]| -> Value {
        names.iter().map(|name| json!({"value": format!("+1-{name}"), "type": "work"})).collect()
    };
    let user = |names: &[&str]| json!({"userName": "b", "phoneNumbers": phones(names)});
    let few = operations("User", &user(&["1", "2", "3", "4"]), &user(&["4", "2", "3", "5"]));
    assert_eq!(
        few,
        json!([
            {"op": "remove", "path": r#"phoneNumbers[value eq "+1-1"]"#},
            {"op": "add", "path": "phoneNumbers", "value": phones(&["5"])},
        ])
    );
    let all = operations("User", &user(&["1", "2", "3", "4"]), &user(&["5"]));
    assert_eq!(all, json!([{"op": "replace", "path": "phoneNumbers", "value": phones(&["5"])}]));
    // The order says nothing.
    assert_eq!(operations("User", &user(&["1", "2"]), &user(&["2", "1"])), json!([]));
}

#[test]
fn what_one_value_does_not_tell_apart_two_do() {
    let old = json!({"userName": "b", "emails": [
        {"value": "b@example.com", "type": "work"}, {"value": "b@example.com", "type": "home"},
        {"value": "c@example.com", "display": "a long text that stays where it is"},
    ]});
    let mut new = old.clone();
    new["emails"].as_array_mut().unwrap().remove(1);
    let path = r#"emails[value eq "b@example.com" and type eq "home"]"#;
    assert_eq!(operations("User", &old, &new), json!([{"op": "remove", "path": path}]));
}

#[test]
fn of_a_large_group_only_those_are_named_who_come_and_go() {
    let group = |names: std::ops::Range<usize>| {
        let members: Value = names.map(|name| json!({"value": name.to_string()})).collect();
        json!({"displayName": "Ward", "members": members})
    };
    let expected = json!([
        {"op": "remove", "path": r#"members[value eq "0"]"#},
        {"op": "add", "path": "members", "value": [{"value": "20000"}]},
    ]);
    assert_eq!(operations("Group", &group(0..20_000), &group(1..20_001)), expected);
}
