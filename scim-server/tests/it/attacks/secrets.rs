//! Finding out what nobody tells.

use http::header::AUTHORIZATION;
use scim_core::schema::Returned;
use scim_server::{PatchAnswer, Policy};
use serde_json::json;

use crate::{
    reply::PASSWORD,
    service::{Server, get, patch, path_to, post, put, query, user, user_with, with},
};

#[tokio::test]
async fn a_password_is_nowhere() {
    // `Reply` looks for it in the head and the body of every answer.
    let policy = Policy::default().with_patch_answer(PatchAnswer::Resource);
    let server = Server::with(|builder| builder.with_policy(policy));
    let uri = "urn:ietf:params:scim:schemas:core:2.0:User:password";
    let body = user_with(json!({ "password": PASSWORD }));
    let path = path_to(&server.create("/Users", &body).await);
    for name in ["password", "PASSWORD", uri] {
        let set = json!([{ "op": "add", "path": name, "value": PASSWORD }]);
        let without_path = json!([{ "op": "replace", "value": { name: PASSWORD } }]);
        let asked = format!("attributes={name}");
        for request in [
            post("/Users", &json!({ "userName": format!("{}x", name.len()), name: PASSWORD })),
            put(&path, &user_with(json!({ name: PASSWORD }))),
            patch(&format!("{path}?{asked}"), &set),
            patch(&path, &without_path),
            get(&format!("{path}?{asked}")),
            get(&format!("/Users?{asked}")),
            get(&format!("/Users?{asked},userName&excludedAttributes=userName")),
        ] {
            let what = format!("{} {}", request.method(), request.uri());
            let reply = server.send(request).await;
            assert!(reply.status < 300 || reply.status == 409, "{what}: {}", reply.text());
            assert!(!reply.text().to_lowercase().contains("password\":"), "{what}");
        }
        for filter in [
            format!("{name} eq \"{PASSWORD}\""),
            format!("not ({name} sw \"Z\")"),
            format!("userName pr or {name} pr"),
        ] {
            server.refuse(query("/Users", "filter", &filter), 400, Some("invalidFilter")).await;
        }
        server.refuse(query("/Users", "sortBy", name), 400, Some("invalidFilter")).await;
    }
    let kept = format!("{:?}", server.contents().await);
    assert!(!kept.contains(PASSWORD) && !format!("{:?}", server.service).contains(PASSWORD));
    // It is the only one of the standard attributes that is never returned.
    let registry = scim_core::SchemaRegistry::standard();
    let users = registry.resource_type("User").unwrap();
    let never = users.attributes().filter(|attribute| attribute.returned == Returned::Never);
    assert_eq!(never.map(|attribute| attribute.name.as_str()).collect::<Vec<_>>(), ["password"]);
}

#[tokio::test]
async fn a_token_is_known_as_a_whole_or_not_at_all() {
    let server = Server::new();
    let good = server.writer.reveal();
    let mut answers = Vec::new();
    for place in 0..good.len() {
        let mut bytes = good.as_bytes().to_vec();
        bytes[place] = if bytes[place] == b'x' { b'y' } else { b'x' };
        let wrong = String::from_utf8(bytes).unwrap();
        let request = with(get("/Users"), AUTHORIZATION, &format!("Bearer {wrong}"));
        let mut reply = server.send_bare(request).await;
        reply.headers.remove("x-request-id");
        answers.push((reply.status, format!("{:?} {}", reply.headers, reply.text())));
    }
    answers.dedup();
    assert_eq!(answers.len(), 1);
    assert_eq!(answers[0].0, 401);
    // Neither the accounts nor a token show it.
    let shown = format!("{:?} {:?} {}", server.accounts, server.writer, user("x"));
    assert!(!shown.contains(good));
}
