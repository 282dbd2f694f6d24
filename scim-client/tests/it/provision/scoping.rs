use scim_client::provision::{
    Scope, SourceObject,
    scope::{ScopingFilter, ScopingOperator as Operator},
};
use serde_json::json;

#[test]
fn assignment_and_roles_decide() {
    let unassigned = SourceObject::new("1");
    let with = |roles: &[&str]| SourceObject::new("1").with_roles(roles.iter().copied());
    let assigned = Scope::assigned;
    let without = || assigned().without_role("Default Access");
    let assignment = "is assigned to the application";
    let role = "has a role that is provisioned";
    let rows = [
        (assigned(), unassigned.clone(), Some(assignment)),
        (assigned(), with(&[]), None),
        (assigned(), with(&["Default Access"]), None),
        (assigned(), with(&["User"]).with_active(false), Some("is active in the source")),
        (without(), unassigned.clone(), Some(assignment)),
        (without(), with(&[]), Some(role)),
        (without(), with(&["Default Access"]), Some(role)),
        (without(), with(&["Default Access", "User"]), None),
        (without().without_role("User"), with(&["Default Access", "User"]), Some(role)),
        (Scope::all(), unassigned.clone(), None),
        (Scope::all().without_role("Default Access"), unassigned.clone(), None),
        (Scope::all().without_role("Default Access"), with(&["Default Access"]), Some(role)),
        (Scope::all(), unassigned.with_active(false), Some("is active in the source")),
    ];
    for (scope, object, reason) in rows {
        let decision = scope.decide(&object);
        assert_eq!(decision.reason().as_deref(), reason, "{scope:?} {object:?}");
        assert_eq!(decision.is_in_scope(), reason.is_none());
    }
}

#[test]
fn a_decision_explains_itself() {
    let members = ScopingFilter::new("userType", Operator::Equals("Member".to_owned()));
    let scope = Scope::assigned().without_role("Default Access").with_filter(members);
    let guest = SourceObject::new("1").with_roles(["User"]).with_attribute("userType", "Guest");
    let decision = scope.decide(&guest);
    let lines: Vec<_> = decision.conditions().iter().map(ToString::to_string).collect();
    assert_eq!(
        lines,
        [
            "is active in the source: yes",
            "is assigned to the application: yes",
            "has a role that is provisioned: yes",
            "`userType` equals `Member`: no",
        ]
    );
}

#[test]
fn a_filter_looks_at_one_attribute() {
    let text = |operator: fn(String) -> Operator, text: &str| operator(text.to_owned());
    let rows = [
        (text(Operator::Equals, "Member"), [true, false, false, false, false]),
        (text(Operator::Equals, "member"), [false; 5]),
        (text(Operator::NotEquals, "Guest"), [true, false, false, false, false]),
        (text(Operator::EndsWith, "ber"), [true, false, false, false, false]),
        (text(Operator::Includes, "emb"), [true, false, false, false, false]),
        (Operator::IsTrue, [false, true, false, false, false]),
        (Operator::IsFalse, [false, false, true, false, false]),
        (Operator::IsNull, [false, false, false, true, true]),
        (Operator::IsNotNull, [true, true, true, false, false]),
    ];
    let values = [json!("Member"), json!(true), json!(false), json!(""), json!(null)];
    for (operator, expected) in rows {
        let filter = ScopingFilter::new("a", operator);
        let met = values
            .clone()
            .map(|value| filter.lets_through(&SourceObject::new("1").with_attribute("a", value)));
        assert_eq!(met, expected, "{filter}");
        let is_null = filter.to_string().ends_with("has no value");
        assert_eq!(filter.lets_through(&SourceObject::new("1")), is_null);
    }
}
