use std::{collections::BTreeMap, fmt};

use async_trait::async_trait;
use scim_core::{ResourceVersion, TypedResource, filter::Lookup};

use super::{
    Row, Table,
    document::{Document, row_of},
};
use crate::{
    context::Context,
    store::{
        Expected, NewResource, Page, ResourceKey, ResourceStore, StoreError, StoreQuery,
        StoredResource, UniqueKey, Update, Wanted,
        choose::{Behind, choose},
    },
};

/// A store of one resource type in a [`Table`] of the application's own.
///
/// Filters, orders and pages are worked out here, on the documents of the rows; look-ups of an `id`
/// and, where the table has an index, of a unique attribute read no other row. Members are part of
/// their group, and the `groups` of a user are not told. [`Stores`](crate::store::Stores) puts
/// several types together.
pub struct Typed<T> {
    table: T,
}

/// How often a write is tried again when another one came first.
const ATTEMPTS: usize = 256;

/// A resource of another type than the table has.
#[derive(Debug, thiserror::Error)]
#[error("the table has no resources of the type")]
struct OtherType;

/// A row that others change again and again.
#[derive(Debug, thiserror::Error)]
#[error("a row is being changed by many others")]
struct Contention;

impl<T: Table> Typed<T> {
    /// The store of a table.
    pub fn new(table: T) -> Self {
        Self { table }
    }

    fn has(resource_type: &str) -> bool {
        resource_type == T::Resource::RESOURCE_TYPE
    }

    /// The row that a write is about.
    async fn expected(
        &self,
        cx: &Context,
        key: &ResourceKey,
        expected: &Expected,
    ) -> Result<Row<T::Resource>, StoreError> {
        let row =
            if Self::has(&key.resource_type) { self.table.find(cx, &key.id).await? } else { None };
        let row = row.ok_or(StoreError::NotFound)?;
        if expected.allows(&row.version) { Ok(row) } else { Err(StoreError::VersionMismatch) }
    }

    /// The documents that a query can match, in the order of their places.
    async fn candidates(
        &self,
        cx: &Context,
        query: &StoreQuery,
        behind: u64,
    ) -> Result<Vec<Document>, StoreError> {
        let rows = match self.looked_up(cx, query).await? {
            Some(rows) => rows.into_values().filter(|row| row.place > behind).collect(),
            None => self.table.scan(cx, behind).await?,
        };
        rows.iter().map(Document::of).collect()
    }

    /// The rows that the look-ups of a filter lead to, by their places; `None` if all have to be
    /// looked at.
    async fn looked_up(
        &self,
        cx: &Context,
        query: &StoreQuery,
    ) -> Result<Option<BTreeMap<u64, Row<T::Resource>>>, StoreError> {
        let lookups = query.filter.as_ref().and_then(|filter| {
            let lookups = filter.lookups(&|lookup| {
                let is_key = is_id(lookup) || query.unique.contains(&lookup.path());
                (is_key && !lookup.is_prefix).then_some(1)
            });
            let keys = lookups?.into_iter().map(|lookup| Key::of(&lookup));
            Some(keys.collect::<Vec<_>>())
        });
        let Some(lookups) = lookups else { return Ok(None) };
        let mut rows = BTreeMap::new();
        for key in lookups {
            let found = match key {
                Key::Id(text) => match text.parse() {
                    Ok(id) => Some(self.table.find(cx, &id).await?.into_iter().collect()),
                    // No resource has such an id.
                    Err(_) => Some(Vec::new()),
                },
                Key::Unique(key) => self.table.find_by_key(cx, &key).await?,
            };
            let Some(found) = found else { return Ok(None) };
            rows.extend(found.into_iter().map(|row| (row.place, row)));
        }
        Ok(Some(rows))
    }
}

/// What leads to a row.
enum Key {
    Id(String),
    Unique(UniqueKey),
}

impl Key {
    fn of(lookup: &Lookup<'_>) -> Self {
        if is_id(lookup) {
            Self::Id(lookup.text.to_owned())
        } else {
            Self::Unique(UniqueKey::new(lookup.path(), lookup.text))
        }
    }
}

fn is_id(lookup: &Lookup<'_>) -> bool {
    lookup.path() == "id" && lookup.case_exact
}

fn stored<R: TypedResource>(row: &Row<R>) -> Result<StoredResource, StoreError> {
    let document = Document::of(row)?;
    Ok(StoredResource::new(document.resource, document.version))
}

#[async_trait]
impl<T: Table> ResourceStore for Typed<T> {
    async fn create(&self, cx: &Context, new: NewResource) -> Result<StoredResource, StoreError> {
        if !Self::has(&new.key.resource_type) {
            return Err(StoreError::internal(OtherType));
        }
        let row = row_of(cx, &new.resource, None)?;
        let stored = stored(&row)?;
        self.table.insert(cx, row, new.unique).await?;
        Ok(stored)
    }

    async fn get(
        &self,
        cx: &Context,
        key: &ResourceKey,
        _: Wanted,
    ) -> Result<StoredResource, StoreError> {
        stored(&self.expected(cx, key, &Expected::Any).await?)
    }

    async fn list(&self, cx: &Context, query: &StoreQuery) -> Result<Page, StoreError> {
        let behind = Behind::of(query)?;
        let candidates = if Self::has(&query.resource_type) {
            self.candidates(cx, query, behind.first_place()).await?
        } else {
            Vec::new()
        };
        let chosen = choose(query, &behind, candidates.into_iter().map(Ok))?;
        let documents = chosen.candidates.into_iter();
        let resources =
            documents.map(|document| StoredResource::new(document.resource, document.version));
        Ok(Page { resources: resources.collect(), total: chosen.total, next: chosen.next })
    }

    async fn update(&self, cx: &Context, update: Update) -> Result<StoredResource, StoreError> {
        for _ in 0..ATTEMPTS {
            let old = self.expected(cx, &update.key, &update.expected).await?;
            let row = row_of(cx, &update.resource, Some(old.created))?;
            let stored = stored(&row)?;
            if self.table.update(cx, row, update.unique.clone(), &old.version).await? {
                return Ok(stored);
            }
            // Another write came first; what there is now decides.
        }
        Err(StoreError::unavailable(Contention))
    }

    async fn delete(
        &self,
        cx: &Context,
        key: &ResourceKey,
        expected: Expected,
    ) -> Result<(), StoreError> {
        for _ in 0..ATTEMPTS {
            let version: ResourceVersion = self.expected(cx, key, &expected).await?.version;
            if self.table.delete(cx, &key.id, &version).await? {
                return Ok(());
            }
        }
        Err(StoreError::unavailable(Contention))
    }
}

impl<T> fmt::Debug for Typed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Typed").finish_non_exhaustive()
    }
}
