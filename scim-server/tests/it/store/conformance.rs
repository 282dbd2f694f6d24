//! The stores at hand hold every rule of the contract, whatever their settings.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use scim_server::{
    Context, ResourceStore,
    conformance::Kit,
    store::{
        Expected, MembershipChange, MembershipOutcome, MemoryStore, NewResource, Page, ResourceKey,
        SqliteSettings, SqliteStore, StoreError, StoreQuery, StoredResource, Update, Wanted,
    },
};
use tempfile::TempDir;

mod memory_store {
    use super::*;

    scim_server::store_tests! {
        #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
        on_threads(Kit::new(|| async { MemoryStore::new() }))
    }
}

mod sqlite_store {
    use super::*;

    scim_server::store_tests! {
        #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
        on_threads(sqlite(SqliteSettings::new()))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_sqlite_store_without_indexes_holds_every_rule() {
    let kit = on_threads(sqlite(SqliteSettings::new().without_indexes()));
    kit.check().await.assert_held();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_sqlite_store_with_many_indexes_holds_every_rule() {
    let paths = [
        "externalId",
        "nickName",
        "title",
        "name.familyName",
        "emails.type",
        "meta.lastModified",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value",
    ];
    let settings = paths.into_iter().fold(SqliteSettings::new(), SqliteSettings::with_index);
    on_threads(sqlite(settings)).check().await.assert_held();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_sqlite_store_that_is_reopened_in_between_holds_every_rule() {
    let kit = on_threads(Kit::new(|| async { Reopened::new() }));
    kit.check().await.assert_held();
}

#[tokio::test]
async fn calls_that_take_turns_on_one_thread_hold_every_rule() {
    Kit::new(|| async { MemoryStore::new() }).check().await.assert_held();
    let sqlite = sqlite(SqliteSettings::new());
    for rule in ["of_many_creates_of_a_key_one_wins", "a_total_and_its_page_are_of_one_moment"] {
        sqlite.check_rule(rule).await.assert_held();
    }
}

#[tokio::test]
async fn other_made_up_resources_filters_and_calls_make_no_difference() {
    const RULES: [&str; 8] = [
        "documents_of_any_kind_come_back_whole",
        "a_filter_on_users_lists_what_it_matches",
        "a_filter_on_groups_lists_what_it_matches",
        "a_sorted_list_is_cut_into_pages",
        "a_walk_comes_by_everything_once",
        "a_walk_outlives_inserts_and_deletes",
        "any_sequence_of_calls_agrees_with_a_model",
        "any_sequence_of_member_changes_agrees_with_a_model",
    ];
    let memory = (1..=5).map(|seed| Kit::new(|| async { MemoryStore::new() }).with_seed(seed));
    for kit in memory.chain([sqlite(SqliteSettings::new()).with_seed(6)]) {
        for rule in RULES {
            kit.check_rule(rule).await.assert_held();
        }
    }
}

/// The kit with calls on the threads of the test.
pub(super) fn on_threads(kit: Kit) -> Kit {
    #[expect(clippy::disallowed_methods, reason = "a test owns its executor")]
    kit.with_spawner(|task| drop(tokio::spawn(task)))
}

/// A kit for stores in files of a directory that goes with it.
fn sqlite(settings: SqliteSettings) -> Kit {
    let directory = TempDir::new().unwrap();
    let opened = AtomicUsize::new(0);
    Kit::new(move || {
        let number = opened.fetch_add(1, Ordering::Relaxed);
        let store = settings.clone().open(directory.path().join(format!("{number}.db"))).unwrap();
        async move { store }
    })
}

/// How many calls a store is open for.
const CALLS: usize = 9;

/// A store that is closed and opened again, time after time, as soon as it is at rest.
struct Reopened {
    directory: TempDir,
    open: Mutex<(usize, Option<Arc<SqliteStore>>)>,
}

impl Reopened {
    fn new() -> Self {
        Self { directory: TempDir::new().unwrap(), open: Mutex::new((0, None)) }
    }

    fn store(&self) -> Arc<SqliteStore> {
        let mut open = self.open.lock().unwrap();
        open.0 += 1;
        if open.0.is_multiple_of(CALLS) {
            // It is closed for good when the calls that have begun are over.
            open.1 = None;
        }
        let path = self.directory.path().join("scim.db");
        let (calls, store) = &mut *open;
        Arc::clone(store.get_or_insert_with(|| {
            // Half of the time without indexes, which are then made anew.
            let settings = match *calls / CALLS % 2 {
                0 => SqliteSettings::new(),
                _ => SqliteSettings::new().without_indexes(),
            };
            Arc::new(settings.open(path).unwrap())
        }))
    }
}

#[async_trait]
impl ResourceStore for Reopened {
    async fn create(&self, cx: &Context, new: NewResource) -> Result<StoredResource, StoreError> {
        self.store().create(cx, new).await
    }

    async fn get(
        &self,
        cx: &Context,
        key: &ResourceKey,
        wanted: Wanted,
    ) -> Result<StoredResource, StoreError> {
        self.store().get(cx, key, wanted).await
    }

    async fn list(&self, cx: &Context, query: &StoreQuery) -> Result<Page, StoreError> {
        self.store().list(cx, query).await
    }

    async fn update(&self, cx: &Context, update: Update) -> Result<StoredResource, StoreError> {
        self.store().update(cx, update).await
    }

    async fn delete(
        &self,
        cx: &Context,
        key: &ResourceKey,
        expected: Expected,
    ) -> Result<(), StoreError> {
        self.store().delete(cx, key, expected).await
    }

    async fn change_membership(
        &self,
        cx: &Context,
        change: MembershipChange,
    ) -> Result<MembershipOutcome, StoreError> {
        self.store().change_membership(cx, change).await
    }
}
