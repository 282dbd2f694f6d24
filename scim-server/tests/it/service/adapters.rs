//! The service behind tower and axum.

use std::{
    collections::VecDeque,
    convert::Infallible,
    io,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{Request, Response, header::AUTHORIZATION};
use http_body::{Body, Frame};
use http_body_util::{BodyExt, Full};
use scim_server::Limits;
use tower_service::Service;

use super::{Server, group, post, user, with};
use crate::reply::Reply;

/// A body of several chunks whose length nobody told, and which may break off.
struct Chunks(VecDeque<Result<Bytes, io::ErrorKind>>);

impl Body for Chunks {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let next = self.0.pop_front();
        Poll::Ready(next.map(|chunk| chunk.map(Frame::data).map_err(io::Error::from)))
    }
}

#[tokio::test]
async fn a_chunked_body_is_taken_up_to_the_limit() {
    let limits = Limits::default().with_body(100);
    let server = Server::with(|builder| builder.with_limits(limits));
    let body = group("Ward 4").to_string();
    assert!(body.len() < 100);
    let spaces = |count: usize| Ok(Bytes::from(" ".repeat(count)));
    let whole = || Ok(Bytes::from(body.clone()));
    for (chunks, status) in [
        (vec![whole()], 201),
        (vec![spaces(1), whole(), spaces(1)], 201),
        (vec![spaces(100 - body.len()), whole()], 201),
        (vec![spaces(101 - body.len()), whole()], 413),
        (vec![whole(), spaces(50), spaces(50), spaces(50)], 413),
        (vec![spaces(1_000_000), whole()], 413),
        (vec![], 400),
    ] {
        let before = server.contents().await.len();
        let response = call(&server, Chunks(chunks.into())).await;
        assert_eq!(response.status, status);
        assert_eq!(response.headers.get_all("x-request-id").iter().count(), 1);
        let added = server.contents().await.len() - before;
        assert_eq!(added, usize::from(status == 201));
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_does_nothing() {
    let server = Server::new();
    let body = user("bjensen").to_string();
    let chunks = [Ok(Bytes::from(body)), Err(io::ErrorKind::ConnectionReset)];
    let response = call(&server, Chunks(chunks.into())).await;
    assert_eq!(response.status, 400);
    assert!(server.contents().await.is_empty());
}

#[tokio::test]
async fn the_axum_router_answers_beside_other_routes() {
    let server = Server::new();
    let others = axum::Router::new().route("/health", axum::routing::get(async || "well"));
    let mut router = others.merge(scim_server::axum::router(server.service.clone()));
    let health = Request::get("/health").body(axum::body::Body::empty()).unwrap();
    let health = router.call(health).await.unwrap().into_body().collect().await.unwrap();
    assert_eq!(health.to_bytes(), "well");
    let authorization = format!("Bearer {}", server.writer.reveal());
    let request = with(post("/Users", &user("bjensen")), AUTHORIZATION, &authorization);
    let created = router.call(request.map(axum::body::Body::from)).await.unwrap();
    assert_eq!(created.status(), 201);
    let location = created.headers()["location"].to_str().unwrap().to_owned();
    let body = created.into_body().collect().await.unwrap().to_bytes();
    assert!(!body.is_empty());

    for (method, token, status) in [
        ("GET", &authorization, 200),
        ("DELETE", &authorization, 204),
        ("GET", &authorization, 404),
        ("GET", &String::from("Bearer unknown"), 401),
    ] {
        let request = Request::builder()
            .method(method)
            .uri(location.trim_start_matches("https://host.example"))
            .header(AUTHORIZATION, token)
            .body(axum::body::Body::empty())
            .unwrap();
        assert_eq!(router.call(request).await.unwrap().status(), status);
    }
}

#[tokio::test]
async fn the_length_of_a_response_is_known() {
    let server = Server::new();
    let request = with(super::get("/Users"), AUTHORIZATION, "Bearer unknown");
    let mut service = server.service.clone();
    let response = service.call(request.map(Full::new)).await.unwrap();
    let told = response.body().size_hint().exact();
    assert!(!response.body().is_end_stream());
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(told, Some(bytes.len() as u64));
}

/// Sends a body to `POST /Groups` as tower does.
async fn call(server: &Server, body: Chunks) -> Reply {
    let authorization = format!("Bearer {}", server.writer.reveal());
    let request = with(post("/Groups", &group("")), AUTHORIZATION, &authorization);
    let mut service = server.service.clone();
    let outcome: Result<Response<_>, Infallible> = service.call(request.map(|_| body)).await;
    let (parts, body) = outcome.unwrap().into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    Reply::from(Response::from_parts(parts, bytes))
}
