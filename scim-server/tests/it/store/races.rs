//! Rules about many who ask at once.

use std::sync::Arc;

use scim_core::Resource;
use scim_server::store::{StoreError, StoreQuery};
use serde_json::json;
use tokio::task::JoinSet;

use super::{
    Store, Wanted, all, attributes, change, clinic, create, document, document_of, expecting, get,
    key, new, total, user,
};

const TASKS: u32 = 16;

pub(super) async fn of_many_creates_of_a_key_one_wins(store: Store) {
    const ROUNDS: u64 = 100;
    for round in 0..ROUNDS {
        let mut tasks = JoinSet::new();
        for task in 0..TASKS {
            let store = Arc::clone(&store);
            let resource = user(&format!("{round}-{task}"), &format!("user{round}"));
            tasks.spawn(async move { store.create(&clinic(), new(resource)).await });
        }
        let outcomes = tasks.join_all().await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "round {round}");
        let is_refusal = |error: &StoreError| matches!(error, StoreError::Uniqueness { .. });
        assert!(outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).all(is_refusal));
    }
    assert_eq!(total(&all(&store).await), ROUNDS);
}

pub(super) async fn no_compare_and_swap_is_lost(store: Store) {
    const INCREMENTS: u32 = 50;
    create(&store, counter(0)).await;
    let mut tasks = JoinSet::new();
    for _ in 0..TASKS {
        let store = Arc::clone(&store);
        tasks.spawn(async move {
            for _ in 0..INCREMENTS {
                increment(&store).await;
            }
        });
    }
    tasks.join_all().await;
    assert_eq!(document_of(&get(&store, "counter").await), counter(u64::from(TASKS * INCREMENTS)));
}

pub(super) async fn a_total_and_its_page_are_of_one_moment(store: Store) {
    let mut tasks = JoinSet::new();
    for task in 0..4 {
        let store = Arc::clone(&store);
        tasks.spawn(async move {
            for place in 0..50 {
                let id = format!("{task}-{place}");
                create(&store, user(&id, &id)).await;
            }
        });
    }
    while !tasks.is_empty() {
        let page = all(&store).await;
        assert_eq!(total(&page), page.resources.len() as u64);
        let mut none = StoreQuery::new("User");
        none.count = 0;
        assert!(total(&store.list(&clinic(), &none).await.unwrap()) >= total(&page));
        if let Some(done) = tasks.try_join_next() {
            done.unwrap();
        }
        // A store that never waits would keep the thread from the task that stands next on it.
        tokio::task::yield_now().await;
    }
    assert_eq!(total(&all(&store).await), 200);
}

fn counter(value: u64) -> Resource {
    document(json!({ "id": "counter", "n": value }))
}

async fn increment(store: &Store) {
    loop {
        let read = store.get(&clinic(), &key("counter"), Wanted::ALL).await.unwrap();
        let value = attributes(&read).get("n").unwrap().as_u64().unwrap();
        let update = change(counter(value + 1)).with_expected(expecting(read.version()));
        match store.update(&clinic(), update).await {
            Ok(_) => return,
            Err(StoreError::VersionMismatch) => {}
            Err(error) => panic!("{error}"),
        }
    }
}
