//! Removals that are too many are held back.

use std::time::Duration;

use scim_client::provision::{
    CycleError, CycleKind, CycleReport, Provisioner,
    plan::{Guard, Removal, RemovalPolicy},
    report::ErrorCode,
};

use super::{
    house::House,
    objects::{group, person, user_name},
};

fn name(number: usize) -> String {
    format!("u{number:03}")
}

fn guard(always: u64, share: f64, most: Option<u64>) -> Guard {
    let mut guard = Guard::default();
    (guard.always, guard.share, guard.most) = (always, share, most);
    guard
}

async fn house(users: usize) -> House {
    let house = House::new();
    house.people.put((0..users).map(|number| person(&name(number))));
    house.sync().await;
    house
}

fn disable(house: &House, numbers: std::ops::Range<usize>) {
    for number in numbers {
        house.people.change(&name(number), |one| one.with_active(false));
    }
}

fn job(house: &House, guard: Guard) -> Provisioner {
    house.job().with_guard(guard)
}

async fn run(house: &House, guard: &Guard) -> CycleReport {
    job(house, guard.clone()).run(CycleKind::Incremental).await.unwrap()
}

async fn active(house: &House) -> usize {
    let users = house.resources("/Users").await;
    users.iter().filter(|user| user["active"] == true).count()
}

#[tokio::test]
async fn removals_beyond_the_share_or_the_number_are_all_held_back_and_the_rest_goes_on() {
    let rows = [
        (guard(0, 0.1, None), 10, true),
        (guard(0, 0.1, None), 11, false),
        (guard(11, 0.1, None), 11, true),
        (guard(0, 1.0, Some(10)), 10, true),
        (guard(0, 1.0, Some(10)), 11, false),
        (guard(10, 0.0, Some(0)), 10, true),
    ];
    for (guard, leavers, is_allowed) in rows {
        let house = house(100).await;
        disable(&house, 0..leavers);
        house.people.change(&name(99), |one| one.with_attribute("title", "Chief"));
        house.people.put([person("new")]);
        let cycle = run(&house, &guard).await;
        let what = format!("{guard:?} {leavers}");
        assert_eq!((cycle.created, cycle.updated), (1, 1), "{what}");
        assert_eq!(cycle.disabled, if is_allowed { leavers } else { 0 }, "{what}");
        assert_eq!(cycle.staged.len(), if is_allowed { 0 } else { leavers }, "{what}");
        assert_eq!(cycle.approval.is_none(), is_allowed, "{what}");
        assert_eq!(active(&house).await, 101 - cycle.disabled, "{what}");
        assert_eq!(house.by_name().await[&user_name(&name(99))]["title"], "Chief");
    }
}

#[tokio::test]
async fn removals_that_are_held_back_are_remembered_and_told_of_in_each_cycle() {
    let house = house(100).await;
    let guard = Guard::default();
    disable(&house, 0..20);
    let first = run(&house, &guard).await;
    assert_eq!((first.staged.len(), first.writes), (20, 0));
    assert!(first.failed.is_empty());
    for _ in 0..3 {
        house.pass(Duration::from_hours(36));
        let again = run(&house, &guard).await;
        assert_eq!((again.staged.len(), again.writes), (20, 0));
        assert_eq!(again.approval, first.approval);
    }
    let escrows = job(&house, guard.clone()).escrows().await.unwrap();
    assert_eq!(escrows.len(), 20);
    assert!(escrows.iter().all(|escrow| escrow.code == ErrorCode::StagedAction));
    // Who returns is not held back any more.
    for number in 0..15 {
        house.people.change(&name(number), |one| one.with_active(true));
    }
    house.pass(Duration::from_hours(36));
    let fewer = run(&house, &guard).await;
    assert_eq!((fewer.staged.len(), fewer.disabled), (0, 5));
    assert_eq!(job(&house, guard.clone()).escrows().await.unwrap(), []);
    assert_eq!(active(&house).await, 95);
}

#[tokio::test]
async fn an_approval_is_good_for_exactly_those_removals() {
    let house = house(100).await;
    let guard = Guard::default();
    disable(&house, 0..20);
    let staged = run(&house, &guard).await;
    let approval = staged.approval.unwrap();
    let plan = job(&house, guard.clone()).plan(CycleKind::Incremental).await.unwrap();
    assert!(plan.is_held_back);

    // One more leaves after somebody has looked.
    job(&house, guard.clone()).approve(&approval).await.unwrap();
    disable(&house, 20..21);
    house.pass(Duration::from_hours(36));
    let more = run(&house, &guard).await;
    assert_eq!((more.staged.len(), more.disabled), (21, 0));
    let wider = more.approval.unwrap();
    assert_ne!(wider, approval);

    job(&house, guard.clone()).approve(&wider).await.unwrap();
    house.pass(Duration::from_hours(36));
    let done = run(&house, &guard).await;
    assert_eq!((done.staged.len(), done.disabled), (0, 21));
    assert_eq!(active(&house).await, 79);

    // It is used up: what leaves later needs one of its own.
    house.pass(Duration::from_hours(36));
    disable(&house, 21..50);
    let next = run(&house, &guard).await;
    assert_eq!((next.staged.len(), next.disabled), (29, 0));
}

#[tokio::test]
async fn a_slow_drain_is_held_back_by_what_has_gone_in_the_day_before() {
    let house = house(200).await;
    let guard = guard(5, 0.1, None);
    let mut disabled = 0;
    // Three an hour; twenty a day are allowed.
    for hour in 0..12 {
        disable(&house, hour * 3..(hour + 1) * 3);
        let cycle = run(&house, &guard).await;
        disabled += cycle.disabled;
        assert!(disabled <= 20, "{disabled} after {hour} hours");
        house.pass(Duration::from_hours(1));
    }
    assert_eq!(active(&house).await, 200 - disabled);
    assert!(disabled >= 18, "{disabled}");
}

#[tokio::test]
async fn an_empty_source_is_an_error_and_nothing_is_sent() {
    for groups in [0, 1] {
        let house = house(20).await;
        house.people.put((0..groups).map(|_| group("team", ["u001"])));
        house.sync().await;
        for object in house.people.all() {
            house.people.remove(object.id.as_str());
        }
        for kind in [CycleKind::Initial, CycleKind::Reconcile] {
            let outcome = job(&house, Guard::default()).run(kind).await;
            assert!(matches!(outcome, Err(CycleError::EmptySource)), "{kind:?} {outcome:?}");
        }
        assert_eq!(house.wire.take().len(), 0);
        assert_eq!(active(&house).await, 20);
    }
}

#[tokio::test]
async fn deletions_of_groups_count_as_removals() {
    let house = House::new();
    house.people.put([person("ada")]);
    let ids: Vec<String> = (0..30).map(|number| format!("g{number}")).collect();
    house.people.put(ids.iter().map(|id| group(id, ["ada"])));
    house.sync().await;
    for id in &ids {
        house.people.remove(id);
    }
    house.people.put([person("ada")]);
    let guard = Guard::default();
    let staged = run(&house, &guard).await;
    assert_eq!((staged.staged.len(), staged.deleted), (30, 0));
    job(&house, guard.clone()).approve(&staged.approval.unwrap()).await.unwrap();
    house.pass(Duration::from_hours(36));
    let done = run(&house, &guard).await;
    assert_eq!((done.staged.len(), done.deleted), (0, 30));
    assert_eq!(house.resources("/Groups").await, [] as [super::house::Attributes; 0]);
}

#[tokio::test]
async fn staged_deletions_are_forgotten_where_the_policy_changes() {
    let house = house(100).await;
    let guard = Guard::default();
    let deleting =
        |house: &House| job(house, guard.clone()).with_removal(RemovalPolicy::all(Removal::Delete));
    disable(&house, 0..20);
    let staged = deleting(&house).run(CycleKind::Incremental).await.unwrap();
    job(&house, guard.clone()).approve(&staged.approval.unwrap()).await.unwrap();
    // To disable them is another thing than to delete them.
    house.pass(Duration::from_hours(36));
    let cycle = run(&house, &guard).await;
    assert_eq!((cycle.staged.len(), cycle.disabled, cycle.deleted), (20, 0, 0));
}
