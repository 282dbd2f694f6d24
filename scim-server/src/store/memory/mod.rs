mod type_resources;

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use async_trait::async_trait;
use scim_core::ResourceVersion;

use self::type_resources::{Entry, TypeResources};
use super::{
    Expected, NewResource, Page, ResourceKey, ResourceStore, StoreError, StoreQuery,
    StoredResource, Update,
};
use crate::{context::Context, tenant::Tenant};

/// A store that keeps resources for as long as the process lives.
///
/// Looking up an `id`, a unique attribute or `externalId` does not depend on how many resources
/// there are; any other filter looks at all resources of the type.
///
/// ```
/// use scim_core::{Resource, ResourceId};
/// use scim_server::{Context, ResourceStore, store::{MemoryStore, NewResource, ResourceKey}};
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let store = MemoryStore::new();
/// let cx = Context::new("clinic".parse()?);
/// let key = ResourceKey::new("User", "2819".parse()?);
/// store.create(&cx, NewResource::new(key.clone(), Resource::default())).await?;
/// assert!(store.get(&cx, &key).await.is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Default)]
pub struct MemoryStore {
    tenants: RwLock<HashMap<Tenant, HashMap<String, TypeResources>>>,
}

impl MemoryStore {
    /// A store without resources.
    pub fn new() -> Self {
        Self::default()
    }

    fn read<T>(
        &self,
        cx: &Context,
        resource_type: &str,
        look: impl FnOnce(&TypeResources) -> T,
    ) -> Option<T> {
        let tenants = self.tenants.read().unwrap_or_else(PoisonError::into_inner);
        tenants.get(&cx.tenant)?.get(resource_type).map(look)
    }

    fn write<T>(
        &self,
        cx: &Context,
        resource_type: &str,
        change: impl FnOnce(&mut TypeResources) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut tenants = self.tenants.write().unwrap_or_else(PoisonError::into_inner);
        let types = tenants.get_mut(&cx.tenant).ok_or(StoreError::NotFound)?;
        change(types.get_mut(resource_type).ok_or(StoreError::NotFound)?)
    }
}

#[async_trait]
impl ResourceStore for MemoryStore {
    async fn create(&self, cx: &Context, new: NewResource) -> Result<StoredResource, StoreError> {
        let mut tenants = self.tenants.write().unwrap_or_else(PoisonError::into_inner);
        let types = tenants.entry(cx.tenant.clone()).or_default();
        let resources = types.entry(new.key.resource_type.clone()).or_default();
        resources.create(&new).map(|entry| entry.stored())
    }

    async fn get(&self, cx: &Context, key: &ResourceKey) -> Result<StoredResource, StoreError> {
        let found = self.read(cx, &key.resource_type, |resources| resources.find(key.id.as_str()));
        let entry: Arc<Entry> = found.flatten().ok_or(StoreError::NotFound)?;
        Ok(entry.stored())
    }

    async fn list(&self, cx: &Context, query: &StoreQuery) -> Result<Page, StoreError> {
        // The lock is held for as long as it takes to copy pointers; matching comes after.
        let candidates =
            self.read(cx, &query.resource_type, |resources| resources.candidates(query));
        let mut matching = candidates.unwrap_or_default();
        if let Some(filter) = &query.filter {
            matching.retain(|entry| filter.matches(entry.resource.attributes()));
        }
        if let Some(sort) = &query.sort {
            matching.sort_by(|a, b| sort.compare(a.resource.attributes(), b.resource.attributes()));
        }
        let total = u64::try_from(matching.len()).unwrap_or(u64::MAX);
        let [offset, count] =
            [query.offset, query.count].map(|n| usize::try_from(n).unwrap_or(usize::MAX));
        let page = matching.iter().skip(offset).take(count).map(|entry| entry.stored());
        Ok(Page::new(page.collect(), total))
    }

    async fn update(&self, cx: &Context, update: Update) -> Result<StoredResource, StoreError> {
        self.write(cx, &update.key.resource_type, |resources| resources.update(&update))
            .map(|entry| entry.stored())
    }

    async fn delete(
        &self,
        cx: &Context,
        key: &ResourceKey,
        expected: Expected,
    ) -> Result<(), StoreError> {
        self.write(cx, &key.resource_type, |resources| resources.delete(key.id.as_str(), &expected))
    }
}

impl Entry {
    fn stored(&self) -> StoredResource {
        let version = ResourceVersion::from_counter(self.version);
        StoredResource::new(self.resource.clone(), version)
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenants = self.tenants.read().unwrap_or_else(PoisonError::into_inner);
        f.debug_struct("MemoryStore").field("tenants", &tenants.len()).finish_non_exhaustive()
    }
}
