//! Requests that arrive together.

use std::sync::Arc;

use bytes::Bytes;
use http::{Request, header::IF_MATCH};
use scim_server::{
    ResourceStore,
    store::{MemoryStore, SqliteStore},
};
use serde_json::json;
use tempfile::TempDir;
use tokio::task::JoinSet;

use super::{Server, get, group, patch, path_to, post, put, user, with};

const TASKS: usize = 64;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_member_is_lost_in_memory() {
    no_member_is_lost(Arc::new(MemoryStore::new())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_member_is_lost_in_a_file() {
    let directory = TempDir::new().unwrap();
    let store = SqliteStore::open(directory.path().join("scim.db")).unwrap();
    no_member_is_lost(Arc::new(store)).await;
}

/// Many add a member each to one group, then many remove one each.
async fn no_member_is_lost(store: Arc<dyn ResourceStore>) {
    let server = Arc::new(Server::over(store, |builder| builder));
    let created = server.create("/Groups", &group("Ward 4")).await;
    let path = path_to(&created);
    let all: Vec<String> = (0..TASKS).map(|task| format!("member{task:02}")).collect();
    let rounds = [
        ("add", all.clone(), all.clone()),
        ("remove", all[..TASKS / 2].to_vec(), all[TASKS / 2..].to_vec()),
    ];
    for (op, named, left) in rounds {
        let mut tasks = JoinSet::new();
        for member in named {
            let value = json!([{ "value": member }]);
            let operations = json!([{ "op": op, "path": "members", "value": value }]);
            tasks.spawn(status(&server, patch(&path, &operations)));
        }
        assert!(tasks.join_all().await.iter().all(|status| *status == 204), "{op}");
        let read = server.read(&path).await;
        let members = read["members"].as_array().unwrap();
        let mut members: Vec<_> = members.iter().map(|m| m["value"].as_str().unwrap()).collect();
        members.sort_unstable();
        assert_eq!(members, left, "{op}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_ten_thousand_changes_of_one_group_none_is_lost() {
    let directory = TempDir::new().unwrap();
    let file = SqliteStore::open(directory.path().join("scim.db")).unwrap();
    let stores: [Arc<dyn ResourceStore>; 2] = [Arc::new(MemoryStore::new()), Arc::new(file)];
    for store in stores {
        let server = Arc::new(Server::over(store, |builder| builder));
        let path = path_to(&server.create("/Groups", &group("Ward 4")).await);
        let mut tasks = JoinSet::new();
        for task in 0..TASKS {
            tasks.spawn(change_members(Arc::clone(&server), path.clone(), task));
        }
        tasks.join_all().await;
        let members = server.read(&path).await["members"].as_array().unwrap().len();
        assert_eq!(members, CHANGES - 2 * (CHANGES / 10));
    }
}

/// Sends the changes of a task.
async fn change_members(server: Arc<Server>, path: String, task: usize) {
    for place in (task..CHANGES).step_by(TASKS) {
        let change = membership_change(place);
        // Every eighth says what it expects, and tries again when that has passed.
        if (place / TASKS).is_multiple_of(8) {
            change_expected(&server, &path, &change).await;
        } else {
            server.send(patch(&path, &change)).await.assert_status(204);
        }
    }
}

/// How many changes there are, the last tenth of which removes members.
const CHANGES: usize = 10_000;

fn membership_change(place: usize) -> serde_json::Value {
    let kept = CHANGES - CHANGES / 10;
    if place < kept {
        return json!([{ "op": "add", "path": "members", "value": [{ "value": place.to_string() }] }]);
    }
    // The same task has added it, long ago: a multiple of its distance before.
    let distance = (CHANGES / 10).next_multiple_of(TASKS);
    let path = format!("members[value eq \"{}\"]", place - distance);
    json!([{ "op": "remove", "path": path }])
}

async fn change_expected(server: &Server, path: &str, change: &serde_json::Value) {
    loop {
        let reply = server.send(get(&format!("{path}?excludedAttributes=members"))).await;
        let version = reply.json()["meta"]["version"].as_str().unwrap().to_owned();
        let request = with(patch(path, change), IF_MATCH, &version);
        match server.send(request).await.status {
            204 => return,
            status => assert_eq!(status, 412),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_changes_of_different_attributes_both_take_effect() {
    let server = Arc::new(Server::new());
    let path = server.user("bjensen").await;
    for round in 0..50 {
        let attributes = ["title", "nickName", "displayName"];
        let mut tasks = JoinSet::new();
        for attribute in attributes {
            let value = format!("{attribute}{round}");
            let operation = json!([{ "op": "replace", "path": attribute, "value": value }]);
            tasks.spawn(status(&server, patch(&path, &operation)));
        }
        assert_eq!(tasks.join_all().await, [200; 3]);
        let read = server.read(&path).await;
        let values = attributes.map(|attribute| read[attribute].as_str().unwrap());
        assert_eq!(values, attributes.map(|attribute| format!("{attribute}{round}")));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_expect_one_version_one_wins() {
    let server = Arc::new(Server::new());
    let path = server.user("bjensen").await;
    let version = server.read(&path).await["meta"]["version"].as_str().unwrap().to_owned();
    let mut tasks = JoinSet::new();
    for task in 0..TASKS / 2 {
        let name = format!("user{task}");
        let title = json!([{ "op": "replace", "path": "title", "value": name }]);
        for request in [patch(&path, &title), put(&path, &user(&name))] {
            tasks.spawn(status(&server, with(request, IF_MATCH, &version)));
        }
    }
    let statuses = tasks.join_all().await;
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1);
    assert_eq!(statuses.iter().filter(|status| **status == 412).count(), TASKS - 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_create_one_name_one_wins() {
    const ROUNDS: usize = 300;
    const CREATORS: usize = 16;
    let directory = TempDir::new().unwrap();
    let file = SqliteStore::open(directory.path().join("scim.db")).unwrap();
    let stores: [Arc<dyn ResourceStore>; 2] = [Arc::new(MemoryStore::new()), Arc::new(file)];
    for store in stores {
        let server = Arc::new(Server::over(store, |builder| builder));
        for round in 0..ROUNDS {
            let names = (0..CREATORS).map(|task| in_case_of(task, &format!("user-é-{round}")));
            let tasks: JoinSet<u16> =
                names.map(|name| status(&server, post("/Users", &user(&name)))).collect();
            let statuses = tasks.join_all().await;
            let count = |status| statuses.iter().filter(|each| **each == status).count();
            assert_eq!((count(201), count(409)), (1, CREATORS - 1), "round {round}");
        }
        assert_eq!(server.read("/Users?count=1").await["totalResults"], ROUNDS);
    }
}

/// The name in a case that the task alone has.
fn in_case_of(task: usize, name: &str) -> String {
    let mixed = |(place, c)| if task >> (place % 4) & 1 == 1 { upper(c) } else { c };
    name.char_indices().map(mixed).collect()
}

fn upper(c: char) -> char {
    c.to_uppercase().next().unwrap_or(c)
}

/// Sends a request, in a task of its own, and gives the status.
fn status(server: &Arc<Server>, request: Request<Bytes>) -> impl Future<Output = u16> + use<> {
    let server = Arc::clone(server);
    async move { server.send(request).await.status }
}
