//! Methods and paths.

use http::{
    HeaderName,
    header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION},
};
use scim_server::Limits;
use serde_json::json;

use super::{BASE, Server, delete, get, group, patch, path_to, post, put, request, user, with};

#[tokio::test]
async fn a_method_that_does_not_apply_is_named_with_those_that_do() {
    let server = Server::new();
    let user = server.user("bjensen").await;
    let cases = [
        ("/Users", "GET, HEAD, POST", &["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"][..]),
        ("/Groups", "GET, HEAD, POST", &["PUT", "PATCH", "DELETE"]),
        (&user, "GET, HEAD, PUT, PATCH, DELETE", &["POST", "OPTIONS", "BREW", "get"]),
        ("/Users/unknown", "GET, HEAD, PUT, PATCH, DELETE", &["POST"]),
        ("", "GET, HEAD", &["POST", "PUT", "PATCH", "DELETE"]),
        ("/.search", "POST", &["GET", "PUT", "PATCH", "DELETE"]),
        ("/Users/.search", "POST", &["GET", "PUT", "PATCH", "DELETE"]),
        ("/ServiceProviderConfig", "GET, HEAD", &["POST", "PUT", "PATCH", "DELETE", "BREW"]),
        ("/ResourceTypes", "GET, HEAD", &["POST", "PUT", "PATCH", "DELETE"]),
        ("/ResourceTypes/User", "GET, HEAD", &["POST", "PUT", "PATCH", "DELETE"]),
        ("/Schemas", "GET, HEAD", &["POST", "PUT", "PATCH", "DELETE"]),
        ("/Schemas/urn:ietf:params:scim:schemas:core:2.0:User", "GET, HEAD", &["PUT", "DELETE"]),
    ];
    for (path, allow, methods) in cases {
        for method in methods {
            let reply = server.refuse(request(method, path, "{}"), 405, None).await;
            assert_eq!(reply.header(ALLOW), Some(allow), "{method} {path}");
        }
    }
}

#[tokio::test]
async fn head_is_answered_as_get_without_the_body() {
    let server = Server::new();
    let user = server.user("bjensen").await;
    for path in [
        user.as_str(),
        "/Users",
        "/Users?count=0",
        "",
        "/ServiceProviderConfig",
        "/Schemas",
        "/ResourceTypes/User",
        "/Users/unknown",
        "/Users?filter=(",
        "/Bulk",
        "/.search",
        "/Me",
    ] {
        let asked = |request| with(request, HeaderName::from_static("x-request-id"), "1");
        let read = server.send(asked(get(path))).await;
        let head = server.send(asked(request("HEAD", path, ""))).await;
        assert_eq!((head.status, head.text()), (read.status, ""), "{path}");
        let length = read.text().len().to_string();
        assert_eq!(head.header(CONTENT_LENGTH), Some(length.as_str()), "{path}");
        let mut headers = head.headers.clone();
        headers.remove(CONTENT_LENGTH);
        assert_eq!(headers, read.headers, "{path}");
    }
    let version = server.read(&user).await["meta"]["version"].as_str().unwrap().to_owned();
    let head = server.send(with(request("HEAD", &user, ""), IF_NONE_MATCH, &version)).await;
    assert_eq!((head.status, head.header(CONTENT_LENGTH)), (304, None));
    let head = server.send_as(&server.reader, request("HEAD", &user, "")).await;
    head.assert_status(200);
}

#[tokio::test]
async fn parts_of_the_protocol_that_are_not_offered_say_so() {
    let server = Server::new();
    for (method, path) in
        [("GET", "/Me"), ("POST", "/Me"), ("PUT", "/Me"), ("PATCH", "/Me"), ("DELETE", "/Me")]
    {
        server.refuse(request(method, path, "{}"), 501, None).await;
    }
}

#[tokio::test]
async fn endpoints_are_found_in_any_case_and_with_stray_slashes() {
    let server = Server::new();
    let path = server.user("bjensen").await;
    let id = path.trim_start_matches("/Users/");
    for path in
        [path.clone(), format!("/users/{id}"), format!("//Users//{id}/"), format!("/%55sers/{id}")]
    {
        let found = server.read(&path).await;
        assert_eq!(found["id"], id, "{path}");
        assert_eq!(found["meta"]["location"], format!("{BASE}/Realms/r1/Users/{id}"));
    }
    // An identifier keeps its case.
    server.refuse(get(&format!("/Users/{}", id.to_uppercase())), 404, None).await;
}

#[tokio::test]
async fn a_resource_lives_from_its_creation_to_its_deletion() {
    let server = Server::new();
    let bodies = [
        ("User", "/Users", user("bjensen"), user("barbara"), "userName"),
        ("Group", "/Groups", group("Ward 4"), group("Ward 5"), "displayName"),
    ];
    for (resource_type, endpoint, first, second, name) in bodies {
        let created = server.send(post(endpoint, &first)).await;
        created.assert_status(201);
        let body = created.json();
        let path = path_to(&body);
        let location = format!("{BASE}/Realms/r1{path}");
        assert_eq!(created.header(LOCATION), Some(location.as_str()));
        assert_eq!(created.header(ETAG), body["meta"]["version"].as_str());
        assert_eq!(body["meta"]["location"], location);
        assert_eq!(body["meta"]["resourceType"], resource_type);
        assert_eq!(body["meta"]["created"], body["meta"]["lastModified"]);
        assert_eq!((&body[name], &body["schemas"]), (&first[name], &first["schemas"]));

        let read = server.send(get(&path)).await;
        assert_eq!((read.status, read.json()), (200, body.clone()));
        assert_eq!(read.header(LOCATION), Some(location.as_str()));
        assert_eq!(read.header(ETAG), created.header(ETAG));
        let listed = server.read(endpoint).await;
        assert_eq!((&listed["totalResults"], &listed["Resources"]), (&json!(1), &json!([body])));

        let replaced = server.send(put(&path, &second)).await;
        replaced.assert_status(200);
        assert_eq!(replaced.json()[name], second[name]);
        assert_eq!(replaced.json()["meta"]["created"], body["meta"]["created"]);
        assert_eq!(server.read(&path).await, replaced.json());

        let deleted = server.send(delete(&path)).await;
        assert_eq!((deleted.status, deleted.text()), (204, ""));
        assert_eq!(deleted.header(CONTENT_TYPE), None);
        server.refuse(get(&path), 404, None).await;
        server.refuse(put(&path, &second), 404, None).await;
        server.refuse(delete(&path), 404, None).await;
        let operations = json!([{ "op": "replace", "path": name, "value": "x" }]);
        server.refuse(patch(&path, &operations), 404, None).await;
    }
    assert!(server.contents().await.is_empty());
}

#[tokio::test]
async fn a_patch_of_a_group_is_answered_without_its_members() {
    let server = Server::new();
    let created = server.create("/Groups", &group("Ward 4")).await;
    let path = path_to(&created);
    let add = json!([{ "op": "add", "path": "members", "value": [{ "value": "1" }] }]);
    let reply = server.send(patch(&path, &add)).await;
    assert_eq!((reply.status, reply.text()), (204, ""));
    let version = server.read(&path).await["meta"]["version"].clone();
    assert_eq!(reply.header(ETAG), version.as_str());
    let asked = server.send(patch(&format!("{path}?attributes=members"), &add)).await;
    asked.assert_status(200);
    assert_eq!(asked.json()["members"], json!([{ "value": "1" }]));
}

#[tokio::test]
async fn an_endless_uri_is_refused() {
    let limits = Limits::default().with_uri(100);
    for (server, limit) in [(Server::new(), 8192), (Server::with(|b| b.with_limits(limits)), 100)] {
        let prefix = "/scim/v1/Realms/r1/Users?x=".len();
        let fits = format!("/Users?x={}", "y".repeat(limit - prefix));
        server.send(get(&fits)).await.assert_status(200);
        server.refuse(get(&format!("{fits}y")), 414, None).await;
    }
}
