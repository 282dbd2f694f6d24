//! The operations of the protocol, without HTTP.

mod bounds;
mod change;
mod create;
mod delete;
mod discovery;
pub(crate) mod get;
mod list;
mod list_all;
mod members;
mod paging;
mod patch;
mod permit;
mod preconditions;
mod recorded;
mod replace;
mod unique;
mod write;

use std::sync::Arc;

use scim_core::{
    ResourceId, ResourceSchema, SchemaRegistry,
    query::{HiddenAttributes, Projection},
    schema::{AttributeDefinition, Mutability},
};

pub(crate) use list::Listed;
pub(crate) use list_all::{FoundResource, ListedAll};
pub(crate) use preconditions::Preconditions;
pub(crate) use write::{Write, Written};

use crate::{
    audit::Changes,
    auth::Authorizer,
    clock::Clock,
    cursor::CursorSeal,
    error::Error,
    service::{Limits, Policy},
    store::{ResourceKey, ResourceStore, StoredResource, Wanted},
};

/// How often a write is tried again when another one came first.
const ATTEMPTS: usize = 256;

/// What the operations work with.
#[derive(Clone)]
pub(crate) struct Operations {
    pub(crate) registry: SchemaRegistry,
    pub(crate) store: Arc<dyn ResourceStore>,
    pub(crate) authorizer: Arc<dyn Authorizer>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) policy: Policy,
    pub(crate) limits: Limits,
    pub(crate) cursors: Arc<CursorSeal>,
}

/// The resource that a request is about, and what it asks besides.
#[derive(Debug)]
pub(crate) struct Target<'r> {
    pub(crate) schema: &'r ResourceSchema,
    pub(crate) id: &'r str,
    pub(crate) preconditions: Preconditions,
    pub(crate) projection: Projection,
    /// Whether the answer shows the resource.
    pub(crate) is_shown: bool,
}

/// A resource to show.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) stored: StoredResource,
    pub(crate) projection: Projection,
    pub(crate) effect: Effect,
}

/// What an operation did to a resource.
#[derive(Debug)]
pub(crate) enum Effect {
    /// Nothing: it read, or the resource was as it should be.
    None,
    /// A change; its names are there if somebody takes them down.
    Changed(Changes),
}

impl Target<'_> {
    fn key(&self) -> Result<ResourceKey, Error> {
        let id: ResourceId = self.id.parse().map_err(|_| Error::NotFound)?;
        Ok(ResourceKey::new(self.schema.name(), id))
    }

    /// The target, with an answer that does not show what is hidden.
    fn hiding(mut self, hidden: &HiddenAttributes) -> Self {
        self.projection = self.projection.with_hidden(hidden.clone());
        self
    }

    /// What of the resource the answer shows.
    fn wanted(&self) -> Wanted {
        if self.is_shown { wanted(&self.projection, self.schema) } else { Wanted::OWN }
    }
}

/// The attribute that says which resources belong to one of the type.
fn membership(schema: &ResourceSchema) -> Option<String> {
    schema.membership().map(|attribute| attribute.name.to_string())
}

/// What of a resource an answer may show.
fn wanted(projection: &Projection, schema: &ResourceSchema) -> Wanted {
    let may_show = |attribute: &AttributeDefinition| projection.may_show(attribute, schema);
    let groups = schema.attribute("groups").filter(|groups| {
        // RFC 7643 §4.1.2: the service provider says to which groups a user belongs.
        groups.mutability == Mutability::ReadOnly
    });
    Wanted::OWN
        .with_membership(schema.membership().is_some_and(may_show))
        .with_groups(groups.is_some_and(may_show))
}
