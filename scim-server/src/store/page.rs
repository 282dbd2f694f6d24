use scim_core::{BoundFilter, query::BoundSort};

use super::{StoredResource, Wanted};

/// What to list.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct StoreQuery {
    /// The name of the resource type.
    pub resource_type: String,
    /// What the resources must match.
    pub filter: Option<BoundFilter>,
    /// The attributes for which each resource of the type that has them has a [`UniqueKey`], for
    /// stores that look them up.
    ///
    /// [`UniqueKey`]: super::UniqueKey
    pub unique: Vec<String>,
    /// The attribute that says which resources belong to one of the type.
    pub membership: Option<String>,
    /// The order; without one, the order of creation.
    pub sort: Option<BoundSort>,
    /// Where the page begins.
    pub start: Start,
    /// The most resources of the page; with 0, only the total is asked for.
    pub count: u64,
    /// What of the resources is to be read.
    pub wanted: Wanted,
    /// How many conditions of the filter may be tried on resources, all of them together. A store
    /// that looks at each refuses what takes more: [`StoreError::TooMany`](super::StoreError).
    pub work: u64,
}

/// Where a page begins.
#[derive(Clone, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "a store must know every case")]
pub enum Start {
    /// Behind so many of the resources that match; the answer tells how many match in all.
    Offset(u64),
    /// At the first one, or behind the place where another page ended; the answer tells where this
    /// one ends, and need not tell how many match in all.
    After(Option<Position>),
}

/// The place where a page ended, in words that only the store understands.
///
/// It leads to what follows whatever else is created or deleted meanwhile. Clients get it sealed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Position(Vec<u8>);

/// A page of resources.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Page {
    /// The resources.
    pub resources: Vec<StoredResource>,
    /// How many resources match in all; `None` where the query does not ask for it.
    pub total: Option<u64>,
    /// Where the page ends, if another one follows; only for a query that goes by positions.
    pub next: Option<Position>,
}

impl StoreQuery {
    /// All resources of a type.
    pub fn new(resource_type: impl Into<String>) -> Self {
        Self {
            resource_type: resource_type.into(),
            filter: None,
            unique: Vec::new(),
            membership: None,
            sort: None,
            start: Start::Offset(0),
            count: u64::MAX,
            wanted: Wanted::ALL,
            work: u64::MAX,
        }
    }

    /// Whether the filter or the order asks for an attribute or a part of it.
    pub fn asks_for(&self, attribute: &str) -> bool {
        self.filter.as_ref().is_some_and(|filter| filter.asks_for(attribute))
            || self.sort.as_ref().is_some_and(|sort| sort.asks_for(attribute))
    }
}

impl Position {
    /// A place, in the store's own words.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    /// The store's own words.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl Page {
    /// A page out of a total.
    pub fn new(resources: Vec<StoredResource>, total: u64) -> Self {
        Self { resources, total: Some(total), next: None }
    }

    /// A page that another one follows, or not.
    pub fn before(resources: Vec<StoredResource>, next: Option<Position>) -> Self {
        Self { resources, total: None, next }
    }
}
