//! A password is never shown, never kept, and cannot be found out.

use serde_json::json;

use super::{Server, get, patch, path_to, post, put, query, user_with};
use crate::reply::PASSWORD;

#[tokio::test]
async fn a_password_is_neither_shown_nor_kept() {
    // `Reply` looks for it in every response.
    let server = Server::new();
    let body = user_with(json!({ "password": PASSWORD }));
    let created = server.create("/Users", &body).await;
    assert_eq!(created.get("password"), None);
    let path = path_to(&created);
    let replace = |operation: serde_json::Value| patch(&path, &json!([operation]));
    let requests = [
        get(&path),
        get("/Users"),
        get(&format!("{path}?attributes=password")),
        get("/Users?attributes=password,userName"),
        put(&path, &body),
        replace(json!({ "op": "replace", "path": "password", "value": PASSWORD })),
        replace(json!({ "op": "add", "value": { "password": PASSWORD, "title": "x" } })),
        replace(json!({ "op": "remove", "path": "password" })),
    ];
    for request in requests {
        let what = format!("{} {}", request.method(), request.uri());
        let reply = server.send(request).await;
        assert_eq!(reply.status, 200, "{what}");
        assert!(!reply.text().contains("\"password\""), "{what}");
        let contents = format!("{:?}", server.contents().await);
        assert!(!contents.contains("password") && !contents.contains(PASSWORD), "{what}");
    }
}

#[tokio::test]
async fn a_new_password_alone_is_no_new_version() {
    let server = Server::new();
    let path = server.user("bjensen").await;
    let before = server.read(&path).await;
    let replace = json!([{ "op": "replace", "path": "password", "value": PASSWORD }]);
    server.send(patch(&path, &replace)).await.assert_status(200);
    assert_eq!(server.read(&path).await, before);
}

#[tokio::test]
async fn a_refused_password_is_in_no_message() {
    let server = Server::new();
    let path = server.user("babs").await;
    server.user("bjensen").await;
    for value in
        [json!({ "x": PASSWORD }), json!([PASSWORD, PASSWORD]), json!(format!("{PASSWORD}\0"))]
    {
        let body = user_with(json!({ "userName": "new", "password": value }));
        server.refuse(post("/Users", &body), 400, Some("invalidValue")).await;
        server.refuse(put(&path, &body), 400, Some("invalidValue")).await;
        let replace = json!([{ "op": "replace", "path": "password", "value": value }]);
        server.refuse(patch(&path, &replace), 400, Some("invalidValue")).await;
    }
    let taken = user_with(json!({ "password": PASSWORD }));
    server.refuse(post("/Users", &taken), 409, Some("uniqueness")).await;
}

#[tokio::test]
async fn a_password_cannot_be_found_out_by_asking() {
    let server = Server::new();
    server.create("/Users", &user_with(json!({ "password": PASSWORD }))).await;
    for filter in [
        &format!("password eq \"{PASSWORD}\""),
        "password pr",
        "not (password pr)",
        "userName pr or password sw \"a\"",
        "urn:ietf:params:scim:schemas:core:2.0:User:password pr",
    ] {
        let reply = server.send(query("/Users", "filter", filter)).await;
        reply.assert_error(400, Some("invalidFilter"));
    }
    assert_eq!(server.send(get("/Users?sortBy=password")).await.status, 400);
}
