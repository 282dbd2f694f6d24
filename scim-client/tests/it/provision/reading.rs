use async_trait::async_trait;
use bytes::Bytes;
use http::Response;
use scim_client::{
    Client,
    provision::{
        CycleError, CycleKind, IdentitySource, Provisioner, SourceId, SourceObject,
        source::{Batch, Following, Position, SourceError},
        state::MemoryState,
    },
    transport::InProcessTransport,
};

use super::house::{House, person, report};

/// Six people, two on a page; then one is changed, one is gone and one is new.
async fn changed_house() -> House {
    let ids = ["ada", "ben", "cy", "dan", "eve"];
    let house = House::with(ids.map(person)).await;
    house.people.change("ada", |person| person.with_attribute("title", "Nurse"));
    house.people.change("ben", |person| person.with_active(false));
    house.people.remove("cy");
    house.people.lose("dan");
    house.people.put([report("fay", "ada")]);
    house
}

#[tokio::test]
async fn a_page_that_fails_sends_nothing_and_changes_nothing() {
    for kind in [CycleKind::Initial, CycleKind::Incremental] {
        let house = changed_house().await;
        house.people.fail_read(None);
        house.run(kind).await.unwrap();
        let pages = house.people.reads();
        assert!(pages > 1);
        for page in 0..pages {
            let house = changed_house().await;
            let before = format!("{:?}", house.state().await);
            let users = house.provider.users();
            house.people.fail_read(Some(page));
            house.memory.fail(None);
            let error = house.run(kind).await.unwrap_err();
            assert!(matches!(error, CycleError::Source(_)), "{error}");
            assert_eq!(house.provider.take_lines(), [""; 0]);
            assert_eq!(house.provider.users(), users);
            // Nothing is remembered but that it failed.
            let mut after = house.state().await;
            assert_eq!(std::mem::take(&mut after.job.failed_reads), 1);
            assert_eq!(format!("{after:?}"), before);
            // The next cycle makes up for it.
            let cycle = house.run(CycleKind::Initial).await.unwrap();
            assert_eq!((cycle.updated, cycle.disabled, cycle.created), (1, 3, 1));
            house.assert_quiet().await;
        }
    }
}

#[tokio::test]
async fn the_first_page_of_the_first_cycle_may_fail_as_well() {
    for page in 0..3 {
        let house = House::new();
        house.people.put(["ada", "ben", "cy", "dan", "eve"].map(person));
        house.people.fail_read(Some(page));
        house.run(CycleKind::Incremental).await.unwrap_err();
        assert_eq!(house.provider.take_lines(), [""; 0]);
        assert_eq!(house.state().await.job.watermark, None);
        assert_eq!(house.incremental().await.created, 5);
    }
}

#[tokio::test]
async fn a_person_who_cannot_be_read_again_stops_the_cycle_before_it_begins() {
    let house = House::with([person("ada"), person("ben")]).await;
    house.people.change("ada", |person| person.with_attribute("title", "Nurse"));
    house.provider.fail(|_, _| Some(super::provider::Fault::Status(500)));
    house.incremental().await;
    house.provider.recover();
    let watermark = house.state().await.job.watermark;
    house.people.change("ben", |person| person.with_attribute("title", "Nurse"));
    house.people.fail_get(true);
    let error = house.run(CycleKind::Incremental).await.unwrap_err();
    assert!(matches!(error, CycleError::Source(_)), "{error}");
    assert_eq!(house.provider.take_lines(), [""; 0]);
    assert_eq!(house.state().await.job.watermark, watermark);
    house.people.fail_get(false);
    assert_eq!(house.incremental().await.updated, 2);
}

#[tokio::test]
async fn a_read_that_does_not_end_disables_nobody() {
    let house = changed_house().await;
    let users = house.provider.users();
    house.people.never_end();
    for kind in [CycleKind::Initial, CycleKind::Incremental] {
        tokio::select! {
            biased;
            cycle = house.run(kind) => panic!("the source has no end: {cycle:?}"),
            () = std::future::ready(()) => {}
        }
    }
    assert_eq!(house.provider.take_lines(), [""; 0]);
    assert_eq!(house.provider.users(), users);
}

#[tokio::test]
async fn of_several_changes_of_a_person_the_last_one_counts() {
    let house = House::with([person("ada"), person("ben"), person("cy")]).await;
    house.people.change("ada", |person| person.with_attribute("title", "Nurse"));
    house.people.change("ben", |person| person.with_attribute("title", "Nurse"));
    house.people.change("ada", |person| person.with_attribute("title", "Consultant"));
    house.people.remove("ada");
    let cycle = house.incremental().await;
    assert_eq!((cycle.objects, cycle.updated, cycle.disabled), (2, 1, 1));
    assert_eq!(house.provider.take_operations().len(), 2);
}

#[tokio::test]
async fn the_watermark_of_a_good_cycle_is_where_the_next_one_begins() {
    let house = House::with([person("ada")]).await;
    assert_eq!(house.state().await.job.watermark, Some(house.people.watermark()));
    house.people.put([person("ben")]);
    assert_eq!(house.incremental().await.objects, 1);
    assert_eq!(house.state().await.job.watermark, Some(house.people.watermark()));
    assert_eq!(house.incremental().await.objects, 0);
}

/// A source that leads from its second page to its second page.
struct Circle;

#[async_trait]
impl IdentitySource for Circle {
    async fn read(&self, _: &Position) -> Result<Batch, SourceError> {
        Ok(Batch::new(Vec::new(), Following::More("second".to_owned())))
    }

    async fn get(&self, _: &SourceId) -> Result<Option<SourceObject>, SourceError> {
        Ok(None)
    }
}

#[tokio::test]
async fn a_source_that_goes_round_in_a_circle_is_not_read_for_ever() {
    let provider = InProcessTransport::new(|_| async { Response::new(Bytes::new()) });
    let client = Client::builder("https://scim.example.com").transport(provider).build().unwrap();
    let mapping = super::house::mapping();
    let job = Provisioner::new(&client, mapping, Circle, MemoryState::new()).unwrap();
    let error = job.run(CycleKind::Initial).await.unwrap_err();
    assert!(matches!(error, CycleError::Source(_)), "{error}");
}
