//! Entity tags, preconditions and times.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use http::header::{ETAG, IF_MATCH, IF_NONE_MATCH, LOCATION};
use scim_core::DateTime;
use serde_json::{Value, json};

use super::{Server, delete, get, patch, path_to, put, user, user_with, with};

#[tokio::test]
async fn a_client_that_has_the_version_gets_no_body() {
    let server = Server::new();
    let path = server.user("bjensen").await;
    let version = version(&server, &path).await;
    let bare = version.trim_start_matches("W/");
    for tag in [&version, bare, "*", &format!("\"other\", {version}"), &format!("{version},x")] {
        let reply = server.send(with(get(&path), IF_NONE_MATCH, tag)).await;
        assert_eq!((reply.status, reply.text()), (304, ""), "{tag}");
        assert_eq!(reply.header(ETAG), Some(version.as_str()));
    }
    for tag in ["\"other\"", "W/\"0\"", "W/\"11\""] {
        let reply = server.send(with(get(&path), IF_NONE_MATCH, tag)).await;
        assert_eq!((reply.status, reply.header(ETAG)), (200, Some(version.as_str())), "{tag}");
        assert!(reply.header(LOCATION).is_some());
    }
    server.send(put(&path, &user("barbara"))).await.assert_status(200);
    server.send(with(get(&path), IF_NONE_MATCH, &version)).await.assert_status(200);
}

#[tokio::test]
async fn a_write_to_another_version_changes_nothing() {
    let server = Server::new();
    let path = server.user("bjensen").await;
    let old = version(&server, &path).await;
    server.send(put(&path, &user("barbara"))).await.assert_status(200);
    let now = version(&server, &path).await;
    assert_ne!(old, now);
    let writes = || {
        let title = json!([{ "op": "add", "path": "title", "value": "Guide" }]);
        [patch(&path, &title), put(&path, &user("other")), delete(&path)]
    };
    for tag in [old.as_str(), "\"other\"", "W/\"\"", "other"] {
        for write in writes() {
            server.refuse(with(write, IF_MATCH, tag), 412, None).await;
        }
        server.refuse(with(get(&path), IF_MATCH, tag), 412, None).await;
    }
    for tag in [now.as_str(), "*"] {
        for write in writes() {
            server.refuse(with(write, IF_NONE_MATCH, tag), 412, None).await;
        }
    }
    // Nothing is no version of anything.
    for write in [put("/Users/unknown", &user("x")), delete("/Users/unknown")] {
        server.refuse(with(write, IF_MATCH, &now), 404, None).await;
    }
    let absent = with(put("/Users/unknown", &user("x")), IF_NONE_MATCH, "*");
    server.refuse(absent, 404, None).await;
}

#[tokio::test]
async fn a_condition_that_cannot_be_read_is_refused() {
    let server = Server::new();
    let path = server.user("bjensen").await;
    let title = json!([{ "op": "add", "path": "title", "value": "Guide" }]);
    let requests = || [get(&path), patch(&path, &title), put(&path, &user("other")), delete(&path)];
    for field in ["", " , ", "\"1", "W/", "\"1\" \"2\"", "*, \"1\"", "\"Zq7marker\u{e9}"] {
        for request in requests() {
            let [first, second] =
                [IF_MATCH, IF_NONE_MATCH].map(|name| with(request.clone(), name, field));
            server.refuse(first, 400, Some("invalidValue")).await;
            server.refuse(second, 400, Some("invalidValue")).await;
        }
    }
    // Several fields are one list, and one that cannot be read spoils it.
    let now = version(&server, &path).await;
    let several = with(with(delete(&path), IF_MATCH, &now), IF_MATCH, "W/");
    server.refuse(several, 400, Some("invalidValue")).await;
    let several = with(with(delete(&path), IF_MATCH, "\"other\""), IF_MATCH, &now);
    server.send(several).await.assert_status(204);
}

#[tokio::test]
async fn a_write_to_the_version_that_is_there_takes_effect() {
    let server = Server::new();
    let path = server.user("bjensen").await;
    let title = json!([{ "op": "add", "path": "title", "value": "Guide" }]);
    let mut seen = vec![version(&server, &path).await];
    for write in [patch(&path, &title), put(&path, &user("barbara"))] {
        let tag = format!("\"other\", {}", seen.last().unwrap());
        let reply = server.send(with(write, IF_MATCH, &tag)).await;
        reply.assert_status(200);
        let next = version(&server, &path).await;
        assert_eq!(reply.header(ETAG), Some(next.as_str()));
        assert!(!seen.contains(&next));
        seen.push(next);
    }
    let any = with(put(&path, &user("babs")), IF_MATCH, "*");
    server.send(any).await.assert_status(200);
    let last = version(&server, &path).await;
    server.send(with(delete(&path), IF_MATCH, &last)).await.assert_status(204);
}

#[tokio::test]
async fn what_changes_nothing_makes_no_version() {
    let server = Server::new();
    let body = user_with(json!({ "title": "Guide", "emails": [{ "value": "b@example.com" }] }));
    let created = server.create("/Users", &body).await;
    let path = path_to(&created);
    let idle = [
        put(&path, &body),
        put(&path, &created),
        patch(&path, &json!([{ "op": "replace", "path": "title", "value": "Guide" }])),
        patch(
            &path,
            &json!([{ "op": "add", "path": "emails", "value": [{ "value": "b@example.com" }] }]),
        ),
        patch(&path, &json!([{ "op": "remove", "path": "nickName" }])),
        patch(&path, &json!([{ "op": "remove", "path": "emails[value eq \"x\"]" }])),
        patch(
            &path,
            &json!([
                { "op": "replace", "path": "title", "value": "Chief" },
                { "op": "replace", "path": "title", "value": "Guide" },
            ]),
        ),
    ];
    for request in idle {
        let what = format!("{} {:?}", request.method(), request.body());
        let reply = server.send(request).await;
        reply.assert_status(200);
        assert_eq!(reply.json(), created, "{what}");
        assert_eq!(server.read(&path).await, created, "{what}");
    }
}

#[tokio::test]
async fn times_never_go_back() {
    let now = Arc::new(AtomicI64::new(1_700_000_000_000_000));
    let clock = Arc::clone(&now);
    let server = Server::with(|builder| {
        builder
            .with_clock(move || DateTime::from_unix_micros(clock.load(Ordering::Relaxed)).unwrap())
    });
    let path = server.user("bjensen").await;
    let first = server.read(&path).await;
    assert_eq!(first["meta"]["created"], "2023-11-14T22:13:20Z");
    let mut last = instant(&first);
    let [hour, minute] = [3_600_000_000, 60_000_000];
    for (place, step) in [0, -hour, minute, -minute, 2 * hour, 0].into_iter().enumerate() {
        now.fetch_add(step, Ordering::Relaxed);
        let title = json!([{ "op": "replace", "path": "title", "value": format!("{place}") }]);
        let request = if place % 2 == 0 {
            patch(&path, &title)
        } else {
            put(&path, &user(&format!("user{place}")))
        };
        let reply = server.send(request).await;
        reply.assert_status(200);
        let modified = instant(&reply.json());
        assert!(modified > last, "{place}: {modified} after {last}");
        assert_eq!(reply.json()["meta"]["created"], first["meta"]["created"]);
        last = modified;
    }
    assert!(last.unix_micros() >= now.load(Ordering::Relaxed));
}

fn instant(user: &Value) -> DateTime {
    user["meta"]["lastModified"].as_str().unwrap().parse().unwrap()
}

async fn version(server: &Server, path: &str) -> String {
    server.read(path).await["meta"]["version"].as_str().unwrap().to_owned()
}
