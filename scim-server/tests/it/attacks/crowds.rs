//! Members that come, go, are renamed and deleted at once, and groups within each other.

use std::{collections::BTreeSet, sync::Arc};

use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::service::{Server, delete, get, group, patch, path_to, put, query, stores, user};

const TASKS: usize = 16;
const USERS: usize = 12;

fn id(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

fn change(op: &str, path: &str) -> Value {
    json!([{ "op": op, "path": "members", "value": [{ "value": id(path) }] }])
}

fn members(group: &Value) -> BTreeSet<String> {
    let members = group.get("members").and_then(Value::as_array).into_iter().flatten();
    members.map(|member| member["value"].as_str().unwrap().to_owned()).collect()
}

/// Plays the life of some users, each as a member of the ward, and gives those who stay in it.
async fn play(server: Arc<Server>, ward: String, task: usize) -> BTreeSet<String> {
    let mut left = BTreeSet::new();
    for place in 0..USERS {
        let name = format!("user{task}-{place}");
        let path = server.user(&name).await;
        server.send(patch(&ward, &change("add", &path))).await.assert_status(204);
        let title = json!([{ "op": "replace", "path": "title", "value": "Guide" }]);
        server.send(patch(&path, &title)).await.assert_status(200);
        let rename = json!([{ "op": "replace", "path": "displayName", "value": name }]);
        server.send(patch(&ward, &rename)).await.assert_status(204);
        match place % 4 {
            0 => {}
            1 => {
                server.send(patch(&ward, &change("remove", &path))).await.assert_status(204);
            }
            2 => {
                server.send(delete(&path)).await.assert_status(204);
            }
            _ => {
                server.send(patch(&ward, &change("remove", &path))).await.assert_status(204);
                server.send(put(&path, &user(&format!("{name}-again")))).await.assert_status(200);
                server.send(patch(&ward, &change("add", &path))).await.assert_status(204);
            }
        }
        if matches!(place % 4, 0 | 3) {
            left.insert(id(&path).to_owned());
        }
    }
    left
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_members_that_come_and_go_those_stay_who_were_left() {
    for (server, _directory) in stores() {
        of_members_that_come_and_go_those_stay_who_were_left_over(server).await;
    }
}

async fn of_members_that_come_and_go_those_stay_who_were_left_over(server: Server) {
    let server = Arc::new(server);
    let ward = path_to(&server.create("/Groups", &group("Ward 4")).await);
    let mut tasks = JoinSet::new();
    for task in 0..TASKS {
        tasks.spawn(play(Arc::clone(&server), ward.clone(), task));
    }
    let expected: BTreeSet<String> = tasks.join_all().await.into_iter().flatten().collect();
    let read = server.read(&ward).await;
    assert_eq!(members(&read), expected);
    for id in &expected {
        let user = server.read(&format!("/Users/{id}")).await;
        assert_eq!(user["groups"][0]["value"], self::id(&ward));
    }
    let title = query("/Users", "filter", "title eq \"Guide\"");
    // Those that were deleted are gone, and a PUT takes the title.
    let found = server.send(title).await.json()["totalResults"].clone();
    assert_eq!(found, TASKS * USERS / 2);
}

/// Whether the deletion or the addition comes first, the group can be read at any time, and whoever
/// was a member before is none.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_user_that_is_deleted_while_its_group_changes_leaves_it() {
    for (server, _directory) in stores() {
        a_user_that_is_deleted_while_its_group_changes_leaves_it_over(server).await;
    }
}

async fn a_user_that_is_deleted_while_its_group_changes_leaves_it_over(server: Server) {
    let server = Arc::new(server);
    for round in 0..50 {
        let path = server.user("babs").await;
        let mut ward = group("Ward 4");
        ward["members"] = json!([{ "value": id(&path) }]);
        let ward = path_to(&server.create("/Groups", &ward).await);
        let others: Value =
            (0..20).map(|place| json!({ "value": format!("m{round}-{place}") })).collect();
        let add = json!([{ "op": "add", "path": "members", "value": others }]);
        let mut tasks = JoinSet::new();
        for request in [delete(&path), patch(&ward, &add), get(&ward), get(&path), get("/Groups")] {
            let server = Arc::clone(&server);
            tasks.spawn(async move { server.send(request).await.status });
        }
        assert!(tasks.join_all().await.iter().all(|status| matches!(status, 200 | 204 | 404)));
        let read = members(&server.read(&ward).await);
        assert_eq!(read.len(), 20, "{read:?}");
        assert!(!read.contains(id(&path)));
        server.send(delete(&ward)).await.assert_status(204);
    }
}

#[tokio::test]
async fn groups_within_each_other_can_be_read_searched_and_deleted() {
    for (server, _directory) in stores() {
        groups_within_each_other_can_be_read_searched_and_deleted_over(&server).await;
    }
}

async fn groups_within_each_other_can_be_read_searched_and_deleted_over(server: &Server) {
    let mut wards = Vec::new();
    for place in 0..20 {
        wards.push(path_to(&server.create("/Groups", &group(&format!("w{place}"))).await));
    }
    for (place, ward) in wards.iter().enumerate() {
        let next = &wards[(place + 1) % wards.len()];
        server.send(patch(ward, &change("add", next))).await.assert_status(204);
    }
    // A group may even be its own member.
    server.send(patch(&wards[0], &change("add", &wards[0]))).await.assert_status(204);
    assert_eq!(members(&server.read(&wards[0]).await).len(), 2);
    let inside = format!("members.value eq \"{}\"", id(&wards[0]));
    let found = server.send(query("/Groups", "filter", &inside)).await.json();
    assert_eq!(found["totalResults"], 2);
    for ward in &wards {
        server.send(delete(ward)).await.assert_status(204);
    }
    assert!(server.contents().await.is_empty());
}
