use scim_client::provision::{
    AttributeMapping, CycleKind, Mapping, Provisioner, SourceObject, source::Snapshot,
    state::MemoryState,
};
use serde_json::json;

use super::{
    house::{ENTERPRISE, House, person, report},
    provider::Provider,
};

#[tokio::test]
async fn whom_others_report_to_is_created_first() {
    let rows = [
        (vec![report("ada", "ben"), report("ben", "cy"), person("cy")], vec!["cy", "ben", "ada"]),
        (vec![person("ada"), report("ben", "ada")], vec!["ada", "ben"]),
        (vec![report("ada", "cy"), report("ben", "cy"), person("cy")], vec!["cy", "ada", "ben"]),
        (vec![report("ada", "ada")], vec!["ada"]),
        (vec![report("ada", "nobody")], vec!["ada"]),
        // A circle is cut where the source begins.
        (vec![report("ada", "ben"), report("ben", "ada")], vec!["ben", "ada"]),
        (
            vec![report("ada", "dan"), report("ben", "cy"), report("cy", "dan"), person("dan")],
            vec!["dan", "ada", "cy", "ben"],
        ),
    ];
    for (people, order) in rows {
        let house = House::new();
        house.people.put(people);
        let count = order.len();
        let report = house.run(CycleKind::Initial).await.unwrap();
        assert_eq!((report.objects, report.created), (count, count));
        let created = house.provider.take().into_iter().filter(|sent| sent.method == "POST");
        let created: Vec<_> = created.map(|sent| sent.body["externalId"].clone()).collect();
        let order: Vec<_> = order.iter().map(|id| json!(format!("E-{id}"))).collect();
        assert_eq!(created, order);
    }
}

#[tokio::test]
async fn everyone_in_scope_is_looked_for_and_then_created_with_all_that_is_mapped() {
    let house = House::new();
    let outside = person("out").with_active(false);
    house.people.put([person("ada"), outside, report("ben", "ada")]);
    let cycle = house.run(CycleKind::Incremental).await.unwrap();
    assert_eq!(cycle.kind, CycleKind::Initial, "nothing was read before");
    assert_eq!((cycle.created, cycle.skipped.len(), cycle.failed.len()), (2, 1, 0));
    assert_eq!((cycle.reads, cycle.writes), (2, 2));
    let sent = house.provider.take();
    assert_eq!(
        sent.iter().map(ToString::to_string).collect::<Vec<_>>(),
        [
            r#"GET userName eq "ada@clinic.example""#,
            r#"GET userName eq "ben@clinic.example""#,
            "POST ada@clinic.example",
            "POST ben@clinic.example",
        ]
    );
    assert_eq!(
        sent[3].body,
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
            "userName": "ben@clinic.example",
            "externalId": "E-ben",
            "active": true,
            "userType": "Employee",
            "displayName": "BEN Adler",
            "name": {"givenName": "BEN"},
            "emails": [{"type": "work", "value": "ben@mail.example", "primary": true}],
            "title": "Porter",
            "password": "changeme",
            ENTERPRISE: {"department": "Oncology", "manager": {"value": "u1"}},
        })
    );
}

#[tokio::test]
async fn what_has_no_value_is_not_sent() {
    let house = House::new();
    let bare = SourceObject::new("ada").with_roles(["User"]);
    let bare = bare.with_attribute("upn", "ada@clinic.example").with_attribute("title", "");
    house.people.put([bare.with_attribute("department", json!(null))]);
    house.run(CycleKind::Initial).await.unwrap();
    assert_eq!(
        house.provider.take()[1].body,
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": "ada@clinic.example",
            "active": true,
            "userType": "Employee",
            "emails": [{"type": "work", "primary": true}],
        })
    );
    house.assert_quiet().await;
}

#[tokio::test]
async fn a_later_mapping_takes_the_place_of_an_earlier_one() {
    let provider = Provider::new();
    let mapping = Mapping::new()
        .with(AttributeMapping::constant("nobody", "userName").unwrap())
        .with(AttributeMapping::direct("upn", "USERNAME").unwrap().matching(1))
        .with(AttributeMapping::direct("upn", "userName").unwrap().matching(1));
    let source = Snapshot::new([person("ada")]);
    let job = Provisioner::new(&provider.client(), mapping, source, MemoryState::new()).unwrap();
    job.run(CycleKind::Initial).await.unwrap();
    assert_eq!(provider.users().len(), 1);
    assert_eq!(provider.user("ada@clinic.example")["userName"], "ada@clinic.example");
}

#[tokio::test]
async fn a_cycle_of_unchanged_data_sends_nothing() {
    let house =
        House::with([report("ada", "ben"), report("ben", "ada"), report("cy", "ada")]).await;
    house.assert_quiet().await;
    // Nor does one of people who are named as changed, and are the same.
    house.people.put(["ada", "cy"].map(|id| house.people.find(id).unwrap()));
    let cycle = house.incremental().await;
    assert_eq!((cycle.kind, cycle.objects, cycle.unchanged), (CycleKind::Incremental, 2, 2));
    house.assert_quiet().await;
}

#[tokio::test]
async fn so_many_changes_cost_so_many_writes_and_no_read() {
    let ids = ["ada", "ben", "cy", "dan", "eve", "fay"];
    for count in 0..=ids.len() {
        let house = House::with(ids.map(person)).await;
        for id in &ids[..count] {
            house.people.change(id, |person| person.with_attribute("title", "Consultant"));
            house.people.change(id, |person| person.with_attribute("department", "Surgery"));
        }
        let cycle = house.incremental().await;
        assert_eq!(cycle.objects, count);
        assert_eq!((cycle.updated, cycle.writes), (count, count as u64));
        assert_eq!(cycle.reads, 0);
        assert_eq!(house.provider.take_operations().len(), count);
        house.assert_quiet().await;
    }
}

#[tokio::test]
async fn an_initial_cycle_finds_changes_that_no_feed_named() {
    let house = House::with(["ada", "ben", "cy"].map(person)).await;
    let watermark = house.state().await.job.watermark;
    house.people.change("ben", |person| person.with_attribute("title", "Consultant"));
    let cycle = house.run(CycleKind::Initial).await.unwrap();
    assert_eq!((cycle.objects, cycle.updated, cycle.unchanged), (3, 1, 2));
    assert_eq!(house.provider.take().len(), 1);
    assert_ne!(house.state().await.job.watermark, watermark);
    house.assert_quiet().await;
}
