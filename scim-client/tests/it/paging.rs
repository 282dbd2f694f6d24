use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response};
use scim_client::{Client, ErrorKind, Filter, ListResponse, User, transport::InProcessTransport};
use serde_json::{Value, json};

use crate::script::{Script, answer, json};

fn user(number: u64) -> Value {
    json!({"id": number.to_string(), "userName": format!("user{number}")})
}

fn page(numbers: impl IntoIterator<Item = u64>, total: u64) -> Response<Bytes> {
    let users: Vec<Value> = numbers.into_iter().map(user).collect();
    json(200, &json!({"totalResults": total, "Resources": users}))
}

fn names(users: &[User]) -> Vec<&str> {
    users.iter().map(|user| user.user_name.as_str()).collect()
}

#[tokio::test]
async fn pages_of_seven_give_all_twenty() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&asked);
    let service = InProcessTransport::new(move |request: Request<Bytes>| {
        let query = request.uri().query().unwrap_or_default().to_owned();
        let start = query.split('&').find_map(|p| p.strip_prefix("startIndex="));
        let start: u64 = start.map_or(1, |start| start.parse().unwrap());
        log.lock().unwrap().push(query);
        async move {
            let users = (start..(start + 7).min(21)).map(user).collect();
            let page = ListResponse::new(users, 20, start);
            Response::new(Bytes::from(serde_json::to_vec(&page).unwrap()))
        }
    });
    let client = Client::builder("https://scim.example.com/v2").transport(service).build().unwrap();
    let users = client.api::<User>().list().count(50).all().await.unwrap();
    assert_eq!(users.len(), 20);
    assert_eq!(users[19].user_name, "user20");
    assert_eq!(
        *asked.lock().unwrap(),
        ["count=50", "startIndex=8&count=50", "startIndex=15&count=50"]
    );
}

#[tokio::test]
async fn a_total_that_lies_ends_on_an_empty_page() {
    let script = Script::new([page([1, 2], 1000), page([3], 1000), page([], 1000)]);
    let users = script.client().api::<User>().list().all().await.unwrap();
    assert_eq!(names(&users), ["user1", "user2", "user3"]);
    assert_eq!(script.uris(), ["/Users", "/Users?startIndex=3", "/Users?startIndex=4"]);
}

#[tokio::test]
async fn a_page_that_repeats_ends_the_walk() {
    let script = Script::new([page([1, 2], 4), page([1, 2], 4)]);
    let users = script.client().api::<User>().list().all().await.unwrap();
    assert_eq!(names(&users), ["user1", "user2"]);
}

#[tokio::test]
async fn a_resource_that_moved_to_the_next_page_comes_once() {
    let script = Script::new([page([1, 2], 4), page([2, 3], 4)]);
    let users = script.client().api::<User>().list().all().await.unwrap();
    assert_eq!(names(&users), ["user1", "user2", "user3"]);
}

#[tokio::test]
async fn a_failing_page_fails_the_whole() {
    let script = Script::new([page([1, 2], 4), answer(503, "")]);
    let error = script.client().api::<User>().list().all().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Server);
}

#[tokio::test]
async fn a_walk_begins_where_it_is_told() {
    let script = Script::new([page([5], 6), page([6], 6)]);
    let users = script.client().api::<User>().list().start_index(5).all().await.unwrap();
    assert_eq!(names(&users), ["user5", "user6"]);
    assert_eq!(script.uris(), ["/Users?startIndex=5", "/Users?startIndex=6"]);
}

#[tokio::test]
async fn at_most_one_is_none_one_or_an_error() {
    let find = async |answers: Vec<Response<Bytes>>| {
        let users = Script::new(answers).client().api::<User>();
        users.list().filter(Filter::eq("userName", "x").unwrap()).at_most_one().await
    };
    assert_eq!(find(vec![page([], 0)]).await.unwrap(), None);
    let one = find(vec![page([1], 1)]).await.unwrap();
    assert_eq!(one.map(|user| user.user_name).as_deref(), Some("user1"));
    let lied = find(vec![page([1], 99), page([], 99)]).await.unwrap();
    assert_eq!(lied.map(|user| user.user_name).as_deref(), Some("user1"));

    let several = find(vec![page([1, 2], 2)]).await.unwrap_err();
    assert_eq!(several.kind(), ErrorKind::Ambiguous);
    assert_eq!(several.to_string(), "`GET /Users`: more than one resource matches");
    let on_two_pages = find(vec![page([1], 2), page([2], 2)]).await.unwrap_err();
    assert_eq!(on_two_pages.kind(), ErrorKind::Ambiguous);
    assert!(find(vec![answer(404, "")]).await.unwrap_err().is_not_scim());
}
