//! Bodies that are no JSON, or more of it than is taken.

use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use scim_server::Limits;
use serde_json::{Value, json};

use super::{Server, request, user, with};
use crate::reply::MARKER;

/// Text that is no JSON object.
const MALFORMED: [&str; 31] = [
    "",
    " ",
    "Zq7marker",
    "\"Zq7marker\"",
    "7",
    "null",
    "true",
    "[]",
    r#"[{"userName": "Zq7marker"}]"#,
    "{",
    "{\"userName\": \"Zq7marker\"",
    "{\"userName\": \"Zq7marker",
    "{\"userName\": }",
    "{\"userName\"}",
    "{userName: \"Zq7marker\"}",
    "{'userName': 'Zq7marker'}",
    "{\"userName\": \"Zq7marker\",}",
    "{\"userName\": \"Zq7marker\"} x",
    "{\"userName\": \"Zq7marker\"}{\"userName\": \"Zq7marker\"}",
    "{\"userName\": \"Zq7marker\"} // Zq7marker",
    "{\"userName\": \"Zq7marker\\ud800\"}",
    "{\"userName\": \"Zq7marker\\x\"}",
    "{\"userName\": \"Zq7marker\n\"}",
    "{\"userName\": NaN}",
    "{\"userName\": 1e999}",
    "{\"userName\": 01}",
    "\u{feff}{\"userName\": \"Zq7marker\"}",
    r#"{"userName": "Zq7marker", "userName": "Zq7marker"}"#,
    r#"{"userName": "Zq7marker", "\u0075serName": "Zq7marker"}"#,
    r#"{"userName": "Zq7marker", "name": {"givenName": "Zq7marker", "givenName": "x"}}"#,
    r#"{"userName": "x", "emails": [{"value": "Zq7marker", "type": "x", "value": "y"}]}"#,
];

#[tokio::test]
async fn a_body_that_is_no_json_object_is_refused() {
    let server = Server::new();
    let path = server.user("bjensen").await;
    let not_utf_8 = b"{\"userName\": \"Zq7marker\xff\"}".to_vec();
    let bodies = MALFORMED.iter().map(|text| text.as_bytes().to_vec()).chain([not_utf_8]);
    for body in bodies {
        for (method, path) in writes(&path) {
            server.refuse(request(method, path, body.clone()), 400, Some("invalidSyntax")).await;
        }
    }
}

#[tokio::test]
async fn json_may_nest_so_deep_and_no_deeper() {
    let limits = Limits::default().with_body(8 * 1024 * 1024);
    let server = Server::with(|builder| builder.with_limits(limits));
    let path = server.user("bjensen").await;
    for (levels, is_too_deep) in [(32, false), (33, true), (200, true), (200_000, true)] {
        for (method, path, body) in
            writes(&path).into_iter().flat_map(|(m, p)| nested(levels).map(|body| (m, p, body)))
        {
            let reply =
                server.refuse(request(method, path, body), 400, Some("invalidSyntax")).await;
            assert_eq!(reply.text().contains("nested"), is_too_deep, "{levels} {method}");
        }
    }
}

#[tokio::test]
async fn json_may_have_so_many_values_and_no_more() {
    let limits = Limits::default().with_body(8 * 1024 * 1024);
    let server = Server::with(|builder| builder.with_limits(limits));
    let path = server.user("bjensen").await;
    // Two values are the object and the array.
    for (values, is_too_many) in [(99_998, false), (99_999, true), (1_000_000, true)] {
        let body = format!("{{\"x\": [{}0]}}", "0,".repeat(values - 1));
        for (method, path) in writes(&path) {
            let request = request(method, path, body.clone());
            let reply = server.refuse(request, 400, Some("invalidSyntax")).await;
            assert_eq!(reply.text().contains("too many values"), is_too_many, "{values} {method}");
        }
    }
}

#[tokio::test]
async fn a_body_above_the_limit_is_too_large() {
    let server = Server::new();
    let path = server.user("bjensen").await;
    let limit = 1024 * 1024;
    for (size, status, scim_type) in
        [(limit, 400, Some("invalidSyntax")), (limit + 1, 413, None), (2 * limit, 413, None)]
    {
        let body = json!({ "x": MARKER }).to_string();
        let body = format!("{body}{}", " ".repeat(size - body.len()));
        for (method, path) in writes(&path) {
            server.refuse(request(method, path, body.clone()), status, scim_type).await;
        }
    }
    // What a read carries is not looked at.
    server.send(request("GET", "/Users", "x".repeat(100))).await.assert_status(200);
}

#[tokio::test]
async fn other_media_types_and_encodings_are_refused() {
    let server = Server::new();
    let path = server.user("bjensen").await;
    let refused = [
        (CONTENT_TYPE, ""),
        (CONTENT_TYPE, "text/plain"),
        (CONTENT_TYPE, "application/xml"),
        (CONTENT_TYPE, "application/scim"),
        (CONTENT_TYPE, "application/jsonx"),
        (CONTENT_TYPE, "application/x-www-form-urlencoded"),
        (CONTENT_TYPE, "text/plain; application/json"),
        (CONTENT_TYPE, "application/json\u{e9}"),
        (CONTENT_ENCODING, "gzip"),
        (CONTENT_ENCODING, "br"),
        (CONTENT_ENCODING, "identity, gzip"),
    ];
    for (name, value) in refused {
        for (method, path) in writes(&path) {
            let body = user(MARKER).to_string();
            server.refuse(with(request(method, path, body), name.clone(), value), 415, None).await;
        }
    }
    // Two fields in the head, of which one would be taken.
    for (name, [taken, refused]) in [
        (CONTENT_TYPE, ["application/json", "text/plain"]),
        (CONTENT_ENCODING, ["identity", "gzip"]),
    ] {
        for [first, second] in [[taken, refused], [refused, taken]] {
            let request = request("POST", "/Users", user(MARKER).to_string());
            let request = with(with(request, name.clone(), first), name.clone(), second);
            server.refuse(request, 415, None).await;
        }
    }
}

#[tokio::test]
async fn both_media_types_of_json_are_taken() {
    let server = Server::new();
    let taken = [
        "application/scim+json",
        "application/json",
        "application/scim+json; charset=utf-8",
        "application/json;charset=UTF-8",
        "Application/SCIM+JSON ; charset=utf-8",
    ];
    for (place, media_type) in taken.into_iter().enumerate() {
        let body = user(&format!("user{place}")).to_string();
        let request = with(request("POST", "/Users", body), CONTENT_TYPE, media_type);
        server.send(request).await.assert_status(201);
    }
    let none = request("POST", "/Users", user("none").to_string());
    server.send(none).await.assert_status(201);
    let identity = request("POST", "/Users", user("identity").to_string());
    server.send(with(identity, CONTENT_ENCODING, "identity")).await.assert_status(201);
    let total: Value = server.read("/Users?count=0").await["totalResults"].clone();
    assert_eq!(total, taken.len() + 2);
}

/// JSON of so many levels: arrays, objects, and arrays that nobody closes.
fn nested(levels: usize) -> [String; 3] {
    let arrays = levels - 1;
    [
        format!("{{\"x\": {}1{}}}", "[".repeat(arrays), "]".repeat(arrays)),
        format!("{}1{}", "{\"x\": ".repeat(levels), "}".repeat(levels)),
        "[".repeat(levels),
    ]
}

fn writes(path: &str) -> [(&'static str, &str); 4] {
    [("POST", "/Users"), ("POST", "/Groups"), ("PUT", path), ("PATCH", path)]
}
