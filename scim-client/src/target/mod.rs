//! What is known about one service provider: its profile, what it says of itself, and what it has
//! refused so far.

pub(crate) mod adapt;
mod capabilities;
mod discovery;
mod presets;
mod probe;
mod profile;
mod report;

use std::{
    collections::BTreeSet,
    sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError},
};

use scim_core::{ResourceSchema, SchemaRegistry};

pub use capabilities::{BulkLimits, Capabilities};
pub use discovery::Discovery;
pub use probe::{Probe, ProbeOutcome};
pub use profile::{Deletion, Feature, MediaType, MemberForm, Paging, Profile};
pub use report::ConnectionReport;

use crate::transport::Operation;

/// Read once, since an update that looks for its schema should not read them all.
static STANDARD: LazyLock<SchemaRegistry> = LazyLock::new(SchemaRegistry::standard);

/// A service provider, as far as a client knows it.
#[derive(Debug)]
pub(crate) struct Target {
    profile: Profile,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    discovery: Option<Arc<Discovery>>,
    /// What was answered with 405 or 501.
    refused: BTreeSet<Feature>,
}

impl Target {
    pub(crate) fn new(profile: Profile) -> Self {
        Self { profile, known: Mutex::new(Known::default()) }
    }

    pub(crate) fn profile(&self) -> &Profile {
        &self.profile
    }

    pub(crate) fn discovery(&self) -> Option<Arc<Discovery>> {
        self.known().discovery.clone()
    }

    pub(crate) fn remember(&self, discovery: Arc<Discovery>) {
        self.known().discovery = Some(discovery);
    }

    /// Takes note of something that was refused and need not be tried again.
    pub(crate) fn learn_refused(&self, operation: Operation, endpoint: &str) {
        self.known().refused.insert(Feature::at(operation, endpoint));
    }

    /// Whether it is worth trying: the profile knows best, then a refusal, then what is said.
    pub(crate) fn offers(&self, operation: Operation, endpoint: &str) -> bool {
        let covers = |feature: &Feature| feature.covers(operation, endpoint);
        if self.profile.refused.iter().any(covers) {
            return false;
        }
        let known = self.known();
        if known.refused.iter().any(covers) {
            return false;
        }
        if self.profile.offered.iter().any(covers) {
            return true;
        }
        let config = known.discovery.as_ref().and_then(|discovery| discovery.config.as_ref());
        config.is_none_or(|config| match operation {
            Operation::Patch => config.patch.supported,
            Operation::Bulk => config.bulk.supported,
            _ => true,
        })
    }

    /// The endpoint of the resource type with that core schema.
    pub(crate) fn endpoint(&self, schema: &str) -> Option<String> {
        let discovery = self.discovery()?;
        let endpoint = discovery.of_schema(schema)?.endpoint.trim_end_matches('/');
        // Some give a whole URL; its last segment is what they mean.
        let last = endpoint.rsplit('/').next().filter(|last| !last.is_empty())?;
        Some(if endpoint.contains("://") { format!("/{last}") } else { with_slash(endpoint) })
    }

    /// The schema of the resources at an endpoint: the standard one, or else the discovered one.
    pub(crate) fn schema_at(&self, endpoint: &str) -> Option<Arc<ResourceSchema>> {
        let discovered = self.discovery().and_then(|discovery| discovery.schema_at(endpoint));
        discovered.or_else(|| STANDARD.endpoint(endpoint).map(Arc::clone))
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn with_slash(endpoint: &str) -> String {
    format!("/{}", endpoint.trim_start_matches('/'))
}
