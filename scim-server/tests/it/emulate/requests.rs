//! What is sent, to the letter.

use std::sync::Mutex;

use bytes::Bytes;
use http::{Request, Response};
use scim_server::emulate::{Dialect, EntraId, Okta, Person, Report};
use serde_json::{Value, json};

use super::{BASE, in_memory};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// The operations of each PATCH, in order.
fn operations(report: &Report) -> Vec<Value> {
    let patches = report.exchanges().iter().filter(|exchange| exchange.method() == "PATCH");
    let bodies = patches.map(|exchange| {
        let body: Value = serde_json::from_slice(exchange.request_body()).unwrap();
        body["Operations"].clone()
    });
    bodies.collect()
}

fn people() -> [Person; 2] {
    let before = Person::new("b@clinic.example").with_name("Barbara", "Jensen");
    let after = before
        .clone()
        .with_name("Barbara", "Holt")
        .with_title("Guide")
        .with_email("b@clinic.example")
        .with_department("Oncology");
    [before, after]
}

#[tokio::test]
async fn the_dialects_write_a_patch_as_entra_id_does() {
    for dialect in [Dialect::Default, Dialect::AadOptscim062020] {
        let (service, token) = in_memory();
        let entra = EntraId::new(&service, BASE, token.reveal()).with_dialect(dialect);
        let [before, after] = people();
        let user = entra.create_user(&before).await.unwrap();
        let group = entra.create_group("Ward").await.unwrap();
        let (id, group) = (user.id(), group.id());
        entra.update(id, &before, &after).await.unwrap();
        entra.update(id, &after, &after).await.unwrap();
        entra.disable(id).await.unwrap();
        entra.restore(id).await.unwrap();
        entra.set_manager(id, Some("m")).await.unwrap();
        entra.set_manager(id, None).await.unwrap();
        entra.add_members(group, &[id]).await.unwrap();
        entra.remove_members(group, &[id]).await.unwrap();
        entra.rename_group(group, "Ward 4").await.unwrap();
        let [work, department, manager] = [
            r#"emails[type eq "work"].value"#.to_owned(),
            format!("{ENTERPRISE}:department"),
            format!("{ENTERPRISE}:manager"),
        ];
        let expected = match dialect {
            Dialect::Default => json!([
                [
                    { "op": "Replace", "path": "displayName", "value": "Barbara Holt" },
                    { "op": "Replace", "path": "name.familyName", "value": "Holt" },
                    { "op": "Add", "path": "title", "value": "Guide" },
                    { "op": "Add", "path": work, "value": "b@clinic.example" },
                    { "op": "Add", "path": department, "value": "Oncology" },
                ],
                [{ "op": "Replace", "path": "active", "value": "False" }],
                [{ "op": "Replace", "path": "active", "value": "True" }],
                [{ "op": "Add", "path": manager, "value": "m" }],
                [{ "op": "Remove", "path": manager }],
                [{ "op": "Add", "path": "members", "value": [{ "$ref": null, "value": id }] }],
                [{ "op": "Remove", "path": "members", "value": [{ "$ref": null, "value": id }] }],
                [{ "op": "Replace", "path": "displayName", "value": "Ward 4" }],
            ]),
            _ => json!([
                [
                    { "op": "replace", "value": {
                        "displayName": "Barbara Holt",
                        "name.familyName": "Holt",
                        "title": "Guide",
                        department: "Oncology",
                    } },
                    { "op": "add", "path": work, "value": "b@clinic.example" },
                ],
                [{ "op": "replace", "path": "active", "value": false }],
                [{ "op": "replace", "path": "active", "value": true }],
                [{ "op": "add", "path": manager, "value": "m" }],
                [{ "op": "remove", "path": manager }],
                [{ "op": "add", "path": "members", "value": [{ "value": id }] }],
                [{ "op": "remove", "path": format!("members[value eq \"{id}\"]") }],
                [{ "op": "replace", "value": { "displayName": "Ward 4" } }],
            ]),
        };
        assert_eq!(Value::from(operations(&entra.report())), expected);
    }
}

#[tokio::test]
async fn okta_writes_a_patch_as_okta_does() {
    let (service, token) = in_memory();
    let okta = Okta::new(&service, BASE, token.reveal());
    let [before, after] = people();
    let user = okta.create_user(&before).await.unwrap();
    okta.update(user.id(), &after).await.unwrap();
    okta.deactivate(user.id()).await.unwrap();
    let group = okta.push_group("Ward").await.unwrap();
    okta.change_members(group.id(), &["x"], &["y"]).await.unwrap();
    okta.rename_group(group.id(), "Ward 4").await.unwrap();
    okta.push_members(group.id(), &[]).await.unwrap();
    let expected = json!([
        [{ "op": "replace", "value": { "active": false } }],
        [
            { "op": "remove", "path": "members[value eq \"x\"]" },
            { "op": "add", "path": "members", "value": [{ "value": "y", "display": "member y" }] },
        ],
        [{ "op": "replace", "value": { "id": group.id(), "displayName": "Ward 4" } }],
        [{ "op": "replace", "path": "members", "value": [] }],
    ]);
    let report = okta.report();
    assert_eq!(Value::from(operations(&report)), expected);
    // What was read is put back with the profile.
    let put = report.exchanges().iter().find(|exchange| exchange.method() == "PUT").unwrap();
    let body: Value = serde_json::from_slice(put.request_body()).unwrap();
    assert_eq!((&body["id"], &body["title"]), (&json!(user.id()), &json!("Guide")));
    assert_eq!((&body["groups"], body.get(ENTERPRISE)), (&json!([]), None));
}

#[tokio::test]
async fn heads_and_queries_are_those_of_the_client() {
    let heads = Mutex::new(Vec::new());
    let transport = |request: Request<Bytes>| {
        heads.lock().unwrap().push((request.uri().to_string(), request.headers().clone()));
        async { Response::builder().status(503).body(Bytes::new()) }
    };
    let person = Person::new("b+ward@clinic.example").with_email("b+ward@clinic.example");
    let entra = EntraId::new(&transport, "https://host.example/scim/Users?aadOptscim062020", "t0");
    let matched = EntraId::new(&transport, "https://host.example/scim", "t0")
        .with_matching(scim_server::emulate::Matching::WorkEmail);
    let okta = Okta::new(&transport, "https://host.example/scim/", "t0");
    assert_eq!(entra.find_user(&person).await.unwrap_err().status(), Some(503));
    assert!(matched.find_user(&person).await.is_err());
    assert!(entra.has_manager("a", "b").await.is_err());
    assert!(entra.find_group("Ward 4").await.is_err());
    assert!(okta.find_user("b+ward@clinic.example").await.is_err());
    assert!(entra.create_group("Ward 4").await.is_err());

    let heads = heads.into_inner().unwrap();
    let uris: Vec<_> = heads
        .iter()
        .map(|(uri, _)| uri.strip_prefix("https://host.example/scim").unwrap())
        .collect();
    assert_eq!(
        uris,
        [
            "/Users?filter=userName%20eq%20%22b%2Bward%40clinic.example%22",
            "/Users?filter=emails%5Btype%20eq%20%22work%22%5D.value%20eq%20%22b%2Bward%40clinic.example%22",
            "/Users?filter=id%20eq%20%22a%22%20and%20manager%20eq%20%22b%22&attributes=id",
            "/Groups?excludedAttributes=members&filter=displayName%20eq%20%22Ward%204%22",
            "/Users?filter=userName%20eq%20%22b%2Bward%40clinic.example%22&startIndex=1&count=100",
            "/Groups",
        ]
    );
    for (uri, headers) in &heads {
        assert_eq!(headers["authorization"], "Bearer t0");
        assert_eq!(headers["accept"], "application/scim+json");
        let media_type = headers.get("content-type");
        // Entra ID sends none on a GET, Okta does.
        let has_one = uri.contains("count=") || uri.ends_with("/Groups");
        assert_eq!(media_type.is_some(), has_one, "{uri}");
    }
    assert_eq!(heads[4].1["user-agent"], "Okta SCIM Client 1.0.0");
}
