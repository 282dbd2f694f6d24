use scim_core::{BoundFilter, query::BoundSort};

use super::{StoredResource, UniqueKey};

/// What to list.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct StoreQuery {
    /// The name of the resource type.
    pub resource_type: String,
    /// What the resources must match.
    pub filter: Option<BoundFilter>,
    /// A unique key that every resource which matches `filter` has, for stores that look it up;
    /// it says nothing that the filter does not say.
    pub unique: Option<UniqueKey>,
    /// The order; without one, the order of creation.
    pub sort: Option<BoundSort>,
    /// How many matching resources to pass over.
    pub offset: u64,
    /// The most resources of the page; with 0, only the total is asked for.
    pub count: u64,
}

/// A page of resources.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Page {
    /// The resources.
    pub resources: Vec<StoredResource>,
    /// How many resources match in all.
    pub total: u64,
}

impl StoreQuery {
    /// All resources of a type.
    pub fn new(resource_type: impl Into<String>) -> Self {
        let resource_type = resource_type.into();
        Self { resource_type, filter: None, unique: None, sort: None, offset: 0, count: u64::MAX }
    }
}

impl Page {
    /// A page out of a total.
    pub fn new(resources: Vec<StoredResource>, total: u64) -> Self {
        Self { resources, total }
    }
}
