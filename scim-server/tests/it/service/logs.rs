//! What the library says of a request while it works.

use std::{
    io,
    sync::{Arc, Mutex},
};

use http::header::{AUTHORIZATION, IF_MATCH};
use scim_server::{
    ResourceStore,
    store::{MemoryStore, SqliteStore},
};
use serde_json::json;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::fmt::format::FmtSpan;

use super::{
    Server, delete, get, group, patch, path_to, post, put, query, request, user, user_with, with,
};
use crate::reply::{MARKER, PASSWORD};

/// Stands for the name of an attribute that nobody has.
const NAME: &str = "zq9name";

/// Everything that is logged by this thread, at every level.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn begin() -> (Self, DefaultGuard) {
        let log = Self::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_span_events(FmtSpan::FULL)
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        (log, tracing::subscriber::set_default(subscriber))
    }

    fn take(&self) -> String {
        String::from_utf8(std::mem::take(&mut self.0.lock().unwrap())).unwrap()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
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
    let (log, guard) = Log::begin();
    let sqlite = SqliteStore::open(directory.path().join("scim.db")).unwrap();
    let stores: [Arc<dyn ResourceStore>; 2] = [Arc::new(MemoryStore::new()), Arc::new(sqlite)];
    for store in stores {
        let server = Server::over(store, |builder| builder);
        Box::pin(work(&server)).await;
        let text = log.take();
        assert!(text.contains("status=201"), "{text}");
        for token in [&server.writer, &server.reader, &server.stranger] {
            assert!(!text.contains(token.reveal()), "a token is logged");
        }
        for value in [MARKER, PASSWORD, NAME, "bjensen"] {
            let line = text.lines().find(|line| line.contains(value));
            assert_eq!(line, None, "a value is logged");
        }
    }
    drop(guard);
}

#[tokio::test]
async fn a_span_tells_what_was_asked_and_what_came_of_it() {
    let (log, guard) = Log::begin();
    let server = Server::new();
    let path = server.user("bjensen").await;
    log.take();
    for (request, expected) in [
        (get(&path), ["operation=\"get\"", "type=\"User\"", "status=200"]),
        (get("/Groups"), ["operation=\"list\"", "type=\"Group\"", "status=200"]),
        (post("/Users", &user("bjensen")), ["operation=\"create\"", "type=\"User\"", "status=409"]),
        (get("/Schemas"), ["operation=\"discover\"", "tenant=\"r1\"", "status=200"]),
        (delete(&path), ["operation=\"delete\"", "type=\"User\"", "status=204"]),
    ] {
        server.send(request).await;
        let text = log.take();
        let last = text.lines().last().unwrap();
        let common = ["INFO", "request_id=", "tenant=\"r1\"", "principal=\"writer\"", "duration="];
        for field in expected.iter().chain(&common) {
            assert_eq!(last.matches(field).count(), 1, "{field} in {last}");
        }
    }
    drop(guard);
}
