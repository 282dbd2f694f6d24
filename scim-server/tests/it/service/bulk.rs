//! Many operations in one request.

use http::header::CONTENT_TYPE;
use scim_core::SchemaUri;
use scim_server::{Limits, PatchAnswer, Policy};
use serde_json::{Value, json};

use super::{BASE, Server, get, group, path_to, post, put, request, stores, user, user_with, with};
use crate::reply::{MARKER, PASSWORD};

#[tokio::test]
async fn operations_of_every_method_are_answered_as_if_they_came_alone() {
    for (server, _directory) in stores() {
        let [bob, dave, eve] =
            [server.user("bob").await, server.user("dave").await, server.user("eve").await];
        let version = server.read(&bob).await["meta"]["version"].clone();
        let title = json!({"Operations": [{"op": "add", "path": "title", "value": "Guide"}]});
        let answers = bulk(
            &server,
            json!([
                {"method": "POST", "path": "/Users", "bulkId": "qwerty", "data": user("alice")},
                {"method": "PUT", "path": bob, "version": version, "data": user("robert")},
                {"method": "PATCH", "path": dave, "bulkId": "d", "data": title},
                {"method": "DELETE", "path": eve},
            ]),
        )
        .await;
        let alice = found(&server, "alice").await;
        assert_eq!(
            answers,
            [
                told("POST", &path_to(&alice), "201", &alice, Some("qwerty")),
                told("PUT", &bob, "200", &server.read(&bob).await, None),
                told("PATCH", &dave, "200", &server.read(&dave).await, Some("d")),
                json!({"location": location(&eve), "method": "DELETE", "status": "204"}),
            ]
        );
        assert_eq!(server.read(&bob).await["userName"], "robert");
        assert_eq!(server.read(&dave).await["title"], "Guide");
        server.send(get(&eve)).await.assert_status(404);
    }
}

#[tokio::test]
async fn operations_refer_to_what_others_create_in_any_order() {
    for (server, _directory) in stores() {
        let remove = json!({"Operations": [
            {"op": "remove", "path": "members[value eq \"bulkId:b\"]"},
        ]});
        let answers = bulk(&server, json!([
            {"method": "PATCH", "path": "/Groups/bulkId:g", "data": remove},
            {"method": "POST", "path": "/Groups", "bulkId": "g", "data": group_of("G", &["a", "b"])},
            {"method": "POST", "path": "/Users", "bulkId": "b", "data": user("b")},
            {"method": "POST", "path": "/Users", "bulkId": "a", "data": {
                "schemas": [SchemaUri::USER], "userName": "a",
                SchemaUri::ENTERPRISE_USER: {"manager": {"value": "bulkId:b"}},
            }},
            {"method": "DELETE", "path": "/Users/bulkId:b"},
        ])).await;
        assert_eq!(statuses(&answers), ["204", "201", "201", "201", "204"]);
        let read = |place: usize| path(&answers[place]);
        let [group, b, a] = [read(1), read(2), read(3)];
        assert_eq!((&read(0), &read(4)), (&group, &b));
        assert_eq!(members(&server, &group).await, [id(&a)]);
        let manager = &server.read(&a).await[SchemaUri::ENTERPRISE_USER]["manager"]["value"];
        assert_eq!(manager, id(&b));
        server.send(get(&b)).await.assert_status(404);
    }
}

#[tokio::test]
async fn a_circle_of_any_length_is_closed() {
    for (server, _directory) in stores() {
        for length in [1, 2, 50] {
            a_circle_is_closed(&server, length).await;
        }
    }
}

async fn a_circle_is_closed(server: &Server, length: usize) {
    let name = |place: usize| format!("{length}/{}", place % length);
    let circle = (0..length).map(|place| {
        let data = group_of("Ward", &[&name(place + 1)]);
        json!({"method": "POST", "path": "/Groups", "bulkId": name(place), "data": data})
    });
    let answers = bulk(server, circle.collect()).await;
    assert_eq!(answers.len(), length);
    for (place, answer) in answers.iter().enumerate() {
        assert_eq!((&answer["status"], &answer["bulkId"]), (&json!("201"), &json!(name(place))));
        let next = path(&answers[(place + 1) % length]);
        assert_eq!(members(server, &path(answer)).await, [id(&next)]);
        let version = &server.read(&path(answer)).await["meta"]["version"];
        assert_eq!(&answer["version"], version, "{length} {place}");
    }
}

#[tokio::test]
async fn what_refers_to_something_that_failed_fails_alone() {
    for (server, _directory) in stores() {
        server.user("taken").await;
        let add = json!({"Operations": [{"op": "add", "path": "members", "value": [{"value": "bulkId:t"}]}]});
        let answers = bulk(&server, json!([
            {"method": "POST", "path": "/Groups", "bulkId": "g", "data": group_of(MARKER, &["t", "u"])},
            {"method": "POST", "path": "/Groups", "bulkId": "h", "data": group_of("H", &["g"])},
            {"method": "POST", "path": "/Users", "bulkId": "t", "data": user("TAKEN")},
            {"method": "PATCH", "path": "/Groups/bulkId:g", "data": add},
            {"method": "DELETE", "path": "/Users/bulkId:nobody"},
            {"method": "POST", "path": "/Users", "bulkId": "u", "data": user("u")},
        ])).await;
        let nothing = "the operation refers to a `bulkId` that no resource was created for";
        assert_eq!(
            answers[..5],
            [
                conflict("POST", Some("g"), "invalidValue", nothing),
                conflict("POST", Some("h"), "invalidValue", nothing),
                conflict("POST", Some("t"), "uniqueness", "the value of `userName` is taken"),
                conflict("PATCH", None, "invalidValue", nothing),
                conflict("DELETE", None, "invalidValue", nothing),
            ]
        );
        assert_eq!(answers[5]["status"], "201");
        assert_eq!(server.contents().await.len(), 2);
    }
}

#[tokio::test]
async fn a_circle_that_cannot_be_closed_says_what_there_is() {
    let server = Server::new();
    server.user("taken").await;
    let answers = bulk(&server, json!([
        {"method": "POST", "path": "/Groups", "bulkId": "a", "data": group_of("A", &["x", "b"])},
        {"method": "POST", "path": "/Groups", "bulkId": "b", "data": group_of("B", &["a", "t"])},
        {"method": "POST", "path": "/Users", "bulkId": "t", "data": user("taken")},
        {"method": "POST", "path": "/Users", "bulkId": "x", "data": user("x")},
    ])).await;
    assert_eq!(statuses(&answers), ["409", "409", "409", "201"]);
    assert_eq!(answers[1].get("location"), None);
    let a = server.read(&path(&answers[0])).await;
    assert_eq!(answers[0]["version"], a["meta"]["version"]);
    assert_eq!(members(&server, &path(&answers[0])).await, [id(&path(&answers[3]))]);
    assert_eq!(answers[0]["response"]["scimType"], "invalidValue");
}

#[tokio::test]
async fn after_too_many_errors_nothing_new_is_done() {
    let server = Server::new();
    let operations = json!([
        {"method": "POST", "path": "/Users", "bulkId": "1", "data": user("one")},
        {"method": "GET", "path": "/Users/1"},
        {"method": "DELETE", "path": "/Users/unknown"},
        {"method": "POST", "path": "/Users", "bulkId": "2", "data": user("two")},
        {"method": "PUT", "path": "/Users"},
    ]);
    for (errors, expected) in [
        (json!(1), &["201", "400"][..]),
        (json!(2), &["409", "400"]),
        (json!(3), &["409", "400", "404"]),
        (json!(4), &["409", "400", "404", "201", "400"]),
        (json!(9), &["409", "400", "404", "409", "400"]),
        (json!(0), &["409", "400", "404", "409", "400"]),
    ] {
        let body = json!({"failOnErrors": errors, "Operations": operations});
        let reply = server.send(post("/Bulk", &body)).await;
        assert_eq!(statuses(&answers(&reply.assert_status(200).json())), expected, "{errors}");
    }
    // What has been begun is finished all the same.
    let body = json!({"failOnErrors": 1, "Operations": [
        {"method": "POST", "path": "/Groups", "bulkId": "a", "data": group_of("A", &["b"])},
        {"method": "POST", "path": "/Groups", "bulkId": "b", "data": group_of("B", &["a", "a"])},
        {"method": "DELETE", "path": "/Users/unknown"},
        {"method": "DELETE", "path": "/Users/unknown"},
    ]});
    let reply = server.send(post("/Bulk", &body)).await.json();
    assert_eq!(statuses(&answers(&reply)), ["201", "201", "404"]);
    assert_eq!(members(&server, &path(&answers(&reply)[0])).await.len(), 1);
}

#[tokio::test]
async fn an_operation_that_cannot_be_done_is_its_own_fault() {
    let server = Server::new();
    let bob = server.user("bob").await;
    let rows = refused_alone(&bob);
    let before = server.contents().await;
    let all: Vec<_> = rows.iter().map(|(operation, ..)| operation.clone()).collect();
    let reply = server.send(post("/Bulk", &json!({ "Operations": all }))).await;
    let answers = answers(&reply.assert_status(200).json());
    assert_eq!(answers.len(), rows.len());
    for ((operation, status, scim_type), answer) in rows.iter().zip(&answers) {
        let response = &answer["response"];
        assert_eq!(
            (&answer["status"], &response["status"]),
            (&json!(status), &json!(status)),
            "{operation}"
        );
        assert_eq!(
            response.get("scimType").and_then(Value::as_str),
            *scim_type,
            "{operation}: {answer}"
        );
        assert!(!response.to_string().contains(MARKER), "{answer}");
        assert_eq!(
            answer.get("method").is_some(),
            operation["method"].is_string()
                && !["GET", MARKER].contains(&operation["method"].as_str().unwrap())
        );
    }
    assert_eq!(server.contents().await, before);
    // One without `bulkId` is done, whatever stands around it.
    let answers = bulk(
        &server,
        json!([
            {"method": "PUT"}, {"method": "POST", "path": "/Users/", "data": user("new")}, {},
        ]),
    )
    .await;
    assert_eq!(statuses(&answers), ["400", "201", "400"]);
    assert_eq!(path(&answers[1]), path_to(&found(&server, "new").await));
}

/// Operations that are refused, with the status and the detail code of the answer.
fn refused_alone(bob: &str) -> Vec<(Value, &'static str, Option<&'static str>)> {
    vec![
        (json!(MARKER), "400", Some("invalidSyntax")),
        (json!({"method": MARKER, "path": bob}), "400", Some("invalidValue")),
        (json!({"method": "GET", "path": bob}), "400", Some("invalidValue")),
        (json!({"method": "DELETE"}), "400", Some("invalidValue")),
        (json!({"method": "DELETE", "path": "/Users"}), "400", Some("invalidValue")),
        (json!({"method": "DELETE", "path": format!("{BASE}{bob}")}), "400", Some("invalidValue")),
        (json!({"method": "DELETE", "path": "/Users/Zq7marker"}), "404", None),
        (json!({"method": "DELETE", "path": "/Groups/%ff"}), "404", None),
        (json!({"method": "DELETE", "path": "/Zq7marker/1"}), "404", None),
        (json!({"method": "PUT", "path": bob}), "400", Some("invalidValue")),
        (json!({"method": "PUT", "path": bob, "data": []}), "400", Some("invalidSyntax")),
        (json!({"method": "PUT", "path": bob, "data": {}}), "400", Some("invalidValue")),
        (json!({"method": "PATCH", "path": bob, "data": {}}), "400", Some("invalidSyntax")),
        (json!({"method": "DELETE", "path": bob, "version": "W/\"99\""}), "412", None),
        (json!({"method": "DELETE", "path": bob, "version": "W/"}), "400", Some("invalidValue")),
        (json!({"method": "POST", "path": bob, "data": user("x")}), "404", None),
        (json!({"method": "POST", "path": "/Bulk", "data": {"Operations": []}}), "404", None),
        (json!({"method": "POST", "path": "/.search", "data": {}}), "404", None),
        (json!({"method": "POST", "path": "/Users/.search", "data": {}}), "404", None),
        (json!({"method": "PATCH", "path": "/Me", "data": {}}), "400", Some("invalidValue")),
        (json!({"method": "DELETE", "path": "/Schemas/x"}), "404", None),
        (
            json!({"method": "POST", "path": "/Users", "data": {"userName": "Bob"}}),
            "409",
            Some("uniqueness"),
        ),
        (
            json!({"method": "POST", "path": "/Users", "data": {"userName": 7, "password": PASSWORD}}),
            "400",
            Some("invalidValue"),
        ),
    ]
}

#[tokio::test]
async fn a_request_that_is_none_changes_nothing() {
    let server = Server::new();
    let delete = json!({"method": "DELETE", "path": "/Users/1", "bulkId": "a"});
    for (body, scim_type) in [
        (json!({}), "invalidSyntax"),
        (json!({"Operations": {}}), "invalidSyntax"),
        (json!({"Operations": []}), "invalidSyntax"),
        (json!({"Operations": [delete], "failOnErrors": "x"}), "invalidSyntax"),
        (json!({"Operations": [delete, delete]}), "invalidValue"),
    ] {
        server.refuse(post("/Bulk", &body), 400, Some(scim_type)).await;
    }
    for body in [
        "[]",
        r#"{"Operations": [], "Operations": []}"#,
        r#"{"Operations": [{"method": "POST", "path": "/Users", "data": {"userName": "a", "userName": "b"}}]}"#,
    ] {
        let request = with(request("POST", "/Bulk", body), CONTENT_TYPE, "application/json");
        server.refuse(request, 400, Some("invalidSyntax")).await;
    }
    for (levels, status) in [(30, 200), (31, 400), (100_000, 400)] {
        // The data and `a` are two levels more.
        let deep = format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
        let body = format!(
            r#"{{"Operations": [{{"method": "POST", "path": "/Users", "data": {{"a": {{"b": {deep}}}}}}}]}}"#
        );
        let deep = with(request("POST", "/Bulk", body), CONTENT_TYPE, "application/json");
        server.send(deep).await.assert_status(status);
    }
    for method in ["GET", "PUT", "PATCH", "DELETE"] {
        let reply = server.refuse(request(method, "/Bulk", "{}"), 405, None).await;
        assert_eq!(reply.header(http::header::ALLOW), Some("POST"));
    }
    assert!(server.contents().await.is_empty());
}

#[tokio::test]
async fn a_request_has_limits_that_are_told() {
    let server = Server::new();
    let users = |count: usize| -> Vec<Value> {
        (0..count)
            .map(|place| {
                json!({
                    "method": "POST", "path": "/Users", "bulkId": place.to_string(),
                    "data": user(&format!("user{place}")),
                })
            })
            .collect()
    };
    let config = server.read("/ServiceProviderConfig").await;
    assert_eq!(
        config["bulk"],
        json!({"supported": true, "maxOperations": 1000, "maxPayloadSize": 4_194_304})
    );
    let many = json!({ "Operations": users(1001) });
    server.refuse(post("/Bulk", &many), 413, Some("tooMany")).await;
    let answers = bulk(&server, Value::from(users(1000))).await;
    assert!(answers.len() == 1000 && statuses(&answers).iter().all(|status| *status == "201"));

    let limits = Limits::default().with_bulk_operations(2).with_bulk_body(1000).with_body(300);
    let server = Server::with(|builder| builder.with_limits(limits));
    let config = server.read("/ServiceProviderConfig").await;
    assert_eq!(
        config["bulk"],
        json!({"supported": true, "maxOperations": 2, "maxPayloadSize": 1000})
    );
    server.refuse(post("/Bulk", &json!({"Operations": users(3)})), 413, Some("tooMany")).await;
    let body = json!({"Operations": users(2)}).to_string();
    let padded = |length: usize| {
        let body = format!("{body}{}", " ".repeat(length - body.len()));
        with(request("POST", "/Bulk", body), CONTENT_TYPE, "application/json")
    };
    server.refuse(padded(1001), 413, None).await;
    server.send(padded(1000)).await.assert_status(200);
    // The body of an operation may be as long as that of a request.
    let long = json!({"schemas": [SchemaUri::USER], "userName": "long", "title": "x".repeat(300)});
    let answers = bulk(&server, json!([{"method": "POST", "path": "/Users", "data": long}])).await;
    assert_eq!(statuses(&answers), ["413"]);

    let off = Limits::default().with_bulk_operations(0);
    let server = Server::with(|builder| builder.with_limits(off));
    server.refuse(post("/Bulk", &json!({"Operations": users(1)})), 501, None).await;
    assert_eq!(server.read("/ServiceProviderConfig").await["bulk"]["supported"], false);
}

#[tokio::test]
async fn a_thousand_operations_on_one_group_all_take_effect() {
    for (server, _directory) in stores() {
        let group = path_to(&server.create("/Groups", &group("Ward 4")).await);
        let operations: Vec<Value> = (0..1000).map(|place| json!({
            "method": "PATCH", "path": group,
            "data": {"Operations": [{"op": "add", "path": "members", "value": [{"value": format!("m{place}")}]}]},
        })).collect();
        let answers = bulk(&server, Value::from(operations)).await;
        assert!(answers.len() == 1000 && statuses(&answers).iter().all(|status| *status == "204"));
        assert_eq!(members(&server, &group).await.len(), 1000);
    }
}

#[tokio::test]
async fn the_work_of_all_operations_together_is_bounded() {
    let limits = Limits::default().with_bulk_work(2_000_000);
    let server = Server::with(|builder| builder.with_limits(limits));
    let emails = (0..1000).map(|place| json!({"value": format!("{place}@example.com")}));
    let body = user_with(json!({"emails": emails.collect::<Vec<_>>()}));
    let user = path_to(&server.create("/Users", &body).await);
    let patch = |operation: Value| {
        let data = json!({ "Operations": [operation] });
        json!({"method": "PATCH", "path": user, "data": data})
    };
    let change =
        |place| patch(json!({"op": "replace", "path": "title", "value": format!("Guide {place}")}));
    // No element is there to be replaced, which is found out by reading them all.
    let fail = patch(json!({
        "op": "replace", "path": "emails[value eq \"nobody\"]", "value": {"value": "x"},
    }));
    for (operations, status) in
        [((0..1000).map(change).collect(), "200"), (vec![fail; 1000], "400")]
    {
        let answers = bulk(&server, Value::from(operations)).await;
        let statuses = statuses(&answers);
        let done = statuses.iter().take_while(|given| **given == status).count();
        assert!((10..100).contains(&done), "{done}");
        assert!(statuses.len() == 1000 && statuses[done..].iter().all(|given| *given == "413"));
        if status == "200" {
            let title = server.read(&user).await["title"].clone();
            assert_eq!(title, format!("Guide {}", done - 1));
        }
        let last = &answers[999];
        assert_eq!((&last["response"]["scimType"], path(last)), (&json!("tooMany"), user.clone()));
    }
}

#[tokio::test]
async fn the_policy_and_the_access_are_those_of_single_requests() {
    for (answer, expected) in [
        (PatchAnswer::Resource, ["200", "200"]),
        (PatchAnswer::NoContent, ["204", "204"]),
        (PatchAnswer::NoContentForMembers, ["200", "204"]),
    ] {
        let policy = Policy::interoperable().with_patch_answer(answer);
        let server = Server::with(|builder| builder.with_policy(policy));
        let paths =
            [server.user("bob").await, path_to(&server.create("/Groups", &group("G")).await)];
        let patches = paths.map(|path| {
            json!({
                "method": "PATCH", "path": path,
                "data": {"Operations": [{"op": "Add", "path": "externalId", "value": "x"}]},
            })
        });
        let answers = bulk(&server, json!(patches)).await;
        assert_eq!(statuses(&answers), expected);
        assert!(answers.iter().all(|answer| answer["version"].is_string()));
    }
    let server = Server::with(|builder| builder.with_policy(Policy::strict()));
    let bob = server.user("bob").await;
    let lax = json!([{"method": "PATCH", "path": bob, "data": {"Operations": [
        {"op": "replace", "path": "active", "value": "True"},
    ]}}]);
    assert_eq!(statuses(&bulk(&server, lax).await), ["400"]);

    let delete = json!({"Operations": [{"method": "DELETE", "path": bob}]});
    server.send_as(&server.reader, post("/Bulk", &delete)).await.assert_error(403, None);
    let mut other = post("/Bulk", &delete);
    *other.uri_mut() = "/scim/v1/Realms/r2/Bulk".parse().unwrap();
    let reply = server.send_as(&server.stranger, other).await;
    assert_eq!(statuses(&answers(&reply.assert_status(200).json())), ["404"]);
    server.send(put(&bob, &user("robert"))).await.assert_status(200);
}

async fn bulk(server: &Server, operations: Value) -> Vec<Value> {
    let body = json!({"schemas": [SchemaUri::BULK_REQUEST], "Operations": operations});
    let reply = server.send(post("/Bulk", &body)).await.assert_status(200).json();
    assert_eq!(reply["schemas"], json!([SchemaUri::BULK_RESPONSE]));
    answers(&reply)
}

fn answers(reply: &Value) -> Vec<Value> {
    reply["Operations"].as_array().unwrap().clone()
}

fn statuses(answers: &[Value]) -> Vec<&str> {
    answers.iter().map(|answer| answer["status"].as_str().unwrap()).collect()
}

fn location(path: &str) -> String {
    format!("{BASE}/Realms/r1{path}")
}

/// The path to what an answer tells of.
fn path(answer: &Value) -> String {
    path_to(&json!({ "meta": answer }))
}

fn id(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

/// The answer to an operation that conflicts with something.
fn conflict(method: &str, bulk_id: Option<&str>, scim_type: &str, detail: &str) -> Value {
    let response = json!({
        "schemas": [SchemaUri::ERROR], "status": "409", "scimType": scim_type, "detail": detail,
    });
    let mut answer = json!({"method": method, "status": "409", "response": response});
    if let Some(bulk_id) = bulk_id {
        answer["bulkId"] = bulk_id.into();
    }
    answer
}

/// The answer to an operation that succeeded.
fn told(method: &str, path: &str, status: &str, resource: &Value, bulk_id: Option<&str>) -> Value {
    let version = &resource["meta"]["version"];
    let mut answer =
        json!({"location": location(path), "method": method, "status": status, "version": version});
    if let Some(bulk_id) = bulk_id {
        answer["bulkId"] = bulk_id.into();
    }
    answer
}

async fn found(server: &Server, user_name: &str) -> Value {
    let query = super::query("/Users", "filter", &format!("userName eq \"{user_name}\""));
    server.send(query).await.json()["Resources"][0].clone()
}

async fn members(server: &Server, group: &str) -> Vec<String> {
    let group = server.read(group).await;
    let members = group["members"].as_array().into_iter().flatten();
    members.map(|member| member["value"].as_str().unwrap().to_owned()).collect()
}

fn group_of(name: &str, bulk_ids: &[&str]) -> Value {
    let members: Vec<_> =
        bulk_ids.iter().map(|bulk_id| json!({"value": format!("bulkId:{bulk_id}")})).collect();
    json!({"schemas": [SchemaUri::GROUP], "displayName": name, "members": members})
}
