use std::{collections::BTreeMap, fmt, sync::Arc};

use async_trait::async_trait;

use super::{
    Expected, MembershipChange, MembershipOutcome, NewResource, Page, ResourceKey, ResourceStore,
    Start, StoreError, StoreQuery, StoredResource, Update, Wanted,
};
use crate::context::Context;

/// One store of several, each with resource types of its own.
///
/// A store sees its own types alone: where users lie in another one than groups, `groups` of a user
/// are not told, and a user that is deleted stays among the members of its groups. To keep several
/// types in one store, give it for each of them, in an [`Arc`].
///
/// ```
/// use std::sync::Arc;
/// use scim_server::store::{MemoryStore, Stores};
///
/// let standard = Arc::new(MemoryStore::new());
/// let stores = Stores::new()
///     .with("User", Arc::clone(&standard))
///     .with("Group", standard)
///     .with("Device", MemoryStore::new());
/// assert_eq!(stores.resource_types().collect::<Vec<_>>(), ["Device", "Group", "User"]);
/// ```
#[derive(Clone, Default)]
pub struct Stores {
    by_type: BTreeMap<String, Arc<dyn ResourceStore>>,
}

/// A resource of a type that no store has.
#[derive(Debug, thiserror::Error)]
#[error("no store has resources of the type")]
struct NoStore;

impl Stores {
    /// No stores yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with a store for a resource type, in place of any that it had.
    #[must_use]
    pub fn with(mut self, resource_type: impl Into<String>, store: impl ResourceStore) -> Self {
        self.by_type.insert(resource_type.into(), Arc::new(store));
        self
    }

    /// The types that have a store.
    pub fn resource_types(&self) -> impl Iterator<Item = &str> {
        self.by_type.keys().map(String::as_str)
    }

    fn of(&self, resource_type: &str) -> Result<&dyn ResourceStore, StoreError> {
        self.by_type.get(resource_type).map(AsRef::as_ref).ok_or(StoreError::NotFound)
    }
}

#[async_trait]
impl ResourceStore for Stores {
    async fn create(&self, cx: &Context, new: NewResource) -> Result<StoredResource, StoreError> {
        let store = self.of(&new.key.resource_type).map_err(|_| StoreError::internal(NoStore))?;
        store.create(cx, new).await
    }

    async fn get(
        &self,
        cx: &Context,
        key: &ResourceKey,
        wanted: Wanted,
    ) -> Result<StoredResource, StoreError> {
        self.of(&key.resource_type)?.get(cx, key, wanted).await
    }

    async fn list(&self, cx: &Context, query: &StoreQuery) -> Result<Page, StoreError> {
        match self.of(&query.resource_type) {
            Ok(store) => store.list(cx, query).await,
            Err(_) if matches!(query.start, Start::After(_)) => Ok(Page::default()),
            Err(_) => Ok(Page::new(Vec::new(), 0)),
        }
    }

    async fn update(&self, cx: &Context, update: Update) -> Result<StoredResource, StoreError> {
        self.of(&update.key.resource_type)?.update(cx, update).await
    }

    async fn delete(
        &self,
        cx: &Context,
        key: &ResourceKey,
        expected: Expected,
    ) -> Result<(), StoreError> {
        self.of(&key.resource_type)?.delete(cx, key, expected).await
    }

    async fn change_membership(
        &self,
        cx: &Context,
        change: MembershipChange,
    ) -> Result<MembershipOutcome, StoreError> {
        self.of(&change.key.resource_type)?.change_membership(cx, change).await
    }
}

impl fmt::Debug for Stores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.by_type.keys()).finish()
    }
}
