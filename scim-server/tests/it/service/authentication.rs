//! Who is let in, and where to.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use scim_core::DateTime;
use scim_server::{Access, ScimService, SystemAccounts, Token, store::MemoryStore};
use serde_json::json;

use super::{BASE, Server, delete, get, group, patch, path_to, post, put, request, user, with};
use crate::reply::Reply;

/// Every route, and some that are none.
const ROUTES: [(&str, &str); 27] = [
    ("GET", "/Users"),
    ("POST", "/Users"),
    ("PUT", "/Users"),
    ("GET", "/Users/1"),
    ("PUT", "/Users/1"),
    ("PATCH", "/Users/1"),
    ("DELETE", "/Users/1"),
    ("HEAD", "/Users/1"),
    ("GET", "/Groups"),
    ("POST", "/Groups"),
    ("GET", "/Groups/1"),
    ("PUT", "/Groups/1"),
    ("PATCH", "/Groups/1"),
    ("DELETE", "/Groups/1"),
    ("GET", "/ServiceProviderConfig"),
    ("GET", "/ResourceTypes"),
    ("GET", "/ResourceTypes/User"),
    ("GET", "/Schemas"),
    ("GET", "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User"),
    ("GET", "/Me"),
    ("POST", "/Bulk"),
    ("POST", "/.search"),
    ("POST", "/Users/.search"),
    ("GET", ""),
    ("GET", "/Nothing"),
    ("GET", "/Users/1/more"),
    ("BREW", "/Users"),
];

#[tokio::test]
async fn no_route_answers_without_a_token() {
    let server = Server::new();
    for (method, path) in ROUTES {
        let reply = server.send_bare(request(method, path, "{}")).await;
        reply.assert_error(401, None);
        let challenge = reply.header(WWW_AUTHENTICATE).unwrap();
        // RFC 6750 §3: the scheme and at least one parameter; no error code without credentials.
        assert!(challenge.starts_with("Bearer realm="), "{challenge}");
        assert!(!challenge.contains("error"), "{challenge}");
    }
}

#[tokio::test]
async fn no_route_answers_to_bad_credentials() {
    let server = Server::new();
    let good = server.writer.reveal();
    let bad = [
        vec![String::new()],
        vec!["Bearer".to_owned()],
        vec!["Bearer ".to_owned()],
        vec!["Bearer x".to_owned()],
        vec![format!("Bearer scim_{}", "0".repeat(64))],
        vec![format!("Bearer {}", good.to_uppercase())],
        vec![format!("Bearer {}", good.split_at(good.len() - 1).0)],
        vec![format!("Bearer {good}0")],
        vec![format!("Bearer {good} {good}")],
        vec![format!("Bearer \"{good}\"")],
        vec![format!("Bearer {good}\u{e9}")],
        vec![format!("Bearer\t{good}")],
        vec![good.to_owned()],
        vec![format!("Token {good}")],
        vec![format!("Basic {good}")],
        vec!["Basic dXNlcjpwYXNz".to_owned()],
        vec![format!("Bearer {good}, Bearer {good}")],
        vec![format!("Bearer {good}"), format!("Bearer {good}")],
        vec![format!("Bearer {}", "x".repeat(1 << 20))],
        vec![format!("Bearer {}", good.repeat(100))],
        vec![format!("Bearer {good}"), "Basic dXNlcjpwYXNz".to_owned()],
        vec!["Basic dXNlcjpwYXNz".to_owned(), format!("Bearer {good}")],
    ];
    for headers in bad {
        for (method, path) in ROUTES {
            let plain = request(method, path, "{}");
            let authorized =
                headers.iter().fold(plain, |request, header| with(request, AUTHORIZATION, header));
            let reply = server.send_bare(authorized).await;
            reply.assert_error(401, None);
            let challenge = reply.header(WWW_AUTHENTICATE).unwrap();
            assert!(challenge.starts_with("Bearer "), "{challenge}");
            assert!(challenge.contains("error=\"invalid_token\""), "{challenge}");
            assert!(!reply.text().contains(good), "{headers:?}");
        }
    }
}

#[tokio::test]
async fn the_scheme_may_be_written_in_any_case() {
    let server = Server::new();
    for scheme in ["Bearer ", "bearer ", "BEARER ", "Bearer  "] {
        let header = format!("{scheme}{}", server.writer.reveal());
        let reply = server.send_bare(with(get("/Users"), AUTHORIZATION, &header)).await;
        reply.assert_status(200);
    }
}

#[tokio::test]
async fn a_token_lives_until_it_is_revoked_or_expires() {
    let now = Arc::new(AtomicI64::new(1_000_000));
    let clock = Arc::clone(&now);
    let instant = |micros: i64| DateTime::from_unix_micros(micros).unwrap();
    let accounts = SystemAccounts::new().with_clock(move || instant(clock.load(Ordering::Relaxed)));
    let access = Access::to_tenant("clinic".parse().unwrap());
    let token: Token = "own-token".parse().unwrap();
    accounts.add_token("one", access.clone(), &token, Some(instant(2_000_000))).unwrap();
    let next = accounts.add("one", access.clone()).unwrap();
    assert!(accounts.add_token("two", access, &token, None).is_err());
    let service = ScimService::builder(BASE, MemoryStore::new(), accounts.clone())
        .with_tenant("clinic".parse().unwrap())
        .build()
        .unwrap();
    let status = async |token: &Token| {
        let request = http::Request::get("/scim/v1/Users")
            .header(AUTHORIZATION, format!("Bearer {}", token.reveal()))
            .body(bytes::Bytes::new())
            .unwrap();
        Reply::of(&service, request).await.status
    };
    assert_eq!((status(&token).await, status(&next).await), (200, 200));
    now.store(1_999_999, Ordering::Relaxed);
    assert_eq!(status(&token).await, 200);
    now.store(2_000_000, Ordering::Relaxed);
    assert_eq!((status(&token).await, status(&next).await), (401, 200));
    assert!(accounts.revoke(&next) && !accounts.revoke(&next));
    assert_eq!(status(&next).await, 401);
}

#[tokio::test]
async fn a_new_token_takes_over_from_the_old_ones() {
    let now = Arc::new(AtomicI64::new(1_000_000));
    let clock = Arc::clone(&now);
    let instant = |micros: i64| DateTime::from_unix_micros(micros).unwrap();
    let accounts = SystemAccounts::new().with_clock(move || instant(clock.load(Ordering::Relaxed)));
    let access = Access::to_tenant("clinic".parse().unwrap()).read_only();
    let lasting = accounts.add("one", access.clone()).unwrap();
    let brief: Token = "a-brief-token".parse().unwrap();
    accounts.add_token("one", access.clone(), &brief, Some(instant(3_000_000))).unwrap();
    let other = accounts.add("two", access.clone()).unwrap();
    let next = accounts.rotate("one", Duration::from_secs(10)).unwrap();
    let service = ScimService::builder(BASE, MemoryStore::new(), accounts.clone())
        .with_tenant("clinic".parse().unwrap())
        .build()
        .unwrap();
    let status = async |method: &str, token: &Token| {
        let request = http::Request::builder()
            .method(method)
            .uri("/scim/v1/Users")
            .header(AUTHORIZATION, format!("Bearer {}", token.reveal()))
            .body(bytes::Bytes::new())
            .unwrap();
        Reply::of(&service, request).await.status
    };
    for (micros, expected) in [
        (1_000_000, [200, 200, 200, 200]),
        (2_999_999, [200, 200, 200, 200]),
        (3_000_000, [200, 401, 200, 200]),
        (10_999_999, [200, 401, 200, 200]),
        (11_000_000, [401, 401, 200, 200]),
        (i64::from(u32::MAX) * 1_000_000, [401, 401, 200, 200]),
    ] {
        now.store(micros, Ordering::Relaxed);
        let mut seen = Vec::new();
        for token in [&lasting, &brief, &next, &other] {
            seen.push(status("GET", token).await);
        }
        assert_eq!(seen, expected, "{micros}");
    }
    // The new one may do what the old ones might.
    assert_eq!(status("POST", &next).await, 403);
    assert!(matches!(
        accounts.rotate("three", Duration::ZERO),
        Err(scim_server::auth::RotateTokenError::Unknown)
    ));
    // Without an overlap the old one ends at once.
    let last = accounts.rotate("one", Duration::ZERO).unwrap();
    assert_eq!((status("GET", &next).await, status("GET", &last).await), (401, 200));
    assert!(accounts.remove("one") && !accounts.remove("one"));
    assert_eq!(status("GET", &last).await, 401);
}

#[tokio::test]
async fn what_is_elsewhere_or_nowhere_is_not_found() {
    let server = Server::new();
    let everywhere = server.accounts.add("operator", Access::to_all_tenants()).unwrap();
    let paths = [
        "/scim/v1/Realms/nowhere/Users",
        "/scim/v1/Realms/r1/Nothing",
        "/scim/v1/Realms/r1/Users/unknown",
        "/scim/v1/Realms/r1/Users/bulkId",
        "/scim/v1/Realms/r1/Users/%FF",
        "/scim/v1/Realms/r1/Users/%00",
        "/scim/v1/Realms/r1/Users/1/2",
        "/scim/v1/Realms/r1/Schemas/urn:unknown",
        "/scim/v1/Realms/r1/Schemas/urn:unknown/more",
        "/scim/v1/Realms/r1/ResourceTypes/Unknown",
        "/scim/v1/Realms/r1/ServiceProviderConfig/more",
        "/scim/v1/Realms/r1/../r2/Users",
        "/scim/v1/Realms/%2e%2e/Users",
        "/scim/v1/Realms/r1%2FUsers",
        "/scim/v1/Realms/R1/Users",
        "/scim/v1/realms/r1/Users",
        "/scim/v1/Realms",
        "/scim/v1/Users",
        "/scim/v1",
        "/scim/v1x/Realms/r1/Users",
        "/scim/Realms/r1/Users",
        "/Users",
        "/",
    ];
    for path in paths {
        let mut request = get("");
        *request.uri_mut() = path.parse().unwrap();
        let reply = server.send_as(&everywhere, request).await;
        assert_eq!(reply.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_foreign_realm_looks_like_one_that_is_not_there() {
    let server = Server::new();
    let replies = async |token: &Token, realm: &str| {
        let mut replies = Vec::new();
        for (method, path) in ROUTES {
            let mut request = request(method, path, "{}");
            let uri = request.uri().path().replace("/r1", &format!("/{realm}"));
            *request.uri_mut() = uri.parse().unwrap();
            let mut reply = server.send_as(token, request).await;
            reply.assert_status(404);
            reply.headers.remove("x-request-id");
            replies.push((reply.text().to_owned(), reply.headers));
        }
        replies
    };
    let foreign = replies(&server.stranger, "r1").await;
    assert_eq!(foreign, replies(&server.stranger, "nowhere").await);
    assert_eq!(foreign, replies(&server.writer, "r2").await);
}

#[tokio::test]
async fn a_resource_of_another_realm_is_not_found() {
    let server = Server::new();
    let mut request = post("/Users", &user("theirs"));
    *request.uri_mut() = "/scim/v1/Realms/r2/Users".parse().unwrap();
    let reply = server.send_as(&server.stranger, request).await;
    reply.assert_status(201);
    let created = reply.json();
    let path = path_to(&created);
    assert!(created["meta"]["location"].as_str().unwrap().ends_with(&format!("r2{path}")));

    let active = json!([{ "op": "replace", "path": "active", "value": false }]);
    server.refuse(get(&path), 404, None).await;
    server.refuse(put(&path, &user("theirs")), 404, None).await;
    server.refuse(patch(&path, &active), 404, None).await;
    server.refuse(delete(&path), 404, None).await;
    assert_eq!(server.read("/Users").await["totalResults"], 0);
    // Its name is free here.
    server.user("theirs").await;
}

#[tokio::test]
async fn an_account_that_only_reads_writes_nothing() {
    let server = Server::new();
    let path = server.user("bjensen").await;
    let before = server.contents().await;
    let active = json!([{ "op": "replace", "path": "active", "value": false }]);
    let writes = [
        post("/Users", &user("other")),
        post("/Groups", &group("other")),
        put(&path, &user("other")),
        patch(&path, &active),
        delete(&path),
    ];
    for write in writes {
        let reply = server.send_as(&server.reader, write).await;
        reply.assert_error(403, None);
        // RFC 6750 §3.1
        let challenge = reply.header(WWW_AUTHENTICATE).unwrap();
        assert_eq!(challenge, "Bearer realm=\"scim\", error=\"insufficient_scope\"");
    }
    assert_eq!(server.contents().await, before);
    for path in [path.as_str(), "/Users", "/Groups", "/Schemas", "/ServiceProviderConfig"] {
        server.send_as(&server.reader, get(path)).await.assert_status(200);
    }
}
