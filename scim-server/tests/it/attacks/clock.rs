//! A clock that goes wrong.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use bytes::Bytes;
use http::{
    Request,
    header::{AUTHORIZATION, IF_MATCH},
};
use scim_core::DateTime;
use scim_server::{
    Access, Limits, ResourceStore, ScimService, SystemAccounts, Token, store::MemoryStore,
};
use serde_json::{Value, json};

use crate::{
    reply::Reply,
    service::{BASE, Server, group, patch, path_to, put, query, stores, user, user_with, with},
};

const SECOND: i64 = 1_000_000;
const HOUR: i64 = 3600 * SECOND;
const YEAR: i64 = 365 * 24 * HOUR;
/// In the year 2020.
const BEGIN: i64 = 1_600_000_000 * SECOND;

/// A clock that is told the time.
#[derive(Clone)]
struct Told(Arc<AtomicI64>);

impl Told {
    fn new() -> Self {
        Self(Arc::new(AtomicI64::new(BEGIN)))
    }

    fn tell(&self, micros: i64) {
        self.0.store(micros, Ordering::SeqCst);
    }

    fn clock(&self) -> impl Fn() -> DateTime + Send + Sync + 'static {
        let time = Arc::clone(&self.0);
        move || DateTime::from_unix_micros(time.load(Ordering::SeqCst)).unwrap()
    }
}

/// Stopped, back, further back, far ahead, and back to where it was.
const TIMES: [i64; 9] = [
    BEGIN,
    BEGIN,
    BEGIN - HOUR,
    BEGIN - 10 * YEAR,
    BEGIN + 10 * YEAR,
    BEGIN + 10 * YEAR,
    BEGIN + HOUR,
    0,
    BEGIN + 1,
];

#[tokio::test]
async fn versions_grow_and_no_change_is_older_than_the_last() {
    for (stored, _directory) in stores() {
        grow(stored).await;
    }
}

async fn grow(stored: Server) {
    let told = Told::new();
    let store: Arc<dyn ResourceStore> = Arc::clone(&stored.store);
    let server = Server::over(store, |builder| builder.with_clock(told.clock()));
    let user_path = server.user("bjensen").await;
    let ward = path_to(&server.create("/Groups", &group("Ward 4")).await);
    let mut seen = Vec::new();
    for (place, time) in TIMES.into_iter().enumerate() {
        told.tell(time);
        let title = json!([{ "op": "replace", "path": "title", "value": place.to_string() }]);
        let member =
            json!([{ "op": "add", "path": "members", "value": [{ "value": place.to_string() }] }]);
        let rename =
            json!([{ "op": "replace", "path": "displayName", "value": place.to_string() }]);
        let nick = user_with(json!({ "nickName": place.to_string() }));
        for (path, request) in [
            (&user_path, patch(&user_path, &title)),
            (&user_path, put(&user_path, &nick)),
            (&ward, patch(&ward, &member)),
            (&ward, patch(&ward, &rename)),
        ] {
            let (created, modified, version) = meta(&server, path).await;
            assert!(server.send(request).await.status < 300);
            let (created_now, modified_now, version_now) = meta(&server, path).await;
            assert_eq!(created_now, created);
            assert!(modified_now > modified, "{time}: {modified_now} {modified}");
            assert!(version_now != version && !seen.contains(&(path, version_now.clone())));
            // Whoever still has the old version is told.
            let late = with(patch(path, &json!([])), IF_MATCH, &version);
            server.refuse(late, 412, None).await;
            let late = with(put(&user_path, &user("late")), IF_MATCH, &version);
            server.refuse(late, 412, None).await;
            seen.push((path, version_now));
        }
        // Who is new is not before those that were there, whatever the time.
        let new = server.user(&format!("new{place}")).await;
        let (created, modified, _) = meta(&server, &new).await;
        assert_eq!(created, modified);
        let filter = format!("meta.lastModified ge \"{created}\" and userName eq \"new{place}\"");
        let page = server.send(query("/Users", "filter", &filter)).await.json();
        assert_eq!(page["totalResults"], 1);
    }
    // A walk goes by the order of creation and not by time.
    let mut names = Vec::new();
    let mut page = server.read("/Users?count=4&cursor=").await;
    loop {
        names.extend(page["Resources"].as_array().unwrap().iter().map(name_of));
        let Some(next) = page.get("nextCursor") else { break };
        page = server.read(&format!("/Users?count=4&cursor={}", next.as_str().unwrap())).await;
    }
    let expected: Vec<_> = (0..TIMES.len()).map(|place| format!("new{place}")).collect();
    assert_eq!(names[1..], expected);
}

fn name_of(user: &Value) -> String {
    user["userName"].as_str().unwrap().to_owned()
}

/// When it was created and last modified, and its version.
async fn meta(server: &Server, path: &str) -> (DateTime, DateTime, String) {
    let meta = server.read(path).await["meta"].clone();
    let at = |name: &str| meta[name].as_str().unwrap().parse().unwrap();
    (at("created"), at("lastModified"), meta["version"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_token_ends_by_the_clock_and_nobody_is_kept_out_by_it() {
    let told = Told::new();
    let accounts = SystemAccounts::new().with_clock(told.clock());
    let token: Token = "valid-for-one-hour".parse().unwrap();
    let end = DateTime::from_unix_micros(BEGIN + HOUR);
    accounts.add_token("hour", Access::to_tenant("r1".parse().unwrap()), &token, end).unwrap();
    let service = ScimService::builder(BASE, MemoryStore::new(), accounts)
        .with_tenant("r1".parse().unwrap())
        .with_limits(Limits::default().with_rate(1, 3))
        .with_clock(told.clock())
        .build()
        .unwrap();
    let status = async |time: i64| {
        told.tell(time);
        let request = Request::get("/scim/v1/Users")
            .header(AUTHORIZATION, format!("Bearer {}", token.reveal()))
            .body(Bytes::new());
        Reply::of(&service, request.unwrap()).await.status
    };
    for (time, expected) in [
        (BEGIN, 200),
        (BEGIN + HOUR - 1, 200),
        (BEGIN + HOUR, 401),
        (BEGIN + 10 * YEAR, 401),
        // Whoever asked before the clock went back is not kept out until it is there again.
        (BEGIN - HOUR, 200),
        (BEGIN - HOUR, 200),
        (BEGIN - HOUR, 200),
        (BEGIN - HOUR, 429),
        (BEGIN - 2 * HOUR, 200),
        (0, 200),
    ] {
        assert_eq!(status(time).await, expected, "{time}");
    }
}
