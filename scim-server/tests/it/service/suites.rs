//! What conformance suites of others ask of every service provider, and no other room here tests.

use http::header::{ACCEPT, CONTENT_TYPE};
use scim_core::SchemaUri;
use serde_json::{Value, json};

use super::{
    Server, delete, get, group, patch, path_to, post, put, query, request, user, user_with, with,
};

#[tokio::test]
async fn the_media_type_is_that_of_scim_without_parameters() {
    let server = Server::new();
    let path = server.user("bjensen").await;
    for request in [
        get("/Users"),
        get(&path),
        get("/Schemas"),
        get("/ResourceTypes/User"),
        get("/ServiceProviderConfig"),
        get("/Users/unknown"),
        post("/Users", &user("babs")),
        post("/Users", &user("babs")),
        put(&path, &user("barbara")),
        patch(&path, &json!([{ "op": "add", "path": "title", "value": "Guide" }])),
        patch(&path, &json!([])),
        request("POST", "/Schemas", "{}"),
    ] {
        let what = format!("{} {}", request.method(), request.uri());
        for accept in ["*/*", "application/json", "application/scim+json", "text/html"] {
            let reply = server.send(with(request.clone(), ACCEPT, accept)).await;
            let media_type = reply.header(CONTENT_TYPE);
            assert_eq!(media_type, Some("application/scim+json"), "{what}");
        }
    }
}

#[tokio::test]
async fn the_status_of_an_error_is_text_and_that_of_the_response() {
    let server = Server::new();
    for (request, status) in [
        (post("/Users", &json!({})), "400"),
        (query("/Schemas", "filter", "name pr"), "403"),
        (get("/Users/unknown"), "404"),
        (delete("/Schemas"), "405"),
    ] {
        let reply = server.send(request).await;
        let body = reply.json();
        assert_eq!(
            (body["status"].as_str(), reply.status.to_string().as_str()),
            (Some(status), status)
        );
        assert_eq!(body["schemas"], json!([SchemaUri::ERROR]));
    }
    let bare = server.send_bare(get("/Users")).await;
    assert_eq!((bare.status, &bare.json()["status"]), (401, &json!("401")));
}

#[tokio::test]
async fn an_empty_list_has_resources_all_the_same() {
    let server = Server::new();
    for request in [
        get("/Users"),
        get("/Groups?count=0"),
        get("/Users?startIndex=100"),
        query("/Users", "filter", r#"userName eq "nobody""#),
    ] {
        let reply = server.send(request).await;
        reply.assert_status(200);
        let list = reply.json();
        assert_eq!(list["schemas"], json!([SchemaUri::LIST_RESPONSE]));
        assert_eq!((&list["totalResults"], &list["Resources"]), (&json!(0), &json!([])));
    }
}

#[tokio::test]
async fn a_member_need_not_exist_and_keeps_its_reference() {
    let server = Server::new();
    let mut ward = group("Ward 4");
    let reference = "https://elsewhere.example/Users/unknown";
    ward["members"] = json!([{ "value": "unknown", "$ref": reference }]);
    let created = server.create("/Groups", &ward).await;
    assert_eq!(created["members"][0]["value"], "unknown");
    assert_eq!(created["members"][0]["$ref"], reference);
    let add = json!([{ "op": "add", "path": "members", "value": [{ "value": "another" }] }]);
    server.send(patch(&path_to(&created), &add)).await.assert_status(204);
    assert_eq!(server.read(&path_to(&created)).await["members"][1]["value"], "another");
}

#[tokio::test]
async fn a_value_comes_once_and_false_is_kept() {
    let server = Server::new();
    let email = json!({ "value": "b@example.com", "type": "work", "primary": false });
    let body = user_with(json!({ "emails": [email, email] }));
    let created = server.create("/Users", &body).await;
    assert_eq!(created["emails"], json!([email]));
    let path = path_to(&created);
    assert_eq!(server.send(put(&path, &body)).await.json()["emails"], json!([email]));
    let add = json!([{ "op": "add", "path": "emails", "value": [email, email] }]);
    assert_eq!(server.send(patch(&path, &add)).await.json()["emails"], json!([email]));
    assert_eq!(server.read(&path).await["emails"], json!([email]));
}

#[tokio::test]
async fn the_configuration_passes_over_a_filter() {
    let server = Server::new();
    let plain = server.read("/ServiceProviderConfig").await;
    for filter in ["patch.supported eq true", r#"id eq "x""#, "no filter"] {
        let reply = server.send(query("/ServiceProviderConfig", "filter", filter)).await;
        assert_eq!((reply.status, reply.json()), (200, plain.clone()));
    }
}

#[tokio::test]
async fn an_extension_is_changed_as_a_whole_by_its_uri() {
    let extension = SchemaUri::ENTERPRISE_USER;
    let server = Server::new();
    let path = server.user("bjensen").await;
    let steps: [(Value, Value); 4] = [
        (
            json!({ "op": "add", "path": extension, "value": { "department": "Radiology" } }),
            json!({ "department": "Radiology" }),
        ),
        (
            json!({ "op": "add", "path": extension, "value": { "costCenter": "7" } }),
            json!({ "department": "Radiology", "costCenter": "7" }),
        ),
        (
            json!({ "op": "replace", "path": extension, "value": { "division": "East" } }),
            json!({ "department": "Radiology", "costCenter": "7", "division": "East" }),
        ),
        (json!({ "op": "remove", "path": extension }), Value::Null),
    ];
    for (operation, expected) in steps {
        let reply = server.send(patch(&path, &json!([operation]))).await;
        reply.assert_status(200);
        let body = reply.json();
        let shown = body.get(extension).cloned().unwrap_or_default();
        assert_eq!(shown, expected, "{operation}");
        let is_named = body["schemas"].as_array().unwrap().contains(&json!(extension));
        assert_eq!(is_named, !expected.is_null(), "{operation}");
    }
}

#[tokio::test]
async fn any_text_is_a_locale_and_a_timezone() {
    let server = Server::new();
    let odd = json!({ "locale": "x8Q!", "timezone": "Nowhere/At-all", "preferredLanguage": "??" });
    let created = server.create("/Users", &user_with(odd.clone())).await;
    for name in ["locale", "timezone", "preferredLanguage"] {
        assert_eq!(created[name], odd[name]);
    }
    let change = json!([{ "op": "replace", "value": { "locale": "zz", "timezone": "7" } }]);
    let changed = server.send(patch(&path_to(&created), &change)).await;
    assert_eq!(
        (&changed.json()["locale"], &changed.json()["timezone"]),
        (&json!("zz"), &json!("7"))
    );
}
