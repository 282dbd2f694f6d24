//! Groups and those who belong to them.

use std::sync::Arc;

use http::header::{ETAG, IF_MATCH};
use scim_server::{
    ResourceStore,
    store::{MemoryStore, SqliteStore},
};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{BASE, Server, delete, group, patch, path_to, put, query, with};

/// Runs over both stores.
async fn over_both(play: impl AsyncFn(Server)) {
    let directory = TempDir::new().unwrap();
    let file = SqliteStore::open(directory.path().join("scim.db")).unwrap();
    let stores: [Arc<dyn ResourceStore>; 2] = [Arc::new(MemoryStore::new()), Arc::new(file)];
    for store in stores {
        play(Server::over(store, |builder| builder)).await;
    }
}

fn id(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

fn add(members: &[&str]) -> Value {
    let members: Vec<_> = members.iter().map(|id| json!({ "value": id })).collect();
    json!([{ "op": "add", "path": "members", "value": members }])
}

async fn group_of(server: &Server, name: &str, members: &[&str]) -> String {
    let members: Vec<_> = members.iter().map(|id| json!({ "value": id })).collect();
    let mut body = group(name);
    body["members"] = json!(members);
    path_to(&server.create("/Groups", &body).await)
}

#[tokio::test]
async fn members_say_of_what_type_and_where_they_are() {
    over_both(async |server| {
        let babs = server.user("babs").await;
        let inner = group_of(&server, "Inner", &[]).await;
        let outer = group_of(&server, "Outer", &[id(&babs), id(&inner), "nobody"]).await;
        let read = server.read(&outer).await;
        let base = format!("{BASE}/Realms/r1");
        let expected = json!([
            { "value": id(&babs), "type": "User", "$ref": format!("{base}{babs}") },
            { "value": id(&inner), "type": "Group", "$ref": format!("{base}{inner}") },
            { "value": "nobody" },
        ]);
        assert_eq!(read["members"], expected);
        let page = server.read("/Groups?filter=displayName%20eq%20%22outer%22").await;
        assert_eq!(page["Resources"][0]["members"], expected);
    })
    .await;
}

#[tokio::test]
async fn a_user_tells_its_groups() {
    over_both(async |server| {
        let babs = server.user("babs").await;
        assert!(server.read(&babs).await.get("groups").is_none());
        let ward = group_of(&server, "Ward 4", &[]).await;
        server.send(patch(&ward, &add(&[id(&babs)]))).await.assert_status(204);
        let location = format!("{BASE}/Realms/r1{ward}");
        let expected = json!([
            { "value": id(&ward), "display": "Ward 4", "type": "direct", "$ref": location }
        ]);
        assert_eq!(server.read(&babs).await["groups"], expected);
        let list = server.read("/Users?attributes=groups").await;
        assert_eq!(list["Resources"][0]["groups"], expected);
        let lean = server.read(&format!("{babs}?excludedAttributes=groups")).await;
        assert!(lean.get("groups").is_none());
        let filter = format!("/Users?filter=groups.value%20eq%20%22{}%22", id(&ward));
        assert_eq!(server.read(&filter).await["totalResults"], 1);
        // What a client says about it counts for nothing.
        let mut body = server.read(&babs).await;
        body["groups"] = json!([]);
        server.send(put(&babs, &body)).await.assert_status(200);
        assert_eq!(server.read(&babs).await["groups"], expected);
        server.send(delete(&ward)).await.assert_status(204);
        assert!(server.read(&babs).await.get("groups").is_none());
    })
    .await;
}

#[tokio::test]
async fn whoever_is_deleted_leaves_its_groups() {
    over_both(async |server| {
        let (babs, jim) = (server.user("babs").await, server.user("jim").await);
        let ward = group_of(&server, "Ward 4", &[id(&babs), id(&jim), "nobody"]).await;
        let other = group_of(&server, "Ward 5", &[id(&jim)]).await;
        let (before, untouched) = (server.read(&ward).await, server.read(&other).await);
        server.send(delete(&babs)).await.assert_status(204);
        let after = server.read(&ward).await;
        let members = after["members"].as_array().unwrap();
        let values: Vec<_> = members.iter().map(|member| &member["value"]).collect();
        assert_eq!(values, [id(&jim), "nobody"]);
        assert_ne!(after["meta"]["version"], before["meta"]["version"]);
        assert!(after["meta"]["lastModified"].as_str() > before["meta"]["lastModified"].as_str());
        assert_eq!(server.read(&other).await, untouched);
    })
    .await;
}

#[tokio::test]
async fn a_change_of_something_else_keeps_the_members() {
    over_both(async |server| {
        let ward = group_of(&server, "Ward 4", &["1", "2"]).await;
        let rename = json!([{ "op": "replace", "path": "displayName", "value": "Ward 5" }]);
        server.send(patch(&ward, &rename)).await.assert_status(204);
        let read = server.read(&ward).await;
        assert_eq!(read["displayName"], "Ward 5");
        assert_eq!(read["members"], json!([{ "value": "1" }, { "value": "2" }]));
        let both = json!([
            { "op": "replace", "path": "displayName", "value": "Ward 6" },
            { "op": "remove", "path": "members[value eq \"1\"]" },
            { "op": "add", "path": "members", "value": [{ "value": "3", "display": "C" }] },
        ]);
        server.send(patch(&ward, &both)).await.assert_status(204);
        let read = server.read(&ward).await;
        assert_eq!(read["displayName"], "Ward 6");
        assert_eq!(read["members"], json!([{ "value": "2" }, { "value": "3", "display": "C" }]));
        // Who is not named in a PUT is no longer a member.
        let mut body = group("Ward 7");
        body["members"] = json!([{ "value": "3", "display": "C" }, { "value": "4" }]);
        server.send(put(&ward, &body)).await.assert_status(200);
        let read = server.read(&ward).await;
        assert_eq!(read["members"], json!([{ "value": "3", "display": "C" }, { "value": "4" }]));
        server.send(put(&ward, &group("Ward 7"))).await.assert_status(200);
        assert!(server.read(&ward).await.get("members").is_none());
    })
    .await;
}

#[tokio::test]
async fn what_is_so_already_makes_no_version() {
    over_both(async |server| {
        let ward = group_of(&server, "Ward 4", &["1", "2"]).await;
        let before = server.read(&ward).await;
        let no_changes = [
            add(&["1", "2"]),
            json!([{ "op": "remove", "path": "members[value eq \"9\"]" }]),
            json!([{ "op": "replace", "path": "members", "value": [{ "value": "1" }, { "value": "2" }] }]),
        ];
        for change in no_changes {
            server.send(patch(&ward, &change)).await.assert_status(204);
            assert_eq!(server.read(&ward).await, before, "{change}");
        }
        let names = json!([{ "op": "add", "path": "members", "value": [{ "value": "2", "display": "B" }] }]);
        server.send(patch(&ward, &names)).await.assert_status(204);
        let after = server.read(&ward).await;
        assert_eq!(after["members"], json!([{ "value": "1" }, { "value": "2", "display": "B" }]));
        assert_ne!(after["meta"]["version"], before["meta"]["version"]);
    })
    .await;
}

#[tokio::test]
async fn a_change_of_members_obeys_conditions_and_shows_what_is_asked_for() {
    over_both(async |server| {
        let ward = group_of(&server, "Ward 4", &["1"]).await;
        let stale = with(patch(&ward, &add(&["2"])), IF_MATCH, "W/\"stale\"");
        server.send(stale).await.assert_status(412);
        let before = server.read(&ward).await;
        let version = before["meta"]["version"].as_str().unwrap();
        let reply = server.send(with(patch(&ward, &add(&["2"])), IF_MATCH, version)).await;
        let after = server.read(&ward).await;
        assert_eq!(reply.header(ETAG), after["meta"]["version"].as_str());
        let path = format!("{ward}?attributes=members");
        let reply = server.send(patch(&path, &add(&["3"]))).await;
        reply.assert_status(200);
        let values = json!([{ "value": "1" }, { "value": "2" }, { "value": "3" }]);
        assert_eq!(reply.json()["members"], values);
        assert!(reply.json().get("displayName").is_none());
        server.send(patch("/Groups/nobody", &add(&["3"]))).await.assert_status(404);
    })
    .await;
}

#[tokio::test]
async fn groups_are_found_by_their_members() {
    over_both(async |server| {
        let ward = group_of(&server, "Ward 4", &["1", "2"]).await;
        group_of(&server, "Ward 5", &["2", "3"]).await;
        for (filter, total) in [
            ("members.value eq \"1\"", 1),
            ("members eq \"2\"", 2),
            ("members[value eq \"2\"] and displayName eq \"Ward 5\"", 1),
            ("members[value eq \"9\"]", 0),
            ("not (members[value eq \"1\"])", 1),
            ("members pr", 2),
            (&format!("id eq \"{}\" and members eq \"2\"", id(&ward)), 1),
            (&format!("id eq \"{}\" and members eq \"3\"", id(&ward)), 0),
        ] {
            let reply = server.send(query("/Groups", "filter", filter)).await;
            assert_eq!(reply.json()["totalResults"], total, "{filter}");
        }
    })
    .await;
}
