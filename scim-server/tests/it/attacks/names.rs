//! Names that look like others, and text that searches take for something else.

use bytes::Bytes;
use http::Request;
use scim_core::SchemaUri;
use serde_json::{Value, json};

use super::bulk;
use crate::service::{Server, delete, patch, path_to, post, put, query, stores, user};

/// Pairs of names, and whether the second is the first.
const PAIRS: [(&str, &str, bool); 25] = [
    ("bjensen", "BJENSEN", true),
    ("Émile", "E\u{301}MILE", true),
    ("각하", "\u{1100}\u{1161}\u{11a8}\u{1112}\u{1161}", true),
    ("\u{212a}ate", "KATE", true),
    ("\u{212b}sa", "åSA", true),
    ("ſam", "SAM", true),
    ("ΟΔΟΣ", "οδος", true),
    ("ΟΔΟΣ", "οδοσ", true),
    ("straẞe", "STRAßE", true),
    ("Ǆep", "ǆEP", true),
    ("ｂｏｂ", "BOB", true),
    ("ｂｏｂ＠ｅｘａｍｐｌｅ．ｏｒｇ", "bob@Example.ORG", true),
    ("bob　smith", "Bob Smith", true),
    ("ｅ\u{301}mile", "ÉMILE", true),
    ("straße", "STRASSE", false),
    ("izmir", "İZMİR", false),
    ("izmir", "ızmır", false),
    ("İzmir", "ızmir", false),
    ("ﬁlip", "FILIP", false),
    ("paypal", "раypal", false),
    ("bob", "bоb", false),
    ("bob", "b.o.b", false),
    ("emile", "émile", false),
    ("bob1", "bob¹", false),
    ("ﾊﾅ", "ハナ", false),
];

/// Every way in which somebody gets a name: who is created, and who is renamed.
fn takings(path: &str, name: &str) -> Vec<Request<Bytes>> {
    let rename = |operation: Value| patch(path, &json!([operation]));
    let urn = format!("{}:userName", SchemaUri::USER);
    vec![
        post("/Users", &user(name)),
        put(path, &user(name)),
        rename(json!({ "op": "replace", "path": "userName", "value": name })),
        rename(json!({ "op": "add", "path": "USERNAME", "value": name })),
        rename(json!({ "op": "replace", "path": urn, "value": name })),
        rename(json!({ "op": "replace", "value": { "userName": name } })),
        rename(json!({ "op": "add", "value": { urn: name } })),
    ]
}

/// The same as operations of a bulk request.
fn bulk_takings(path: &str, name: &str) -> Value {
    let replace = json!({ "Operations": [{ "op": "replace", "value": { "userName": name } }] });
    json!([
        { "method": "POST", "path": "/Users", "bulkId": "q", "data": user(name) },
        { "method": "PUT", "path": path, "data": user(name) },
        { "method": "PATCH", "path": path, "data": replace },
    ])
}

#[tokio::test]
async fn what_is_one_name_is_one_name_on_every_way_to_it() {
    for (server, _directory) in stores() {
        what_is_one_name_is_one_name_on_every_way_to_it_over(&server).await;
    }
}

async fn what_is_one_name_is_one_name_on_every_way_to_it_over(server: &Server) {
    for (first, second, is_same) in PAIRS {
        for (owned, wanted) in [(first, second), (second, first)] {
            let owner = server.user(owned).await;
            let other = server.user("somebody else").await;
            if is_same {
                assert_taken(server, &other, wanted).await;
            } else {
                assert_free(server, &other, wanted).await;
            }
            assert_eq!(server.read(&owner).await["userName"], owned);
            assert_eq!(found(server, wanted).await.contains(&owned.to_owned()), is_same);
            for path in [owner, other] {
                server.send(delete(&path)).await.assert_status(204);
            }
        }
    }
}

async fn assert_taken(server: &Server, other: &str, name: &str) {
    for request in takings(other, name) {
        server.refuse(request, 409, Some("uniqueness")).await;
    }
    for answer in bulk(server, bulk_takings(other, name)).await {
        let error = &answer["response"];
        assert_eq!((&answer["status"], &error["scimType"]), (&json!("409"), &json!("uniqueness")));
    }
    assert_eq!(server.read(other).await["userName"], "somebody else");
}

async fn assert_free(server: &Server, other: &str, name: &str) {
    for request in takings(other, name) {
        let reply = server.send(request).await;
        assert!(reply.status < 300, "{name}: {}", reply.text());
        if reply.status == 201 {
            server.send(delete(&path_to(&reply.json()))).await.assert_status(204);
        }
    }
}

/// The names that a filter for a name finds.
async fn found(server: &Server, name: &str) -> Vec<String> {
    let list =
        server.send(query("/Users", "filter", &format!("userName eq {}", json!(name)))).await;
    let list = list.assert_status(200).json();
    let resources = list.get("Resources").and_then(Value::as_array).into_iter().flatten();
    resources.map(|user| user["userName"].as_str().unwrap().to_owned()).collect()
}

async fn assert_refused(server: &Server, path: &str, name: &str) {
    for request in takings(path, name) {
        server.refuse(request, 400, Some("invalidValue")).await;
    }
    if name.contains('\0') {
        // The body as a whole cannot be kept.
        return;
    }
    for answer in bulk(server, bulk_takings(path, name)).await {
        let scim_type = &answer["response"]["scimType"];
        assert_eq!((&answer["status"], scim_type), (&json!("400"), &json!("invalidValue")));
    }
}

#[tokio::test]
async fn a_name_that_cannot_be_seen_for_what_it_is_is_refused_on_every_way_to_it() {
    let long = "é".repeat(510) + "x";
    for (server, _directory) in stores() {
        let path = server.user("bob").await;
        for name in [
            "",
            "bob ",
            " bob",
            "\u{3000}bob",
            "\u{a0}bob",
            "bob\t",
            "b\u{200d}ob",
            "b\u{200b}ob",
            "\u{202e}bob",
            "b\u{2066}ob",
            "bob\u{feff}",
            "b\u{ad}ob",
            "bob\u{e0041}",
            "bob\u{0}",
            "bob\u{7f}",
            "bob\n",
            &long,
        ] {
            assert_refused(&server, &path, name).await;
        }
        let longest = "é".repeat(510);
        server.send(put(&path, &user(&longest))).await.assert_status(200);
        server
            .refuse(post("/Users", &user(&longest.to_uppercase())), 409, Some("uniqueness"))
            .await;
    }
}
