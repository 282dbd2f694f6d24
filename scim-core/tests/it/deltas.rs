use std::{collections::BTreeMap, sync::LazyLock};

use proptest::prelude::*;
use scim_core::{
    PatchOp, Resource, SchemaRegistry, Tolerances,
    patch::{MembershipDelta, PatchErrorKind, PatchOperation, PatchOperationKind},
};
use serde_json::{Value, json};

/// Read once: the properties ask for it at every case.
static REGISTRY: LazyLock<SchemaRegistry> = LazyLock::new(super::registry);

fn group(members: &[&str]) -> Resource {
    let members: Vec<_> = members.iter().map(|id| json!({"value": id, "type": "User"})).collect();
    Resource::from_canonical(super::object(&json!({"displayName": "Guides", "members": members})))
}

/// A store that keeps members apart, by their `value`.
type Members = BTreeMap<String, Value>;

fn members(group: &Resource) -> Members {
    let elements = group.attributes().get("members").and_then(Value::as_array);
    let by_value =
        |element: &Value| (element["value"].as_str().unwrap().to_owned(), element.clone());
    elements.into_iter().flatten().map(by_value).collect()
}

fn carry_out(delta: &MembershipDelta, members: &mut Members) {
    if delta.clears() {
        members.clear();
    }
    for id in delta.removed() {
        members.remove(id);
    }
    for element in delta.added() {
        let id = element["value"].as_str().unwrap().to_owned();
        let known = members.entry(id).or_insert_with(|| json!({}));
        known.as_object_mut().unwrap().extend(super::object(element));
    }
}

fn without_members(group: &Resource) -> Resource {
    let mut attributes = group.attributes().clone();
    attributes.remove("members");
    Resource::from_canonical(attributes)
}

fn operation(op: PatchOperationKind, path: &str, value: Option<Value>) -> PatchOperation {
    let operation = PatchOperation::new(op).with_path(path.parse().unwrap());
    value.into_iter().fold(operation, PatchOperation::with_value)
}

fn ids() -> impl Strategy<Value = Vec<Value>> {
    let display = prop_oneof![Just(None), Just(Some("Babs")), Just(Some("Jim"))];
    let member = ("[a-e]", display).prop_map(|(id, display)| match display {
        Some(display) => json!({"value": id, "display": display}),
        None => json!({"value": id}),
    });
    prop::collection::vec(member, 1..4)
}

fn operations() -> impl Strategy<Value = Vec<PatchOperation>> {
    use PatchOperationKind::{Add, Remove, Replace};
    let one = prop_oneof![
        4 => ids().prop_map(|ids| operation(Add, "members", Some(json!(ids)))),
        1 => ids().prop_map(|ids| operation(Replace, "members", Some(json!(ids)))),
        1 => Just(operation(Remove, "members", None)),
        3 => ids().prop_map(|ids| operation(Remove, "members", Some(json!(ids)))),
        3 => "[a-e]".prop_map(|id| operation(Remove, &format!("members[value eq \"{id}\"]"), None)),
        1 => Just(operation(Remove, r#"members[value eq "a" or value eq "B"]"#, None)),
        1 => "[A-C]".prop_map(|name| operation(Replace, "displayName", Some(json!(name)))),
    ];
    prop::collection::vec(one, 1..8)
}

fn patch(operations: impl IntoIterator<Item = PatchOperation>) -> PatchOp {
    operations.into_iter().fold(PatchOp::new(), PatchOp::with_operation)
}

fn patched(group: &Resource, patch: &PatchOp) -> Resource {
    let groups = REGISTRY.resource_type("Group").unwrap();
    group.patched(patch, groups, Tolerances::default()).unwrap().into_resource()
}

proptest! {
    #[test]
    fn operations_together_do_what_they_do_one_by_one(operations in operations()) {
        let before = group(&["a", "b"]);
        let together = patched(&before, &patch(operations.clone()));
        let one_by_one = operations
            .into_iter()
            .fold(before, |group, operation| patched(&group, &patch([operation])));
        prop_assert_eq!(members(&together), members(&one_by_one));
        prop_assert_eq!(together.text("displayName"), one_by_one.text("displayName"));
    }

    #[test]
    fn a_delta_does_to_members_kept_apart_what_the_patch_does(operations in operations()) {
            let groups = REGISTRY.resource_type("Group").unwrap();
        let before = group(&["a", "b"]);
        let patch = patch(operations);
        let whole = patched(&before, &patch);
        let mut plan = patch.plan(groups, Tolerances::default()).unwrap();
        let delta = plan.take_delta("members").unwrap();
        let mut apart = members(&before);
        carry_out(&delta, &mut apart);
        prop_assert_eq!(apart, members(&whole));
        let rest = plan.apply(&without_members(&before)).unwrap();
        prop_assert_eq!(rest.resource().text("displayName"), whole.text("displayName"));

        let mut between = members(&before);
        carry_out(&MembershipDelta::between(&before, &whole, "members", groups), &mut between);
        prop_assert_eq!(between, members(&whole));
    }
}

#[test]
fn what_needs_a_look_at_the_members_is_no_delta() {
    let groups = REGISTRY.resource_type("Group").unwrap();
    let users = REGISTRY.resource_type("User").unwrap();
    let add = json!([{"value": "1"}]);
    let by_type = PatchOp::new().remove(r#"members[type eq "User"]"#).unwrap();
    let part = PatchOp::new().replace(r#"members[value eq "1"].display"#, "x").unwrap();
    let mixed = PatchOp::new().add("members", add.clone()).unwrap();
    let mixed = mixed.remove(r#"members[type eq "User"]"#).unwrap();
    for (patch, schema, attribute) in [
        (by_type, groups, "members"),
        (part, groups, "members"),
        (mixed, groups, "members"),
        (PatchOp::new().add("emails", add).unwrap(), users, "emails"),
    ] {
        let mut plan = patch.plan(schema, Tolerances::default()).unwrap();
        assert!(plan.take_delta(attribute).is_none(), "{attribute}");
        assert!(!plan.is_empty(), "nothing is taken out");
    }
}

#[test]
fn a_request_that_looks_at_everything_again_and_again_is_refused() {
    let users = REGISTRY.resource_type("User").unwrap();
    let emails: Vec<_> = (0..5_000).map(|n| json!({"value": format!("{n}@x.y")})).collect();
    let user = json!({"userName": "a", "emails": emails});
    let user = Resource::from_canonical(super::object(&user));
    let looks = |count: usize| {
        let operations = (0..count).map(|n| {
            operation(PatchOperationKind::Remove, &format!("emails[value eq \"{n}\"]"), None)
        });
        user.patched(&patch(operations), users, Tolerances::default())
    };
    assert!(looks(20).is_ok());
    let error = looks(1_000).unwrap_err();
    assert_eq!(error.kind(), &PatchErrorKind::TooMuchWork);
    assert_eq!(error.scim_type().as_str(), "tooMany");

    let long = "x".repeat(60_000);
    let spread = PatchOp::new().replace("emails.display", long).unwrap();
    let error = user.patched(&spread, users, Tolerances::default()).unwrap_err();
    assert_eq!(error.kind(), &PatchErrorKind::TooMuchWork);
}

#[test]
fn a_thousand_changes_of_single_members_pass_whatever_the_size_of_the_group() {
    let names: Vec<_> = (0..20_000).map(|n| n.to_string()).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let before = group(&names);
    let operations = (0..1_000).flat_map(|n| {
        let add = json!([{"value": format!("new-{n}")}]);
        [
            operation(PatchOperationKind::Add, "members", Some(add)),
            operation(PatchOperationKind::Remove, &format!("members[value eq \"{n}\"]"), None),
        ]
    });
    let after = patched(&before, &patch(operations));
    assert_eq!(members(&after).len(), 20_000);
    assert!(!members(&after).contains_key("999"));
}
