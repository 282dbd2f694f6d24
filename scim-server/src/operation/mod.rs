//! The operations of the protocol, without HTTP.

mod change;
mod create;
mod delete;
mod discovery;
pub(crate) mod get;
mod list;
mod patch;
mod replace;
mod unique;

use std::sync::Arc;

use scim_core::{
    DateTime, Meta, Resource, ResourceId, ResourceSchema, SchemaRegistry, query::Projection,
};

pub(crate) use list::Listed;

use crate::{
    clock::Clock,
    error::Error,
    service::{Limits, Policy},
    store::{ResourceKey, ResourceStore, StoredResource},
};

/// What the operations work with.
#[derive(Clone)]
pub(crate) struct Operations {
    pub(crate) registry: SchemaRegistry,
    pub(crate) store: Arc<dyn ResourceStore>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) policy: Policy,
    pub(crate) limits: Limits,
}

/// Which version a client expects, and which it has: `If-Match` and `If-None-Match`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Preconditions {
    pub(crate) if_match: Option<String>,
    pub(crate) if_none_match: Option<String>,
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

impl Preconditions {
    /// RFC 7644 §3.14: a write to another version than the client expects does nothing.
    fn check(&self, stored: &StoredResource) -> Result<(), Error> {
        let expected = self.if_match.as_ref().is_none_or(|header| stored.version.is_in(header));
        let unexpected =
            self.if_none_match.as_ref().is_some_and(|header| stored.version.is_in(header));
        if expected && !unexpected { Ok(()) } else { Err(Error::Precondition) }
    }

    /// Whether another version than that of the first read can be written to.
    fn is_open(&self) -> bool {
        self.if_match.as_deref().is_none_or(|header| header.trim() == "*")
    }
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
