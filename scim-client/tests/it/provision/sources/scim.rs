use scim_client::provision::{
    CycleKind, IdentitySource, Provisioner, SourceId,
    source::{Change, ObjectKind, Position, ScimSource, Watermark},
};
use serde_json::{Value, json};

use super::{
    directory::{Directory, Event},
    folder::Reading,
};
use crate::provision::house::{ENTERPRISE, House, mapping};

fn directory(ids: &[&str]) -> Directory {
    let directory = Directory::new(2);
    for (id, hour) in ids.iter().zip(10..) {
        let modified = format!("2026-01-01T{hour}:00:00Z");
        let more = json!({"upn": format!("{id}@clinic.example"), "title": "Porter"});
        directory.put(ObjectKind::User, id, &modified, more);
    }
    directory
}

#[tokio::test]
async fn what_is_inside_of_an_attribute_is_one_as_well() {
    let directory = Directory::new(10);
    let more = json!({
        "name": {"givenName": "Ada", "familyName": "Adler"},
        "emails": [{"value": "a@b.example", "type": "work"}],
        "active": "False",
        "roles": [{"value": "Head"}, {"display": "no value"}, {"value": "User"}],
        ENTERPRISE: {"department": "Oncology", "manager": {"value": "ben", "displayName": "Ben"}},
    });
    directory.put(ObjectKind::User, "ada", "2026-01-01T10:00:00Z", more.clone());
    let source = ScimSource::new(&directory.client()).with_roles_of_resource();
    let reading = Reading::start(&source).await;
    let [Change::Present(ada)] = &reading.changes[..] else { panic!("there is one") };
    let attribute = |name: &str| ada.value(name).cloned().unwrap_or_default();
    for name in ["name", "emails", ENTERPRISE] {
        assert_eq!(attribute(name), more[name]);
    }
    assert_eq!(attribute("id"), "ada");
    assert_eq!(attribute("name.givenName"), "Ada");
    assert_eq!(attribute("meta.lastModified"), "2026-01-01T10:00:00Z");
    assert_eq!(attribute(&format!("{ENTERPRISE}:department")), "Oncology");
    assert_eq!(attribute(&format!("{ENTERPRISE}:manager.value")), "ben");
    assert_eq!(attribute(&format!("{ENTERPRISE}:manager")), Value::Null);
    assert_eq!(ada.roles.as_deref(), Some(&["Head".to_owned(), "User".to_owned()][..]));
    assert!(!ada.is_active);
}

#[tokio::test]
async fn a_list_that_moves_or_fails_gives_nothing() {
    let pages = 3;
    for event in [Event::Deletion, Event::Failure, Event::NoScim] {
        for request in 0..=pages {
            let directory = directory(&["ada", "ben", "cy", "dan", "eve"]);
            directory.put(ObjectKind::Group, "all", "2026-01-01T10:00:00Z", json!({}));
            let source = ScimSource::new(&directory.client()).with_groups();
            directory.before(request, event);
            let reading = Reading::of(&source, Position::Start).await;
            // Who was deleted before the first page, or after the last one, is not missed.
            let is_between = matches!(event, Event::Deletion) && (request == 0 || request == pages);
            assert_eq!(reading.is_ok(), is_between, "{request}: {reading:?}");
        }
    }
}

#[tokio::test]
async fn resources_without_meaning_give_nothing() {
    let rows = [
        (ObjectKind::User, json!({"id": ""})),
        (ObjectKind::User, json!({"active": "secret"})),
        (ObjectKind::User, json!({"active": 7})),
        (ObjectKind::Group, json!({"members": [{"display": "secret"}]})),
        (ObjectKind::Group, json!({"id": "ada"})),
    ];
    for (kind, more) in rows {
        let directory = directory(&["ada"]);
        directory.put(kind, "odd", "2026-01-01T10:00:00Z", more.clone());
        let source = ScimSource::new(&directory.client()).with_groups();
        let error = Reading::of(&source, Position::Start).await.unwrap_err();
        assert!(!format!("{error:?}").contains("secret"), "{error:?}");
    }
}

#[tokio::test]
async fn one_object_is_looked_for_among_users_and_then_groups() {
    let directory = directory(&["ada"]);
    directory.put(ObjectKind::Group, "all", "2026-01-01T10:00:00Z", json!({}));
    let users = ScimSource::new(&directory.client());
    let both = users.clone().with_groups();
    let kind = async |source: &ScimSource, id: &str| {
        let object = source.get(&SourceId::from(id)).await.unwrap();
        object.map(|object| object.kind)
    };
    assert_eq!(kind(&both, "ada").await, Some(ObjectKind::User));
    assert_eq!(directory.take_requests(), ["/Users/ada"]);
    assert_eq!(kind(&both, "all").await, Some(ObjectKind::Group));
    assert_eq!(directory.take_requests(), ["/Users/all", "/Groups/all"]);
    assert_eq!(kind(&both, "nobody").await, None);
    assert_eq!(kind(&users, "all").await, None);
    assert_eq!(kind(&users, "").await, None, "no resource has it");
    for event in [Event::Failure, Event::NoScim] {
        directory.before(0, event);
        assert!(both.get(&SourceId::from("nobody")).await.is_err());
    }
}

#[tokio::test]
async fn changes_are_asked_for_by_the_clock_of_the_service_provider() {
    let directory = directory(&["ada", "ben", "cy"]);
    let source = ScimSource::new(&directory.client()).with_changes_by_last_modified();
    let first = Reading::start(&source).await;
    assert_eq!(first.watermark, Watermark::new("2026-01-01T11:55:00.000Z"));
    let newest = "/Users sortBy=meta.lastModified&sortOrder=descending&count=1";
    assert_eq!(directory.take_requests(), [newest, "/Users", "/Users startIndex=3"]);

    directory.put(ObjectKind::User, "ada", "2026-01-01T11:55:00Z", json!({"title": "Nurse"}));
    directory.put(ObjectKind::User, "ben", "2026-01-01T11:54:59Z", json!({"title": "Nurse"}));
    directory.put(ObjectKind::User, "dan", "2026-01-02T10:00:00Z", json!({}));
    directory.delete("cy");
    let second = Reading::since(&source, &first.watermark).await;
    assert_eq!((second.is_snapshot, second.names()), (false, vec!["ada".into(), "dan".into()]));
    assert_eq!(second.watermark, Watermark::new("2026-01-02T09:55:00.000Z"));
    let changed = "/Users filter=meta.lastModified ge \"2026-01-01T11:55:00.000Z\"";
    assert_eq!(directory.take_requests(), [newest, changed]);

    // The newest one is gone, and the watermark stays.
    directory.delete("dan");
    let third = Reading::since(&source, &second.watermark).await;
    assert_eq!((third.names().len(), &third.watermark), (0, &second.watermark));

    // Without an order some resource will do.
    directory.refuse_to_sort();
    let fourth = Reading::start(&source).await;
    assert_eq!(fourth.watermark, Watermark::new("2026-01-01T11:50:00.000Z"));
}

#[tokio::test]
async fn without_a_date_everyone_is_read_again() {
    let directory = Directory::new(2);
    let source = ScimSource::new(&directory.client()).with_changes_by_last_modified();
    let first = Reading::start(&source).await;
    assert!(first.changes.is_empty());
    directory.put(ObjectKind::User, "ada", "no date", json!({}));
    let second = Reading::since(&source, &first.watermark).await;
    assert_eq!((second.is_snapshot, second.names()), (true, vec!["ada".to_owned()]));
    assert_eq!(second.watermark, first.watermark);
}

#[tokio::test]
async fn who_is_deleted_there_is_disabled_here() {
    let house = House::new();
    let directory = directory(&["ada", "ben", "cy"]);
    let source = ScimSource::new(&directory.client()).with_roles(["User"]);
    let (client, memory) = (house.provider.client(), house.memory.clone());
    let job = Provisioner::new(&client, mapping(), source, memory).unwrap();
    let report = job.run(CycleKind::Incremental).await.unwrap();
    assert_eq!((report.created, report.failed.len()), (3, 0));
    house.assert_quiet_in(&job).await;
    directory.delete("ben");
    let report = job.run(CycleKind::Incremental).await.unwrap();
    assert_eq!((report.kind, report.disabled, report.unchanged), (CycleKind::Initial, 1, 2));
    house.assert_quiet_in(&job).await;
    // While the directory does not answer, nobody is.
    directory.before(0, Event::Failure);
    job.run(CycleKind::Incremental).await.unwrap_err();
    assert_eq!(house.provider.take_lines(), [""; 0]);
}
