//! What a store in a file promises beyond the contract.

use std::{fs, sync::Arc, thread};

use rusqlite::Connection;
use scim_core::{Filter, SchemaRegistry};
use scim_server::{
    ResourceStore,
    store::{
        MemoryStore, NewResource, OpenSqliteError, ResourceKey, SqliteSettings, SqliteStore,
        StoreError, StoreQuery,
    },
};
use serde_json::json;
use tempfile::TempDir;
use tokio::task::JoinSet;

use super::{
    Store, all, assert_taken, change, clinic, create, document, document_of, get, new, total, user,
};

#[tokio::test]
async fn what_was_written_is_there_after_reopening() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("scim.db");
    let store: Store = Arc::new(SqliteStore::open(&path).unwrap());
    let version = create(&store, user("1", "bjensen")).await.version().clone();
    drop(store);

    let store: Store = Arc::new(SqliteStore::open(&path).unwrap());
    let read = get(&store, "1").await;
    assert_eq!((document_of(&read), read.version().clone()), (user("1", "bjensen"), version));
    assert_taken(store.create(&clinic(), new(user("2", "BJensen"))).await, "userName");
    // Versions go on where they were.
    assert_ne!(create(&store, user("3", "c")).await.version(), read.version());
}

#[tokio::test]
async fn a_dropped_store_has_written_what_it_was_asked_for() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("scim.db");
    let store = SqliteStore::open(&path).unwrap();
    {
        let cx = clinic();
        let mut waiting: Vec<_> = (0..200)
            .map(|n| store.create(&cx, new(user(&n.to_string(), &n.to_string()))))
            .collect();
        // Polled once, a call is in the queue; then whoever asked goes away.
        for call in &mut waiting {
            let mut context = std::task::Context::from_waker(std::task::Waker::noop());
            let _ = call.as_mut().poll(&mut context);
        }
    }
    drop(store);
    let store: Store = Arc::new(SqliteStore::open(&path).unwrap());
    assert_eq!(total(&all(&store).await), 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_stores_share_a_file() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("scim.db");
    let stores: [Store; 2] = [0, 1].map(|_| Arc::new(SqliteStore::open(&path).unwrap()) as Store);
    let mut tasks = JoinSet::new();
    for place in 0..200 {
        let store = Arc::clone(&stores[place % 2]);
        // Each name is asked for twice, once of each store.
        let resource = user(&place.to_string(), &format!("user{}", place / 2));
        tasks.spawn(async move { store.create(&clinic(), new(resource)).await });
    }
    let outcomes = tasks.join_all().await;
    let is_expected =
        |outcome: &Result<_, _>| matches!(outcome, Ok(_) | Err(StoreError::Uniqueness { .. }));
    assert!(outcomes.iter().all(is_expected));
    for store in &stores {
        assert_eq!(total(&all(store).await), 100);
    }
}

#[tokio::test]
async fn the_indexes_of_a_file_are_those_that_were_asked_for_last() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("scim.db");
    let early = SqliteSettings::new().with_index("title").open(&path).unwrap();
    let late = SqliteSettings::new().without_indexes().with_index("nickName").open(&path).unwrap();
    let person = |id: &str| {
        let mut person = user(id, id);
        for attribute in ["title", "nickName", "displayName"] {
            person.attributes_mut().insert(attribute.to_owned(), "Guide".into());
        }
        person
    };
    early.create(&clinic(), new(person("1"))).await.unwrap();
    late.create(&clinic(), new(person("2"))).await.unwrap();
    early.update(&clinic(), change(person("2"))).await.unwrap();
    let registry = SchemaRegistry::standard();
    let users = registry.resource_type("User").unwrap();
    for attribute in ["title", "nickName", "displayName"] {
        let filter: Filter = format!(r#"{attribute} eq "guide""#).parse().unwrap();
        let mut query = StoreQuery::new("User");
        query.filter = Some(filter.bind(users).unwrap());
        for store in [&early, &late] {
            assert_eq!(total(&store.list(&clinic(), &query).await.unwrap()), 2, "{attribute}");
        }
    }
}

#[tokio::test]
async fn what_is_kept_as_it_is_is_found_where_case_does_not_count() {
    // RFC 7643 §8.7.1 has `groups.value` so; an application may take the document as it stands.
    let mut schema = serde_json::to_value(
        SchemaRegistry::standard().schema("urn:ietf:params:scim:schemas:core:2.0:User").unwrap(),
    )
    .unwrap();
    let attributes = schema["attributes"].as_array_mut().unwrap();
    let groups = attributes.iter_mut().find(|attribute| attribute["name"] == "groups").unwrap();
    groups["subAttributes"][0]["caseExact"] = false.into();
    let registry = SchemaRegistry::standard();
    let resource_type = registry.resource_type("User").unwrap().resource_type().clone();
    let registry = registry
        .without_resource_type("User")
        .with_schema(serde_json::from_value(schema).unwrap())
        .with_resource_type(resource_type)
        .unwrap();
    let users = registry.resource_type("User").unwrap();
    let directory = TempDir::new().unwrap();
    let stores: [Store; 2] = [
        Arc::new(MemoryStore::new()),
        Arc::new(SqliteStore::open(directory.path().join("scim.db")).unwrap()),
    ];
    for store in stores {
        create(&store, user("U", "u")).await;
        let key = ResourceKey::new("Group", "G".parse().unwrap());
        let group = document(json!({ "id": "G", "members": [{ "value": "U" }] }));
        let group = NewResource::new(key, group).with_membership(Some("members".to_owned()));
        store.create(&clinic(), group).await.unwrap();
        let mut query = StoreQuery::new("User");
        query.filter =
            Some(r#"groups.value eq "G""#.parse::<Filter>().unwrap().bind(users).unwrap());
        assert_eq!(total(&store.list(&clinic(), &query).await.unwrap()), 1);
    }
}

#[test]
fn many_may_open_a_new_file_at_once() {
    for _ in 0..20 {
        let directory = TempDir::new().unwrap();
        let path = directory.path().join("scim.db");
        thread::scope(|scope| {
            let opening: Vec<_> =
                (0..8).map(|_| scope.spawn(|| SqliteStore::open(&path).map(drop))).collect();
            for thread in opening {
                thread.join().unwrap().unwrap();
            }
        });
    }
}

#[test]
fn a_file_of_another_application_is_refused_and_left_alone() {
    let cases = [
        ("with tables", "pragma application_id = 7; create table resource(x);"),
        ("with tables and no mark", "create table resource(x);"),
        ("without tables", "pragma application_id = 7;"),
    ];
    for (name, sql) in cases {
        let directory = TempDir::new().unwrap();
        let path = directory.path().join("other.db");
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        let before = fs::read(&path).unwrap();
        let error = SqliteStore::open(&path).unwrap_err();
        assert!(matches!(error, OpenSqliteError::OtherApplication), "{name}: {error}");
        assert_eq!(fs::read(&path).unwrap(), before, "{name}");
    }
}

#[test]
fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("notes.txt");
    let text = "remember the milk\n".repeat(300);
    fs::write(&path, &text).unwrap();
    assert!(matches!(SqliteStore::open(&path).unwrap_err(), OpenSqliteError::Sqlite(_)));
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    let nowhere = directory.path().join("no/such/folder/scim.db");
    assert!(matches!(SqliteStore::open(nowhere).unwrap_err(), OpenSqliteError::Sqlite(_)));
}

#[test]
fn a_file_of_a_newer_version_is_refused_and_left_alone() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("scim.db");
    drop(SqliteStore::open(&path).unwrap());
    Connection::open(&path).unwrap().execute_batch("pragma user_version = 99").unwrap();
    let before = fs::read(&path).unwrap();
    let error = SqliteStore::open(&path).unwrap_err();
    assert!(matches!(error, OpenSqliteError::NewerVersion), "{error}");
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn a_scan_stops_at_its_limit() {
    let directory = TempDir::new().unwrap();
    let store =
        SqliteSettings::new().with_scan_limit(5).open(directory.path().join("scim.db")).unwrap();
    let registry = SchemaRegistry::standard();
    let users = registry.resource_type("User").unwrap();
    let bound = |text: &str| Some(text.parse::<Filter>().unwrap().bind(users).unwrap());
    let mut query = StoreQuery::new("User");
    for (place, is_within) in [(1, true), (5, true), (6, false)] {
        while total(&store.list(&clinic(), &StoreQuery::new("User")).await.unwrap()) < place {
            let total = total(&store.list(&clinic(), &StoreQuery::new("User")).await.unwrap());
            let name = total.to_string();
            store.create(&clinic(), new(user(&name, &name))).await.unwrap();
        }
        query.filter = bound("userName pr");
        let outcome = store.list(&clinic(), &query).await;
        assert_eq!(outcome.is_ok(), is_within, "{place}");
        assert!(matches!(outcome, Ok(_) | Err(StoreError::TooMany)));
    }
    // What an index leads to is no scan, nor is a list of everything.
    query.filter = bound(r#"id eq "3""#);
    assert_eq!(total(&store.list(&clinic(), &query).await.unwrap()), 1);
    assert_eq!(total(&store.list(&clinic(), &StoreQuery::new("User")).await.unwrap()), 6);
}
