//! What nobody gets to see who reads logs.

use std::{
    fmt::Write as _,
    io,
    sync::{Arc, Mutex},
};

use scim_client::provision::{
    AttributeMapping, CycleKind, Event, Mapping, Provisioner, SourceObject,
    report::{JsonLinesLog, Origin},
};

use super::{
    house::House,
    objects::{mapping, person},
    provider::Provider,
    wire::Fault,
};

/// What marks a value that is personal.
const MARK: &str = "Geheimnis";

fn marked(id: &str) -> SourceObject {
    person(id)
        .with_attribute("upn", format!("{MARK}-{id}@clinic.example"))
        .with_attribute("name", format!("{MARK} name"))
        .with_attribute("title", format!("{MARK} title"))
        .with_attribute("number", format!("{MARK}-{id}"))
}

/// Everything that a job shows of itself.
#[derive(Clone, Default)]
struct Shown(Arc<Mutex<String>>);

impl Shown {
    fn add(&self, text: impl std::fmt::Debug) {
        writeln!(self.0.lock().unwrap(), "{text:?}").unwrap();
    }

    fn assert_holds_no(&self, token: &str) {
        let shown = self.0.lock().unwrap();
        assert!(!shown.contains(token), "the token is shown");
        let place = shown.find(MARK);
        let around = |place: usize| shown.chars().skip(place.saturating_sub(200)).take(400);
        assert!(place.is_none(), "{}", around(place.unwrap()).collect::<String>());
        assert!(shown.len() > 10_000, "something is shown");
    }
}

/// A cycle of each sort, and everything that comes of it.
async fn show(house: &House, shown: &Shown, kind: CycleKind) {
    let listener = shown.clone();
    let job = house.job().with_events(move |event: &Event| listener.add(event));
    shown.add(&job);
    shown.add(house.client.clone());
    match job.plan(kind).await {
        Ok(plan) => {
            shown.add(&plan);
            shown.add(plan.counts());
        }
        Err(error) => shown.add(&error),
    }
    match job.run(kind).await {
        Ok(report) => {
            shown.add(&report);
            shown.add(serde_json::to_string(&report.summary()).unwrap());
        }
        Err(error) => {
            shown.add(error.to_string());
            shown.add(&error);
            let mut source = std::error::Error::source(&error);
            while let Some(error) = source {
                shown.add(error.to_string());
                source = error.source();
            }
        }
    }
    shown.add(job.links().await.unwrap());
    shown.add(job.escrows().await.unwrap());
    shown.add(serde_json::to_string(&job.escrows().await.unwrap()).unwrap());
    shown.add(job.status().await.unwrap());
    shown.add(serde_json::to_string(&job.status().await.unwrap()).unwrap());
    shown.add(house.state().await);
    house.pass(std::time::Duration::from_hours(48));
}

#[tokio::test]
async fn neither_token_nor_values_are_shown_whatever_happens() {
    for provider in [Provider::default(), Provider::without_bulk()] {
        let house = House::of(&provider);
        let shown = Shown::default();
        house.people.put(["ada", "ben", "cy", "dan"].map(marked));
        // Two that would be the same, one whom the service provider refuses, and one like a user
        // of somebody else.
        let twin = house.people.find("ada").unwrap().attributes["upn"].clone();
        house.people.put([marked("eve").with_attribute("upn", twin)]);
        house.people.put([marked("fay").with_attribute("title", "poison")]);
        let user = serde_json::json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": format!("{MARK}-dan@clinic.example"),
            "externalId": "somebody else's",
        });
        house.ask("POST", "/Users", &user).await;
        show(&house, &shown, CycleKind::Initial).await;
        house.people.change("cy", |one| one.with_attribute("title", format!("{MARK} too")));
        house.people.change("ben", |one| one.with_active(false));
        show(&house, &shown, CycleKind::Incremental).await;
        show(&house, &shown, CycleKind::Reconcile).await;
        for fault in [Fault::Refused, Fault::Lost, Fault::Status(500), Fault::Status(401)]
            .into_iter()
            .chain([Fault::Html, Fault::Truncated, Fault::Throttled, Fault::Status(409)])
        {
            house
                .people
                .change("cy", |one| one.with_attribute("title", format!("{MARK} {fault:?}")));
            house.people.put([marked(&format!("new-{fault:?}"))]);
            house.wire.fail(move |_, sent| (!sent.is_read()).then_some(fault));
            show(&house, &shown, CycleKind::Incremental).await;
            house.wire.recover();
        }
        shown.assert_holds_no(house.token());
    }
}

/// Lines that are written and looked at.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_log_has_stars_in_the_place_of_values_that_the_mapping_hides() {
    let redacted = || -> Mapping {
        let direct = |name: &str, target: &str| AttributeMapping::direct(name, target).unwrap();
        mapping()
            .with(direct("title", "title").redacted())
            .with(direct("name", "displayName").redacted())
    };
    let house = House::new();
    let lines = Lines::default();
    let hidden = |id: &str| {
        person(id)
            .with_attribute("title", format!("{MARK} one"))
            .with_attribute("name", format!("{MARK} name"))
    };
    let job =
        Provisioner::new(&house.client, redacted(), house.people.clone(), house.memory.clone());
    let origin = Origin::new("clinic", "directory", "roster");
    let job = job.unwrap().with_events(JsonLinesLog::new(origin, lines.clone()));
    house.people.put([hidden("ada"), hidden("ben")]);
    job.run(CycleKind::Initial).await.unwrap();
    house.people.change("ada", |one| one.with_attribute("title", format!("{MARK} two")));
    house.people.change("ben", |one| one.with_attribute("title", ""));
    job.run(CycleKind::Incremental).await.unwrap();
    let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert_eq!(log.lines().count(), 4);
    assert!(!log.contains(MARK), "{log}");
    assert!(!log.contains(house.token()));
    let last: serde_json::Value = serde_json::from_str(log.lines().nth(2).unwrap()).unwrap();
    let modified = &last["modifiedProperties"];
    assert_eq!(modified[0]["displayName"], "title");
    assert_eq!(
        (&modified[0]["oldValue"], &modified[0]["newValue"]),
        (&"***".into(), &"***".into())
    );
    // Others are shown.
    assert!(log.contains("ada@clinic.example"));
}
