//! Where resources are kept: the trait that applications implement, and the stores at hand.

mod change;
mod error;
#[cfg(feature = "memory")]
mod memory;
mod page;
#[cfg(feature = "sqlite")]
mod sqlite;

use std::sync::Arc;

use async_trait::async_trait;

pub use change::{Expected, NewResource, ResourceKey, StoredResource, UniqueKey, Update};
pub use error::StoreError;
#[cfg(feature = "memory")]
pub use memory::MemoryStore;
pub use page::{Page, StoreQuery};
#[cfg(feature = "sqlite")]
pub use sqlite::{OpenSqliteError, SqliteStore};

use crate::context::Context;

/// A place that keeps resources.
///
/// # Contract
/// - A method either takes effect whole or returns an error and changes nothing.
/// - What one tenant keeps does not exist for another: it is [`StoreError::NotFound`], counts in
///   no total and is in nobody's way.
/// - A [`UniqueKey`] belongs to one resource of its tenant and resource type at a time. The store
///   decides, atomically: of several creates of the same key exactly one succeeds.
/// - A resource gets a new version with every write that takes effect, one it never had before.
///   [`Expected::Version`] makes a write a compare-and-swap.
/// - An answered write is there after a crash, unless the store says that it keeps nothing.
/// - [`list`](ResourceStore::list) gives a stable order, and the resources that the filter's
///   [`matches`](scim_core::BoundFilter::matches) accepts.
#[async_trait]
pub trait ResourceStore: Send + Sync + 'static {
    /// Adds a resource, whose `id` the service has chosen.
    ///
    /// # Errors
    /// [`StoreError::Uniqueness`] if a unique key or the id is taken.
    async fn create(&self, cx: &Context, new: NewResource) -> Result<StoredResource, StoreError>;

    /// Reads a resource.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] if there is none.
    async fn get(&self, cx: &Context, key: &ResourceKey) -> Result<StoredResource, StoreError>;

    /// Reads a page of the resources of a type that match.
    ///
    /// # Errors
    /// [`StoreError::TooMany`] if answering would cost more than the store allows.
    async fn list(&self, cx: &Context, query: &StoreQuery) -> Result<Page, StoreError>;

    /// Puts another document in a resource's place.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] if there is none, [`StoreError::VersionMismatch`] if it has
    /// another version than expected, [`StoreError::Uniqueness`] if a unique key is taken.
    async fn update(&self, cx: &Context, update: Update) -> Result<StoredResource, StoreError>;

    /// Removes a resource and frees its unique keys.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] if there is none, [`StoreError::VersionMismatch`] if it has
    /// another version than expected.
    async fn delete(
        &self,
        cx: &Context,
        key: &ResourceKey,
        expected: Expected,
    ) -> Result<(), StoreError>;
}

#[async_trait]
impl<S: ResourceStore + ?Sized> ResourceStore for Arc<S> {
    async fn create(&self, cx: &Context, new: NewResource) -> Result<StoredResource, StoreError> {
        self.as_ref().create(cx, new).await
    }

    async fn get(&self, cx: &Context, key: &ResourceKey) -> Result<StoredResource, StoreError> {
        self.as_ref().get(cx, key).await
    }

    async fn list(&self, cx: &Context, query: &StoreQuery) -> Result<Page, StoreError> {
        self.as_ref().list(cx, query).await
    }

    async fn update(&self, cx: &Context, update: Update) -> Result<StoredResource, StoreError> {
        self.as_ref().update(cx, update).await
    }

    async fn delete(
        &self,
        cx: &Context,
        key: &ResourceKey,
        expected: Expected,
    ) -> Result<(), StoreError> {
        self.as_ref().delete(cx, key, expected).await
    }
}
