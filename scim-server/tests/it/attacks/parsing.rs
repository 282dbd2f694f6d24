//! Bodies and URIs that cost more than they are worth.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{
    Request,
    header::{AUTHORIZATION, CONTENT_LENGTH},
};
use http_body::{Body, Frame};
use scim_core::{ResourceType, SchemaRegistry, schema::SchemaDefinition};
use scim_server::store::{MemoryStore, SqliteStore};
use serde_json::{Value, json};
use tower_service::Service;

use crate::{
    reply::MARKER,
    service::{Server, get, path_to, request, user, user_with, with},
};

const SYNTAX: Option<&str> = Some("invalidSyntax");

/// The usual limit of a body.
const BODY_LIMIT: usize = 1024 * 1024;

#[tokio::test]
async fn json_that_nests_without_end_is_refused() {
    let server = Server::new();
    let path = server.user("babs").await;
    for levels in [33, 128, 200_000] {
        let mixed = "[{\"x\":".repeat(levels / 2);
        for text in [
            "[".repeat(levels),
            "{\"x\":".repeat(levels),
            format!("{{\"x\":{}1{}}}", "[".repeat(levels), "]".repeat(levels)),
            format!("{{\"x\":{mixed}1{}}}", "}]".repeat(levels / 2)),
            format!("{{\"Operations\":{}", "[".repeat(levels)),
        ] {
            // A body too large is not even looked at.
            let is_too_large = text.len() > BODY_LIMIT;
            let (status, scim_type) = [(400, SYNTAX), (413, None)][usize::from(is_too_large)];
            server.refuse(request("POST", "/Users", text.clone()), status, scim_type).await;
            server.refuse(request("PUT", &path, text.clone()), status, scim_type).await;
            server.refuse(request("PATCH", &path, text), status, scim_type).await;
        }
    }
}

/// A body that never ends, and counts what was read of it.
struct Endless(Arc<AtomicUsize>);

impl Body for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        const CHUNK: &[u8] = &[b' '; 64 * 1024];
        self.0.fetch_add(CHUNK.len(), Ordering::Relaxed);
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(CHUNK)))))
    }
}

#[tokio::test]
async fn an_endless_body_is_read_no_further_than_the_limit() {
    let server = Server::new();
    let read = Arc::new(AtomicUsize::new(0));
    let request = Request::post("/scim/v1/Realms/r1/Users")
        .header(AUTHORIZATION, format!("Bearer {}", server.writer.reveal()))
        .body(Endless(Arc::clone(&read)))
        .unwrap();
    let response = server.service.clone().call(request).await.unwrap();
    assert_eq!(response.status(), 413);
    assert!(read.load(Ordering::Relaxed) <= BODY_LIMIT + 64 * 1024);
}

#[tokio::test]
async fn what_the_head_says_of_the_length_is_not_believed() {
    let server = Server::new();
    let large = format!("{}{}", user(MARKER), " ".repeat(1 << 20));
    for length in ["1", "0", "-1", "99999999999999999999", MARKER] {
        let request = request("POST", "/Users", large.clone());
        server.refuse(with(request, CONTENT_LENGTH, length), 413, None).await;
    }
}

#[tokio::test]
async fn neither_the_first_nor_the_last_of_two_wins() {
    let server = Server::new();
    let path = server.user("babs").await;
    let uri = "urn:ietf:params:scim:schemas:core:2.0:User";
    let same = ["userName".to_owned(), "username".to_owned(), format!("{uri}:userName")];
    for first in &same {
        for second in &same {
            let body = format!(r#"{{"{first}": "{MARKER}", "{second}": "other"}}"#);
            server.refuse(request("POST", "/Users", body.clone()), 400, SYNTAX).await;
            server.refuse(request("PUT", &path, body.clone()), 400, SYNTAX).await;
            let operation = format!(r#"{{"op": "replace", "value": {body}}}"#);
            let body = format!(r#"{{"Operations": [{operation}]}}"#);
            server.refuse(request("PATCH", &path, body), 400, SYNTAX).await;
        }
    }
}

/// Things with a decimal number.
fn things() -> SchemaRegistry {
    let schema = json!({
        "id": "urn:example:Thing", "name": "Thing",
        "attributes": [{ "name": "weight", "type": "decimal" }, { "name": "count", "type": "integer" }],
    });
    let resource_type =
        json!({ "name": "Thing", "endpoint": "/Things", "schema": "urn:example:Thing" });
    SchemaRegistry::standard()
        .with_schema(SchemaDefinition::read(schema).unwrap())
        .with_resource_type(ResourceType::read(resource_type).unwrap())
        .unwrap()
}

#[tokio::test]
async fn a_number_comes_back_as_it_was_sent_or_not_at_all() {
    let directory = tempfile::tempdir().unwrap();
    let sqlite = SqliteStore::open(directory.path().join("scim.db")).unwrap();
    let stores: [Arc<dyn scim_server::ResourceStore>; 2] =
        [Arc::new(MemoryStore::new()), Arc::new(sqlite)];
    for store in stores {
        let server = Server::over(store, |builder| builder.with_registry(things()));
        for number in [
            "0",
            "-0.0",
            "1",
            "-1",
            "0.1",
            "1.5",
            "9223372036854775807",
            "18446744073709551615",
            "-9223372036854775808",
            "5e-324",
            "51.477928",
            "0.30000000000000004",
        ] {
            let body = format!(r#"{{"schemas": ["urn:example:Thing"], "weight": {number}}}"#);
            let created = server.send(request("POST", "/Things", body)).await;
            created.assert_status(201);
            let weight = server.read(&path_to(&created.json())).await["weight"].to_string();
            assert_eq!(weight, number);
        }
        for number in [
            "18446744073709551616",
            "0.1000000000000000055511151231257827021181583404541015625",
            "1e-400",
            "123456789012345678901234567890.5",
        ] {
            let body = format!(r#"{{"schemas": ["urn:example:Thing"], "weight": {number}}}"#);
            let reply = server.send(request("POST", "/Things", body)).await;
            reply.assert_error(400, Some("invalidValue"));
        }
        for count in ["9223372036854775808", "1.5", "1e2", "\"1\""] {
            let body = format!(r#"{{"schemas": ["urn:example:Thing"], "count": {count}}}"#);
            let reply = server.send(request("POST", "/Things", body)).await;
            reply.assert_error(400, Some("invalidValue"));
        }
    }
}

#[tokio::test]
async fn a_uri_has_an_end() {
    let server = Server::new();
    for path in [
        format!("/Users/{}", "x".repeat(60_000)),
        format!("/Users?filter={}", "x".repeat(60_000)),
        format!("/{}", "x/".repeat(10_000)),
    ] {
        server.refuse(get(&path), 414, None).await;
    }
}

#[tokio::test]
async fn a_page_out_of_range_is_a_page() {
    let server = Server::new();
    server.create("/Users", &user_with(json!({}))).await;
    for (query, shown) in [
        ("startIndex=-1", 1),
        ("startIndex=0", 1),
        ("startIndex=-9223372036854775809", 1),
        ("startIndex=9223372036854775808", 0),
        ("count=9223372036854775808", 1),
        ("count=340282366920938463463374607431768211456", 1),
        ("count=-1", 0),
        ("startIndex=9223372036854775807&count=9223372036854775807", 0),
    ] {
        let list = server.read(&format!("/Users?{query}")).await;
        let resources = list.get("Resources").and_then(Value::as_array).map_or(0, Vec::len);
        assert_eq!((&list["totalResults"], resources), (&json!(1), shown), "{query}");
    }
    for query in ["startIndex=x", "count=1.5", "count=0x10", "startIndex=1e3", "count=%00"] {
        let request = get(&format!("/Users?{query}"));
        server.refuse(request, 400, Some("invalidValue")).await;
    }
}
