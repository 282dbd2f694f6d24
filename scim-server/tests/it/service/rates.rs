//! How often somebody may ask.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use http::{header::RETRY_AFTER, request::Parts};
use scim_core::DateTime;
use scim_server::{
    Authenticator, Limits, Principal, ScimService, auth::AuthenticationError, store::MemoryStore,
};

use super::{BASE, Server, get, post, user};
use crate::reply::Reply;

#[tokio::test]
async fn whoever_asks_too_often_is_told_when_to_ask_again() {
    let now = Arc::new(AtomicI64::new(0));
    let clock = Arc::clone(&now);
    let server = Server::with(|builder| {
        builder
            .with_limits(Limits::default().with_rate(2, 3))
            .with_clock(move || DateTime::from_unix_micros(clock.load(Ordering::Relaxed)).unwrap())
    });
    for _ in 0..3 {
        server.send(get("/Users")).await.assert_status(200);
    }
    for request in [get("/Users"), post("/Users", &user("bjensen")), get("/Schemas"), get("/x")] {
        let reply = server.refuse(request, 429, None).await;
        assert_eq!(reply.header(RETRY_AFTER), Some("1"));
    }
    // The others have buckets of their own, and who is unknown is still told so first.
    server.send_as(&server.reader, get("/Users")).await.assert_status(200);
    server.send_bare(get("/Users")).await.assert_status(401);
    now.store(500_000, Ordering::Relaxed);
    server.send(get("/Users")).await.assert_status(200);
    server.send(get("/Users")).await.assert_status(429);
    now.store(2_000_000, Ordering::Relaxed);
    for status in [200, 200, 200, 429] {
        server.send(get("/Users")).await.assert_status(status);
    }
}

#[tokio::test]
async fn nobody_is_held_back_by_default() {
    let server = Server::new();
    for _ in 0..1000 {
        server.send(get("/Users?count=0")).await.assert_status(200);
    }
}

/// Has had enough.
struct Busy;

#[async_trait]
impl Authenticator for Busy {
    async fn authenticate(&self, _: &Parts) -> Result<Principal, AuthenticationError> {
        Err(AuthenticationError::Throttled { retry_after: Duration::from_secs(30) })
    }
}

#[tokio::test]
async fn an_authenticator_may_hold_somebody_back() {
    let service = ScimService::builder(BASE, MemoryStore::new(), Busy)
        .with_tenant("r1".parse().unwrap())
        .build()
        .unwrap();
    let reply = Reply::of(&service, get("/Users")).await;
    reply.assert_error(429, None);
    assert_eq!(reply.header(RETRY_AFTER), Some("30"));
}
