//! What those do who run a job.

use std::{
    pin::pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
        mpsc,
    },
    task::{Context, Poll, Waker},
    time::Duration,
};

use scim_client::provision::{
    CycleError, CycleKind, Event, Provisioner, Restart,
    report::{ObjectEvent, StatusCode, StepKind, StepStatus},
    state::StateErrorKind,
};

use super::{
    house::House,
    objects::{group, person, report, user_name},
    provider::Provider,
    wire::{Fault, Sent},
};

/// A job that keeps the events about objects.
fn listening(house: &House) -> (Provisioner, mpsc::Receiver<ObjectEvent>) {
    let (send, receive) = mpsc::channel();
    let send = Mutex::new(send);
    let job = house.job().with_events(move |event: &Event| {
        if let Event::Object(object) = event {
            send.lock().unwrap().send((**object).clone()).unwrap();
        }
    });
    (job, receive)
}

#[tokio::test]
async fn somebody_is_provisioned_on_demand_with_every_step_told() {
    let house = House::new();
    house.people.put([report("ada", "ben"), person("ben"), person("cy").with_active(false)]);
    let (job, events) = listening(&house);
    let report = job.provision(&["ada".into(), "cy".into(), "nobody".into()]).await.unwrap();
    assert_eq!((report.kind, report.created, report.skipped.len()), (CycleKind::OnDemand, 1, 2));
    let events: Vec<ObjectEvent> = events.try_iter().collect();
    let ada = events.iter().find(|event| event.source_id.as_str() == "ada").unwrap();
    let steps: Vec<_> = ada.steps.iter().map(|step| (step.kind, step.status)).collect();
    assert_eq!(
        steps,
        [
            (StepKind::Import, StepStatus::Success),
            (StepKind::Scoping, StepStatus::Success),
            (StepKind::Matching, StepStatus::Success),
            (StepKind::Processing, StepStatus::Success),
            (StepKind::ReferenceResolution, StepStatus::Skipped),
            (StepKind::Export, StepStatus::Success),
        ]
    );
    let cy = events.iter().find(|event| event.source_id.as_str() == "cy").unwrap();
    let scoping = cy.steps.iter().find(|step| step.kind == StepKind::Scoping).unwrap();
    assert_eq!(scoping.status, StepStatus::Skipped);
    assert!(scoping.details.iter().any(|one| one == "is active in the source: no"), "{scoping:?}");
    // Nobody else was touched, and the next cycle looks at everyone.
    assert_eq!(house.resources("/Users").await.len(), 1);
    house.sync().await;
    assert_eq!(house.resources("/Users").await.len(), 2);
    house.assert_quiet().await;
}

#[tokio::test]
async fn on_demand_a_failure_is_tried_again_whatever_its_time_and_a_group_gets_its_members() {
    let house = House::of(&Provider::without_bulk());
    house.people.put([person("ada"), group("team", ["ada"])]);
    house.wire.fail(|_, sent| (!sent.is_read()).then_some(Fault::Status(400)));
    for _ in 0..3 {
        house.run(CycleKind::Incremental).await.unwrap();
    }
    assert_eq!(house.job().escrows().await.unwrap().len(), 2);
    house.wire.recover();
    house.wire.take();
    assert_eq!(house.run(CycleKind::Incremental).await.unwrap().writes, 0);
    let report = house.job().provision(&["ada".into(), "team".into()]).await.unwrap();
    assert_eq!((report.created, report.failed.len()), (2, 0));
    assert_eq!(house.members("team").await, [user_name("ada")]);
    assert_eq!(house.job().escrows().await.unwrap(), []);
    house.assert_quiet().await;
}

#[tokio::test]
async fn a_restart_forgets_what_it_is_told_to_and_nothing_else() {
    let house = House::of(&Provider::without_bulk());
    house.people.put([person("ada"), person("ben"), group("team", ["ada"])]);
    let fails_ben = |_, sent: &Sent| {
        (sent.json()["userName"] == user_name("ben")).then_some(Fault::Status(400))
    };
    house.wire.fail(fails_ben);
    for _ in 0..3 {
        house.run(CycleKind::Incremental).await.unwrap();
    }
    house.job().restart(Restart::new()).await.unwrap();
    assert_eq!(house.run(CycleKind::Incremental).await.unwrap().objects, 0);

    house.job().restart(Restart::new().with_watermark()).await.unwrap();
    let all = house.run(CycleKind::Incremental).await.unwrap();
    assert_eq!((all.kind, all.objects, all.writes), (CycleKind::Initial, 3, 0));
    assert_eq!((all.unchanged, all.skipped.len()), (2, 1));

    house.wire.recover();
    house.job().restart(Restart::new().with_escrows().with_watermark()).await.unwrap();
    assert_eq!(house.job().escrows().await.unwrap(), []);
    assert_eq!(house.run(CycleKind::Incremental).await.unwrap().created, 1);

    house.job().quarantine().await.unwrap();
    assert_eq!(house.job().status().await.unwrap().code, StatusCode::Disabled);
    let stopped = house.run(CycleKind::Incremental).await;
    assert!(matches!(stopped, Err(CycleError::Quarantined { .. })), "{stopped:?}");
    house.job().restart(Restart::new().with_quarantine()).await.unwrap();
    house.assert_quiet().await;

    house.job().restart(Restart::full()).await.unwrap();
    let state = house.state().await;
    assert!(state.links.is_empty() && state.escrow.is_empty() && state.members.is_empty());
    let again = house.run(CycleKind::Incremental).await.unwrap();
    assert_eq!((again.adopted, again.created, again.writes), (3, 0, 0));
    house.assert_quiet().await;
}

#[tokio::test]
async fn links_go_from_one_job_to_another() {
    let mut house = House::new();
    house.people.put([person("ada"), report("ben", "ada")]);
    house.sync().await;
    let links = house.job().links().await.unwrap();
    assert_eq!(links.len(), 2);
    let text = serde_json::to_string(&links).unwrap();
    house.memory = super::memory::Memory::new();
    house.job().import_links(serde_json::from_str(&text).unwrap()).await.unwrap();
    house.assert_quiet().await;
}

#[tokio::test]
async fn only_one_of_two_nodes_runs_the_job_and_the_other_takes_over_when_it_is_gone() {
    let mut house = House::new();
    house.settings = |job| job.with_lease(Duration::from_mins(5));
    house.people.put([person("ada")]);
    let (one, other) = (house.job().with_holder("one"), house.job().with_holder("other"));
    one.run(CycleKind::Incremental).await.unwrap();
    house.wire.take();
    house.people.put([person("ben")]);
    let leased = other.run(CycleKind::Incremental).await;
    assert!(
        matches!(&leased, Err(CycleError::State(error)) if error.kind() == StateErrorKind::Leased),
        "{leased:?}"
    );
    assert_eq!(house.wire.take().len(), 0);
    // The one goes on, and then is gone.
    assert_eq!(one.run(CycleKind::Incremental).await.unwrap().created, 1);
    house.pass(Duration::from_mins(5));
    house.people.put([person("cy")]);
    assert_eq!(other.run(CycleKind::Incremental).await.unwrap().created, 1);
    // Whoever comes back sees what the other one has done.
    let leased = one.run(CycleKind::Incremental).await;
    assert!(leased.is_err(), "{leased:?}");
    house.pass(Duration::from_mins(5));
    house.people.change("cy", |one| one.with_attribute("title", "Nurse"));
    let back = one.run(CycleKind::Incremental).await.unwrap();
    assert_eq!((back.updated, back.created), (1, 0));
    assert_eq!(house.resources("/Users").await.len(), 3);
}

#[tokio::test]
async fn a_node_that_lost_the_job_in_the_middle_of_a_cycle_remembers_nothing_more() {
    let mut house = House::of(&Provider::without_bulk());
    house.settings = |job| job.with_lease(Duration::from_mins(5));
    house.people.put((0..8).map(|number| person(&format!("u{number}"))));
    let slow = house.job().with_holder("slow");
    let quick = Arc::new(house.job().with_holder("quick"));
    // While it waits for an answer its time passes, and another one takes the job.
    let (taker, time, writes) = (Arc::clone(&quick), Arc::clone(&house.time), AtomicUsize::new(0));
    house.wire.fail(move |_, sent| {
        if !sent.is_read() && writes.fetch_add(1, SeqCst) == 3 {
            time.fetch_add(10 * 60, SeqCst);
            at_once(taker.unlink(&"nobody".into())).unwrap();
        }
        None
    });
    let lost = slow.run(CycleKind::Initial).await;
    assert!(matches!(lost, Err(CycleError::State(_))), "{lost:?}");
    assert_eq!(house.wire.take().iter().filter(|sent| !sent.is_read()).count(), 4);
    assert_eq!(house.state().await.links.len(), 3);
    // The other one finds whom it has created.
    house.wire.recover();
    let rest = quick.run(CycleKind::Initial).await.unwrap();
    assert_eq!((rest.adopted, rest.created, rest.unchanged), (1, 4, 3));
    assert_eq!(house.by_name().await.len(), 8);
    assert!(slow.run(CycleKind::Initial).await.is_err());
}

/// What a future gives that waits for nothing.
fn at_once<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits"),
    }
}
