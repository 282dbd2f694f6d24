//! The two stores give the same answers to any sequence of calls.

use std::{mem::discriminant, sync::Arc};

use proptest::{collection::vec, prelude::*};
use scim_core::Resource;
use scim_server::{
    Context,
    store::{Expected, MemoryStore, SqliteStore, StoreError, StoredResource},
};
use serde_json::json;
use tempfile::TempDir;

use super::{
    Store, StoreQuery, Wanted, change, cx, document, document_of, expecting, ids, key, new, total,
};

/// A call, over so few names that they collide.
#[derive(Clone, Debug)]
enum Call {
    Create { tenant: u8, id: u8, name: u8 },
    Update { tenant: u8, id: u8, name: u8, seen: Seen },
    Delete { tenant: u8, id: u8, seen: Seen },
}

/// Which version a call expects.
#[derive(Clone, Copy, Debug)]
enum Seen {
    Any,
    Now,
    /// The version of another resource, or else one that never was.
    Other,
}

fn call() -> impl Strategy<Value = Call> {
    let seen = || prop_oneof![Just(Seen::Any), Just(Seen::Now), Just(Seen::Other)];
    prop_oneof![
        3 => (0..2_u8, 0..5_u8, 0..4_u8)
            .prop_map(|(tenant, id, name)| Call::Create { tenant, id, name }),
        3 => (0..2_u8, 0..5_u8, 0..4_u8, seen())
            .prop_map(|(tenant, id, name, seen)| Call::Update { tenant, id, name, seen }),
        2 => (0..2_u8, 0..5_u8, seen())
            .prop_map(|(tenant, id, seen)| Call::Delete { tenant, id, seen }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn both_stores_answer_alike(calls in vec(call(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let directory = TempDir::new().unwrap();
        let memory: Store = Arc::new(MemoryStore::new());
        let sqlite: Store = Arc::new(SqliteStore::open(directory.path().join("s.db")).unwrap());
        runtime.block_on(async {
            for call in calls {
                let [a, b] = [run(&memory, &call).await, run(&sqlite, &call).await];
                assert!(alike(&a, &b), "{call:?}: {a:?} {b:?}");
            }
            for tenant in 0..2 {
                let query = StoreQuery::new("User");
                let a = memory.list(&tenant_of(tenant), &query).await.unwrap();
                let b = sqlite.list(&tenant_of(tenant), &query).await.unwrap();
                assert_eq!((ids(&a), total(&a)), (ids(&b), total(&b)));
                let documents = |stored: &[StoredResource]| {
                    stored.iter().map(document_of).collect::<Vec<_>>()
                };
                assert_eq!(documents(&a.resources), documents(&b.resources));
            }
        });
    }
}

async fn run(store: &Store, call: &Call) -> Result<Option<Resource>, StoreError> {
    match *call {
        Call::Create { tenant, id, name } => {
            let created = store.create(&tenant_of(tenant), new(person(id, name))).await;
            created.map(|stored| Some(document_of(&stored)))
        }
        Call::Update { tenant, id, name, seen } => {
            let cx = tenant_of(tenant);
            let expected = expected(store, &cx, id, seen).await;
            let update = change(person(id, name)).with_expected(expected);
            store.update(&cx, update).await.map(|stored| Some(document_of(&stored)))
        }
        Call::Delete { tenant, id, seen } => {
            let cx = tenant_of(tenant);
            let expected = expected(store, &cx, id, seen).await;
            store.delete(&cx, &key(&id.to_string()), expected).await.map(|()| None)
        }
    }
}

async fn expected(store: &Store, cx: &Context, id: u8, seen: Seen) -> Expected {
    let id = match seen {
        Seen::Any => return Expected::Any,
        Seen::Now => id,
        Seen::Other => id + 1,
    };
    match store.get(cx, &key(&id.to_string()), Wanted::ALL).await {
        Ok(stored) => expecting(stored.version()),
        Err(_) => Expected::Version("W/\"never\"".parse().unwrap()),
    }
}

fn alike(
    a: &Result<Option<Resource>, StoreError>,
    b: &Result<Option<Resource>, StoreError>,
) -> bool {
    match (a, b) {
        (Ok(a), Ok(b)) => a == b,
        (
            Err(StoreError::Uniqueness { attribute: a }),
            Err(StoreError::Uniqueness { attribute: b }),
        ) => a == b,
        (Err(a), Err(b)) => discriminant(a) == discriminant(b),
        _ => false,
    }
}

fn tenant_of(tenant: u8) -> Context {
    cx(&format!("tenant{tenant}"))
}

fn person(id: u8, name: u8) -> Resource {
    document(json!({ "id": id.to_string(), "userName": format!("user{name}") }))
}
