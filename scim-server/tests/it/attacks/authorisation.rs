//! Reaching for what is somebody else's.

use std::sync::Arc;

use bytes::Bytes;
use http::{
    Request,
    header::{IF_MATCH, IF_NONE_MATCH},
};
use scim_core::DateTime;
use scim_server::{
    Access, Token,
    store::{MemoryStore, SqliteStore},
};
use serde_json::{Value, json};

use crate::service::{
    Server, delete, get, group, patch, path_to, post, put, query, user, user_with, with,
};

/// Every kind of request about one resource.
fn requests(path: &str) -> Vec<Request<Bytes>> {
    let (body, attribute) = if path.starts_with("/Groups") {
        (group("x"), "displayName")
    } else {
        (user("x"), "userName")
    };
    let rename = json!([{ "op": "replace", "path": attribute, "value": "x" }]);
    vec![
        get(path),
        get(&format!("{path}?attributes={attribute}")),
        put(path, &body),
        patch(path, &rename),
        delete(path),
    ]
}

/// Sends a request and gives all that the client sees but for the request's own id.
async fn seen(server: &Server, token: &Token, request: Request<Bytes>) -> (u16, String, String) {
    let mut reply = server.send_as(token, request).await;
    reply.headers.remove("x-request-id");
    (reply.status, format!("{:?}", reply.headers), reply.text().to_owned())
}

/// The requests with and without a version in their heads.
fn tagged(requests: Vec<Request<Bytes>>, tag: &str) -> Vec<Request<Bytes>> {
    let with_tags = |request: Request<Bytes>| {
        let [matching, other] =
            [IF_MATCH, IF_NONE_MATCH].map(|name| with(request.clone(), name, tag));
        [request, matching, other]
    };
    requests.into_iter().flat_map(with_tags).collect()
}

/// Asserts that somebody else's resource is answered as one that is not there.
async fn assert_same(server: &Server, foreign: Vec<Request<Bytes>>, nobody: Vec<Request<Bytes>>) {
    for (foreign, nobody) in foreign.into_iter().zip(nobody) {
        let what = format!("{} {} {:?}", foreign.method(), foreign.uri(), foreign.headers());
        let foreign = seen(server, &server.writer, foreign).await;
        let nobody = seen(server, &server.writer, nobody).await;
        assert_eq!(foreign.0, 404, "{what}");
        assert_eq!(foreign, nobody, "{what}");
    }
}

#[tokio::test]
async fn what_is_another_tenant_s_looks_like_what_is_not_there() {
    let directory = tempfile::tempdir().unwrap();
    let sqlite = SqliteStore::open(directory.path().join("scim.db")).unwrap();
    let stores: [Arc<dyn scim_server::ResourceStore>; 2] =
        [Arc::new(MemoryStore::new()), Arc::new(sqlite)];
    for store in stores {
        let server = Server::over(store, |builder| builder);
        let there = |mut request: Request<Bytes>| {
            let uri = request.uri().to_string().replace("/r1/", "/r2/");
            *request.uri_mut() = uri.parse().unwrap();
            request
        };
        // Somebody of the other tenant, with a name and a group.
        let theirs = user_with(json!({ "externalId": "e1" }));
        let theirs = server.send_as(&server.stranger, there(post("/Users", &theirs))).await.json();
        let id = theirs["id"].as_str().unwrap();
        let tag = theirs["meta"]["version"].as_str().unwrap();
        let absent = "00000000-0000-4000-8000-000000000000";
        let before = server.contents().await;

        let nobody = |path: String| path.replace(id, absent);
        for path in [format!("/Users/{id}"), format!("/Groups/{id}")] {
            let foreign = tagged(requests(&path), tag);
            let nobody = tagged(requests(&nobody(path)), tag);
            assert_same(&server, foreign, nobody).await;
        }
        for (foreign, nobody) in [
            (format!("id eq \"{id}\""), format!("id eq \"{absent}\"")),
            ("userName eq \"bjensen\"".into(), "userName eq \"nobody\"".into()),
            ("externalId eq \"e1\"".into(), "externalId eq \"e2\"".into()),
            ("userName pr".into(), "title pr".into()),
        ] {
            let foreign = seen(&server, &server.writer, query("/Users", "filter", &foreign)).await;
            let nobody = seen(&server, &server.writer, query("/Users", "filter", &nobody)).await;
            assert_eq!(foreign, nobody);
        }
        assert_eq!(server.contents().await, before);
        // The realm of the others is not there either, whatever is asked of it.
        for path in ["/Users", "/Groups", "/Schemas", &format!("/Users/{id}")] {
            let foreign = seen(&server, &server.writer, there(get(path))).await;
            assert_eq!(foreign.0, 404, "{path}");
        }

        // As a member, somebody of another tenant is a name that means nothing here.
        let ward = path_to(&server.create("/Groups", &group("Ward 4")).await);
        let mut views = Vec::new();
        for member in [id, absent] {
            let add = json!([{ "op": "add", "path": "members", "value": [{ "value": member }] }]);
            let remove =
                json!([{ "op": "remove", "path": format!("members[value eq \"{member}\"]") }]);
            let ask = format!("{ward}?attributes=members");
            server.send(patch(&ward, &add)).await.assert_status(204);
            let view = server.read(&ask).await["members"].to_string();
            views.push(view.replace(member, "someone"));
            server.send(patch(&ward, &remove)).await.assert_status(204);
        }
        assert_eq!(views[0], views[1]);
        let untouched = server.send_as(&server.stranger, there(get(&format!("/Users/{id}")))).await;
        assert_eq!(untouched.json(), theirs);
    }
}

#[tokio::test]
async fn no_route_lets_in_what_no_longer_counts() {
    let server = Server::new();
    let path = server.user("bjensen").await;
    let access = Access::to_tenant("r1".parse().unwrap());
    let expired: Token = "once-it-was-valid".parse().unwrap();
    let epoch = Some(DateTime::unix_epoch());
    server.accounts.add_token("old", access.clone(), &expired, epoch).unwrap();
    let revoked = server.accounts.add("gone", access).unwrap();
    assert!(server.accounts.revoke(&revoked));
    let never: Token = "was-never-given-out".parse().unwrap();
    let mut all = requests(&path);
    all.extend([get("/Users"), get("/Schemas"), get("/Nothing"), post("/Users", &user("x"))]);
    let before = server.contents().await;
    for request in all {
        let mut answers = Vec::new();
        for token in [&expired, &revoked, &never] {
            let answer = seen(&server, token, request.clone()).await;
            assert_eq!(answer.0, 401);
            answers.push(answer);
        }
        // Why a token does not count is nobody's business.
        answers.dedup();
        assert_eq!(answers.len(), 1);
    }
    assert_eq!(server.contents().await, before);
}

pub(super) const CORE: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
pub(super) const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// A user that sets all that is not the client's to set.
pub(super) fn presumptuous() -> Value {
    user_with(json!({
        "id": "mine", "schemas": [CORE, ENTERPRISE],
        "meta": { "created": "1999-01-01T00:00:00Z", "version": "W/\"mine\"", "location": "http://x/" },
        "groups": [{ "value": "admins", "display": "admins" }],
        format!("{CORE}:groups"): [{ "value": "admins" }],
        ENTERPRISE: { "manager": { "value": "1", "displayName": "mine" } },
    }))
}

#[track_caller]
pub(super) fn assert_nothing_was_set(user: &Value) {
    assert_ne!(user["id"], "mine");
    assert_eq!(user.get("groups"), None);
    assert!(!user["meta"].to_string().contains("mine"), "{user}");
    assert!(!user["meta"]["created"].as_str().unwrap().starts_with("1999"));
    assert!(user["meta"]["location"].as_str().unwrap().starts_with("https://host.example/"));
    assert_eq!(user[ENTERPRISE]["manager"].get("displayName"), None);
}

#[tokio::test]
async fn what_clients_cannot_set_they_do_not_set() {
    let server = Server::new();
    let body = presumptuous();
    let created = server.create("/Users", &body).await;
    assert_nothing_was_set(&created);
    let path = path_to(&created);
    let mut replacement = body.clone();
    replacement["id"] = created["id"].clone();
    server.send(put(&path, &replacement)).await.assert_status(200);
    assert_nothing_was_set(&server.read(&path).await);
    server.refuse(put(&path, &body), 400, Some("invalidValue")).await;
    // `schemas` follows from what the resource holds.
    let schemas = json!([{ "op": "replace", "value": { "schemas": ["urn:mine"] } }]);
    server.send(patch(&path, &schemas)).await.assert_status(200);
    assert_eq!(server.read(&path).await["schemas"], json!([CORE, ENTERPRISE]));
    assert_nothing_was_set(&server.read(&path).await);
}

#[tokio::test]
async fn what_clients_cannot_set_they_do_not_patch() {
    let server = Server::new();
    let path = path_to(&server.create("/Users", &presumptuous()).await);
    let mutability = Some("mutability");
    let [id, groups] = ["id", "groups"].map(|name| format!("{CORE}:{name}"));
    let manager = format!("{ENTERPRISE}:manager.displayName");
    for target in [
        "id",
        "ID",
        "meta.created",
        "meta",
        "groups",
        "GROUPS",
        "groups[value eq \"1\"].value",
        &id,
        &groups,
        &manager,
    ] {
        for operation in [
            json!({ "op": "add", "path": target, "value": "mine" }),
            json!({ "op": "replace", "path": target, "value": "mine" }),
            json!({ "op": "remove", "path": target }),
        ] {
            server.refuse(patch(&path, &json!([operation])), 400, mutability).await;
        }
    }
    for value in [
        json!({ "id": "mine" }),
        json!({ "Id": "mine" }),
        json!({ "groups": [{ "value": "admins" }] }),
        json!({ groups: [{ "value": "admins" }] }),
        json!({ "meta": { "created": "1999-01-01T00:00:00Z" } }),
        json!({ "meta.created": "1999-01-01T00:00:00Z" }),
    ] {
        for op in ["add", "replace"] {
            let operation = json!([{ "op": op, "value": value }]);
            server.refuse(patch(&path, &operation), 400, mutability).await;
        }
    }
    assert_nothing_was_set(&server.read(&path).await);
}

#[tokio::test]
async fn no_account_is_adopted() {
    let server = Server::new();
    let body = user_with(json!({ "emails": [{ "value": "b@example.com" }], "externalId": "e1" }));
    let created = server.create("/Users", &body).await;
    let path = path_to(&created);
    // A creation never takes over somebody who is there, however well it fits.
    server.refuse(post("/Users", &body), 409, Some("uniqueness")).await;
    let mut disguised = body.clone();
    disguised["id"] = created["id"].clone();
    server.refuse(post("/Users", &disguised), 409, Some("uniqueness")).await;
    let same_mail = json!({ "userName": "other", "emails": body["emails"], "externalId": "e1" });
    let other = server.create("/Users", &same_mail).await;
    assert_ne!(other["id"], created["id"]);
    // Nor does a change of name.
    let rename = json!([{ "op": "replace", "path": "userName", "value": "BJENSEN" }]);
    server.refuse(patch(&path_to(&other), &rename), 409, Some("uniqueness")).await;

    // Who is disabled stays so until somebody says otherwise.
    let disable = json!([{ "op": "replace", "path": "active", "value": false }]);
    server.send(patch(&path, &disable)).await.assert_status(200);
    server.send(put(&path, &body)).await.assert_status(200);
    let mail =
        json!([{ "op": "replace", "path": "emails", "value": [{ "value": "c@example.com" }] }]);
    server.send(patch(&path, &mail)).await.assert_status(200);
    server.refuse(post("/Users", &body), 409, Some("uniqueness")).await;
    assert_eq!(server.read(&path).await["active"], false);

    // Who comes back after a deletion is somebody new, and the old id stays nobody's.
    server.send(delete(&path)).await.assert_status(204);
    let again = server.create("/Users", &body).await;
    assert_ne!(again["id"], created["id"]);
    assert_eq!(again.get("active"), None);
    server.refuse(get(&path), 404, None).await;
}
