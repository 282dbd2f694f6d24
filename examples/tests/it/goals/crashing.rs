//! The engine dies at every place where it can, and a new one goes on.

use std::collections::BTreeMap;

use scim_client::provision::{CycleKind, state::State};
use serde_json::{Value, json};

use super::{
    house::{House, assert_same},
    memory::Moment,
    objects::{group, person, report, user_name},
    provider::Provider,
    wire::Fault,
};

/// A chain, a circle, one whose manager is not in scope, and groups in groups.
fn beginning(house: &House) {
    house.people.put([
        report("ada", "ben"),
        report("ben", "cy"),
        person("cy"),
        person("ivy"),
        report("dan", "eve"),
        report("eve", "dan"),
        report("fay", "guest"),
        person("guest").with_active(false),
        group("all", ["ada", "ben", "cy", "staff"]),
        group("staff", ["dan", "guest"]),
        group("short", ["ada"]),
    ]);
}

/// Some of everything that happens.
async fn week(house: &House) {
    house.people.change("ada", |one| one.with_attribute("manager", "eve"));
    house.people.change("ben", |one| one.with_active(false));
    house.people.change("guest", |one| one.with_active(true));
    house.people.change("cy", |one| one.with_attribute("title", ""));
    house.people.put([report("gus", "hal"), report("hal", "gus")]);
    house.people.remove("fay");
    house.people.remove("short");
    house.people.put([group("all", ["ada", "gus", "staff"]), group("new", ["hal", "all"])]);
    // Somebody else deletes one who has changed.
    house.people.change("ivy", |one| one.with_attribute("title", "Nurse"));
    let ivy = house.id(&user_name("ivy")).await;
    house.ask("DELETE", &format!("/Users/{ivy}"), &Value::Null).await;
}

#[derive(Clone, Copy, Debug)]
enum Start {
    Empty,
    Provisioned,
}

/// Where it begins, how many operations a bulk request has, and whether no name is taken twice.
const SCENES: [(Start, usize, bool); 8] = [
    (Start::Empty, 0, true),
    (Start::Empty, 0, false),
    (Start::Empty, 3, true),
    (Start::Empty, 1_000, false),
    (Start::Provisioned, 0, true),
    (Start::Provisioned, 0, false),
    (Start::Provisioned, 3, false),
    (Start::Provisioned, 1_000, true),
];

async fn house(scene: (Start, usize, bool)) -> House {
    let (start, bulk, is_unique) = scene;
    let mut house = House::of(&Provider { bulk, is_unique, ..Provider::default() });
    beginning(&house);
    match start {
        Start::Empty => {
            let user = json!({
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
                "userName": "eve@clinic.example",
                "nickName": "kept",
            });
            house.ask("POST", "/Users", &user).await;
        }
        Start::Provisioned => {
            house.sync().await;
            week(&house).await;
        }
    }
    house.memory.fail(None);
    house.wire.recover();
    house.restart();
    house
}

/// What is remembered, without what the service provider made up.
fn remembered(state: &State) -> BTreeMap<String, String> {
    let mut remembered = BTreeMap::new();
    for link in state.links.values() {
        let text = format!("{} {:?}", link.is_in_scope(), link.pending);
        remembered.insert(link.source_id.to_string(), text);
    }
    for (group, members) in &state.members {
        remembered.insert(format!("members of {group}"), format!("{members:?}"));
    }
    let rest = (&state.intents, &state.escrow, &state.groups, &state.job.watermark);
    remembered.insert("the rest".to_owned(), format!("{rest:?}"));
    remembered
}

/// Asserts that a rerun leads to where an undisturbed run leads to.
async fn assert_recovers(crashed: &mut House, undisturbed: &House, what: &str) {
    // Nobody is there twice, at any time.
    crashed.by_name().await;
    crashed.memory.fail(None);
    crashed.wire.recover();
    crashed.restart();
    let cycle = crashed.run(CycleKind::Incremental).await.unwrap();
    assert!(cycle.failed.is_empty(), "{what}: {:?}", cycle.failed);
    assert_same(&crashed.by_name().await, &undisturbed.by_name().await, what);
    let (mine, theirs) = (crashed.state().await, undisturbed.state().await);
    assert_eq!(remembered(&mine), remembered(&theirs), "{what}");
    crashed.assert_quiet_in(&crashed.job()).await;
}

async fn undisturbed(scene: (Start, usize, bool)) -> (House, usize, usize) {
    let undisturbed = house(scene).await;
    undisturbed.wire.take();
    let cycle = undisturbed.run(CycleKind::Incremental).await.unwrap();
    assert_eq!(cycle.failed, [], "{scene:?}");
    let (requests, commits) = (undisturbed.wire.take().len(), undisturbed.memory.commits());
    undisturbed.assert_quiet().await;
    (undisturbed, requests, commits)
}

#[tokio::test]
async fn a_crash_at_any_request_leaves_no_duplicate_and_nothing_undone() {
    for scene in SCENES {
        let (undisturbed, requests, _) = undisturbed(scene).await;
        let faults = [Fault::Refused, Fault::Lost].into_iter();
        for (fault, number) in faults.flat_map(|fault| (0..requests).map(move |n| (fault, n))) {
            let what = format!("{scene:?}, {fault:?} at {number} of {requests}");
            let mut crashed = house(scene).await;
            crashed.wire.fail(move |at, _| (at >= number).then_some(fault));
            assert!(crashed.run(CycleKind::Incremental).await.is_err(), "{what}");
            assert_recovers(&mut crashed, &undisturbed, &what).await;
        }
    }
}

#[tokio::test]
async fn a_crash_between_any_two_commits_leaves_no_duplicate_and_nothing_undone() {
    for scene in SCENES {
        let (undisturbed, _, commits) = undisturbed(scene).await;
        let moments = [Moment::Before, Moment::After].into_iter();
        for (moment, number) in moments.flat_map(|moment| (0..commits).map(move |n| (moment, n))) {
            let what = format!("{scene:?}, {moment:?} commit {number} of {commits}");
            let mut crashed = house(scene).await;
            crashed.memory.fail(Some((number, moment)));
            assert!(crashed.run(CycleKind::Incremental).await.is_err(), "{what}");
            assert_recovers(&mut crashed, &undisturbed, &what).await;
        }
    }
}

#[tokio::test]
async fn a_service_provider_that_fails_once_at_any_request_is_caught_up_with() {
    let faults = [Fault::Throttled, Fault::Broken, Fault::Html, Fault::Truncated, Fault::Late];
    for scene in SCENES.into_iter().skip(1).step_by(2) {
        let (undisturbed, requests, _) = undisturbed(scene).await;
        for (fault, number) in
            faults.into_iter().flat_map(|fault| (0..requests).map(move |n| (fault, n)))
        {
            let what = format!("{scene:?}, {fault:?} at {number} of {requests}");
            let mut failing = house(scene).await;
            failing.wire.fail(move |at, _| (at == number).then_some(fault));
            let _ = failing.run(CycleKind::Incremental).await;
            failing.by_name().await;
            failing.pass(std::time::Duration::from_hours(24));
            failing.wire.recover();
            // What waits for its time is done when that has come.
            let _ = failing.run(CycleKind::Incremental).await;
            failing.pass(std::time::Duration::from_hours(24));
            assert_converges(&mut failing, &undisturbed, &what).await;
        }
    }
}

async fn assert_converges(failing: &mut House, undisturbed: &House, what: &str) {
    failing.restart();
    let cycle = failing.run(CycleKind::Incremental).await.unwrap();
    assert!(cycle.failed.is_empty(), "{what}: {:?}", cycle.failed);
    assert_same(&failing.by_name().await, &undisturbed.by_name().await, what);
    failing.assert_quiet().await;
}
