//! The policies beside strict and tolerant: unknown members, several `primary`, and the preset for
//! Microsoft's SCIM Validator.

use std::sync::Arc;

use scim_core::{SchemaUri, Tolerance, Tolerances};
use scim_server::{Policy, UnknownMembers, store::SqliteStore};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Server, get, group, patch, path_to, post, put, query, user_with};

fn checking() -> Policy {
    Policy::default().with_unknown_members(UnknownMembers::Refused)
}

fn ward(members: &[&str]) -> Value {
    let members: Vec<_> = members.iter().map(|id| json!({ "value": id })).collect();
    let mut ward = group("Ward 4");
    ward["members"] = json!(members);
    ward
}

fn id(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

#[tokio::test]
async fn members_that_are_no_resource_are_refused_where_the_policy_says_so() {
    let directory = TempDir::new().unwrap();
    let file = SqliteStore::open(directory.path().join("scim.db")).unwrap();
    for server in [
        Server::with(|builder| builder.with_policy(checking())),
        Server::over(Arc::new(file), |builder| builder.with_policy(checking())),
    ] {
        let babs = server.user("babs").await;
        server.refuse(post("/Groups", &ward(&["nobody"])), 400, Some("invalidValue")).await;
        let path = path_to(&server.create("/Groups", &ward(&[id(&babs)])).await);
        let carl = server.user("carl").await;
        let of_type = |id: &str, name: &str| json!([{ "value": id, "type": name }]);
        for value in [
            json!([{ "value": id(&carl) }, { "value": "nobody" }]),
            of_type("nobody", "User"),
            // There is a user of that id, and no group.
            of_type(id(&carl), "Group"),
        ] {
            let operation = |op: &str| json!([{ "op": op, "path": "members", "value": value }]);
            server.refuse(patch(&path, &operation("add")), 400, Some("invalidValue")).await;
            server.refuse(patch(&path, &operation("replace")), 400, Some("invalidValue")).await;
        }
        let both = ward(&[id(&babs), "nobody"]);
        server.refuse(put(&path, &both), 400, Some("invalidValue")).await;
        let operation =
            json!([{ "op": "add", "path": "members", "value": of_type(id(&carl), "User") }]);
        server.send(patch(&path, &operation)).await.assert_status(204);
        let read = server.read(&path).await;
        assert_eq!(read["members"].as_array().map(Vec::len), Some(2));
    }
}

#[tokio::test]
async fn what_was_a_member_before_the_policy_stays() {
    let lenient = Server::new();
    let path = path_to(&lenient.create("/Groups", &ward(&["nobody"])).await);
    let server =
        Server::over(Arc::clone(&lenient.store), |builder| builder.with_policy(checking()));
    let babs = server.user("babs").await;
    let mut renamed = ward(&["nobody", id(&babs)]);
    renamed["displayName"] = json!("Ward 5");
    server.send(put(&path, &renamed)).await.assert_status(200);
    let read = server.read(&path).await;
    assert_eq!(
        (&read["displayName"], &read["members"][0]["value"]),
        (&json!("Ward 5"), &json!("nobody"))
    );
    let remove = json!([{ "op": "remove", "path": "members[value eq \"nobody\"]" }]);
    server.send(patch(&path, &remove)).await.assert_status(204);
    server.refuse(put(&path, &renamed), 400, Some("invalidValue")).await;
}

#[tokio::test]
async fn groups_in_a_circle_of_one_bulk_request_are_resources() {
    let server = Server::with(|builder| builder.with_policy(checking()));
    let operation = |own: &str, other: &str| {
        let data = json!({
            "schemas": [SchemaUri::GROUP], "displayName": own,
            "members": [{ "value": format!("bulkId:{other}") }],
        });
        json!({ "method": "POST", "path": "/Groups", "bulkId": own, "data": data })
    };
    let body = json!({
        "schemas": [SchemaUri::BULK_REQUEST],
        "Operations": [operation("inner", "outer"), operation("outer", "inner")],
    });
    let answer = server.send(post("/Bulk", &body)).await;
    answer.assert_status(200);
    let statuses: Vec<Value> = answer.json()["Operations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|operation| operation["status"].clone())
        .collect();
    assert_eq!(statuses, ["201", "201"]);
    let page = server.read("/Groups").await;
    for group in page["Resources"].as_array().unwrap() {
        assert_eq!(group["members"][0]["type"], "Group");
    }
}

#[tokio::test]
async fn of_several_primary_values_the_last_keeps_the_mark_if_that_is_tolerated() {
    let emails = json!([
        { "value": "a@example.com", "type": "work", "primary": true },
        { "value": "b@example.com", "type": "home", "primary": true },
    ]);
    let body = user_with(json!({ "emails": emails }));
    Server::new().refuse(post("/Users", &body), 400, Some("invalidValue")).await;
    let tolerances = Tolerances::default().with(Tolerance::SeveralPrimary);
    let policy = Policy::default().with_tolerances(tolerances);
    let server = Server::with(|builder| builder.with_policy(policy));
    let created = server.create("/Users", &body).await;
    assert_eq!(created["emails"][0]["primary"], json!(false));
    assert_eq!(created["emails"][1]["primary"], json!(true));
    assert_eq!(created["emails"][0]["value"], "a@example.com");
}

#[tokio::test]
async fn a_patch_without_operations_changes_nothing_or_is_refused() {
    let server = Server::new();
    let path = server.user("babs").await;
    let before = server.contents().await;
    server.send(patch(&path, &json!([]))).await.assert_status(200);
    assert_eq!(server.contents().await, before);
    let strict = Server::with(|builder| builder.with_policy(Policy::strict()));
    let path = strict.user("babs").await;
    strict.refuse(patch(&path, &json!([])), 400, Some("invalidSyntax")).await;
}

/// What the validator is known to send and to look for, over the preset.
#[tokio::test]
async fn the_preset_takes_what_the_validator_sends() {
    let server = Server::with(|builder| builder.with_policy(Policy::microsoft_validator()));
    let body = user_with(json!({
        "userName": "Maren.Holt@example.com", "timezone": "QWZKXH", "locale": "BVNMPL",
        "customAttribute7": "KJHGFD",
    }));
    let created = server.create("/Users", &body).await;
    assert_eq!((&created["timezone"], &created["locale"]), (&json!("QWZKXH"), &json!("BVNMPL")));
    let path = path_to(&created);

    let before = server.contents().await;
    let nothing = server.send(patch(&path, &json!([]))).await;
    nothing.assert_status(200);
    assert_eq!(server.contents().await, before);

    let dotted = json!([{ "op": "replace", "value": {
        "name.givenName": "Maren", "name.familyName": "Holt", "displayName": "M",
        "emails[type eq \"work\"].value": "m@example.com", "active": "False",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department": "Ward",
    }}]);
    let changed = server.send(patch(&path, &dotted)).await;
    changed.assert_status(200);
    let changed = changed.json();
    assert_eq!(changed["name"], json!({ "givenName": "Maren", "familyName": "Holt" }));
    assert_eq!(changed["active"], json!(false));
    assert_eq!(changed["emails"][0]["value"], "m@example.com");

    // Whoever was disabled is still there, by its id and by a filter in other case.
    server.send(get(&path)).await.assert_status(200);
    let found = server
        .send(query("/Users", "filter", "USERNAME EQ \"maren.holt@EXAMPLE.com\""))
        .await
        .json();
    assert_eq!(
        (&found["totalResults"], &found["Resources"][0]["active"]),
        (&json!(1), &json!(false))
    );

    let ward = path_to(&server.create("/Groups", &group("Ward 4")).await);
    let add = json!([{ "op": "Add", "path": "members", "value": [{ "value": id(&path) }] }]);
    server.send(patch(&ward, &add)).await.assert_status(204);
}
