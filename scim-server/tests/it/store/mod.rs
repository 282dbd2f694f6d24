//! The contract of `ResourceStore`, held against every store at hand.
#![allow(clippy::panic, reason = "a test reports by panicking")]

mod contract;
mod crash;
mod listing;
mod lookups;
mod model;
mod races;
mod sqlite;

use std::{pin::Pin, sync::Arc};

use scim_core::{Resource, ResourceId, ResourceVersion, fold};
use scim_server::{
    Context, ResourceStore,
    store::{
        Expected, MemoryStore, NewResource, Page, ResourceKey, SqliteStore, StoreError, StoreQuery,
        StoredResource, UniqueKey, Update, Wanted,
    },
};
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use tokio::task::JoinSet;

type Store = Arc<dyn ResourceStore>;
type Running = Pin<Box<dyn Future<Output = ()> + Send>>;
type Rule = (&'static str, fn(Store) -> Running);

/// Rules by their names, each an `async fn` that takes a store without resources.
macro_rules! rules {
    ($($module:ident::$rule:ident),+ $(,)?) => {
        &[$((stringify!($rule), |store| Box::pin($module::$rule(store)))),+]
    };
}

const RULES: &[Rule] = rules![
    contract::what_is_created_can_be_read,
    contract::what_is_not_there_is_not_found,
    contract::an_id_is_given_once,
    contract::a_unique_key_has_one_resource,
    contract::a_deleted_resource_frees_its_keys,
    contract::an_update_frees_the_keys_it_drops,
    contract::a_resource_keeps_its_own_key_on_update,
    contract::a_key_is_free_in_other_tenants_types_and_attributes,
    contract::every_write_gives_a_version_never_seen_before,
    contract::another_version_than_expected_changes_nothing,
    contract::the_expected_version_lets_a_write_through,
    contract::a_refused_create_leaves_nothing_behind,
    contract::a_refused_update_changes_nothing,
    contract::another_tenant_sees_and_touches_nothing,
    contract::awkward_text_comes_back_as_it_was,
    listing::an_empty_store_lists_nothing,
    listing::pages_cut_the_list,
    listing::the_order_of_creation_outlives_updates,
    listing::other_types_are_not_listed,
    listing::a_filter_lists_what_it_matches,
    listing::a_filtered_list_is_paged,
    listing::a_changed_external_id_is_found_by_its_new_value_alone,
    listing::a_sort_puts_absent_values_at_the_far_end,
    listing::a_sorted_list_is_paged,
    lookups::a_deleted_resource_is_found_by_nothing,
    lookups::a_changed_resource_is_found_by_its_new_values_alone,
    lookups::other_tenants_are_not_found,
    races::of_many_creates_of_a_key_one_wins,
    races::no_compare_and_swap_is_lost,
    races::a_total_and_its_page_are_of_one_moment,
];

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_memory_store_keeps_every_rule() {
    hold(|| Arc::new(MemoryStore::new())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_sqlite_store_keeps_every_rule() {
    let directory = TempDir::new().unwrap();
    let mut opened = 0;
    hold(|| {
        opened += 1;
        Arc::new(SqliteStore::open(directory.path().join(format!("{opened}.db"))).unwrap())
    })
    .await;
}

/// Holds every rule against a store of its own, and names those that are broken.
async fn hold(mut new_store: impl FnMut() -> Store) {
    let mut broken = Vec::new();
    for (name, rule) in RULES {
        // A task of its own, so that one broken rule does not hide the others.
        let mut task = JoinSet::new();
        task.spawn(rule(new_store()));
        if task.join_next().await.unwrap().is_err() {
            broken.push(*name);
        }
    }
    assert_eq!(broken, <[&str; 0]>::default());
}

fn cx(tenant: &str) -> Context {
    Context::new(tenant.parse().unwrap())
}

/// The tenant of the rules that need only one.
fn clinic() -> Context {
    cx("clinic")
}

fn key(id: &str) -> ResourceKey {
    ResourceKey::new("User", id.parse::<ResourceId>().unwrap())
}

fn document(value: Value) -> Resource {
    let Value::Object(attributes) = value else { panic!("a resource is an object") };
    Resource::from_canonical(attributes)
}

fn user(id: &str, user_name: &str) -> Resource {
    document(json!({ "id": id, "userName": user_name }))
}

fn user_name_key(user_name: &str) -> UniqueKey {
    UniqueKey::new("userName", fold(user_name))
}

/// The unique keys that the service would give: that of the `userName`.
fn keys_of(resource: &Resource) -> Vec<UniqueKey> {
    resource.text("userName").map(user_name_key).into_iter().collect()
}

fn new(resource: Resource) -> NewResource {
    let unique = keys_of(&resource);
    NewResource::new(key(resource.id().unwrap()), resource).with_unique(unique)
}

fn change(resource: Resource) -> Update {
    let unique = keys_of(&resource);
    Update::new(key(resource.id().unwrap()), resource).with_unique(unique)
}

async fn create(store: &Store, resource: Resource) -> StoredResource {
    store.create(&clinic(), new(resource)).await.unwrap()
}

async fn get(store: &Store, id: &str) -> StoredResource {
    store.get(&clinic(), &key(id), Wanted::ALL).await.unwrap()
}

/// Everything of the tenant, in the store's order.
async fn all(store: &Store) -> Page {
    store.list(&clinic(), &StoreQuery::new("User")).await.unwrap()
}

fn ids(page: &Page) -> Vec<&str> {
    page.resources.iter().map(StoredResource::id).collect()
}

fn document_of(stored: &StoredResource) -> Resource {
    stored.resource().unwrap().into_owned()
}

fn attributes(stored: &StoredResource) -> Map<String, Value> {
    document_of(stored).into_attributes()
}

/// How many resources match in all.
fn total(page: &Page) -> u64 {
    page.total.unwrap()
}

fn expecting(version: &ResourceVersion) -> Expected {
    Expected::Version(version.clone())
}

#[track_caller]
fn assert_not_found<T>(outcome: Result<T, StoreError>) {
    assert!(matches!(outcome, Err(StoreError::NotFound)), "{:?}", outcome.err());
}

#[track_caller]
fn assert_mismatch<T>(outcome: Result<T, StoreError>) {
    assert!(matches!(outcome, Err(StoreError::VersionMismatch)), "{:?}", outcome.err());
}

#[track_caller]
fn assert_taken<T>(outcome: Result<T, StoreError>, expected: &str) {
    match outcome {
        Err(StoreError::Uniqueness { attribute }) => assert_eq!(attribute, expected),
        other => panic!("`{expected}` was to be taken: {:?}", other.err()),
    }
}
