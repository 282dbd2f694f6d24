//! What fails stops nobody else, and what cannot be read stops everything.

use std::time::Duration;

use scim_client::provision::{
    CycleError, CycleKind,
    report::{ErrorCode, StatusCode},
    state::{EscrowPolicy, QuarantinePolicy, QuarantineReason},
};

use super::{
    house::House,
    objects::{group, person, report, short_mapping, user_name},
    provider::Provider,
    wire::{Fault, Sent},
};

const MINUTE: Duration = Duration::from_mins(1);

#[tokio::test]
async fn an_error_on_any_page_of_the_source_changes_nothing() {
    let kinds = [CycleKind::Initial, CycleKind::Incremental, CycleKind::Reconcile];
    let mut house = House::new();
    house.people = house.people.with_page(3);
    let ids: Vec<String> = (0..20).map(|number| format!("u{number}")).collect();
    house.people.put(ids.iter().map(|id| person(id)));
    house.people.put([group("team", ids.iter().map(String::as_str))]);
    house.sync().await;
    let before = (house.by_name().await, format!("{:?}", house.state().await));
    // Everybody leaves in one way or another.
    for (number, id) in ids.iter().enumerate() {
        match number % 2 {
            0 => house.people.remove(id),
            _ => house.people.change(id, |one| one.with_active(false)),
        }
    }
    house.people.remove("team");
    for kind in kinds {
        house.people.fail_read(None);
        house.job().plan(kind).await.unwrap();
        let pages = house.people.reads();
        assert!(pages >= 4, "{pages}");
        house.wire.take();
        for page in 0..pages {
            house.people.fail_read(Some(page));
            let outcome = house.run(kind).await;
            assert!(matches!(outcome, Err(CycleError::Source(_))), "{kind:?} {page}: {outcome:?}");
            assert_eq!(house.wire.take().len(), 0, "{kind:?} {page}");
        }
    }
    // Nothing is remembered but that it failed.
    let mut state = house.state().await;
    assert!(std::mem::take(&mut state.job.failed_reads) >= 8);
    assert_eq!((house.by_name().await, format!("{state:?}")), before);
}

const USERS: usize = 10_000;

/// Each of ten reports to somebody; one has a title that is refused.
fn poisoned(poison: usize) -> House {
    let mut house = House::new();
    house.mapping = short_mapping;
    house.people.put((0..USERS).map(|number| {
        let id = format!("u{number}");
        let person = match number % 10 {
            0 => person(&id),
            _ => report(&id, &format!("u{}", number - number % 10)),
        };
        person.with_attribute("title", if number == poison { "poison" } else { "" })
    }));
    house
}

#[tokio::test]
async fn one_of_ten_thousand_who_is_refused_holds_nobody_back() {
    check_poison(4_321, 0).await;
}

#[tokio::test]
async fn a_manager_of_ten_thousand_who_is_refused_holds_back_nobody_in_the_same_bulk_request() {
    check_poison(4_320, 9).await;
}

async fn check_poison(poison: usize, reports: usize) {
    let house = poisoned(poison);
    let poison = format!("u{poison}");
    let cycle = house.run(CycleKind::Initial).await.unwrap();
    assert_eq!((cycle.created, cycle.failed.len()), (USERS - 1, 1));
    assert_eq!(cycle.failed[0].0.as_str(), poison);
    let escrows = house.job().escrows().await.unwrap();
    let escrowed: Vec<&str> = escrows.iter().map(|escrow| escrow.source_id.as_str()).collect();
    assert_eq!(escrowed, [poison.as_str()]);
    let status = house.job().status().await.unwrap();
    assert_eq!((status.users, status.escrows), (USERS - 1, 1));
    // Once it is well, its reports get it for a manager.
    house.people.change(&poison, |one| one.with_attribute("title", "Porter"));
    let cycle = house.run(CycleKind::Incremental).await.unwrap();
    assert_eq!((cycle.created, cycle.failed.len()), (1, 0));
    assert_eq!(cycle.references_repaired, reports);
    assert_eq!(house.job().escrows().await.unwrap(), []);
}

fn names(user: &'static str) -> impl Fn(usize, &Sent) -> Option<Fault> {
    move |_, sent| {
        let is_it = !sent.is_read() && sent.json()["userName"] == user_name(user);
        is_it.then_some(Fault::Status(400))
    }
}

#[tokio::test]
async fn who_fails_is_tried_again_at_growing_intervals_and_at_once_when_changed() {
    let mut house = House::of(&Provider::without_bulk());
    house.settings = |job| {
        let minutes = |minutes: u64| Duration::from_mins(minutes);
        job.with_escrow(EscrowPolicy::new([minutes(10), minutes(60)]))
    };
    house.people.put([person("ada"), person("ben")]);
    house.wire.fail(names("ada"));
    // Minutes that pass, whether it is tried again, and how often it has failed then. The wait is a
    // tenth longer at most.
    let rows = [(0, true, 1), (9, false, 1), (2, true, 2), (59, false, 2), (7, true, 3)];
    for (minutes, is_tried, attempts) in rows {
        house.pass(MINUTE * minutes);
        house.wire.take();
        let cycle = house.run(CycleKind::Incremental).await.unwrap();
        let posts = house.wire.take().iter().filter(|sent| !sent.is_read()).count();
        assert_eq!(posts > 0, is_tried, "after {minutes} minutes: {cycle:?}");
        let escrows = house.job().escrows().await.unwrap();
        assert_eq!((escrows.len(), escrows[0].attempts), (1, attempts), "{minutes}");
        assert_eq!(escrows[0].code, ErrorCode::UnprocessableEntity);
    }
    // It is left alone though the source names it again.
    house.people.change("ada", |one| one);
    assert_eq!(house.run(CycleKind::Incremental).await.unwrap().skipped.len(), 1);
    house.people.change("ada", |one| one.with_attribute("title", "Nurse"));
    assert_eq!(house.run(CycleKind::Incremental).await.unwrap().failed.len(), 1);
    let escrows = house.job().escrows().await.unwrap();
    assert_eq!(escrows[0].attempts, 1, "another look begins anew");
    house.wire.recover();
    house.people.change("ada", |one| one.with_attribute("title", "Chief"));
    assert_eq!(house.run(CycleKind::Incremental).await.unwrap().created, 1);
    assert_eq!(house.job().escrows().await.unwrap(), []);
    house.assert_quiet().await;
}

#[tokio::test]
async fn a_token_that_is_refused_stops_the_job_until_a_test_of_the_connection_succeeds() {
    let house = House::new();
    house.people.put([person("ada")]);
    house.sync().await;
    house.people.put([person("ben")]);
    house.wire.fail(|_, _| Some(Fault::Status(401)));
    let refused = house.run(CycleKind::Incremental).await;
    assert!(matches!(refused, Err(CycleError::Target(_))), "{refused:?}");
    let status = house.job().status().await.unwrap();
    let quarantine = status.quarantine.unwrap();
    assert_eq!(status.code, StatusCode::Quarantine);
    assert_eq!(quarantine.reason, QuarantineReason::EncounteredQuarantineException);

    // Nothing is sent before the time has come.
    house.wire.take();
    house.pass(4 * MINUTE);
    let early = house.run(CycleKind::Incremental).await;
    assert!(matches!(early, Err(CycleError::Quarantined { .. })), "{early:?}");
    assert_eq!(house.wire.take().len(), 0);

    // One request tests the connection; the next attempt is twice as far away.
    house.pass(MINUTE);
    assert!(house.run(CycleKind::Incremental).await.is_err());
    assert_eq!(house.wire.take().len(), 1);
    house.pass(9 * MINUTE);
    let early = house.run(CycleKind::Incremental).await;
    assert!(matches!(early, Err(CycleError::Quarantined { .. })), "{early:?}");
    assert_eq!(house.wire.take().len(), 0);

    house.wire.recover();
    house.pass(MINUTE);
    assert_eq!(house.run(CycleKind::Incremental).await.unwrap().created, 1);
    let status = house.job().status().await.unwrap();
    assert_eq!((status.code, status.quarantine), (StatusCode::Active, None));
    house.assert_quiet().await;
}

#[tokio::test]
async fn too_great_a_share_of_failures_stops_the_job_and_the_others_stay() {
    let mut house = House::of(&Provider::without_bulk());
    house.settings = |job| job.with_quarantine(QuarantinePolicy::default());
    house.people.put((0..100).map(|number| person(&format!("u{number}"))));
    house.wire.fail(|at, sent| (!sent.is_read() && at % 2 == 0).then_some(Fault::Status(400)));
    let stopped = house.run(CycleKind::Initial).await;
    let reason = QuarantineReason::EncounteredEscrowProportionThreshold;
    assert!(matches!(&stopped, Err(CycleError::Stopped(why)) if *why == reason), "{stopped:?}");
    let sent = house.wire.take().iter().filter(|sent| !sent.is_read()).count();
    assert!((50..=51).contains(&sent), "{sent}");
    house.wire.recover();
    house.pass(5 * MINUTE);
    let cycle = house.run(CycleKind::Initial).await.unwrap();
    assert_eq!(cycle.failed, []);
    assert_eq!(house.resources("/Users").await.len(), 100);
    house.assert_quiet().await;
}
