//! What the default policy takes and the strict one refuses.

use scim_core::{Tolerance, Tolerances};
use scim_server::{PatchAnswer, Policy};
use serde_json::{Value, json};

use super::{Server, group, patch, path_to, post, user, user_with};

fn tolerated_users() -> Vec<Value> {
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    vec![
        json!({ "userName": "bjensen" }),
        user_with(json!({ "schemas": [] })),
        user_with(
            json!({ "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:other"] }),
        ),
        user_with(json!({ "schemas": ["urn:scim:schemas:core:1.0"] })),
        user_with(json!({ "active": "True" })),
        user_with(json!({ "shoeSize": null })),
        user_with(json!({ "emails": { "value": "b@example.com" } })),
        user_with(json!({ "emails": ["b@example.com"] })),
        user_with(json!({ "title": ["Guide"] })),
        user_with(json!({ enterprise: { "department": "Radiology" } })),
    ]
}

fn tolerated_operations() -> Vec<Value> {
    vec![
        json!({ "op": "replace", "path": "active", "value": "False" }),
        json!({ "op": "replace", "value": { "name.givenName": "B" } }),
        json!({ "op": "add", "path": "emails[type eq \"work\"].value", "value": "b@example.com" }),
        json!({ "op": "add", "path": "emails", "value": { "value": "b@example.com" } }),
        json!({ "op": "replace", "path": "title", "value": "x", "name": "y" }),
        json!({ "op": "remove", "path": "title", "value": "x" }),
    ]
}

#[tokio::test]
async fn the_default_policy_takes_what_identity_providers_send() {
    for body in tolerated_users() {
        Server::new().create("/Users", &body).await;
    }
    for operation in tolerated_operations() {
        let server = Server::new();
        let path = server.user("bjensen").await;
        server.send(patch(&path, &json!([operation]))).await.assert_status(200);
    }
}

#[tokio::test]
async fn the_strict_policy_refuses_it() {
    let server = Server::with(|builder| builder.with_policy(Policy::strict()));
    for body in tolerated_users() {
        let reply = server.send(post("/Users", &body)).await;
        assert_eq!(reply.status, 400, "{body}");
    }
    assert!(server.contents().await.is_empty());
    let path = server.user("bjensen").await;
    let before = server.contents().await;
    for operation in tolerated_operations() {
        let reply = server.send(patch(&path, &json!([operation]))).await;
        assert_eq!(reply.status, 400, "{operation}");
    }
    assert_eq!(server.contents().await, before);
    // RFC 7644 §3.5.2 is silent on case: both policies take it.
    let operation = json!([{ "op": "Replace", "path": "TITLE", "value": "Guide" }]);
    server.send(patch(&path, &operation)).await.assert_status(200);
}

#[tokio::test]
async fn an_unknown_attribute_is_refused_or_left_out_as_the_policy_says() {
    let tolerances = Tolerances::default().with(Tolerance::UnknownAttributeIgnored);
    let ignoring = Policy::default().with_tolerances(tolerances);
    for (policy, is_taken) in
        [(Policy::default(), false), (Policy::strict(), false), (ignoring, true)]
    {
        let server = Server::with(|builder| builder.with_policy(policy));
        let path = server.user("babs").await;
        let body = user_with(json!({ "shoeSize": 42 }));
        let operation = json!([{ "op": "add", "value": { "shoeSize": 42, "title": "Guide" } }]);
        if is_taken {
            assert_eq!(server.create("/Users", &body).await.get("shoeSize"), None);
            server.send(patch(&path, &operation)).await.assert_status(200);
            let read = server.read(&path).await;
            assert_eq!((read.get("shoeSize"), &read["title"]), (None, &json!("Guide")));
        } else {
            server.refuse(post("/Users", &body), 400, Some("invalidSyntax")).await;
            server.refuse(patch(&path, &operation), 400, Some("invalidSyntax")).await;
        }
    }
}

#[tokio::test]
async fn the_policy_says_what_a_patch_is_answered_with() {
    for (answer, of_user, of_group) in [
        (PatchAnswer::Resource, 200, 200),
        (PatchAnswer::NoContent, 204, 204),
        (PatchAnswer::NoContentForMembers, 200, 204),
    ] {
        let policy = Policy::default().with_patch_answer(answer);
        let server = Server::with(|builder| builder.with_policy(policy));
        let created = server.create("/Groups", &group("Ward 4")).await;
        let group = path_to(&created);
        let user = server.user("bjensen").await;
        for (path, status) in [(user, of_user), (group, of_group)] {
            let operation = json!([{ "op": "replace", "path": "displayName", "value": "x" }]);
            server.send(patch(&path, &operation)).await.assert_status(status);
            let asked = format!("{path}?attributes=displayName");
            server.send(patch(&asked, &operation)).await.assert_status(200);
            assert_eq!(server.read(&path).await["displayName"], "x");
        }
    }
    assert_eq!(user("x")["userName"], "x");
}
