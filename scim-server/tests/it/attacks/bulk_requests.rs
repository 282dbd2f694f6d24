//! What is refused alone is refused among many, too.

use http::{Request, header::CONTENT_TYPE};
use scim_core::SchemaUri;
use serde_json::{Value, json};

use super::{
    authorisation::{CORE, ENTERPRISE, assert_nothing_was_set, presumptuous},
    bulk,
};
use crate::{
    reply::{MARKER, PASSWORD},
    service::{Server, get, group, path_to, post, request, stores, user, user_with, with},
};

/// The status and the detail code of an operation that failed.
fn error(answer: &Value) -> (&str, Option<&str>) {
    let scim_type = answer["response"].get("scimType").and_then(Value::as_str);
    (answer["status"].as_str().unwrap(), scim_type)
}

#[tokio::test]
async fn neither_the_first_nor_the_last_of_two_wins_among_many() {
    for (server, _directory) in stores() {
        neither_the_first_nor_the_last_of_two_wins_among_many_over(&server).await;
    }
}

async fn neither_the_first_nor_the_last_of_two_wins_among_many_over(server: &Server) {
    let path = server.user("babs").await;
    let names = ["userName".to_owned(), "username".to_owned(), format!("{CORE}:userName")];
    for (first, second) in names.iter().flat_map(|a| names.iter().map(move |b| (a, b))) {
        let data = format!(r#"{{"schemas": ["{CORE}"], "{first}": "x", "{second}": "y"}}"#);
        let change = format!(r#"{{"Operations": [{{"op": "replace", "value": {data}}}]}}"#);
        let operations = [
            format!(r#"{{"method": "POST", "path": "/Users", "bulkId": "q", "data": {data}}}"#),
            format!(r#"{{"method": "PUT", "path": "{path}", "data": {data}}}"#),
            format!(r#"{{"method": "PATCH", "path": "{path}", "data": {change}}}"#),
        ];
        let body = format!(r#"{{"Operations": [{}]}}"#, operations.join(","));
        let before = server.contents().await;
        let bulk = with(request("POST", "/Bulk", body), CONTENT_TYPE, "application/scim+json");
        let reply = server.send(bulk).await;
        if reply.status == 200 {
            // The JSON has two names, and the schema knows them as one.
            for answer in reply.json()["Operations"].as_array().unwrap() {
                assert_eq!(error(answer), ("400", Some("invalidSyntax")), "{first} {second}");
            }
        } else {
            reply.assert_error(400, Some("invalidSyntax"));
        }
        assert_eq!(server.contents().await, before);
    }
}

fn there(mut request: Request<bytes::Bytes>) -> Request<bytes::Bytes> {
    *request.uri_mut() = request.uri().to_string().replace("/r1/", "/r2/").parse().unwrap();
    request
}

/// Every write of a user and of a group of that id, without a condition and with some.
fn writes(id: &str, version: &Value) -> Value {
    let rename =
        |path: &str| json!({ "Operations": [{ "op": "replace", "path": path, "value": "x" }] });
    let of_user = (format!("/Users/{id}"), user("x"), rename("title"));
    let of_group = (format!("/Groups/{id}"), group("x"), rename("displayName"));
    let mut all = Vec::new();
    for (path, body, patch) in [of_user, of_group] {
        let operations = [
            json!({ "method": "PUT", "path": path, "data": body }),
            json!({ "method": "PATCH", "path": path, "data": patch }),
            json!({ "method": "DELETE", "path": path }),
        ];
        for version in [version, &json!("W/\"1\"")] {
            all.extend(operations.iter().cloned().map(|mut operation| {
                operation["version"] = version.clone();
                operation
            }));
        }
        all.extend(operations);
    }
    all.into()
}

#[tokio::test]
async fn what_is_another_tenant_s_is_not_there_among_many() {
    for (server, _directory) in stores() {
        what_is_another_tenant_s_is_not_there_among_many_over(&server).await;
    }
}

async fn what_is_another_tenant_s_is_not_there_among_many_over(server: &Server) {
    let theirs = user_with(json!({ "externalId": "e1", "title": MARKER }));
    let theirs = server.send_as(&server.stranger, there(post("/Users", &theirs))).await.json();
    let (id, version) = (theirs["id"].as_str().unwrap(), &theirs["meta"]["version"]);
    let absent = "00000000-0000-4000-8000-000000000000";
    let foreign = bulk(server, writes(id, version)).await;
    let nobody = bulk(server, writes(absent, version)).await;
    assert!(foreign.iter().all(|answer| error(answer) == ("404", None)), "{foreign:?}");
    assert_eq!(json!(foreign).to_string().replace(id, absent), json!(nobody).to_string());
    // As a member or a manager, it is a name that means nothing here.
    let members = |id: &str| {
        let mut ward = group("Ward 4");
        ward["members"] = json!([{ "value": id }]);
        let report = json!({
            "schemas": [CORE, ENTERPRISE], "userName": format!("of {id}"),
            ENTERPRISE: { "manager": { "value": id } },
        });
        json!([
            { "method": "POST", "path": "/Groups", "bulkId": "g", "data": ward },
            { "method": "POST", "path": "/Users", "bulkId": "u", "data": report },
        ])
    };
    let mut views = Vec::new();
    for id in [id, absent] {
        for answer in bulk(server, members(id)).await {
            assert_eq!(answer["status"], "201");
            let path = path_to(&json!({ "meta": answer }));
            let mut read = server.read(&path).await;
            read.as_object_mut().unwrap().retain(|name, _| name != "id" && name != "meta");
            let view = read.to_string();
            assert!(!view.contains(MARKER) && !view.contains("bjensen"));
            views.push(view.replace(id, "someone"));
        }
    }
    assert_eq!(views[..2], views[2..]);
    let path = there(get(&format!("/Users/{id}")));
    assert_eq!(server.send_as(&server.stranger, path).await.json(), theirs);
}

#[tokio::test]
async fn what_clients_cannot_set_they_do_not_set_among_many() {
    for (server, _directory) in stores() {
        what_clients_cannot_set_they_do_not_set_among_many_over(&server).await;
    }
}

async fn what_clients_cannot_set_they_do_not_set_among_many_over(server: &Server) {
    let mut body = presumptuous();
    body["password"] = PASSWORD.into();
    let created =
        &bulk(server, json!([{ "method": "POST", "path": "/Users", "bulkId": "q", "data": body }]))
            .await[0];
    assert_eq!(created["status"], "201");
    let path = path_to(&json!({ "meta": created }));
    assert_nothing_was_set(&server.read(&path).await);
    let replaced = bulk(server, json!([{ "method": "PUT", "path": path, "data": body }])).await;
    assert_eq!(error(&replaced[0]), ("400", Some("invalidValue")));
    body["id"] = path.rsplit('/').next().into();
    let replaced = bulk(server, json!([{ "method": "PUT", "path": path, "data": body }])).await;
    assert_eq!(replaced[0]["status"], "200");
    assert_nothing_was_set(&server.read(&path).await);

    let groups = format!("{CORE}:groups");
    let operations = [
        json!({ "op": "replace", "path": "id", "value": "mine" }),
        json!({ "op": "add", "path": "ID", "value": "mine" }),
        json!({ "op": "remove", "path": "meta" }),
        json!({ "op": "replace", "path": "meta.created", "value": "1999-01-01T00:00:00Z" }),
        json!({ "op": "add", "path": "groups", "value": [{ "value": "admins" }] }),
        json!({ "op": "add", "path": groups, "value": [{ "value": "admins" }] }),
        json!({ "op": "add", "value": { "groups": [{ "value": "admins" }] } }),
        json!({ "op": "add", "value": { groups: [{ "value": "admins" }] } }),
        json!({ "op": "replace", "value": { "Id": "mine" } }),
    ];
    let patches = operations.iter().map(|operation| {
        json!({ "method": "PATCH", "path": path, "data": { "Operations": [operation] } })
    });
    let answers = bulk(server, patches.collect()).await;
    assert!(answers.iter().all(|answer| error(answer) == ("400", Some("mutability"))));
    assert_nothing_was_set(&server.read(&path).await);
    assert!(!format!("{:?}", server.contents().await).contains(PASSWORD));
}

#[tokio::test]
async fn a_reader_changes_nothing_among_many() {
    for (server, _directory) in stores() {
        a_reader_changes_nothing_among_many_over(&server).await;
    }
}

async fn a_reader_changes_nothing_among_many_over(server: &Server) {
    let path = server.user("babs").await;
    let before = server.contents().await;
    let delete = json!({
        "schemas": [SchemaUri::BULK_REQUEST],
        "Operations": [
            { "method": "DELETE", "path": path },
            { "method": "POST", "path": "/Users", "bulkId": "q", "data": user("new") },
        ],
    });
    let reply = server.send_as(&server.reader, post("/Bulk", &delete)).await;
    reply.assert_error(403, None);
    // Nor is a realm of others reached by the path of an operation.
    for path in [
        format!("/../../r2{path}"),
        format!("/scim/v1/Realms/r2{path}"),
        format!("https://host.example/scim/v1/Realms/r2{path}"),
        format!("/Users/../Users{}", path.trim_start_matches("/Users")),
        format!("/Users/%2e%2e{}", path.trim_start_matches("/Users")),
    ] {
        let answer = &bulk(server, json!([{ "method": "DELETE", "path": path }])).await[0];
        assert!(["400", "404"].contains(&error(answer).0), "{path}: {answer}");
    }
    assert_eq!(server.contents().await, before);
}
