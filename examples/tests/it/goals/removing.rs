//! What becomes of those who have left, by the reason why.

use std::time::Duration;

use scim_client::provision::{
    CycleKind, Provisioner, Scope, SourceObject,
    plan::{Removal, RemovalPolicy},
    scope::{Cause, Clause, ScopingFilter, ScopingOperator},
};
use serde_json::{Value, json};

use super::{
    house::House,
    objects::{ENTERPRISE, group, group_mapping, person, report, user_name},
    provider::Provider,
};

const HOUR: Duration = Duration::from_hours(1);

/// How somebody, or a group, leaves.
type Leave = fn(&House, &str);

const CAUSES: [(Cause, Leave); 6] = [
    (Cause::SoftDeleted, |house, id| {
        house.people.change(id, |one| one.with_soft_deleted(true));
    }),
    (Cause::Disabled, |house, id| house.people.change(id, |one| one.with_active(false))),
    (Cause::Unassigned, |house, id| house.people.change(id, unassigned)),
    (Cause::FilteredOut, |house, id| {
        house.people.change(id, |one| one.with_attribute("number", "X"));
    }),
    (Cause::HardDeleted, |house, id| house.people.remove(id)),
    (Cause::HardDeletedAfterUnassignment, |house, id| house.people.remove(id)),
];

fn unassigned(mut object: SourceObject) -> SourceObject {
    object.roles = None;
    object
}

fn scope() -> Scope {
    let filter = ScopingOperator::RegexMatch("^[EG]-".parse().unwrap());
    Scope::assigned().with_filter(ScopingFilter::new(Clause::new("number", filter)))
}

/// Groups need no assignment, so that they assign nobody.
fn job(job: Provisioner, removal: RemovalPolicy) -> Provisioner {
    let job = job.with_groups(group_mapping(), Scope::all()).unwrap();
    job.with_scope(scope()).with_removal(removal)
}

/// Asserts what is there of one who has left, and what is remembered.
async fn assert_is(house: &House, id: &str, name: &str, expected: Removal) {
    let named = house.by_name().await;
    let there = named.get(name);
    let state = house.state().await;
    let link = state.links.get(id);
    match expected {
        Removal::Disable | Removal::DeleteAfter(_) => {
            assert_eq!(there.unwrap()["active"], false, "{name}");
            assert!(!link.unwrap().is_in_scope());
        }
        Removal::Delete => assert!(there.is_none() && link.is_none(), "{name} {there:?}"),
        Removal::Unlink => {
            assert_eq!(there.unwrap().get("externalId"), None, "{name}");
            assert!(link.is_none());
        }
        Removal::Keep => {
            assert_ne!(there.unwrap().get("active"), Some(&json!(false)), "{name}");
            assert!(there.unwrap()["externalId"].is_string());
            assert!(!link.unwrap().is_in_scope());
        }
    }
}

const ACTIONS: [Removal; 5] = [
    Removal::Disable,
    Removal::Delete,
    Removal::DeleteAfter(3 * 60 * 60),
    Removal::Unlink,
    Removal::Keep,
];

#[tokio::test]
async fn users_who_leave_become_what_the_policy_says_for_the_reason() {
    for provider in [Provider::default(), Provider::without_bulk()] {
        let rows = CAUSES.into_iter().flat_map(|row| ACTIONS.map(|action| (row, action)));
        for ((cause, leave), action) in rows {
            check_user(&House::of(&provider), cause, leave, action).await;
        }
    }
}

async fn check_user(house: &House, cause: Cause, leave: Leave, action: Removal) {
    // Only this reason has that action, so that a wrong reason shows.
    let is_disabled_before = cause == Cause::HardDeletedAfterUnassignment;
    let is_other = action == Removal::Keep && !is_disabled_before;
    let other = if is_other { Removal::Disable } else { Removal::Keep };
    let policy = RemovalPolicy::all(other).with(cause, action);
    house.people.put([person("ada"), report("ben", "ada")]);
    house.people.put([unassigned(group("team", ["ada", "ben"]))]);
    let first = job(house.job(), policy.clone()).run(CycleKind::Initial).await.unwrap();
    assert_eq!((first.created, first.failed.len()), (3, 0));
    if cause == Cause::HardDeletedAfterUnassignment {
        house.people.change("ada", |one| one.with_soft_deleted(true));
        job(house.job(), policy.clone()).run(CycleKind::Incremental).await.unwrap();
    }
    leave(house, "ada");
    let what = format!("{cause:?} {action:?}");
    let cycle = job(house.job(), policy.clone()).run(CycleKind::Incremental).await.unwrap();
    assert_eq!(cycle.failed, [], "{what}");
    assert_is(house, "ada", &user_name("ada"), action).await;
    let named = house.by_name().await;
    let ben = &named[&user_name("ben")];
    let is_deleted = action == Removal::Delete;
    let enterprise = ben.get(ENTERPRISE);
    let manager = enterprise.and_then(|e| e.get("manager")).unwrap_or(&Value::Null);
    assert_eq!(manager.is_null(), is_deleted, "{what}: {ben}");
    house.pass(4 * HOUR);
    let later = job(house.job(), policy.clone()).run(CycleKind::Incremental).await.unwrap();
    let is_deleted_later = matches!(action, Removal::DeleteAfter(_));
    assert_eq!(later.deleted, usize::from(is_deleted_later), "{what}");
    let finally = if is_deleted_later { Removal::Delete } else { action };
    assert_is(house, "ada", &user_name("ada"), finally).await;
    let is_member = house.members("team").await.contains(&user_name("ada"));
    // Who is let go is left as it is.
    assert_eq!(is_member, finally != Removal::Delete, "{what}");
    let quiet = job(house.job(), policy).run(CycleKind::Initial).await.unwrap();
    assert_eq!((quiet.writes, quiet.failed.len()), (0, 0), "{what}");
}

#[tokio::test]
async fn groups_that_leave_become_what_the_policy_says_for_the_reason() {
    // Nobody disables a group.
    let causes = CAUSES.into_iter().filter(|(cause, _)| *cause != Cause::Disabled);
    let actions = [Removal::Delete, Removal::DeleteAfter(3 * 60 * 60), Removal::Unlink];
    for ((cause, leave), action) in causes.flat_map(|row| actions.map(|action| (row, action))) {
        check_group(cause, leave, action).await;
    }
}

async fn check_group(cause: Cause, leave: Leave, action: Removal) {
    let house = House::new();
    let what = format!("{cause:?} {action:?}");
    let policy = RemovalPolicy::all(Removal::Keep).with(cause, action);
    let run = |kind| {
        let job = house.job().with_groups(group_mapping(), scope()).unwrap();
        let job = job.with_group_removal(policy.clone());
        async move { job.run(kind).await.unwrap() }
    };
    house.people.put([person("ada"), group("team", ["ada"])]);
    run(CycleKind::Initial).await;
    if cause == Cause::HardDeletedAfterUnassignment {
        house.people.change("team", |one| one.with_soft_deleted(true));
        run(CycleKind::Incremental).await;
    }
    leave(&house, "team");
    assert_eq!(run(CycleKind::Incremental).await.failed, [], "{what}");
    if let Removal::DeleteAfter(_) = action {
        // A group has nothing to be disabled.
        assert!(house.by_name().await.contains_key("team"), "{what}");
        house.pass(4 * HOUR);
        run(CycleKind::Incremental).await;
    }
    let named = house.by_name().await;
    assert_eq!(named.contains_key("team"), action == Removal::Unlink, "{what}");
    assert!(named.contains_key(&user_name("ada")));
    assert_eq!(run(CycleKind::Initial).await.writes, 0, "{what}");
}

#[tokio::test]
async fn who_returns_before_the_time_has_passed_is_enabled_and_not_deleted() {
    let house = House::new();
    let policy = RemovalPolicy::all(Removal::delete_after(3 * HOUR));
    let run = || {
        let job = job(house.job(), policy.clone());
        async move { job.run(CycleKind::Incremental).await.unwrap() }
    };
    house.people.put([person("ada")]);
    run().await;
    house.people.change("ada", |one| one.with_active(false));
    assert_eq!(run().await.disabled, 1);
    house.pass(2 * HOUR);
    assert_eq!(run().await.deleted, 0);
    house.people.change("ada", |one| one.with_active(true));
    assert_eq!(run().await.enabled, 1);
    house.pass(2 * HOUR);
    let quiet = run().await;
    assert_eq!((quiet.deleted, quiet.writes), (0, 0));
    assert_eq!(house.by_name().await[&user_name("ada")]["active"], true);
    // The time counts from the moment of leaving, not from the first time.
    house.people.change("ada", |one| one.with_active(false));
    run().await;
    house.pass(2 * HOUR);
    assert_eq!(run().await.deleted, 0);
    house.pass(HOUR);
    assert_eq!(run().await.deleted, 1);
}
