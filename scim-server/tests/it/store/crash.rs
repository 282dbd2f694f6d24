//! A process that is killed loses nothing that it was told is written.

use std::{
    collections::{HashMap, HashSet},
    env,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    sync::Arc,
};

use rusqlite::Connection;
use scim_core::fold;
use scim_server::store::{Expected, SqliteStore, StoreError};
use serde_json::json;
use tempfile::TempDir;
use tokio::task::JoinSet;

use super::{Store, Wanted, change, clinic, key, new, user};
use crate::service::{self, Server, group, patch, path_to, post};

const KILLS: usize = 100;
const FILE: &str = "SCIM_CRASH_FILE";
const ROUND: &str = "SCIM_CRASH_ROUND";

/// The last thing that a killed process was told about a resource.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Told {
    Created,
    Updated,
    Deleted,
    /// So many pairs have become members of the group.
    Joined(u32),
}

/// A child that does not outlive the test.
struct Victim(Child);

impl Drop for Victim {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn a_killed_process_loses_no_answered_write() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("scim.db");
    let mut told = HashMap::new();
    for round in 0..KILLS {
        // Seldom enough for the log to be written back to the file in between.
        let lines = if round % 25 == 0 { 3000 } else { 8 + 7 * (round % 13) };
        let new = kill_after(&path, round, lines);
        assert!(!new.is_empty(), "the child wrote nothing in round {round}");
        check_writes(&path, &new).await;
        told.extend(new);
        check_file(&path);
    }
    check_writes(&path, &told).await;
}

/// What is killed: it writes, and says so, without end.
///
/// The test above runs it in a process of its own; without its orders it has nothing to do.
#[test]
fn victim() {
    let (Some(path), Some(round)) = (env::var_os(FILE), env::var_os(ROUND)) else { return };
    let round = round.into_string().unwrap();
    let store: Store = Arc::new(SqliteStore::open(path).unwrap());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    runtime.block_on(async {
        let mut tasks = JoinSet::new();
        for task in 0..4 {
            let prefix = format!("{round}-{task}");
            tasks.spawn(write_without_end(Arc::clone(&store), prefix.clone()));
            tasks.spawn(join_without_end(Arc::clone(&store), prefix));
        }
        tasks.join_all().await;
    });
}

#[expect(clippy::print_stdout, reason = "the parent reads what a victim was told")]
async fn write_without_end(store: Store, prefix: String) {
    let cx = clinic();
    for place in 0_u32.. {
        let id = format!("{prefix}-{place}");
        store.create(&cx, new(user(&id, &first_name(&id)))).await.unwrap();
        println!("told {id} created");
        store.update(&cx, change(user(&id, &second_name(&id)))).await.unwrap();
        println!("told {id} updated");
        if is_deleted(&id) {
            store.delete(&cx, &key(&id), Expected::Any).await.unwrap();
            println!("told {id} deleted");
        }
    }
}

/// Fills a group by PATCH, and by bulk requests that create users, too.
#[expect(clippy::print_stdout, reason = "the parent reads what a victim was told")]
async fn join_without_end(store: Store, prefix: String) {
    let server = Server::over(store, |builder| builder);
    let ward = path_to(&server.create("/Groups", &group(&prefix)).await);
    for place in 0_u32.. {
        let pair = json!([{ "value": format!("a{place}") }, { "value": format!("b{place}") }]);
        let add = json!([{ "op": "add", "path": "members", "value": pair }]);
        if place % 2 == 0 {
            server.send(patch(&ward, &add)).await.assert_status(204);
        } else {
            let new = service::user(&user_of(&prefix, place));
            let operations = json!([
                { "method": "POST", "path": "/Users", "bulkId": "q", "data": new },
                { "method": "PATCH", "path": ward, "data": { "Operations": add } },
            ]);
            let reply = server.send(post("/Bulk", &json!({ "Operations": operations }))).await;
            let answers = reply.assert_status(200).json()["Operations"].clone();
            assert_eq!(
                (&answers[0]["status"], &answers[1]["status"]),
                (&json!("201"), &json!("204"))
            );
        }
        println!("told {prefix}{ward} joined {}", place + 1);
    }
}

/// The name of a user that comes together with a pair of members.
fn user_of(prefix: &str, place: u32) -> String {
    format!("with-{prefix}-{place}")
}

/// Starts a victim, kills it when it has spoken so many times, and gives what it was told.
fn kill_after(path: &Path, round: usize, lines: usize) -> HashMap<String, Told> {
    let mut told = HashMap::new();
    let child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "store::crash::victim", "--nocapture"])
        .env(FILE, path)
        .env(ROUND, round.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut victim = Victim(child);
    let mut output = BufReader::new(victim.0.stdout.take().unwrap());
    for _ in 0..lines {
        note(&mut output, &mut told);
    }
    victim.0.kill().unwrap();
    // What it said before it died is in the pipe.
    while note(&mut output, &mut told) {}
    told
}

/// Reads a line; `false` at the end.
fn note(output: &mut BufReader<ChildStdout>, told: &mut HashMap<String, Told>) -> bool {
    let mut line = String::new();
    let length = output.read_line(&mut line).unwrap();
    // The harness writes before the first line; the last may have been cut short.
    if let Some((_, words)) = line.strip_suffix('\n').unwrap_or_default().split_once("told ") {
        let (id, what) = words.split_once(' ').unwrap();
        let what = match what {
            "created" => Told::Created,
            "updated" => Told::Updated,
            "deleted" => Told::Deleted,
            joined if joined.starts_with("joined ") => {
                Told::Joined(joined.rsplit(' ').next().unwrap().parse().unwrap())
            }
            _ => panic!("`{what}`"),
        };
        told.insert(id.to_owned(), what);
    }
    length > 0
}

/// Each resource is as the process was told last, or as the one write after that leaves it.
async fn check_writes(path: &Path, told: &HashMap<String, Told>) {
    let store: Store = Arc::new(SqliteStore::open(path).unwrap());
    let server = Server::over(Arc::clone(&store), |builder| builder);
    for (id, told) in told {
        if let Told::Joined(count) = told {
            let (prefix, path) = id.split_at(id.find('/').unwrap());
            check_group(&server, prefix, path, *count).await;
            continue;
        }
        let name = match store.get(&clinic(), &key(id), Wanted::ALL).await {
            Ok(stored) => stored.resource().unwrap().text("userName").map(str::to_owned),
            Err(StoreError::NotFound) => None,
            Err(error) => panic!("{error}"),
        };
        let (first, second) = (Some(first_name(id)), Some(second_name(id)));
        let is_right = match told {
            Told::Created => name == first || name == second,
            Told::Updated => name == second || (name.is_none() && is_deleted(id)),
            Told::Deleted => name.is_none(),
            Told::Joined(_) => false,
        };
        assert!(is_right, "{id} was {told:?} and is {name:?}");
    }
}

/// A group has all pairs that it was told of and at most one more, each of them whole, and those who
/// came with them are there.
async fn check_group(server: &Server, prefix: &str, path: &str, told: u32) {
    let read = server.read(path).await;
    let members = read["members"].as_array().unwrap();
    let names: HashSet<&str> = members.iter().filter_map(|m| m["value"].as_str()).collect();
    let pairs = u32::try_from(names.len() / 2).unwrap();
    assert!((told..=told + 1).contains(&pairs), "{prefix}: {told} were told, {pairs} are there");
    for place in 0..pairs {
        let pair = [format!("a{place}"), format!("b{place}")];
        assert!(pair.iter().all(|name| names.contains(name.as_str())), "{prefix}: {place}");
        if place % 2 == 1 {
            let filter = format!("userName eq \"{}\"", user_of(prefix, place));
            let found = server.send(service::query("/Users", "filter", &filter)).await.json();
            assert_eq!(found["totalResults"], 1, "{filter}");
        }
    }
    assert_eq!(names.len(), members.len());
}

/// The file is whole, and each resource has the unique key that its document says.
fn check_file(path: &Path) {
    let connection = Connection::open(path).unwrap();
    let check: String = connection.query_row("pragma quick_check", [], |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
    let keys: i64 = count(&connection, "select count(*) from unique_key");
    assert_eq!(
        keys,
        count(&connection, "select count(*) from resource where resource_type = 'User'")
    );
    let mut statement = connection
        .prepare(
            "select r.document ->> 'userName', u.key from resource r
             join unique_key u on u.resource = r.pk and u.attribute = 'userName'",
        )
        .unwrap();
    let pairs = statement
        .query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))
        .unwrap()
        .map(Result::unwrap);
    let right = pairs.filter(|(name, key)| fold(name) == *key).count();
    assert_eq!(i64::try_from(right).unwrap(), keys);
}

fn count(connection: &Connection, sql: &str) -> i64 {
    connection.query_row(sql, [], |row| row.get(0)).unwrap()
}

fn first_name(id: &str) -> String {
    format!("First-{id}")
}

fn second_name(id: &str) -> String {
    format!("Second-{id}")
}

fn is_deleted(id: &str) -> bool {
    id.ends_with(['0', '3', '6', '9'])
}
