//! Who leaves or comes back before anybody knows how a cycle has ended.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use http::Method;
use scim_client::provision::{
    CycleKind, SourceId,
    plan::{Removal, RemovalPolicy},
};

use super::{
    house::House,
    memory::Moment,
    objects::{group, person, report, user_name},
    provider::Provider,
    wire::Fault,
};

const DAY: Duration = Duration::from_hours(24);

#[tokio::test]
async fn whose_creation_came_twice_is_disabled_when_they_leave() {
    let house = House::of(&Provider::without_bulk());
    house.people.put([person("ada")]);
    let is_posted = AtomicBool::new(false);
    house.wire.fail(move |_, sent| match sent.method {
        Method::POST => {
            is_posted.store(true, Ordering::SeqCst);
            Some(Fault::Twice)
        }
        // The answer is a conflict, and who is there cannot be seen.
        _ => is_posted.load(Ordering::SeqCst).then_some(Fault::Broken),
    });
    let _ = house.run(CycleKind::Initial).await;
    house.wire.recover();
    assert_eq!(house.by_name().await[&user_name("ada")]["active"], true);
    assert!(house.state().await.links.is_empty());
    house.people.change("ada", |ada| ada.with_active(false));
    house.pass(DAY);
    house.sync().await;
    assert_eq!(house.by_name().await[&user_name("ada")]["active"], false);
}

#[tokio::test]
async fn who_was_created_unnoticed_and_has_left_is_in_their_groups_whenever_the_cycle_broke_off() {
    for commit in 0..6 {
        let house = House::of(&Provider::without_bulk());
        house.people.put([person("ada"), group("team", ["ada"])]);
        house.wire.fail(|_, sent| {
            (sent.method == Method::POST && sent.path == "/Users").then_some(Fault::Broken)
        });
        let first = house.run(CycleKind::Initial).await.unwrap();
        house.wire.recover();
        assert_eq!((first.created, first.failed.len()), (1, 1), "the team is there without ada");
        house.people.change("ada", |ada| ada.with_active(false));
        house.pass(DAY);
        house.memory.fail(Some((commit, Moment::Before)));
        let _ = house.run(CycleKind::Incremental).await;
        house.memory.fail(None);
        house.pass(DAY);
        house.sync().await;
        assert_eq!(house.by_name().await[&user_name("ada")]["active"], false, "commit {commit}");
        assert_eq!(house.members("team").await, [user_name("ada")], "commit {commit}");
        house.assert_quiet().await;
    }
}

#[tokio::test]
async fn a_group_that_comes_back_is_there_whenever_its_deletion_broke_off() {
    for commit in 0..6 {
        let house = House::new();
        house.people.put([person("ada"), group("team", ["ada"])]);
        house.sync().await;
        house.people.remove("team");
        house.memory.fail(Some((commit, Moment::Before)));
        let _ = house.run(CycleKind::Incremental).await;
        house.memory.fail(None);
        house.people.put([group("team", ["ada"])]);
        house.sync().await;
        let team = house.by_name().await["team"].clone();
        assert_eq!(team["members"][0], user_name("ada"), "commit {commit}");
        house.assert_quiet().await;
    }
}

#[tokio::test]
async fn who_came_by_a_group_that_is_unassigned_again_is_disabled_whenever_the_cycle_broke_off() {
    for commit in 0..10 {
        let house = House::new();
        let mut ada = person("ada");
        ada.roles = None;
        house.people.put([ada, person("ben")]);
        house.sync().await;
        house.people.put([group("team", ["ada"])]);
        house.memory.fail(Some((commit, Moment::Before)));
        let _ = house.run(CycleKind::Incremental).await;
        house.memory.fail(None);
        house.people.change("team", |mut team| {
            team.roles = None;
            team
        });
        house.pass(DAY);
        house.sync().await;
        let named = house.by_name().await;
        let ada = named.get(&user_name("ada"));
        assert!(ada.is_none_or(|ada| ada["active"] == false), "commit {commit}");
    }
}

#[tokio::test]
async fn those_who_are_deleted_together_leave_no_link_behind() {
    for bulk in [0, 1_000] {
        let mut house = House::of(&Provider { bulk, ..Provider::default() });
        house.settings = |job| job.with_removal(RemovalPolicy::all(Removal::Delete));
        house.people.put([person("ada"), report("ben", "ada"), report("cy", "ben")]);
        house.sync().await;
        house.people.remove("ada");
        house.people.remove("ben");
        house.sync().await;
        let state = house.state().await;
        let linked: Vec<&str> = state.links.keys().map(SourceId::as_str).collect();
        assert_eq!(linked, ["cy"], "bulk {bulk}");
        assert_eq!(state.links["cy"].pending.len(), 1);
        house.assert_quiet().await;
    }
}
