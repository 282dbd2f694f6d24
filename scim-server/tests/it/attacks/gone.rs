//! Clients that go away in the middle of something.

use std::{
    pin::{Pin, pin},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use http::{Request, header::AUTHORIZATION};
use http_body::{Body, Frame};
use scim_server::ScimService;
use serde_json::{Value, json};
use tokio::task::{JoinSet, yield_now};
use tower_service::Service;

use crate::service::{
    Server, delete, group, patch, path_to, post, put, stores, user, user_with, with,
};

/// How often a request is polled at most before its client goes.
const POLLS: usize = 40;

/// Polls the request so often, then drops it, as a server does whose client is gone; whether it
/// was answered.
async fn leave_after(server: &Server, polls: usize, request: Request<Bytes>) -> bool {
    let token = format!("Bearer {}", server.writer.reveal());
    let mut handled = pin!(server.service.handle(with(request, AUTHORIZATION, &token)));
    for _ in 0..polls {
        if handled.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready() {
            return true;
        }
        yield_now().await;
    }
    false
}

/// Waits until everything that was begun is done: writes are done in the order of their coming.
async fn settle(server: &Server) {
    let path = server.user("settled").await;
    server.send(delete(&path)).await.assert_status(204);
}

#[tokio::test]
async fn a_write_whose_client_is_gone_is_done_whole_or_not_at_all() {
    for (server, _directory) in stores() {
        a_write_whose_client_is_gone_is_done_whole_or_not_at_all_over(&server).await;
    }
}

async fn a_write_whose_client_is_gone_is_done_whole_or_not_at_all_over(server: &Server) {
    for polls in 0..POLLS {
        let bob = server.user("bob").await;
        let ward = path_to(&server.create("/Groups", &group("Ward 4")).await);
        let members: Vec<Value> =
            (0..50).map(|place| json!({ "value": place.to_string() })).collect();
        let both = json!([
            { "op": "replace", "path": "displayName", "value": "Ward 5" },
            { "op": "add", "path": "members", "value": members },
        ]);
        let add = json!([{ "op": "add", "path": "members", "value": members }]);
        let robert = user_with(json!({ "userName": "robert", "title": "Guide" }));
        let writes = [
            (put(&bob, &robert), &bob),
            (patch(&ward, &both), &ward),
            (patch(&ward, &add), &ward),
            (delete(&ward), &ward),
        ];
        for (request, path) in writes {
            let before = shape(server, path).await;
            let is_answered = leave_after(server, polls, request).await;
            settle(server).await;
            let after = shape(server, path).await;
            let whole = ["robert Guide 0", "Ward 5  50", "Ward 4  50", "nothing"];
            assert!(after == before || whole.contains(&after.as_str()), "{polls}: {after}");
            assert!(!is_answered || whole.contains(&after.as_str()), "{polls}: {after}");
        }
        // Every name is either somebody's or free, as its owner says.
        for path in [bob, ward] {
            server.send(delete(&path)).await;
        }
        for name in ["bob", "robert"] {
            let path = server.user(name).await;
            server.send(delete(&path)).await.assert_status(204);
        }
    }
    assert!(server.contents().await.is_empty());
}

/// What can be told apart of a resource.
async fn shape(server: &Server, path: &str) -> String {
    let reply = server.send(crate::service::get(path)).await;
    if reply.status == 404 {
        return "nothing".to_owned();
    }
    let read = reply.json();
    let text = |name: &str| read.get(name).and_then(Value::as_str).unwrap_or_default();
    let members = read.get("members").and_then(Value::as_array).map_or(0, Vec::len);
    format!("{}{} {} {members}", text("userName"), text("displayName"), text("title"))
}

#[tokio::test]
async fn of_a_bulk_request_whose_client_is_gone_the_first_operations_are_done_each_whole() {
    for (server, _directory) in stores() {
        for polls in 0..POLLS {
            leave_a_bulk_request(&server, polls).await;
        }
    }
}

async fn leave_a_bulk_request(server: &Server, polls: usize) {
    const OPERATIONS: usize = 20;
    let name = |place: usize| format!("u{place:02}");
    let operations = (0..OPERATIONS).map(|place| {
        let data = user_with(json!({
            "userName": name(place), "title": "Guide", "emails": [{ "value": name(place) }],
        }));
        json!({ "method": "POST", "path": "/Users", "bulkId": place.to_string(), "data": data })
    });
    let request = post("/Bulk", &json!({ "Operations": operations.collect::<Vec<_>>() }));
    let is_answered = leave_after(server, polls, request).await;
    settle(server).await;
    let page = server.read("/Users").await;
    let users = page.get("Resources").and_then(Value::as_array);
    let users: Vec<&Value> = users.into_iter().flatten().collect();
    for (place, user) in users.iter().enumerate() {
        assert_eq!(user["userName"], name(place));
        assert_eq!(user["emails"][0]["value"], name(place));
    }
    assert!(users.len() <= OPERATIONS && (!is_answered || users.len() == OPERATIONS));
    for user in users {
        server.send(delete(&path_to(user))).await.assert_status(204);
    }
}

/// A body of which the half comes, and then whatever it is told.
struct Half {
    first: Option<Bytes>,
    then: Poll<Option<Result<Frame<Bytes>, std::io::Error>>>,
    was_dropped: Arc<AtomicBool>,
}

impl Body for Half {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        match self.first.take() {
            Some(half) => Poll::Ready(Some(Ok(Frame::data(half)))),
            None => std::mem::replace(&mut self.then, Poll::Pending),
        }
    }
}

impl Drop for Half {
    fn drop(&mut self) {
        self.was_dropped.store(true, Ordering::SeqCst);
    }
}

#[tokio::test]
async fn of_a_body_that_breaks_off_nothing_is_done() {
    for (server, _directory) in stores() {
        of_a_body_that_breaks_off_nothing_is_done_over(&server).await;
    }
}

async fn of_a_body_that_breaks_off_nothing_is_done_over(server: &Server) {
    let bob = server.user("bob").await;
    let ward = path_to(&server.create("/Groups", &group("Ward 4")).await);
    let before = server.contents().await;
    let bulk = json!({ "Operations": [{ "method": "DELETE", "path": bob }] });
    let whole = [
        post("/Users", &user("new")),
        put(&bob, &user("robert")),
        patch(&ward, &json!([{ "op": "add", "path": "members", "value": [{ "value": "1" }] }])),
        post("/Bulk", &bulk),
        // All of it is there, but for the end.
        with(post("/Users", &user("complete")), http::header::CONTENT_LENGTH, "100000"),
    ];
    for request in whole {
        let (mut parts, body) = request.into_parts();
        let token = format!("Bearer {}", server.writer.reveal());
        parts.headers.insert(AUTHORIZATION, token.parse().unwrap());
        let is_complete = parts.headers.contains_key(http::header::CONTENT_LENGTH);
        let length = if is_complete { body.len() } else { body.len() / 2 };
        let broken = || Poll::Ready(Some(Err(std::io::ErrorKind::ConnectionReset.into())));
        for then in [broken(), Poll::Pending] {
            let was_dropped = Arc::new(AtomicBool::new(false));
            let body = Half {
                first: Some(body.slice(..length)),
                then,
                was_dropped: Arc::clone(&was_dropped),
            };
            let request = Request::from_parts(parts.clone(), body);
            poll_some_times(server.service.clone().call(request));
            assert!(was_dropped.load(Ordering::SeqCst));
            settle(server).await;
            assert_eq!(server.contents().await, before);
        }
    }
}

/// Polls an answer, which is 400 if it comes, and drops it.
fn poll_some_times(mut answer: <ScimService as Service<Request<Half>>>::Future) {
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..5 {
        if let Poll::Ready(response) = answer.as_mut().poll(&mut context) {
            assert_eq!(response.unwrap().status(), 400);
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_whose_clients_go_away_at_any_time_each_is_done_whole_or_not_at_all() {
    for (server, _directory) in stores() {
        of_many_whose_clients_go_away_at_any_time_each_is_done_whole_or_not_at_all_over(server)
            .await;
    }
}

async fn of_many_whose_clients_go_away_at_any_time_each_is_done_whole_or_not_at_all_over(
    server: Server,
) {
    let server = Arc::new(server);
    let ward = path_to(&server.create("/Groups", &group("Ward 4")).await);
    let answered = Arc::new(Mutex::new(Vec::new()));
    let mut tasks = JoinSet::new();
    let mut handles = Vec::new();
    for place in 0..200 {
        let (server, answered) = (Arc::clone(&server), Arc::clone(&answered));
        // Two members at a time: there are never one without the other.
        let members = json!([{ "value": format!("a{place}") }, { "value": format!("b{place}") }]);
        let add = json!([{ "op": "add", "path": "members", "value": members }]);
        let request = patch(&ward, &add);
        handles.push(tasks.spawn(async move {
            if server.send(request).await.status == 204 {
                answered.lock().unwrap().push(place);
            }
        }));
    }
    for (place, task) in handles.iter().enumerate() {
        if place % 3 == 0 {
            task.abort();
        }
        if place % 10 == 0 {
            yield_now().await;
        }
    }
    while tasks.join_next().await.is_some() {}
    settle(&server).await;
    let read = server.read(&ward).await;
    let members = read["members"].as_array().unwrap();
    let has = |name: String| members.iter().any(|member| member["value"] == name);
    for place in 0..200 {
        assert_eq!(has(format!("a{place}")), has(format!("b{place}")), "{place}");
    }
    for place in answered.lock().unwrap().iter() {
        assert!(has(format!("a{place}")), "{place}");
    }
}
