mod entry;
mod members;
mod tenant_resources;
mod type_resources;

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use async_trait::async_trait;
use scim_core::{Resource, query::BoundSort, resource::ResourceRef};
use serde_json::{Map, Value};

use self::{entry::Entry, tenant_resources::TenantResources};
use super::{
    Expected, MembershipChange, MembershipOutcome, NewResource, Page, ResourceKey, ResourceStore,
    StoreError, StoreQuery, StoredResource, Update, Wanted,
    choose::{Behind, Candidate, choose},
};
use crate::{context::Context, tenant::Tenant};

/// A store that keeps resources for as long as the process lives.
///
/// Looking up an `id`, a unique attribute or `externalId` does not depend on how many resources
/// there are; any other filter looks at all resources of the type. Nor does adding a member to a
/// group, or removing one, depend on how many there are.
///
/// ```
/// use scim_core::{Resource, ResourceId};
/// use scim_server::{Context, ResourceStore};
/// use scim_server::store::{MemoryStore, NewResource, ResourceKey, Wanted};
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let store = MemoryStore::new();
/// let cx = Context::new("clinic".parse()?);
/// let key = ResourceKey::new("User", "2819".parse()?);
/// store.create(&cx, NewResource::new(key.clone(), Resource::default())).await?;
/// assert!(store.get(&cx, &key, Wanted::ALL).await.is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Default)]
pub struct MemoryStore {
    tenants: RwLock<HashMap<Tenant, TenantResources>>,
}

impl MemoryStore {
    /// A store without resources.
    pub fn new() -> Self {
        Self::default()
    }

    fn read<T>(&self, cx: &Context, look: impl FnOnce(&TenantResources) -> T) -> Option<T> {
        let tenants = self.tenants.read().unwrap_or_else(PoisonError::into_inner);
        tenants.get(&cx.tenant).map(look)
    }

    fn write<T>(
        &self,
        cx: &Context,
        change: impl FnOnce(&mut TenantResources) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut tenants = self.tenants.write().unwrap_or_else(PoisonError::into_inner);
        change(tenants.get_mut(&cx.tenant).ok_or(StoreError::NotFound)?)
    }
}

#[async_trait]
impl ResourceStore for MemoryStore {
    async fn create(&self, cx: &Context, new: NewResource) -> Result<StoredResource, StoreError> {
        let mut tenants = self.tenants.write().unwrap_or_else(PoisonError::into_inner);
        let resources = tenants.entry(cx.tenant.clone()).or_default();
        let resource_type = new.key.resource_type.clone();
        let entry = resources.create(new)?;
        Ok(resources.stored(&resource_type, &entry, Wanted::ALL))
    }

    async fn get(
        &self,
        cx: &Context,
        key: &ResourceKey,
        wanted: Wanted,
    ) -> Result<StoredResource, StoreError> {
        let found = self.read(cx, |resources| {
            let entry = resources.find(key)?;
            Some(resources.stored(&key.resource_type, &entry, wanted))
        });
        found.flatten().ok_or(StoreError::NotFound)
    }

    async fn list(&self, cx: &Context, query: &StoreQuery) -> Result<Page, StoreError> {
        let behind = Behind::of(query)?;
        // The lock is held for as long as it takes to copy pointers; matching comes after. Only
        // where the query asks for what is kept apart are documents put together under it.
        let places = self.read(cx, |resources| resources.places(query, &behind));
        let places = places.unwrap_or_default().into_iter().map(Ok);
        let chosen = choose(query, &behind, places)?;
        let resource_type = &query.resource_type;
        let stored = self.read(cx, |resources| {
            let entries = chosen.candidates.iter().map(|place| &place.entry);
            let current = entries.map(|entry| resources.current(resource_type, entry));
            current.map(|entry| resources.stored(resource_type, &entry, query.wanted)).collect()
        });
        let (total, next) = (chosen.total, chosen.next);
        Ok(Page { resources: stored.unwrap_or_default(), total, next })
    }

    async fn update(&self, cx: &Context, update: Update) -> Result<StoredResource, StoreError> {
        let (resource_type, wanted) = (update.key.resource_type.clone(), update.wanted);
        self.write(cx, |resources| {
            let entry = resources.update(update)?;
            Ok(resources.stored(&resource_type, &entry, wanted))
        })
    }

    async fn delete(
        &self,
        cx: &Context,
        key: &ResourceKey,
        expected: Expected,
    ) -> Result<(), StoreError> {
        self.write(cx, |resources| resources.delete(key, &expected, cx.now))
    }

    async fn change_membership(
        &self,
        cx: &Context,
        change: MembershipChange,
    ) -> Result<MembershipOutcome, StoreError> {
        self.write(cx, |resources| resources.change_membership(&change, cx.now))
    }
}

impl TenantResources {
    fn stored(&self, resource_type: &str, entry: &Arc<Entry>, wanted: Wanted) -> StoredResource {
        match self.composed(resource_type, entry, wanted) {
            Some(resource) => StoredResource::new(resource, entry.version()),
            None => entry.stored(),
        }
    }

    fn places(&self, query: &StoreQuery, behind: &Behind) -> Vec<Place> {
        let entries = self.candidates(query, behind.first_place());
        let places = entries.into_iter().map(|entry| {
            let membership = entry.membership.as_ref().is_some_and(|name| query.asks_for(name));
            let asked = Wanted::OWN.with_membership(membership);
            let asked = asked.with_groups(query.asks_for("groups"));
            let composed = self.composed(&query.resource_type, &entry, asked);
            Place { entry, composed }
        });
        places.collect()
    }
}

/// A resource that a query can match.
struct Place {
    entry: Arc<Entry>,
    /// The document with what is kept apart, where the query asks for that.
    composed: Option<Resource>,
}

impl Candidate for Place {
    fn place(&self) -> u64 {
        self.entry.place
    }

    fn document(&self) -> ResourceRef<'_> {
        self.composed.as_ref().map_or_else(|| (&self.entry.compact).into(), Into::into)
    }

    fn key(&self, sort: &BoundSort) -> Map<String, Value> {
        match &self.composed {
            Some(resource) => sort.key(resource.attributes()),
            None => sort.key(self.entry.compact.to_resource().attributes()),
        }
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenants = self.tenants.read().unwrap_or_else(PoisonError::into_inner);
        f.debug_struct("MemoryStore").field("tenants", &tenants.len()).finish_non_exhaustive()
    }
}
