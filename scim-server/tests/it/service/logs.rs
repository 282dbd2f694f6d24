//! What the library says of a request while it works.

use std::{
    cell::RefCell,
    io,
    sync::{Arc, Once},
};

use http::header::{AUTHORIZATION, IF_MATCH};
use scim_server::{
    ResourceStore,
    store::{MemoryStore, SqliteStore},
};
use serde_json::json;
use tracing_subscriber::fmt::format::FmtSpan;

use super::{
    Server, delete, get, group, patch, path_to, post, put, query, request, user, user_with, with,
};
use crate::reply::{MARKER, PASSWORD};

/// Stands for the name of an attribute that nobody has.
const NAME: &str = "zq9name";

/// Everything that is logged by this thread, at every level.
///
/// The whole process has one subscriber: one for each thread would come and go while others log.
struct Log;

thread_local! {
    static TEXT: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

impl Log {
    fn begin() {
        static SUBSCRIBER: Once = Once::new();
        SUBSCRIBER.call_once(|| {
            let subscriber = tracing_subscriber::fmt()
                .with_max_level(tracing::Level::TRACE)
                .with_span_events(FmtSpan::NEW | FmtSpan::CLOSE)
                .with_ansi(false)
                .with_writer(|| Self)
                .finish();
            tracing::subscriber::set_global_default(subscriber).unwrap();
        });
        TEXT.set(Some(Vec::new()));
    }

    fn take() -> String {
        String::from_utf8(TEXT.replace(Some(Vec::new())).unwrap()).unwrap()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        TEXT.with_borrow_mut(|text| text.iter_mut().for_each(|text| text.extend_from_slice(bytes)));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

async fn work(server: &Server) {
    let full = json!({
        "title": MARKER, "externalId": MARKER, "password": PASSWORD,
        "name": { "givenName": MARKER }, "emails": [{ "value": MARKER }],
    });
    let created = server.create("/Users", &user_with(full)).await;
    let path = path_to(&created);
    let ward = path_to(&server.create("/Groups", &group(MARKER)).await);
    let title = json!([{ "op": "replace", "path": "title", "value": format!("{MARKER}2") }]);
    let token = server.writer.reveal();
    let filter = format!("userName eq \"{MARKER}\" or emails[value co \"{MARKER}\"]");
    let requests = [
        get(&path),
        get(&format!("{path}?attributes=title,{NAME}")),
        query("/Users", "filter", &filter),
        query("/Users", "filter", &format!("{NAME} eq \"{MARKER}\"")),
        query("/Users", "filter", &format!("userName eq \"{MARKER}")),
        query("/Users", "sortBy", NAME),
        query("/Users", "count", MARKER),
        get(&format!("/Users/{MARKER}")),
        get(&format!("/{MARKER}?filter={MARKER}")),
        put(&path, &user_with(json!({ "title": MARKER }))),
        put(&path, &json!({ "userName": [MARKER], NAME: MARKER })),
        patch(&path, &title),
        patch(&path, &json!([{ "op": MARKER, "path": NAME, "value": MARKER }])),
        patch(&ward, &json!([{ "op": "add", "path": "members", "value": [{ "value": MARKER }] }])),
        post("/Users", &user("bjensen")),
        post("/Users", &json!({ "userName": MARKER, "password": [PASSWORD] })),
        request("POST", "/Users", format!("{{\"{MARKER}")),
        with(delete(&path), IF_MATCH, &format!("\"{MARKER}\"")),
        with(get(&path), "x-request-id".parse().unwrap(), &format!("{MARKER} {token}")),
        delete(&path),
        delete(&ward),
    ];
    for request in requests {
        server.send(request).await;
    }
    for credentials in
        [format!("Basic {MARKER}"), format!("Bearer {MARKER}x"), format!("Token {token}")]
    {
        server.send_bare(with(get("/Users"), AUTHORIZATION, &credentials)).await.assert_status(401);
    }
    for token in [&server.reader, &server.stranger] {
        server.send_as(token, post("/Users", &user(MARKER))).await;
    }
}

#[tokio::test]
async fn nothing_of_a_resource_a_filter_or_a_token_is_logged_at_any_level() {
    let directory = tempfile::tempdir().unwrap();
    Log::begin();
    let sqlite = SqliteStore::open(directory.path().join("scim.db")).unwrap();
    let stores: [Arc<dyn ResourceStore>; 2] = [Arc::new(MemoryStore::new()), Arc::new(sqlite)];
    for store in stores {
        let server = Server::over(store, |builder| builder);
        Box::pin(work(&server)).await;
        let text = Log::take();
        assert!(text.contains("status=201"), "{text}");
        for token in [&server.writer, &server.reader, &server.stranger] {
            assert!(!text.contains(token.reveal()), "a token is logged");
        }
        for value in [MARKER, PASSWORD, NAME, "bjensen"] {
            let line = text.lines().find(|line| line.contains(value));
            assert_eq!(line, None, "a value is logged");
        }
    }
}

#[tokio::test]
async fn a_span_tells_what_was_asked_and_what_came_of_it() {
    Log::begin();
    let server = Server::new();
    let path = server.user("bjensen").await;
    Log::take();
    for (request, expected) in [
        (get(&path), ["operation=\"get\"", "type=\"User\"", "status=200"]),
        (get("/Groups"), ["operation=\"list\"", "type=\"Group\"", "status=200"]),
        (post("/Users", &user("bjensen")), ["operation=\"create\"", "type=\"User\"", "status=409"]),
        (get("/Schemas"), ["operation=\"discover\"", "tenant=\"r1\"", "status=200"]),
        (delete(&path), ["operation=\"delete\"", "type=\"User\"", "status=204"]),
    ] {
        server.send(request).await;
        let text = Log::take();
        let last = text.lines().last().unwrap();
        let common = ["INFO", "request_id=", "tenant=\"r1\"", "principal=\"writer\"", "duration="];
        for field in expected.iter().chain(&common) {
            assert_eq!(last.matches(field).count(), 1, "{field} in {last}");
        }
    }
}
