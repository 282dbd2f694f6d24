//! Resources and operations that do not fit the schema.

use serde_json::{Value, json};

use super::{Server, group, patch, path_to, post, put, user, user_with, with_json};
use crate::reply::MARKER;

type Row = (Value, Option<&'static str>);

const VALUE: Option<&str> = Some("invalidValue");
const SYNTAX: Option<&str> = Some("invalidSyntax");
const PATH: Option<&str> = Some("invalidPath");
const FILTER: Option<&str> = Some("invalidFilter");
const TARGET: Option<&str> = Some("noTarget");
const MUTABILITY: Option<&str> = Some("mutability");

fn bad_users() -> Vec<Row> {
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    let long = MARKER.repeat(8000);
    let mut rows = vec![
        (json!({ "displayName": MARKER }), VALUE),
        (json!({}), VALUE),
        (json!({ "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"] }), VALUE),
    ];
    let with_name = [
        (json!({ "userName": null }), VALUE),
        (json!({ "userName": "" }), VALUE),
        (json!({ "userName": "  " }), VALUE),
        (json!({ "userName": 7 }), VALUE),
        (json!({ "userName": { "value": MARKER } }), VALUE),
        (json!({ "userName": [MARKER, MARKER] }), VALUE),
        (json!({ "userName": format!("{MARKER}\u{7}") }), VALUE),
        (json!({ "userName": "u".repeat(1021) }), VALUE),
        (json!({ "USERNAME": MARKER }), SYNTAX),
        (json!({ "active": MARKER }), VALUE),
        (json!({ "active": 1 }), VALUE),
        (json!({ "name": MARKER }), VALUE),
        (json!({ "name": { "givenName": 7 } }), VALUE),
        (json!({ "name": { "shoeSize": MARKER } }), SYNTAX),
        (json!({ "emails": 7 }), VALUE),
        (json!({ "emails": [{ "value": MARKER, "primary": MARKER }] }), VALUE),
        (json!({ "emails": [{ "value": MARKER, "shoeSize": MARKER }] }), SYNTAX),
        (
            json!({ "emails": [
                { "value": MARKER, "primary": true },
                { "value": "other", "primary": true },
            ] }),
            VALUE,
        ),
        (json!({ "addresses": [MARKER] }), VALUE),
        (json!({ "title": long }), VALUE),
        (json!({ "title": format!("{MARKER}\0") }), VALUE),
        (json!({ "title": [MARKER, MARKER] }), VALUE),
        (json!({ "x509Certificates": [{ "value": format!("{MARKER}?!") }] }), VALUE),
        (json!({ "shoeSize": MARKER }), SYNTAX),
        (json!({ "urn:unknown:schema": { "shoeSize": MARKER } }), SYNTAX),
        (json!({ "schemas": MARKER.len() }), SYNTAX),
        (json!({ "schemas": [7] }), SYNTAX),
        (json!({ enterprise: MARKER }), VALUE),
        (json!({ enterprise: { "shoeSize": MARKER } }), SYNTAX),
        (json!({ enterprise: { "department": 7 } }), VALUE),
    ];
    rows.extend(with_name.map(|(more, scim_type)| (user_with(more), scim_type)));
    rows
}

fn bad_operations() -> Vec<Row> {
    let replace =
        |path: &str, value: Value| json!({ "op": "replace", "path": path, "value": value });
    let rows = [
        (json!({ "op": "swap", "path": "title", "value": MARKER }), SYNTAX),
        (json!({ "op": 7, "path": "title", "value": MARKER }), SYNTAX),
        (json!({ "path": "title", "value": MARKER }), SYNTAX),
        (json!({ "op": "replace", "path": 7, "value": MARKER }), SYNTAX),
        (json!(MARKER), SYNTAX),
        (json!({ "op": "replace", "path": "title" }), VALUE),
        (json!({ "op": "replace", "value": MARKER }), VALUE),
        (json!({ "op": "replace" }), VALUE),
        (json!({ "op": "replace", "value": { "shoeSize": MARKER } }), SYNTAX),
        (json!({ "op": "remove" }), TARGET),
        (json!({ "op": "remove", "value": { "title": MARKER } }), TARGET),
        (json!({ "op": "remove", "path": "userName" }), MUTABILITY),
        (json!({ "op": "remove", "path": "id" }), MUTABILITY),
        (json!({ "op": "remove", "path": "shoeSize" }), PATH),
        (replace("shoeSize", json!(MARKER)), PATH),
        (replace("name.shoeSize", json!(MARKER)), PATH),
        (replace("emails[type eq", json!(MARKER)), PATH),
        (replace("emails[type eq \"work\"", json!(MARKER)), PATH),
        (replace("emails[]", json!(MARKER)), PATH),
        (replace("title ", json!(MARKER)), PATH),
        (replace("emails[shoeSize eq \"Zq7marker\"].value", json!(MARKER)), FILTER),
        (replace("emails[primary eq \"Zq7marker\"].value", json!(MARKER)), FILTER),
        (replace("emails[type eq \"Zq7marker\"]", json!({ "value": MARKER })), TARGET),
        (replace("emails[type ne \"work\"].value", json!(MARKER)), TARGET),
        (replace("id", json!(MARKER)), MUTABILITY),
        (replace("meta.created", json!(MARKER)), MUTABILITY),
        (replace("groups", json!([{ "value": MARKER }])), MUTABILITY),
        (replace("active", json!(MARKER)), VALUE),
        (replace("name", json!(MARKER)), VALUE),
        (replace("name", json!({ "shoeSize": MARKER })), SYNTAX),
        (replace("title", json!({ "value": MARKER })), VALUE),
        (replace("userName", json!(" ")), VALUE),
        (
            replace(
                "emails",
                json!([{ "value": MARKER, "primary": true }, { "value": "x", "primary": true }]),
            ),
            VALUE,
        ),
    ];
    rows.into()
}

#[tokio::test]
async fn a_resource_that_does_not_fit_is_neither_created_nor_put() {
    let server = Server::new();
    let path = server.user("babs").await;
    for (body, scim_type) in bad_users() {
        server.refuse(post("/Users", &body), 400, scim_type).await;
        server.refuse(put(&path, &body), 400, scim_type).await;
    }
    let mut nameless = group("x");
    nameless.as_object_mut().unwrap().remove("displayName");
    server.refuse(post("/Groups", &nameless), 400, VALUE).await;
    let other_id = user_with(json!({ "id": MARKER }));
    server.refuse(put(&path, &other_id), 400, VALUE).await;
}

#[tokio::test]
async fn a_change_that_does_not_fit_is_not_made() {
    let server = Server::new();
    let body = user_with(json!({ "emails": [{ "value": "b@example.com", "type": "work" }] }));
    let created = server.create("/Users", &body).await;
    let path = path_to(&created);
    let first = json!({ "op": "replace", "path": "title", "value": "Guide" });
    for (operation, scim_type) in bad_operations() {
        // An operation before it is not done either.
        let operations = json!([first, operation]);
        server.refuse(patch(&path, &operations), 400, scim_type).await;
    }
    let messages = [
        json!({}),
        json!({ "Operations": MARKER }),
        json!({ "Operations": {} }),
        json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"] }),
        user("bjensen"),
    ];
    for message in messages {
        server.refuse(with_json("PATCH", &path, &message), 400, SYNTAX).await;
    }
}

#[tokio::test]
async fn the_filter_of_a_path_is_in_no_message() {
    let server = Server::new();
    let path = server.user("bjensen").await;
    for (target, scim_type) in [
        ("emails[value eq \"Zq7marker\"].shoeSize", PATH),
        ("userName.value[value eq \"Zq7marker\"]", PATH),
        ("name.givenName[value eq \"Zq7marker\"]", PATH),
    ] {
        let operations = json!([{ "op": "add", "path": target, "value": MARKER }]);
        server.refuse(patch(&path, &operations), 400, scim_type).await;
        let operations = json!([{ "op": "add", "value": { target: MARKER } }]);
        server.refuse(patch(&path, &operations), 400, SYNTAX).await;
    }
}

#[tokio::test]
async fn a_patch_has_so_many_operations_and_no_more() {
    let server = Server::new();
    let path = server.user("bjensen").await;
    let operations = |count: usize| -> Value {
        let one = |place| json!({ "op": "replace", "path": "title", "value": format!("{place}") });
        (0..count).map(one).collect()
    };
    server.send(patch(&path, &operations(1000))).await.assert_status(200);
    server.refuse(patch(&path, &operations(1001)), 413, Some("tooMany")).await;
}

#[tokio::test]
async fn what_clients_cannot_set_is_passed_over() {
    let server = Server::new();
    let body = user_with(json!({
        "id": "mine",
        "groups": [{ "value": "admins" }],
        "meta": { "created": "1999-01-01T00:00:00Z", "version": "W/\"mine\"" },
        "title": null,
        "emails": [],
    }));
    let created = server.create("/Users", &body).await;
    assert_ne!(created["id"], "mine");
    assert!(!created["meta"]["created"].as_str().unwrap().starts_with("1999"));
    assert_ne!(created["meta"]["version"], "W/\"mine\"");
    for name in ["groups", "title", "emails"] {
        assert_eq!(created.get(name), None, "{name}");
    }
    let path = path_to(&created);
    let mut same = created.clone();
    same["meta"]["created"] = json!("1999-01-01T00:00:00Z");
    server.send(put(&path, &same)).await.assert_status(200);
    assert_eq!(server.read(&path).await, created);
}

#[tokio::test]
async fn a_put_clears_what_it_leaves_out_but_enables_nobody() {
    let server = Server::new();
    let body =
        user_with(json!({ "active": false, "title": "Guide", "name": { "givenName": "B" } }));
    let created = server.create("/Users", &body).await;
    let path = path_to(&created);
    server.send(put(&path, &user("bjensen"))).await.assert_status(200);
    let read = server.read(&path).await;
    assert_eq!(read["active"], false);
    assert_eq!((read.get("title"), read.get("name")), (None, None));
    server.send(put(&path, &user_with(json!({ "active": null })))).await.assert_status(200);
    assert_eq!(server.read(&path).await["active"], false);
    server.send(put(&path, &user_with(json!({ "active": true })))).await.assert_status(200);
    assert_eq!(server.read(&path).await["active"], true);
}
