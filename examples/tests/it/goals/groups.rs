//! Groups, and who comes to them and goes.

use http::Method;
use scim_client::provision::{AttributeMapping, CycleKind, Mapping, Provisioner, SourceObject};
use serde_json::json;

use super::{
    house::House,
    objects::{group, group_scope, person, scope, user_name},
    provider::Provider,
    wire::Fault,
};

/// Somebody who is assigned through groups alone.
fn unassigned(id: &str) -> SourceObject {
    let mut person = person(id);
    person.roles = None;
    person
}

fn names<const COUNT: usize>(ids: [&str; COUNT]) -> Vec<String> {
    ids.map(user_name).to_vec()
}

fn nested(job: Provisioner) -> Provisioner {
    job.with_scope(scope().with_nested_groups())
}

#[tokio::test]
async fn an_assigned_group_assigns_its_members_and_those_of_groups_in_it_if_the_scope_says_so() {
    type Settings = fn(Provisioner) -> Provisioner;
    let rows: [(Settings, &[&str]); 2] = [(|job| job, &["ada"]), (nested, &["ada", "ben", "cy"])];
    for (settings, expected) in rows {
        let mut house = House::new();
        house.settings = settings;
        let mut inner = group("inner", ["ben", "innermost"]);
        let mut innermost = group("innermost", ["cy", "outer"]);
        (inner.roles, innermost.roles) = (None, None);
        house.people.put(["ada", "ben", "cy", "dan"].map(unassigned));
        house.people.put([group("outer", ["ada", "inner"]), inner, innermost]);
        house.sync().await;
        let expected: Vec<String> = expected.iter().map(|id| user_name(id)).collect();
        let named = house.by_name().await;
        let users: Vec<&String> = named.keys().filter(|name| name.contains('@')).collect();
        assert_eq!(users, expected.iter().collect::<Vec<_>>());
        // The groups inside are not assigned themselves.
        assert_eq!(house.members("outer").await, ["ada@clinic.example"]);
        house.assert_quiet().await;
    }
}

#[tokio::test]
async fn groups_are_members_of_groups_whatever_their_order() {
    for ids in [["a", "b", "c"], ["c", "b", "a"]] {
        let house = House::new();
        let [outer, middle, inner] = ids;
        house.people.put([person("ada"), group(outer, [middle, "ada"]), group(middle, [inner])]);
        house.people.put([group(inner, ["ada"])]);
        house.sync().await;
        assert_eq!(house.members(outer).await, [names(["ada"])[0].as_str(), middle]);
        assert_eq!(house.members(middle).await, [inner]);
        house.assert_quiet().await;
    }
}

#[tokio::test]
async fn who_comes_into_scope_later_joins_the_groups_that_have_not_changed_in_the_same_cycle() {
    for provider in [Provider::default(), Provider::without_bulk()] {
        let house = House::of(&provider);
        let guest = person("ada").with_roles(["Guest"]);
        let mut team = group("team", ["ada", "ben"]);
        team.roles = Some(vec!["Guest".to_owned()]);
        house.people.put([guest, person("ben"), team]);
        house.sync().await;
        assert_eq!(house.members("team").await, names(["ben"]));
        house.people.put([person("ada")]);
        let cycle = house.run(CycleKind::Incremental).await.unwrap();
        assert_eq!((cycle.created, cycle.members_joined, cycle.writes), (1, 1, 2));
        assert_eq!(house.members("team").await, names(["ada", "ben"]));
        house.assert_quiet().await;
    }
}

#[tokio::test]
async fn a_membership_that_changes_is_sent_as_a_difference() {
    let house = House::new();
    house.people.put(["ada", "ben", "cy", "dan"].map(person));
    house.people.put([group("team", ["ada", "ben", "cy"])]);
    house.sync().await;
    house.people.put([group("team", ["cy", "dan"])]);
    let cycle = house.run(CycleKind::Incremental).await.unwrap();
    assert_eq!((cycle.members_joined, cycle.members_left), (1, 2));
    let operations: Vec<_> =
        house.wire.take().iter().map(|sent| sent.json()["Operations"].clone()).collect();
    let [ada, ben, dan] = ["ada", "ben", "dan"].map(user_name);
    let (ada, ben, dan) = (house.id(&ada).await, house.id(&ben).await, house.id(&dan).await);
    let remove = |id: &str| json!({"op": "remove", "path": format!("members[value eq \"{id}\"]")});
    let leaving = json!([remove(&ada), remove(&ben)]);
    let joining = json!([{"op": "add", "path": "members", "value": [{"value": dan}]}]);
    assert_eq!(operations, [leaving, joining]);
    assert_eq!(house.members("team").await, names(["cy", "dan"]));
    house.assert_quiet().await;
}

#[tokio::test]
async fn a_group_of_a_thousand_comes_and_goes_in_chunks() {
    let house = House::of(&Provider { bulk: 100, ..Provider::default() });
    let ids: Vec<String> = (0..1_000).map(|number| format!("u{number}")).collect();
    house.people.put(ids.iter().map(|id| person(id)));
    house.people.put([group("all", ids.iter().map(String::as_str))]);
    let first = house.sync().await;
    assert_eq!(first.created, 1_001);
    assert_eq!(house.members("all").await.len(), 1_000);

    house.people.put([group("all", ["u7"])]);
    let cycle = house.run(CycleKind::Incremental).await.unwrap();
    assert_eq!((cycle.members_left, cycle.members_joined, cycle.writes), (999, 0, 2));
    assert_eq!(house.members("all").await, names(["u7"]));

    house.people.put([group("all", ids.iter().map(String::as_str))]);
    let cycle = house.run(CycleKind::Incremental).await.unwrap();
    assert_eq!((cycle.members_left, cycle.members_joined, cycle.writes), (0, 999, 2));
    assert_eq!(house.members("all").await.len(), 1_000);
    house.assert_quiet().await;
}

#[tokio::test]
async fn members_of_somebody_else_stay_in_a_group() {
    let house = House::new();
    house.people.put([person("ada"), person("ben"), group("team", ["ada"])]);
    house.sync().await;
    let stranger = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "stranger",
    });
    let stranger = house.ask("POST", "/Users", &stranger).await["id"].clone();
    let team = house.resources("/Groups").await[0]["id"].as_str().unwrap().to_owned();
    let patch = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "add", "path": "members", "value": [{"value": stranger}]}],
    });
    house.ask("PATCH", &format!("/Groups/{team}"), &patch).await;
    house.people.put([group("team", ["ben"])]);
    house.sync().await;
    assert_eq!(house.members("team").await, [user_name("ben").as_str(), "stranger"]);
    house.assert_quiet().await;
}

#[tokio::test]
async fn who_is_created_anew_because_the_resource_was_gone_is_in_the_groups_again_in_that_cycle() {
    for provider in [Provider::default(), Provider::without_bulk()] {
        let house = House::of(&provider);
        house.people.put([person("ada"), person("ben"), group("team", ["ada", "ben"])]);
        house.sync().await;
        let ada = house.id(&user_name("ada")).await;
        house.ask("DELETE", &format!("/Users/{ada}"), &serde_json::Value::Null).await;
        house.people.change("ada", |one| one.with_attribute("title", "Nurse"));
        house.sync().await;
        assert_eq!(house.members("team").await, names(["ada", "ben"]));
        house.assert_quiet().await;
    }
}

#[tokio::test]
async fn a_group_joins_another_in_the_cycle_in_which_somebody_had_to_be_looked_for_twice() {
    let house = House::of(&Provider::without_bulk());
    house.people.put([group("outer", ["ada", "inner"])]);
    house.sync().await;
    house.people.put([person("ada"), group("inner", ["ada"])]);
    // The answer to the second one is a conflict.
    house.wire.fail(|_, sent| {
        (sent.method == Method::POST && sent.path == "/Users").then_some(Fault::Twice)
    });
    house.sync().await;
    house.wire.recover();
    assert_eq!(house.members("outer").await, [&user_name("ada"), "inner"]);
    house.assert_quiet().await;
}

#[tokio::test]
async fn a_group_that_is_created_anew_is_in_the_groups_again_in_that_cycle() {
    for bulk in [0, 1_000] {
        let house = House::of(&Provider { bulk, ..Provider::default() });
        house.people.put([person("ada"), group("outer", ["inner"]), group("inner", ["ada"])]);
        house.sync().await;
        let groups = house.resources("/Groups").await;
        let inner = groups.iter().find(|group| group["displayName"] == "inner").unwrap();
        let path = format!("/Groups/{}", inner["id"].as_str().unwrap());
        house.ask("DELETE", &path, &serde_json::Value::Null).await;
        house.people.change("inner", |inner| inner.with_attribute("number", "G-2"));
        house.sync().await;
        assert_eq!(house.members("outer").await, ["inner"], "bulk {bulk}");
        assert_eq!(house.members("inner").await, [user_name("ada")], "bulk {bulk}");
        house.assert_quiet().await;
    }
}

#[tokio::test]
async fn a_mapping_that_says_nothing_of_members_leaves_them_alone() {
    let mut house = House::of(&Provider::without_bulk());
    house.settings = |job| {
        let name = AttributeMapping::direct("name", "displayName").unwrap().matching(1);
        job.with_groups(Mapping::new().with(name), group_scope()).unwrap()
    };
    house.people.put([person("ada"), group("team", ["ada"])]);
    house.sync().await;
    let ada = house.id(&user_name("ada")).await;
    house.ask("DELETE", &format!("/Users/{ada}"), &serde_json::Value::Null).await;
    house.people.change("ada", |one| one.with_attribute("title", "Nurse"));
    let report = house.sync().await;
    assert_eq!(report.created, 1);
    assert_eq!(house.members("team").await, [""; 0]);
    house.assert_quiet().await;
}
