use scim_client::provision::{CycleError, CycleKind};

use super::{
    house::{House, person, report},
    provider::Fault,
};

#[tokio::test]
async fn what_fails_for_one_person_does_not_hold_back_the_others() {
    let rows = [
        (Fault::Status(500), "the service provider failed (500)"),
        (Fault::Status(503), "the service provider failed (503)"),
        (Fault::Status(400), "the service provider refuses the request (400)"),
        (Fault::Status(403), "the token does not allow it (403)"),
        (Fault::Status(413), "the request is too long for the service provider (413)"),
        (Fault::Status(429), "there were too many requests (429)"),
        (Fault::TooLong, "there is no answer"),
    ];
    for (fault, reason) in rows {
        for method in ["GET", "POST"] {
            fail_for_one(fault, method, reason).await;
        }
    }
}

async fn fail_for_one(fault: Fault, method: &'static str, reason: &str) {
    let house = House::new();
    house.people.put(["ada", "ben", "cy"].map(person));
    house.provider.fail(move |_, sent| {
        let fails = sent.method == method && sent.names("ben@clinic.example");
        fails.then_some(fault)
    });
    let cycle = house.run(CycleKind::Initial).await.unwrap();
    assert_eq!((cycle.created, cycle.failed.len()), (2, 1), "{fault:?}");
    let (id, why) = &cycle.failed[0];
    assert_eq!((id.as_str(), why.as_str()), ("ben", &*format!("`{method} /Users`: {reason}")));
    assert_eq!(house.state().await.job.watermark, Some(house.people.watermark()));

    // Tried again although nothing has changed, until it succeeds.
    let adopted = adopted(fault, method);
    let cycle = house.incremental().await;
    assert_eq!((cycle.objects, cycle.failed.len()), (1, 1 - adopted));
    house.provider.recover();
    let cycle = house.incremental().await;
    assert_eq!((cycle.objects, cycle.failed.len()), (1 - adopted, 0));
    assert_eq!(house.provider.users().len(), 3);
    house.assert_quiet().await;
}

/// A creation whose answer is too long has been done, and is found the next time.
fn adopted(fault: Fault, method: &str) -> usize {
    usize::from(matches!(fault, Fault::TooLong) && method == "POST")
}

#[tokio::test]
async fn a_change_that_fails_is_tried_again_although_nothing_has_changed_since() {
    for fault in [Fault::Status(500), Fault::Status(400), Fault::Uniqueness] {
        let house = House::with(["ada", "ben", "cy"].map(person)).await;
        house.people.change("ada", |person| person.with_attribute("title", "Nurse"));
        house.people.change("ben", |person| person.with_attribute("title", "Nurse"));
        house.people.change("cy", |person| person.with_active(false));
        house.provider.fail(move |number, _| (number != 1).then_some(fault));
        let cycle = house.incremental().await;
        let failed: Vec<_> = cycle.failed.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!((failed, cycle.updated, cycle.disabled), (vec!["ada", "cy"], 1, 0));
        house.provider.recover();
        let cycle = house.incremental().await;
        assert_eq!((cycle.objects, cycle.updated, cycle.disabled), (2, 1, 1));
        assert!(house.state().await.escrow.is_empty());
        house.assert_quiet().await;
    }
}

#[tokio::test]
async fn who_failed_and_has_left_since_is_not_tried_again() {
    let house = House::new();
    house.people.put([person("ada"), person("ben")]);
    house.provider.fail(|_, sent| (sent.method == "GET").then_some(Fault::Status(500)));
    assert_eq!(house.incremental().await.failed.len(), 2);
    house.provider.recover();
    house.people.change("ada", |person| person.with_active(false));
    house.people.remove("ben");
    let cycle = house.incremental().await;
    assert_eq!((cycle.skipped.len(), cycle.reads, cycle.writes), (2, 0, 0));
    assert!(house.state().await.escrow.is_empty());
    assert_eq!(house.incremental().await.objects, 0);
}

#[tokio::test]
async fn a_target_that_cannot_be_used_stops_the_cycle_and_the_next_one_goes_on() {
    for fault in [Fault::Status(401), Fault::Connect, Fault::Interrupted] {
        // Two requests for each of the three, and one that closes the circle.
        for number in 0..7 {
            let house = House::new();
            let people = [report("ada", "ben"), report("ben", "ada"), person("cy")];
            house.people.put(people);
            house.provider.fail(move |at, _| (at == number).then_some(fault));
            let error = house.run(CycleKind::Incremental).await.unwrap_err();
            assert!(matches!(error, CycleError::Target(_)), "{error}");
            assert_eq!(error.to_string(), "the service provider cannot be used");
            assert_eq!(house.provider.take().len(), number + 1);
            assert_eq!(house.state().await.job.watermark, None);
            house.provider.recover();
            let cycle = house.incremental().await;
            assert!(cycle.failed.is_empty());
            assert_eq!(house.provider.users().len(), 3);
            house.assert_quiet().await;
        }
    }
}

#[tokio::test]
async fn a_cycle_that_stops_keeps_the_watermark_of_the_one_before() {
    let house = House::with([person("ada"), person("ben")]).await;
    let watermark = house.state().await.job.watermark;
    house.people.change("ada", |person| person.with_attribute("title", "Nurse"));
    house.people.change("ben", |person| person.with_attribute("title", "Nurse"));
    house.provider.fail(|number, _| (number == 1).then_some(Fault::Status(401)));
    house.run(CycleKind::Incremental).await.unwrap_err();
    assert_eq!(house.state().await.job.watermark, watermark);
    house.provider.recover();
    let cycle = house.incremental().await;
    assert_eq!((cycle.objects, cycle.updated, cycle.unchanged), (2, 1, 1));
    house.assert_quiet().await;
}

#[tokio::test]
async fn a_resource_that_is_gone_is_looked_for_and_created_anew() {
    for kind in [CycleKind::Initial, CycleKind::Incremental] {
        let house = House::with([person("ada"), person("ben")]).await;
        house.provider.delete("ada@clinic.example");
        house.people.change("ada", |person| person.with_attribute("title", "Nurse"));
        let cycle = house.run(kind).await.unwrap();
        assert_eq!((cycle.created, cycle.updated), (1, 0));
        assert_eq!(
            house.provider.take_lines(),
            ["PATCH u1", r#"GET userName eq "ada@clinic.example""#, "POST ada@clinic.example"]
        );
        assert_eq!(house.provider.user("ada@clinic.example")["title"], "Nurse");
        house.assert_quiet().await;

        // Somebody else made another one in its place.
        house.provider.delete("ada@clinic.example");
        house.provider.add(serde_json::json!({"userName": "ada@clinic.example"}));
        house.people.change("ada", |person| person.with_attribute("title", "Consultant"));
        let cycle = house.run(kind).await.unwrap();
        assert_eq!((cycle.created, cycle.adopted, cycle.updated), (0, 1, 0));
        assert_eq!(house.provider.user("ada@clinic.example")["title"], "Consultant");
        house.assert_quiet().await;
    }
}

#[tokio::test]
async fn an_object_that_does_not_fit_the_schema_fails_alone() {
    let house = House::new();
    let misfit = person("ben").with_attribute("title", serde_json::json!({"not": "text"}));
    house.people.put([person("ada"), misfit, person("cy")]);
    let cycle = house.run(CycleKind::Initial).await.unwrap();
    assert_eq!((cycle.created, cycle.failed.len()), (2, 1));
    house.people.change("ben", |person| person.with_attribute("title", "Nurse"));
    let cycle = house.incremental().await;
    assert_eq!((cycle.created, cycle.failed.len()), (1, 0));
    house.assert_quiet().await;
}
