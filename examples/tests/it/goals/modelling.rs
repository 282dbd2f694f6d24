//! Random changes, faults and cycles, against a model that keeps the source in its head.

use std::time::Duration;

use http::Method;
use proptest::prelude::*;
use scim_client::provision::{CycleKind, Provisioner};

use super::{
    house::House,
    provider::Provider,
    wire::{Fault, Sent},
    world::{Faults, Step, World, kind, steps},
};

fn block_on(future: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future);
}

/// Whether the service provider itself makes two of a request that arrives twice: names of groups
/// are not unique.
fn doubles(sent: &Sent, is_unique: bool) -> bool {
    let creates_groups = sent.path == "/Groups" || sent.json().to_string().contains("\"/Groups\"");
    sent.method == Method::POST && (!is_unique || creates_groups)
}

fn disturb(house: &House, faults: &Faults, is_unique: bool) {
    let Faults { requests, goes_on, commit } = faults.clone();
    let first = requests.iter().map(|(number, _)| *number).min();
    house.wire.fail(move |at, sent| {
        let mine = requests.iter().find(|(number, _)| *number == at);
        let goes_on = goes_on && first.is_some_and(|first| at > first);
        let from = requests.iter().find(|(number, _)| goes_on && Some(*number) == first);
        let fault = mine.or(from).map(|(_, fault)| *fault)?;
        let is_possible = !matches!(fault, Fault::Twice) || !doubles(sent, is_unique);
        is_possible.then_some(fault)
    });
    house.memory.fail(commit);
}

fn recover(house: &House) {
    house.wire.recover();
    house.memory.fail(None);
}

async fn check(steps: Vec<Step>, bulk: usize, is_unique: bool) {
    let mut house = House::of(&Provider { bulk, is_unique, ..Provider::default() });
    house.people = house.people.with_page(4);
    let mut job = house.job();
    let mut world = World::default();
    for step in steps {
        if world.take(&step, &house) {
            continue;
        }
        match step {
            Step::Cycle(kind) => {
                let _ = job.run(kind).await;
            }
            Step::Failing(kind, faults) => {
                disturb(&house, &faults, is_unique);
                let _ = job.run(kind).await;
                recover(&house);
            }
            _ => {
                house.restart();
                job = house.job();
            }
        }
        // Nobody is there twice, at any time.
        house.by_name().await;
        house.pass(Duration::from_hours(7));
    }
    assert_converges(&house, &job, &world).await;
}

/// Asserts that two cycles without a fault suffice.
async fn assert_converges(house: &House, job: &Provisioner, world: &World) {
    for _ in 0..2 {
        house.pass(Duration::from_hours(48));
        job.run(CycleKind::Incremental).await.unwrap();
    }
    world.assert_reached(house).await;
    assert_eq!(job.escrows().await.unwrap(), []);
    house.assert_quiet().await;
}

fn bulk() -> impl Strategy<Value = usize> {
    prop::sample::select(vec![0, 3, 1_000])
}

proptest! {
    #[test]
    fn the_target_ends_as_the_source_says_whatever_fails_on_the_way(
        steps in steps(), bulk in bulk(), is_unique in any::<bool>(),
    ) {
        block_on(check(steps, bulk, is_unique));
    }

    #[test]
    fn a_cycle_does_what_its_plan_says(
        steps in steps(), bulk in bulk(), last in kind(),
    ) {
        block_on(check_plan(steps, bulk, last));
    }
}

/// A plan and the cycle right after it have the same fingerprint, at any time.
async fn check_plan(steps: Vec<Step>, bulk: usize, last: CycleKind) {
    let house = House::of(&Provider { bulk, ..Provider::default() });
    let mut world = World::default();
    for step in steps.into_iter().chain([Step::Cycle(last)]) {
        world.take(&step, &house);
        let Step::Cycle(kind) = step else { continue };
        let (before, state) = (house.by_name().await, format!("{:?}", house.state().await));
        let plan = house.job().plan(kind).await.unwrap();
        assert_eq!(house.by_name().await, before, "a plan changes nothing");
        assert_eq!(format!("{:?}", house.state().await), state);
        let report = house.run(kind).await.unwrap();
        assert_eq!(plan.fingerprint(), report.plan, "{kind:?}");
        assert_eq!(plan.kind, report.kind);
        let counts = plan.counts();
        let done = (report.created, report.adopted, report.disabled, report.deleted);
        assert_eq!((counts.create, counts.adopt, counts.disable, counts.delete), done);
        assert_eq!((counts.staged, counts.conflict), (0, 0));
    }
    world.assert_reached(&house).await;
}
