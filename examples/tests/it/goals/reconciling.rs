//! What somebody else has changed at the service provider.

use scim_client::provision::{CycleKind, plan::Drift};
use serde_json::{Value, json};

use super::{
    house::House,
    objects::{group, person, report, user_name},
    provider::Provider,
};

const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

async fn patch(house: &House, path: &str, operations: Value) {
    let body = json!({"schemas": [PATCH], "Operations": operations});
    house.ask("PATCH", path, &body).await;
}

async fn create(house: &House, name: &str) -> String {
    let user = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": name,
        "active": true,
    });
    house.ask("POST", "/Users", &user).await["id"].as_str().unwrap().to_owned()
}

/// Five people and a group, where somebody else has changed, deleted and created.
async fn meddled(provider: &Provider) -> (House, Drift) {
    let house = House::of(provider);
    house.people.put([person("ada"), report("ben", "ada"), person("cy"), person("dan")]);
    house.people.put([person("eve"), group("team", ["ada", "ben", "cy"])]);
    house.people.put([group("untouched", ["ada"])]);
    house.sync().await;
    house.people.change("eve", |one| one.with_active(false));
    house.sync().await;
    let [ada, ben, cy, eve] = ["ada", "ben", "cy", "eve"].map(user_name);
    let (ada, ben) = (house.id(&ada).await, house.id(&ben).await);
    let (cy, eve) = (house.id(&cy).await, house.id(&eve).await);
    let title = json!([{"op": "replace", "path": "title", "value": "meddled"}]);
    patch(&house, &format!("/Users/{ada}"), title).await;
    let manager = format!("{}:manager", super::objects::ENTERPRISE);
    patch(&house, &format!("/Users/{ben}"), json!([{"op": "remove", "path": manager}])).await;
    let active = json!([{"op": "replace", "path": "active", "value": true}]);
    patch(&house, &format!("/Users/{eve}"), active).await;
    let own = json!([{"op": "replace", "path": "nickName", "value": "kept"}]);
    patch(&house, &format!("/Users/{ada}"), own).await;
    house.ask("DELETE", &format!("/Users/{cy}"), &Value::Null).await;
    let orphan = create(&house, "orphan").await;
    let groups = house.resources("/Groups").await;
    let team = groups.iter().find(|group| group["displayName"] == "team").unwrap();
    let path = format!("/Groups/{}", team["id"].as_str().unwrap());
    let gone = format!("members[value eq \"{ben}\"]");
    patch(&house, &path, json!([{"op": "remove", "path": gone}])).await;
    let come = json!([{"op": "add", "path": "members", "value": [{"value": eve}]}]);
    patch(&house, &path, come).await;

    let mut drift = Drift::default();
    let targets = |targets: &[&str]| targets.iter().map(|&one| one.to_owned()).collect();
    drift.drifted = vec![
        ("ada".into(), targets(&["title"])),
        ("ben".into(), targets(&[manager.as_str()])),
        ("eve".into(), targets(&["active"])),
        ("team".into(), targets(&["members"])),
    ];
    drift.missing = vec!["cy".into()];
    drift.orphans = vec![orphan];
    (house, drift)
}

#[tokio::test]
async fn a_plan_tells_what_has_drifted_and_changes_nothing() {
    let (house, expected) = meddled(&Provider::default()).await;
    let before = (house.by_name().await, format!("{:?}", house.state().await));
    let mut plan = house.job().plan(CycleKind::Reconcile).await.unwrap();
    let drift = plan.drift.as_mut().unwrap();
    drift.drifted.sort();
    assert_eq!(*drift, expected);
    assert!(house.wire.take().iter().all(super::wire::Sent::is_read));
    assert_eq!((house.by_name().await, format!("{:?}", house.state().await)), before);
}

#[tokio::test]
async fn a_cycle_leads_back_what_has_drifted_and_leaves_the_orphans() {
    for provider in [Provider::default(), Provider::without_bulk()] {
        let (house, expected) = meddled(&provider).await;
        let cycle = house.run(CycleKind::Reconcile).await.unwrap();
        assert_eq!(cycle.failed, []);
        let mut drift = cycle.drift.unwrap();
        drift.drifted.sort();
        assert_eq!(drift, expected);
        assert_eq!((cycle.created, cycle.disabled, cycle.deleted), (1, 1, 0));

        let named = house.by_name().await;
        let ada = &named[&user_name("ada")];
        assert_eq!((&ada["title"], &ada["nickName"]), (&json!("Porter"), &json!("kept")));
        let manager = &named[&user_name("ben")][super::objects::ENTERPRISE]["manager"];
        assert_eq!(*manager, user_name("ada"));
        assert_eq!(named[&user_name("eve")]["active"], false);
        assert_eq!(named[&user_name("cy")]["active"], true);
        assert_eq!(named["orphan"]["active"], true);
        assert_eq!(house.members("team").await, ["ada", "ben", "cy"].map(user_name));

        let again = house.run(CycleKind::Reconcile).await.unwrap();
        let drift = again.drift.unwrap();
        assert_eq!((drift.drifted, drift.missing), (vec![], vec![]));
        assert_eq!(drift.orphans, expected.orphans);
        house.assert_quiet().await;
    }
}

#[tokio::test]
async fn a_plan_and_a_cycle_that_reconcile_have_the_same_fingerprint() {
    let (house, _) = meddled(&Provider::default()).await;
    let plan = house.job().plan(CycleKind::Reconcile).await.unwrap();
    let cycle = house.run(CycleKind::Reconcile).await.unwrap();
    assert_eq!(plan.fingerprint(), cycle.plan);
}

#[tokio::test]
async fn a_leaver_who_is_gone_is_not_created_again() {
    let house = House::new();
    house.people.put([person("ada"), person("ben")]);
    house.sync().await;
    house.people.change("ada", |one| one.with_active(false));
    house.sync().await;
    let ada = house.id(&user_name("ada")).await;
    house.ask("DELETE", &format!("/Users/{ada}"), &Value::Null).await;
    let cycle = house.run(CycleKind::Reconcile).await.unwrap();
    assert_eq!((cycle.created, cycle.writes, cycle.failed.len()), (0, 0, 0));
    assert_eq!(cycle.drift.unwrap().missing, ["ada".into()]);
    // Who returns gets a new one.
    house.people.change("ada", |one| one.with_active(true));
    house.sync().await;
    assert_eq!(house.by_name().await[&user_name("ada")]["active"], true);
    house.assert_quiet().await;
}
