//! What is taken down of a write.

use std::sync::{Arc, Mutex};

use http::header::{AUTHORIZATION, HeaderName, IF_MATCH};
use scim_server::audit::{AuditEvent, AuditSink};
use serde_json::json;

use super::{
    Server, delete, get, group, patch, path_to, post, put, request, user, user_with, with,
};
use crate::reply::MARKER;

#[derive(Clone, Default)]
struct Journal(Arc<Mutex<Vec<String>>>);

impl AuditSink for Journal {
    fn record(&self, event: &AuditEvent<'_>) {
        let tenant = event.tenant.map_or("-", |tenant| tenant.as_str());
        let operation = event.operation.map_or("-", |operation| operation.as_str());
        let line = format!(
            "{tenant} {} {operation} {} {} {:?} {:?} +{:?} -{:?}",
            event.principal.unwrap_or("-"),
            event.resource_type.unwrap_or("-"),
            event.id.unwrap_or("-"),
            event.outcome,
            event.changed,
            event.members_added,
            event.members_removed,
        );
        self.0.lock().unwrap().push(line);
    }
}

impl Journal {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

#[tokio::test]
async fn every_operation_of_a_bulk_request_is_taken_down_once() {
    let journal = Journal::default();
    let server = Server::with(|builder| builder.with_audit(journal.clone()));
    let path = server.user("bjensen").await;
    let id = path.trim_start_matches("/Users/");
    let members = json!([{ "value": "bulkId:b" }]);
    let circle = json!({ "displayName": "A", "members": [{ "value": "bulkId:a" }] });
    journal.take();
    let operations = json!([
        { "method": "DELETE", "path": path },
        { "method": "BREW", "path": path },
        { "method": "PUT", "path": path },
        { "method": "DELETE", "path": "/Users/unknown" },
        { "method": "PATCH", "path": "/Nothing/1", "data": {} },
        { "method": "PATCH", "path": "/Groups/bulkId:b", "data": { "members": members } },
        { "method": "POST", "path": "/Groups", "bulkId": "a", "data": circle },
    ]);
    let reply = server.send(post("/Bulk", &json!({ "Operations": operations }))).await;
    let answers = reply.assert_status(200).json()["Operations"].clone();
    let group = answers[6]["location"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let refused = |what: &str, status: u16, scim_type: &str| {
        format!("{what} Refused {{ status: {status}, scim_type: {scim_type} }} [] +[] -[]")
    };
    let expected = [
        format!("delete User {id} Changed [] +[] -[]"),
        refused("- - -", 400, "Some(InvalidValue)"),
        refused("replace - -", 400, "Some(InvalidValue)"),
        refused("delete User unknown", 404, "None"),
        refused("patch - -", 404, "None"),
        refused("patch - -", 409, "Some(InvalidValue)"),
        format!(r#"create Group {group} Changed ["displayName"] +[] -[]"#),
        format!(r#"patch Group {group} Changed ["members"] +["{group}"] -[]"#),
    ];
    assert_eq!(journal.take(), expected.map(|outcome| format!("r1 writer {outcome}")));
}

#[tokio::test]
async fn every_write_is_taken_down_once() {
    let journal = Journal::default();
    let server = Server::with(|builder| builder.with_audit(journal.clone()));
    let created = server.create("/Users", &user_with(json!({ "title": MARKER }))).await;
    let path = path_to(&created);
    let id = path.trim_start_matches("/Users/");
    let took = |outcome: &str| format!("r1 writer {outcome}");
    assert_eq!(
        journal.take(),
        [took(&format!(r#"create User {id} Changed ["title", "userName"] +[] -[]"#))]
    );
    let replace = |value: &str| json!([{ "op": "replace", "path": "title", "value": value }]);
    let rows = [
        (get(&path), None),
        (get("/Users/unknown"), None),
        (patch(&path, &replace(MARKER)), Some(format!("patch User {id} Unchanged [] +[] -[]"))),
        (
            patch(&path, &replace("x")),
            Some(format!(r#"patch User {id} Changed ["title"] +[] -[]"#)),
        ),
        (
            put(&path, &user_with(json!({ "name": { "givenName": "B" } }))),
            Some(format!(r#"replace User {id} Changed ["name", "title"] +[] -[]"#)),
        ),
        (
            post("/Users", &user("bjensen")),
            Some(
                "create User - Refused { status: 409, scim_type: Some(Uniqueness) } [] +[] -[]"
                    .into(),
            ),
        ),
        (
            with(delete(&path), IF_MATCH, "\"other\""),
            Some(format!("delete User {id} Refused {{ status: 412, scim_type: None }} [] +[] -[]")),
        ),
        (
            patch(&path, &json!([{}])),
            Some(format!(
                "patch User {id} Refused {{ status: 400, scim_type: Some(InvalidSyntax) }} [] +[] -[]"
            )),
        ),
        (
            request("PUT", &path, "{"),
            Some("- - - Refused { status: 400, scim_type: Some(InvalidSyntax) } [] +[] -[]".into()),
        ),
        (
            request("PUT", "/Nothing/1", "{}"),
            Some("- - - Refused { status: 404, scim_type: None } [] +[] -[]".into()),
        ),
        (delete(&path), Some(format!("delete User {id} Changed [] +[] -[]"))),
        (
            delete(&path),
            Some(format!("delete User {id} Refused {{ status: 404, scim_type: None }} [] +[] -[]")),
        ),
    ];
    for (request, expected) in rows {
        let what = format!("{} {}", request.method(), request.uri());
        server.send(request).await;
        let expected: Vec<_> = expected.iter().map(|line| took(line)).collect();
        assert_eq!(journal.take(), expected, "{what}");
    }
}

#[tokio::test]
async fn what_is_refused_at_the_door_is_taken_down_too() {
    let journal = Journal::default();
    let server = Server::with(|builder| builder.with_audit(journal.clone()));
    server.send_bare(post("/Users", &user(MARKER))).await.assert_status(401);
    let wrong = with(post("/Users", &user(MARKER)), AUTHORIZATION, "Bearer wrong-token");
    server.send_bare(wrong).await.assert_status(401);
    server.send_as(&server.reader, post("/Users", &user(MARKER))).await.assert_status(403);
    server.send_as(&server.stranger, post("/Users", &user(MARKER))).await.assert_status(404);
    server.send_bare(get("/Users")).await.assert_status(401);
    let refused = |who: &str, status: u16| {
        format!("{who} - - - Refused {{ status: {status}, scim_type: None }} [] +[] -[]")
    };
    assert_eq!(
        journal.take(),
        [
            refused("- -", 401),
            refused("- -", 401),
            refused("r1 reader", 403),
            refused("- stranger", 404),
        ]
    );
}

#[tokio::test]
async fn members_are_taken_down_as_they_come_and_go() {
    let journal = Journal::default();
    let server = Server::with(|builder| builder.with_audit(journal.clone()));
    let path = path_to(&server.create("/Groups", &group("Ward 4")).await);
    journal.take();
    let members =
        |ids: &[&str]| json!(ids.iter().map(|id| json!({ "value": id })).collect::<Vec<_>>());
    let add = json!([{ "op": "add", "path": "members", "value": members(&["1", "2"]) }]);
    let remove = json!([
        { "op": "remove", "path": "members[value eq \"1\"]" },
        { "op": "add", "path": "members", "value": members(&["2", "3"]) },
    ]);
    let replace = json!([{ "op": "replace", "path": "members", "value": members(&["3"]) }]);
    for (operations, expected) in [
        (&add, r#"Changed ["members"] +["1", "2"] -[]"#),
        (&add, "Unchanged [] +[] -[]"),
        // `2` was there: a store that adds without a look at the others does not tell.
        (&remove, r#"Changed ["members"] +["2", "3"] -["1"]"#),
        (&replace, r#"Changed ["members"] +[] -["2"]"#),
    ] {
        server.send(patch(&path, operations)).await.assert_status(204);
        let taken = journal.take();
        assert_eq!(taken.len(), 1);
        assert!(taken[0].ends_with(expected), "{taken:?}");
    }
}

/// A sink that is broken.
struct Broken;

impl AuditSink for Broken {
    fn record(&self, _: &AuditEvent<'_>) {
        panic!("the sink is broken");
    }
}

#[tokio::test]
async fn a_broken_sink_is_in_nobody_s_way() {
    let server = Server::with(|builder| builder.with_audit(Broken));
    let path = server.user("bjensen").await;
    server.send(put(&path, &user("babs"))).await.assert_status(200);
    server.send(post("/Users", &user("babs"))).await.assert_error(409, Some("uniqueness"));
    server.send(delete(&path)).await.assert_status(204);
}

/// Takes down the identifiers of requests.
#[derive(Clone, Default)]
struct Ids(Arc<Mutex<Vec<String>>>);

impl AuditSink for Ids {
    fn record(&self, event: &AuditEvent<'_>) {
        self.0.lock().unwrap().push(event.request_id.to_string());
    }
}

#[tokio::test]
async fn a_request_is_known_by_one_identifier_everywhere() {
    let ids = Ids::default();
    let server = Server::with(|builder| builder.with_audit(ids.clone()));
    let usual = HeaderName::from_static("x-request-id");
    let other = HeaderName::from_static("request-id");
    let long = "x".repeat(129);
    for (place, (name, value, is_taken)) in [
        (&usual, "7f3c-42", true),
        (&other, "a.b:c/d+e=f@g~h_i", true),
        (&usual, long.split_at(128).0, true),
        (&usual, long.as_str(), false),
        (&usual, "", false),
        (&usual, "a b", false),
        (&other, "\u{e9}", false),
        (&usual, "a,b\"c", false),
        (&usual, "%0d%0a", false),
    ]
    .into_iter()
    .enumerate()
    {
        let body = user(&format!("user{place}"));
        let reply = server.send(with(post("/Users", &body), name.clone(), value)).await;
        let answered = reply.header(name.clone()).unwrap().to_owned();
        assert_eq!(answered == value, is_taken, "{value}");
        assert_eq!(ids.0.lock().unwrap().pop().unwrap(), answered);
    }
    // Two of them, or none: a new one. A refusal has one, too.
    let two = with(with(get("/Users"), usual.clone(), "one"), usual.clone(), "two");
    let mut seen = Vec::new();
    for request in [two, get("/Users"), get("/Nothing")] {
        seen.push(server.send(request).await.header(usual.clone()).unwrap().to_owned());
    }
    seen.push(server.send_bare(get("/Users")).await.header(usual.clone()).unwrap().to_owned());
    assert!((1..seen.len()).all(|place| !seen[..place].contains(&seen[place])), "{seen:?}");
    assert!(!seen.contains(&"one".to_owned()) && !seen.contains(&"two".to_owned()));
}
