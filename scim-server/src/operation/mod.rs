//! The operations of the protocol, without HTTP.

mod change;
mod create;
mod delete;
mod discovery;
pub(crate) mod get;
mod list;
mod patch;
mod preconditions;
mod replace;
mod unique;
mod write;

use std::sync::Arc;

use scim_core::{
    DateTime, Meta, Resource, ResourceId, ResourceSchema, SchemaRegistry, query::Projection,
};

pub(crate) use list::Listed;
pub(crate) use preconditions::Preconditions;
pub(crate) use write::{Write, Written};

use crate::{
    clock::Clock,
    error::Error,
    service::{Limits, Policy},
    store::{ResourceKey, ResourceStore, StoredResource},
};

/// How often a write is tried again when another one came first.
const ATTEMPTS: usize = 256;

/// What the operations work with.
#[derive(Clone)]
pub(crate) struct Operations {
    pub(crate) registry: SchemaRegistry,
    pub(crate) store: Arc<dyn ResourceStore>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) policy: Policy,
    pub(crate) limits: Limits,
}

/// The resource that a request is about, and what it asks besides.
#[derive(Debug)]
pub(crate) struct Target<'r> {
    pub(crate) schema: &'r ResourceSchema,
    pub(crate) id: &'r str,
    pub(crate) preconditions: Preconditions,
    pub(crate) projection: Projection,
}

/// A resource to show.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) stored: StoredResource,
    pub(crate) projection: Projection,
}

impl Target<'_> {
    fn key(&self) -> Result<ResourceKey, Error> {
        let id: ResourceId = self.id.parse().map_err(|_| Error::NotFound)?;
        Ok(ResourceKey::new(self.schema.name(), id))
    }
}

impl Operations {
    /// The changed resource with a `meta.lastModified` that never goes back.
    fn touched(&self, before: &Resource, mut after: Resource) -> Resource {
        let modified = |resource: &Resource| {
            resource
                .attributes()
                .get("meta")?
                .get("lastModified")?
                .as_str()?
                .parse::<DateTime>()
                .ok()
        };
        let floor = modified(before).map(|last| last.unix_micros().saturating_add(1));
        let now = self.clock.now();
        let now = match floor.filter(|floor| *floor > now.unix_micros()) {
            Some(floor) => DateTime::from_unix_micros(floor).unwrap_or(now),
            None => now,
        };
        if let Some(serde_json::Value::Object(meta)) = after.attributes_mut().get_mut("meta") {
            meta.insert("lastModified".to_owned(), now.to_string().into());
        }
        after
    }

    fn new_meta(&self, schema: &ResourceSchema) -> Meta {
        let now = self.clock.now();
        let mut meta = Meta::default();
        meta.resource_type = Some(schema.name().to_owned());
        meta.created = Some(now);
        meta.last_modified = Some(now);
        meta
    }
}
