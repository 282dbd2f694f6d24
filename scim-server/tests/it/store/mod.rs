//! Stores: the contract of `ResourceStore`, and what each of them promises beyond it.
#![allow(clippy::panic, reason = "a test reports by panicking")]

mod conformance;
mod crash;
mod faults;
mod sqlite;
mod typed;

use std::sync::Arc;

use scim_core::{Resource, ResourceId, fold};
use scim_server::{
    Context, ResourceStore,
    store::{
        NewResource, Page, ResourceKey, StoreError, StoreQuery, StoredResource, UniqueKey, Update,
        Wanted,
    },
};
use serde_json::{Value, json};

type Store = Arc<dyn ResourceStore>;

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

fn document_of(stored: &StoredResource) -> Resource {
    stored.resource().unwrap().into_owned()
}

/// How many resources match in all.
fn total(page: &Page) -> u64 {
    page.total.unwrap()
}

#[track_caller]
fn assert_taken<T>(outcome: Result<T, StoreError>, expected: &str) {
    match outcome {
        Err(StoreError::Uniqueness { attribute }) => assert_eq!(attribute, expected),
        other => panic!("`{expected}` was to be taken: {:?}", other.err()),
    }
}
