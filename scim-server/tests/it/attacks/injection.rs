//! Data that wants to be something else.

use std::{net::TcpListener, sync::Arc};

use http::header::{HeaderName, IF_MATCH};
use scim_server::store::{MemoryStore, SqliteStore};
use serde_json::json;

use super::bulk;
use crate::{
    reply::MARKER,
    service::{
        Server, delete, get, group, patch, path_to, post, put, query, stores, user, user_with, with,
    },
};

#[tokio::test]
async fn an_id_is_a_name_and_no_path() {
    let directory = tempfile::tempdir().unwrap();
    let sqlite = SqliteStore::open(directory.path().join("scim.db")).unwrap();
    let stores: [Arc<dyn scim_server::ResourceStore>; 2] =
        [Arc::new(MemoryStore::new()), Arc::new(sqlite)];
    for store in stores {
        let server = Server::over(store, |builder| builder);
        let created = server.create("/Users", &user_with(json!({ "externalId": "mine" }))).await;
        let id = created["id"].as_str().unwrap().to_owned();
        let ward = server.create("/Groups", &group("Ward 4")).await["id"].clone();
        let upper = id.to_uppercase();
        let long = "x".repeat(2000);
        let ids = [
            "%2e%2e%2f",
            "..%2fUsers",
            "%2e",
            "..",
            ".",
            "%00",
            "%0d%0aSet-Cookie:%20x=y",
            "1",
            "mine",
            "bjensen",
            "'%20or%201=1--",
            "%25",
            "%5c",
            "*",
            "%c0%af",
            "%ff",
            "bulkId",
            "null",
            ward.as_str().unwrap(),
            &upper,
            &long,
            &format!("{id}%00"),
            &format!("{id}%20"),
        ];
        for wrong in ids {
            let path = format!("/Users/{wrong}");
            let title = json!([{ "op": "add", "path": "title", "value": "x" }]);
            server.refuse(get(&path), 404, None).await;
            server.refuse(put(&path, &user("x")), 404, None).await;
            server.refuse(patch(&path, &title), 404, None).await;
            server.refuse(delete(&path), 404, None).await;
        }
        server.read(&format!("/Users/{id}")).await;
    }
}

#[tokio::test]
async fn line_breaks_get_into_no_head() {
    let server = Server::new();
    let evil = "x\r\nSet-Cookie: a=b\u{1b}[2J";
    let group_path = path_to(&server.create("/Groups", &group(evil)).await);
    let reply = server.send(get(&group_path)).await;
    assert_eq!(reply.json()["displayName"], evil);
    let encoded = "%0d%0aSet-Cookie:%20a=b";
    for request in [
        get(&group_path),
        get(&format!("/Users/{encoded}")),
        get(&format!("/{encoded}")),
        get(&format!("/Users?sortBy={encoded}")),
        get(&format!("/Users?filter={encoded}")),
        with(get(&group_path), HeaderName::from_static("x-request-id"), "x;Set-Cookie=a"),
        with(delete(&group_path), IF_MATCH, "\"x;Set-Cookie=a\""),
        post("/Users", &user(evil)),
        post("/Users", &user_with(json!({ "externalId": evil }))),
    ] {
        let reply = server.send(request).await;
        for (name, value) in &reply.headers {
            assert_ne!(name, "set-cookie");
            let text = format!("{value:?}");
            assert!(!text.contains("Set-Cookie") && !text.contains("\\r"), "{name}: {text}");
        }
        assert!(!reply.text().contains('\r') && !reply.text().contains('\u{1b}'));
    }
}

#[tokio::test]
async fn special_names_are_no_attributes() {
    let server = Server::new();
    let path = server.user("babs").await;
    for name in ["__proto__", "constructor", "prototype", "$where", "toString", "__class__", "."] {
        let body = user_with(json!({ name: { "admin": MARKER } }));
        server.refuse(post("/Users", &body), 400, Some("invalidSyntax")).await;
        server.refuse(put(&path, &body), 400, Some("invalidSyntax")).await;
        let inner = user_with(json!({ "name": { name: MARKER } }));
        server.refuse(post("/Users", &inner), 400, Some("invalidSyntax")).await;
        let without_path = json!([{ "op": "add", "value": { name: { "admin": MARKER } } }]);
        server.refuse(patch(&path, &without_path), 400, Some("invalidSyntax")).await;
        for target in [name.to_owned(), format!("name.{name}"), format!("{name}.admin")] {
            let at_path = json!([{ "op": "add", "path": target, "value": MARKER }]);
            server.refuse(patch(&path, &at_path), 400, Some("invalidPath")).await;
        }
    }
}

#[tokio::test]
async fn nothing_that_a_resource_refers_to_is_fetched() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let here = format!("http://{}/x", listener.local_addr().unwrap());
    let server = Server::new();
    for uri in [here.as_str(), "http://169.254.169.254/", "file:///etc/passwd", "javascript:x"] {
        let body = user_with(json!({
            "userName": uri, "profileUrl": uri, "photos": [{ "value": uri, "type": "photo" }],
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
                "manager": { "value": "1", "$ref": uri },
            },
        }));
        let path = path_to(&server.create("/Users", &body).await);
        assert_eq!(server.read(&path).await["profileUrl"], uri);
        let mut ward = group(uri);
        ward["members"] = json!([{ "value": "1", "$ref": uri }]);
        let ward = path_to(&server.create("/Groups", &ward).await);
        server.read(&ward).await;
        server.send(delete(&path)).await.assert_status(204);
    }
    let connection = listener.accept();
    assert_eq!(connection.unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
}

/// Texts that would be commands where they were pasted into one.
const COMMANDS: [&str; 12] = [
    "'; drop table resource; --",
    "' or '1'='1",
    "\" or \"\"=\"",
    "1) or 1=1 --",
    "x' union select document from resource --",
    "'||(select document from resource)||'",
    "\\'; pragma user_version = 99; --",
    "$.userName",
    "userName')) or 1=1 --",
    "?1",
    ":id",
    "%' escape '%",
];

#[tokio::test]
async fn a_command_is_a_text_like_any_other() {
    for (server, _directory) in stores() {
        a_command_is_a_text_like_any_other_over(&server).await;
    }
}

async fn a_command_is_a_text_like_any_other_over(server: &Server) {
    let other = server.user("other").await;
    for command in COMMANDS {
        let body = json!({
            "userName": command, "externalId": command, "displayName": command,
            "emails": [{ "value": command, "type": command }],
        });
        let path = path_to(&server.create("/Users", &body).await);
        let mut ward = group(command);
        ward["members"] = json!([{ "value": command }]);
        let ward = path_to(&server.create("/Groups", &ward).await);
        for (endpoint, attribute) in [
            ("/Users", "userName"),
            ("/Users", "externalId"),
            ("/Users", "displayName"),
            ("/Users", "emails.value"),
            ("/Users", "emails.type"),
            ("/Groups", "displayName"),
            ("/Groups", "members.value"),
        ] {
            for op in ["eq", "sw", "co", "ew"] {
                let filter = format!("{attribute} {op} {}", json!(command));
                let list = server.send(query(endpoint, "filter", &filter)).await.json();
                assert_eq!(list["totalResults"], 1, "{filter}");
            }
        }
        server.refuse(post("/Users", &user(command)), 409, Some("uniqueness")).await;
        server.send(delete(&path)).await.assert_status(204);
        server.send(delete(&ward)).await.assert_status(204);
        refuse_as_a_name(server, &other, command).await;
    }
    assert_eq!(server.read("/Users").await["totalResults"], 1);
}

/// Where a name is expected, a command is none.
async fn refuse_as_a_name(server: &Server, path: &str, command: &str) {
    let asked = |name: &str| query("/Users", name, command);
    server.refuse(asked("filter"), 400, Some("invalidFilter")).await;
    server.refuse(asked("cursor"), 400, Some("invalidCursor")).await;
    let filter = format!("{command} eq \"x\"");
    server.refuse(query("/Users", "filter", &filter), 400, Some("invalidFilter")).await;
    for name in ["sortBy", "attributes", "excludedAttributes"] {
        let reply = server.send(asked(name)).await;
        assert!(matches!(reply.status, 200 | 400), "{name}: {}", reply.text());
        if reply.status == 200 {
            assert_eq!(reply.json()["totalResults"], 1);
        }
    }
    let encoded: String = form_urlencoded::byte_serialize(command.as_bytes()).collect();
    let encoded = encoded.replace('+', "%20");
    server.refuse(get(&format!("/Users/{encoded}")), 404, None).await;
    server.refuse(delete(&format!("/Users/{encoded}")), 404, None).await;
    let at_path = json!([{ "op": "replace", "path": command, "value": "x" }]);
    server.refuse(patch(path, &at_path), 400, Some("invalidPath")).await;
    let bulk_path = format!("/Users/{command}");
    let operation = json!([{ "method": "DELETE", "path": bulk_path, "version": command }]);
    let answer = &bulk(server, operation).await[0];
    assert!(["400", "404"].contains(&answer["status"].as_str().unwrap()), "{answer}");
    let expecting = with(patch(path, &at_path), IF_MATCH, command);
    assert!(matches!(server.send(expecting).await.status, 400 | 412));
}
