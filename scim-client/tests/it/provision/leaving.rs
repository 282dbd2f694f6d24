use scim_client::provision::{
    AttributeMapping, CycleKind, Mapping, Scope, SourceObject,
    scope::{Clause, ScopingFilter, ScopingOperator},
};
use serde_json::json;

use super::{
    house::{House, person, report},
    people::People,
};

/// A way to leave, the way back, and the reason that the report gives.
type Cause = (fn(&People), fn(&People), &'static str);

fn without_roles(mut person: SourceObject) -> SourceObject {
    person.roles = None;
    person
}

fn come_back(people: &People) {
    people.put([report("ben", "ada")]);
}

const CAUSES: [Cause; 6] = [
    (
        |people| people.change("ben", |person| person.with_active(false)),
        come_back,
        "is active in the source",
    ),
    (|people| people.change("ben", without_roles), come_back, "is assigned to the application"),
    (
        |people| people.change("ben", |person| person.with_roles(["Default Access"])),
        come_back,
        "has a role that is provisioned",
    ),
    (
        |people| people.change("ben", |person| person.with_attribute("department", "Kitchen")),
        come_back,
        "`department` equals `Oncology`",
    ),
    (|people| people.remove("ben"), come_back, "gone from the source"),
    (|people| people.lose("ben"), come_back, "gone from the source"),
];

fn scope() -> Scope {
    let oncology = ScopingOperator::Equals("Oncology".to_owned());
    Scope::assigned()
        .without_role("Default Access")
        .with_filter(ScopingFilter::new(Clause::new("department", oncology)))
}

#[tokio::test]
async fn who_leaves_is_disabled_once_and_loses_nothing_else() {
    for cause in CAUSES {
        for kind in [CycleKind::Incremental, CycleKind::Initial] {
            leave_and_come_back(cause, kind).await;
        }
    }
}

async fn leave_and_come_back((leave, come_back, reason): Cause, kind: CycleKind) {
    let mut house = House::new();
    house.scope = scope;
    house.people.put([person("ada"), report("ben", "ada"), report("cy", "ben")]);
    house.initial().await;
    let before = house.provider.user("ben@clinic.example");
    leave(&house.people);
    // No feed names who is missing, but a full read does.
    let is_missing = house.people.find("ben").is_none() && !house.people.is_in_feed_last("ben");
    let leaving = if is_missing { CycleKind::Initial } else { kind };
    let cycle = house.run(leaving).await.unwrap();
    assert_eq!((cycle.disabled, cycle.updated, cycle.writes), (1, 0, 1), "{reason}");
    assert_eq!(
        house.provider.take_operations(),
        [json!([{"op": "replace", "path": "active", "value": false}])]
    );
    let mut disabled = before.clone();
    disabled["active"] = false.into();
    assert_eq!(house.provider.user("ben@clinic.example"), disabled);
    house.assert_quiet().await;
    let again = house.run(CycleKind::Initial).await.unwrap();
    let skipped = again.skipped.iter().map(|(id, why)| (id.as_str(), why.as_str()));
    assert_eq!(skipped.collect::<Vec<_>>(), [("ben", reason)]);

    come_back(&house.people);
    let cycle = house.run(kind).await.unwrap();
    assert_eq!((cycle.enabled, cycle.updated, cycle.writes), (1, 1, 1));
    assert_eq!(
        house.provider.take_operations(),
        [json!([{"op": "replace", "path": "active", "value": true}])]
    );
    assert_eq!(house.provider.user("ben@clinic.example"), before);
    house.assert_quiet().await;
}

#[tokio::test]
async fn who_returns_changed_is_enabled_and_brought_up_to_date_in_one_request() {
    let house = House::with([person("ada")]).await;
    house.people.change("ada", |person| person.with_active(false));
    house.incremental().await;
    house.people.change("ada", |person| person.with_attribute("title", "Nurse"));
    house.provider.take();
    house.incremental().await;
    assert_eq!(house.provider.take_lines(), [""; 0], "who is disabled is left as they were");
    house.people.change("ada", |person| person.with_active(true));
    house.incremental().await;
    assert_eq!(
        house.provider.take_operations(),
        [json!([
            {"op": "replace", "path": "active", "value": true},
            {"op": "replace", "path": "title", "value": "Nurse"},
        ])]
    );
    house.assert_quiet().await;
}

#[tokio::test]
async fn who_was_never_provisioned_costs_nothing() {
    let mut house = House::new();
    house.scope = scope;
    house.provider.add(json!({"userName": "ben@clinic.example", "active": true}));
    house.people.put([
        person("ada").with_active(false),
        without_roles(person("ben")),
        person("cy").with_roles(["Default Access"]),
        person("dan").with_attribute("department", "Kitchen"),
    ]);
    house.people.remove("eve");
    let cycle = house.run(CycleKind::Initial).await.unwrap();
    assert_eq!((cycle.skipped.len(), cycle.reads, cycle.writes), (4, 0, 0));
    house.people.put(["ada", "ben", "cy", "dan"].map(|id| house.people.find(id).unwrap()));
    house.people.remove("ada");
    let cycle = house.incremental().await;
    assert_eq!((cycle.skipped.len(), cycle.reads, cycle.writes), (4, 0, 0));
    assert_eq!(
        house.provider.user("ben@clinic.example"),
        json!({"id": "u1", "userName": "ben@clinic.example", "active": true})
    );
}

#[tokio::test]
async fn nobody_is_disabled_without_a_mapping_for_it() {
    fn mapping() -> Mapping {
        Mapping::new()
            .with(AttributeMapping::direct("upn", "userName").unwrap().matching(1))
            .with(AttributeMapping::direct("title", "title").unwrap())
    }
    for (leave, come_back, reason) in CAUSES {
        let mut house = House::new();
        (house.mapping, house.scope) = (mapping, scope);
        house.people.put([person("ada"), report("ben", "ada")]);
        house.initial().await;
        leave(&house.people);
        let cycle = house.run(CycleKind::Initial).await.unwrap();
        assert_eq!((cycle.disabled, cycle.skipped.len()), (0, 1), "{reason}");
        assert_eq!(house.provider.take_lines(), [""; 0], "{reason}");
        come_back(&house.people);
        house.people.change("ben", |person| person.with_attribute("title", "Nurse"));
        let cycle = house.incremental().await;
        assert_eq!((cycle.updated, cycle.enabled), (1, 0));
    }
}

#[tokio::test]
async fn a_resource_of_a_leaver_that_is_gone_is_forgotten() {
    let house = House::with([person("ada"), person("ben")]).await;
    house.provider.delete("ben@clinic.example");
    house.people.change("ben", |person| person.with_active(false));
    let cycle = house.incremental().await;
    assert_eq!((cycle.disabled, cycle.skipped.len(), cycle.failed.len()), (0, 1, 0));
    house.assert_quiet().await;
    house.people.change("ben", |person| person.with_active(true));
    let cycle = house.incremental().await;
    assert_eq!((cycle.created, cycle.enabled), (1, 0));
    house.assert_quiet().await;
}

#[tokio::test]
async fn who_failed_and_then_disappeared_is_looked_at_once() {
    let house = House::with([person("ada"), person("ben")]).await;
    house.provider.fail(|_, _| Some(super::provider::Fault::Status(500)));
    house.people.change("ben", |person| person.with_attribute("title", "Nurse"));
    assert_eq!(house.incremental().await.failed.len(), 1);
    house.provider.recover();
    house.people.lose("ben");
    let cycle = house.run(CycleKind::Initial).await.unwrap();
    assert_eq!((cycle.objects, cycle.disabled, cycle.skipped.len()), (2, 1, 0));
    assert_eq!(house.provider.take_operations().len(), 1);
    assert!(house.state().await.escrow.is_empty());
    house.assert_quiet().await;
}
