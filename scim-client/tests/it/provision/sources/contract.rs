//! What every source does, whatever it reads.

use std::collections::HashSet;

use scim_client::provision::{
    IdentitySource, SourceId, SourceObject,
    source::{
        Change, FileLimits, JsonLines, ObjectKind, Position, ScimSource, Snapshot, Watermark,
    },
};
use serde_json::json;

use super::{
    JSON,
    directory::Directory,
    folder::{Folder, Reading},
};

/// Holds a source to its contract, if it has these objects.
async fn hold(source: &dyn IdentitySource, expected: &[SourceObject]) {
    let reading = Reading::start(source).await;
    assert!(reading.is_snapshot);
    let mut ids = HashSet::new();
    assert!(reading.changes.iter().all(|change| ids.insert(change.id().clone())), "each once");
    assert_eq!(reading.changes.len(), expected.len());
    for object in expected {
        let is_there = |change: &Change| matches!(change, Change::Present(o) if o == object);
        assert!(reading.changes.iter().any(is_there), "{object:?} in {reading:?}");
        assert_eq!(source.get(&object.id).await.unwrap().as_ref(), Some(object));
    }
    assert_eq!(source.get(&SourceId::from("nobody")).await.unwrap(), None);
    // A second read says the same.
    let again = Reading::start(source).await;
    assert_eq!(again.names(), reading.names());
    assert_eq!(again.watermark, reading.watermark);
    // Nothing has changed; or it does not know, and says all again.
    let since = Reading::since(source, &reading.watermark).await;
    assert_eq!(since.watermark, reading.watermark);
    if since.is_snapshot {
        assert_eq!(since.names(), reading.names());
    } else {
        assert_eq!(since.names(), [""; 0]);
    }
}

fn objects() -> Vec<SourceObject> {
    vec![
        SourceObject::new("ada")
            .with_attribute("id", "ada")
            .with_attribute("mail", "ada@mail.example")
            .with_attribute("otherMails", vec!["a@b.example", "c@d.example"])
            .with_roles(["User", "Head"]),
        SourceObject::new("ben")
            .with_attribute("id", "ben")
            .with_attribute("mail", "ben@mail.example")
            .with_active(false)
            .with_soft_deleted(true),
        SourceObject::group("all")
            .with_attribute("id", "all")
            .with_attribute("name", "All")
            .with_members(["ada", "ben", "few"])
            .with_roles(["User"]),
        SourceObject::group("few").with_attribute("id", "few").with_attribute("name", "Few"),
    ]
}

#[tokio::test]
async fn a_list_in_memory_keeps_it() {
    hold(&Snapshot::new(objects()), &objects()).await;
    hold(&Snapshot::new([]), &[]).await;
}

/// The forms in which a file may stand there.
fn forms(file: &str, ends: &[&str]) -> Vec<Folder> {
    let forms = ends.iter().flat_map(|end| {
        let file = format!("{file}{end}");
        [file.replace('\n', "\r\n"), format!("\u{feff}{file}"), file]
    });
    forms.map(Folder::with).collect()
}

fn limits() -> impl Iterator<Item = FileLimits> {
    (0..=5).map(|page| FileLimits::new().with_page(page))
}

#[tokio::test]
async fn json_lines_keep_it_in_pages_of_any_size() {
    for folder in forms(JSON, &["", "{\"end\": true, \"count\": 4}\n"]) {
        for limits in limits() {
            hold(&JsonLines::new(folder.path()).with_limits(limits), &objects()).await;
        }
    }
}

#[cfg(feature = "csv")]
#[tokio::test]
async fn csv_keeps_it_in_pages_of_any_size() {
    use scim_client::provision::source::Csv;

    for folder in forms(super::CSV, &["", "#end,4\n", "#end,4,,,,,,,\n"]) {
        for limits in limits() {
            let source = Csv::new(folder.path()).with_list("otherMails", '|');
            hold(&source.with_limits(limits), &objects()).await;
        }
    }
}

#[tokio::test]
async fn a_service_provider_keeps_it() {
    for page in [1, 2, 100] {
        let directory = Directory::new(page);
        directory.put(ObjectKind::User, "ada", "2026-01-01T08:00:00Z", json!({}));
        directory.put(ObjectKind::User, "ben", "2026-01-01T09:00:00Z", json!({"active": false}));
        directory.put(ObjectKind::User, "cy", "2026-01-01T10:00:00Z", json!({}));
        let members = json!({"members": [{"value": "ada"}, {"value": "ben"}]});
        directory.put(ObjectKind::Group, "all", "2026-01-01T07:00:00Z", members);
        let source = ScimSource::new(&directory.client());
        let objects = |ids: &[&str]| -> Vec<SourceObject> {
            ids.iter().map(|id| directory.object(id).with_roles([""; 0])).collect()
        };
        hold(&source, &objects(&["ada", "ben", "cy"])).await;
        hold(&source.clone().with_groups(), &objects(&["ada", "ben", "cy", "all"])).await;
        let source = source.with_groups().with_count(2).with_changes_by_last_modified();
        hold_but_for_the_newest(&source, &objects(&["ada", "ben", "cy", "all"])).await;
    }
}

/// A source that gives the newest ones again.
async fn hold_but_for_the_newest(source: &dyn IdentitySource, expected: &[SourceObject]) {
    let reading = Reading::start(source).await;
    assert_eq!(reading.changes.len(), expected.len());
    assert_eq!(reading.watermark, Watermark::new("2026-01-01T09:55:00.000Z"));
    let since = Reading::since(source, &reading.watermark).await;
    assert_eq!((since.is_snapshot, since.names()), (false, vec!["cy".to_owned()]));
    assert_eq!(since.watermark, reading.watermark);
}

#[tokio::test]
async fn a_position_of_another_source_is_an_error() {
    let folder = Folder::with(JSON);
    let file = JsonLines::new(folder.path());
    Reading::start(&file).await;
    let client = Directory::new(1).client();
    let sources: [&dyn IdentitySource; 2] = [&file, &ScimSource::new(&client)];
    for source in sources {
        for words in ["", "a b 1", "- - -", "4 - 0"] {
            let position = Position::Next(words.to_owned());
            assert!(source.read(&position).await.is_err(), "{words}");
        }
    }
}
