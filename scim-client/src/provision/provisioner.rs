use std::{fmt, sync::Arc};

use scim_core::{Resource, ResourceSchema, SchemaRegistry};

use super::{EventSink, IdentitySource, Mapping, Scope, StateStore, report::Event};
use crate::{api::Api, client::Client, error::Error};

/// A provisioning job: one source, one service provider, and what goes between them.
///
/// It spawns nothing and keeps no time: whoever holds it says when a cycle runs.
pub struct Provisioner {
    pub(super) api: Api<Resource>,
    pub(super) schema: Arc<ResourceSchema>,
    pub(super) mapping: Mapping,
    pub(super) source: Box<dyn IdentitySource>,
    pub(super) state: Box<dyn StateStore>,
    pub(super) scope: Scope,
    pub(super) events: Box<dyn EventSink>,
}

impl Provisioner {
    /// A job for the users of a service provider that provisions whoever is assigned.
    ///
    /// # Errors
    /// If the service provider has no users; not with the standard schemas.
    pub fn new(
        client: &Client,
        mapping: Mapping,
        source: impl IdentitySource,
        state: impl StateStore,
    ) -> Result<Self, Error> {
        let registry = SchemaRegistry::standard();
        let schema = registry.resource_type("User").map(Arc::clone);
        let schema = schema.ok_or_else(|| Error::new(crate::error::ErrorKind::Configuration))?;
        Ok(Self {
            api: client.dynamic(schema.endpoint())?,
            schema,
            mapping,
            source: Box::new(source),
            state: Box::new(state),
            scope: Scope::assigned(),
            events: Box::new(|_: &Event| {}),
        })
    }

    /// The job for whom the scope lets through.
    #[must_use]
    pub fn with_scope(mut self, scope: Scope) -> Self {
        self.scope = scope;
        self
    }

    /// The job with someone who hears of everything that happens.
    #[must_use]
    pub fn with_events(mut self, events: impl EventSink) -> Self {
        self.events = Box::new(events);
        self
    }
}

impl fmt::Debug for Provisioner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provisioner")
            .field("api", &self.api)
            .field("mapping", &self.mapping)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}
