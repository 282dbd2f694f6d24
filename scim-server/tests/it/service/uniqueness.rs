//! Names that are taken.

use serde_json::{Value, json};

use super::{Server, delete, group, patch, post, put, user, user_with};

#[tokio::test]
async fn a_taken_name_is_refused_in_any_spelling() {
    let server = Server::new();
    server.user("BJensen").await;
    server.user("Müller").await;
    let path = server.user("other").await;
    for name in ["BJensen", "bjensen", "BJENSEN", "müller", "MÜLLER", "mu\u{308}ller"] {
        let put_body = user_with(json!({ "userName": name, "title": "Guide" }));
        let by_path = json!([
            { "op": "replace", "path": "title", "value": "Guide" },
            { "op": "replace", "path": "userName", "value": name },
        ]);
        let without_path = json!([{ "op": "replace", "value": { "userName": name } }]);
        for request in [
            post("/Users", &user(name)),
            put(&path, &put_body),
            patch(&path, &by_path),
            patch(&path, &without_path),
        ] {
            let reply = server.refuse(request, 409, Some("uniqueness")).await;
            assert!(reply.json()["detail"].as_str().unwrap().contains("`userName`"));
        }
    }
}

#[tokio::test]
async fn a_name_is_free_again_when_its_owner_gives_it_up() {
    let server = Server::new();
    let first = server.user("first").await;
    server.send(put(&first, &user("second"))).await.assert_status(200);
    let path = server.user("FIRST").await;
    let third = json!([{ "op": "replace", "path": "userName", "value": "third" }]);
    server.send(patch(&path, &third)).await.assert_status(200);
    let path = server.user("first").await;
    server.send(delete(&path)).await.assert_status(204);
    server.user("first").await;
    assert_eq!(server.read("/Users").await["totalResults"], 3);
}

#[tokio::test]
async fn one_may_write_ones_own_name_another_way() {
    let server = Server::new();
    let path = server.user("bjensen").await;
    server.send(put(&path, &user("BJensen"))).await.assert_status(200);
    let shout = json!([{ "op": "replace", "path": "userName", "value": "BJENSEN" }]);
    server.send(patch(&path, &shout)).await.assert_status(200);
    assert_eq!(server.read(&path).await["userName"], "BJENSEN");
}

#[tokio::test]
async fn groups_and_external_ids_may_share() {
    let server = Server::new();
    let ids: Vec<Value> = [
        server.create("/Groups", &group("Ward 4")).await,
        server.create("/Groups", &group("Ward 4")).await,
        server.create("/Users", &user_with(json!({ "externalId": "x" }))).await,
        server.create("/Users", &json!({ "userName": "Ward 4", "externalId": "x" })).await,
    ]
    .map(|created| created["id"].clone())
    .into();
    assert!((1..ids.len()).all(|place| !ids[..place].contains(&ids[place])), "{ids:?}");
}
