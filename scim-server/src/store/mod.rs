//! Where resources are kept: the trait that applications implement, and the stores at hand.

mod change;
mod choose;
mod error;
mod membership;
#[cfg(feature = "memory")]
mod memory;
mod page;
#[cfg(feature = "sqlite")]
mod sqlite;
mod stored;
mod stores;
mod text;
pub(crate) mod touch;
mod typed;

use std::sync::Arc;

use async_trait::async_trait;

pub use change::{Expected, Membership, NewResource, ResourceKey, UniqueKey, Update};
pub use error::StoreError;
pub use membership::{MembershipChange, MembershipOutcome};
#[cfg(feature = "memory")]
pub use memory::MemoryStore;
pub use page::{Page, Position, Start, StoreQuery};
#[cfg(feature = "sqlite")]
pub use sqlite::{OpenSqliteError, SqliteSettings, SqliteStore};
pub use stored::{StoredResource, Wanted};
pub use stores::Stores;
pub use text::CanonicalText;
pub use typed::{Row, Table, Typed};

use crate::context::Context;

/// A place that keeps resources.
///
/// Five methods make a store that is right. The sixth makes it fast for large groups, and so does
/// to give back documents as [`CanonicalText`] and to leave unread what is not [`Wanted`].
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
///   [`matches`](scim_core::BoundFilter::matches) accepts. A walk from position to position comes
///   by every resource that is there all the time exactly once, in the order of creation or, as
///   long as the values that it sorts by stay, in that of the sort. What is equal in the sort stands
///   in the order of creation. A position leads on: the last page has none.
/// - Members that are no resource are kept as they came. A store that tells the `groups` of a
///   resource also takes a deleted resource out of those that it belonged to, which get a new version
///   and a later `meta.lastModified`.
///
/// The feature `conformance` has these rules as checks to run against a store.
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
    async fn get(
        &self,
        cx: &Context,
        key: &ResourceKey,
        wanted: Wanted,
    ) -> Result<StoredResource, StoreError>;

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

    /// Changes which resources belong to another one, without a look at those that stay.
    ///
    /// What is so already makes no new version. `meta.lastModified` becomes `cx.now`, or follows
    /// what it was if that is later ([`DateTime::after`](scim_core::DateTime::after)).
    ///
    /// # Errors
    /// [`StoreError::NotFound`] if there is none, [`StoreError::VersionMismatch`] if it has
    /// another version than expected.
    async fn change_membership(
        &self,
        _cx: &Context,
        _change: MembershipChange,
    ) -> Result<MembershipOutcome, StoreError> {
        Ok(MembershipOutcome::NotOffered)
    }
}

#[async_trait]
impl<S: ResourceStore + ?Sized> ResourceStore for Arc<S> {
    async fn create(&self, cx: &Context, new: NewResource) -> Result<StoredResource, StoreError> {
        self.as_ref().create(cx, new).await
    }

    async fn get(
        &self,
        cx: &Context,
        key: &ResourceKey,
        wanted: Wanted,
    ) -> Result<StoredResource, StoreError> {
        self.as_ref().get(cx, key, wanted).await
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

    async fn change_membership(
        &self,
        cx: &Context,
        change: MembershipChange,
    ) -> Result<MembershipOutcome, StoreError> {
        self.as_ref().change_membership(cx, change).await
    }
}
