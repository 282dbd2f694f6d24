use std::error::Error;

use scim_client::provision::source::{
    Change, Fields, FileError, FileFault, FileLimits, JsonLines, ObjectKind, Position,
};
use serde_json::json;

use super::folder::{Folder, Reading, fault};

#[tokio::test]
async fn what_is_wrong_is_said_without_a_value() {
    let rows = [
        ("", "/people: the file does not end with a whole line"),
        ("{\"id\": 1}\n{\"id\": 2}", "/people: the file does not end with a whole line"),
        ("{\"id\": 1}\n\n", "/people, line 2: it is not a JSON object"),
        ("{\"id\": 1}\n\"secret\"\n", "/people, line 2: it is not a JSON object"),
        ("{\"id\": 1}\n{\"id\": secret}\n", "/people, line 2: it is not a JSON object"),
        ("{\"id\": 1} {\"id\": 2}\n", "/people, line 1: it is not a JSON object"),
        ("{\"name\": \"secret\"}\n", "/people, line 1: it has no identifier"),
        ("{\"id\": \"\"}\n", "/people, line 1: it has no identifier"),
        ("{\"id\": null}\n", "/people, line 1: it has no identifier"),
        ("{\"id\": 1.5}\n", "/people, line 1: it has no identifier"),
        ("{\"id\": [\"secret\"]}\n", "/people, line 1: it has no identifier"),
        (
            "{\"id\": 1}\n{\"id\": 2}\n{\"id\": \"1\"}\n",
            "/people, line 3: the identifier came before",
        ),
        (
            "{\"id\": 1, \"kind\": \"secret\"}\n",
            "/people, line 1: `kind` has a value that means nothing",
        ),
        (
            "{\"id\": 1, \"roles\": [7]}\n",
            "/people, line 1: `roles` has a value that means nothing",
        ),
        (
            "{\"id\": 1, \"roles\": {\"a\": 1}}\n",
            "/people, line 1: `roles` has a value that means nothing",
        ),
        (
            "{\"id\": 1, \"active\": \"secret\"}\n",
            "/people, line 1: `active` has a value that means nothing",
        ),
        (
            "{\"id\": 1, \"deleted\": 1}\n",
            "/people, line 1: `deleted` has a value that means nothing",
        ),
        (
            "{\"id\": 1, \"members\": [{}]}\n",
            "/people, line 1: `members` has a value that means nothing",
        ),
        (
            "{\"end\": true, \"count\": 1}\n",
            "/people, line 1: there are 0 objects, and the end marker tells 1",
        ),
        (
            "{\"end\": true, \"count\": 0}\n{\"id\": 1}\n",
            "/people, line 2: something follows the end marker",
        ),
        ("{\"end\": false, \"count\": 0}\n", "/people, line 1: it has no identifier"),
    ];
    for (file, text) in rows {
        let folder = Folder::with(file);
        assert_eq!(fault(&JsonLines::new(folder.path())).await, text, "{file}");
    }
    let folder = Folder::with(b"{\"id\": \"secret\xff\"}\n");
    assert_eq!(fault(&JsonLines::new(folder.path())).await, "/people, line 1: it is not UTF-8");
    let folder = Folder::new();
    assert_eq!(fault(&JsonLines::new(folder.path())).await, "/people: the file cannot be read");
}

#[tokio::test]
async fn a_file_beyond_the_limits_is_not_read() {
    let folder = Folder::with("{\"id\": \"1234\"}\r\n{\"id\": \"5678\"}\n");
    let with = |limits| JsonLines::new(folder.path()).with_limits(limits);
    for (line, is_read) in [(0, false), (13, false), (14, true)] {
        let source = with(FileLimits::new().with_line(line));
        let reading = Reading::of(&source, Position::Start).await;
        assert_eq!(reading.is_ok(), is_read, "{line}");
    }
    let source = with(FileLimits::new().with_line(13));
    assert_eq!(fault(&source).await, "/people, line 1: it is longer than 13 bytes");
    let source = with(FileLimits::new().with_objects(1));
    assert_eq!(fault(&source).await, "/people, line 2: there are more than 1 objects");
    Reading::start(&with(FileLimits::new().with_objects(2))).await;
    // Nor is a line without end held in memory.
    folder.write(vec![b' '; 1024 * 1024 + 1]);
    let source = JsonLines::new(folder.path());
    assert_eq!(fault(&source).await, "/people, line 1: it is longer than 1048576 bytes");
}

#[tokio::test]
async fn the_fields_may_have_other_names() {
    let folder = Folder::with(
        r#"{"objectId": 7, "id": "x", "type": "GROUP", "kind": "y", "apps": "A", "on": "False", "gone": "true", "has": 8}
"#,
    );
    let fields = Fields::new()
        .with_id("objectId")
        .with_kind("type")
        .with_roles("apps")
        .with_active("on")
        .with_deleted("gone")
        .with_members("has");
    let reading = Reading::start(&JsonLines::new(folder.path()).with_fields(fields)).await;
    let [Change::Present(group)] = &reading.changes[..] else { panic!("there is one") };
    assert_eq!(json!(group.attributes), json!({"objectId": 7, "id": "x", "kind": "y"}));
    assert_eq!((group.id.as_str(), group.kind), ("7", ObjectKind::Group));
    assert_eq!(group.roles.as_deref(), Some(&["A".to_owned()][..]));
    assert!(!group.is_active && group.is_soft_deleted);
    assert_eq!(group.members, ["8".into()]);
}

#[tokio::test]
async fn groups_may_be_in_a_file_of_their_own() {
    let folder = Folder::with("{\"id\": \"ada\"}\n{\"id\": \"odd\", \"kind\": \"group\"}\n");
    std::fs::write(folder.groups(), "{\"id\": \"all\", \"members\": [\"ada\"]}\n").unwrap();
    let source = JsonLines::new(folder.path()).with_groups(folder.groups());
    let reading = Reading::start(&source).await;
    let kinds = reading.changes.iter().map(|change| match change {
        Change::Present(object) => object.kind,
        Change::Removed(_) => panic!("nobody is gone"),
    });
    assert_eq!(kinds.collect::<Vec<_>>(), [ObjectKind::User, ObjectKind::Group, ObjectKind::Group]);
    // An identifier is one of both.
    std::fs::write(folder.groups(), "{\"id\": \"ada\"}\n").unwrap();
    assert_eq!(fault(&source).await, "/groups, line 1: the identifier came before");
    // The other file counts as well.
    std::fs::write(folder.groups(), "{\"id\": \"all\"}\n").unwrap();
    let since = Reading::since(&source, &reading.watermark).await;
    assert_eq!((since.is_snapshot, since.names()), (false, vec!["all".to_owned()]));
}

#[tokio::test]
async fn a_caller_can_tell_what_is_wrong() {
    let folder = Folder::with("{\"id\": 1}\n{}\n");
    let source = JsonLines::new(folder.path());
    let error = Reading::of(&source, Position::Start).await.unwrap_err();
    let error = error.source().unwrap().downcast_ref::<FileError>().unwrap();
    assert_eq!(error.path(), folder.path());
    assert_eq!((error.line(), error.fault()), (Some(2), &FileFault::NoId));
    assert!(!format!("{source:?}").contains("Index"));
}
