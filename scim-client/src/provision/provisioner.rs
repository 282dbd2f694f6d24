use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime},
};

use chrono::{DateTime, Utc};
use scim_core::{Group, ResourceSchema, SchemaRegistry, TypedResource, User};
use serde_json::{Value, json};

use super::{
    EventSink, IdentitySource, Mapping, Scope, StateStore,
    control::Control,
    fingerprint,
    mapping::InvalidMapping,
    plan::{AdoptPolicy, Guard, RemovalPolicy, key::Key},
    report::{Event, notify::Notifier},
    source::ObjectKind,
    state::{EscrowPolicy, Fence, QuarantinePolicy, State},
};
use crate::{client::Client, provision::plan::Removal};

/// A provisioning job: one source, one service provider, and what goes between them.
///
/// It spawns nothing: whoever holds it says when a cycle runs, or awaits
/// [`Provisioner::watch`].
pub struct Provisioner {
    pub(super) client: Client,
    pub(super) name: String,
    pub(super) users: Side,
    pub(super) groups: Option<Side>,
    pub(super) source: Box<dyn IdentitySource>,
    pub(super) state: Box<dyn StateStore>,
    pub(super) policies: Policies,
    pub(super) events: Option<Box<dyn EventSink>>,
    pub(super) notifier: Option<Box<dyn Notifier>>,
    pub(super) clock: Box<Clock>,
    pub(super) holder: String,
    pub(super) control: Control,
    /// What was remembered when the last cycle ended, and still is if nobody else had the lease.
    pub(super) memory: async_lock::Mutex<Option<(Fence, State)>>,
}

pub(super) type Clock = dyn Fn() -> SystemTime + Send + Sync;

/// What goes for the objects of one kind.
pub(super) struct Side {
    endpoint: String,
    pub(super) schema: Arc<ResourceSchema>,
    pub(super) mapping: Mapping,
    pub(super) scope: Scope,
    pub(super) removal: RemovalPolicy,
    pub(super) keys: Vec<Key>,
}

/// How a job behaves.
#[derive(Clone, Debug)]
pub(super) struct Policies {
    pub(super) adopt: AdoptPolicy,
    pub(super) guard: Guard,
    pub(super) escrow: EscrowPolicy,
    pub(super) quarantine: QuarantinePolicy,
    /// How long a creation whose answer was lost may still be under way.
    pub(super) grace: Duration,
    /// How long a job belongs to who has begun a cycle.
    pub(super) lease: Duration,
}

impl Provisioner {
    /// A job for the users of a service provider that provisions whoever is assigned.
    ///
    /// # Errors
    /// If the mapping does not fit the schema of the service provider's users, as it was
    /// discovered, or else as RFC 7643 has it.
    pub fn new(
        client: &Client,
        mapping: Mapping,
        source: impl IdentitySource,
        state: impl StateStore,
    ) -> Result<Self, InvalidMapping> {
        let removal = RemovalPolicy::disable();
        Ok(Self {
            users: Side::new::<User>(client, mapping, Scope::assigned(), removal)?,
            groups: None,
            client: client.clone(),
            name: "provisioning".to_owned(),
            source: Box::new(source),
            state: Box::new(state),
            policies: Policies::default(),
            events: None,
            notifier: None,
            clock: Box::new(now),
            holder: String::new(),
            control: Control::new(),
            memory: async_lock::Mutex::new(None),
        })
    }

    /// The job for the users whom the scope lets through.
    #[must_use]
    pub fn with_scope(mut self, scope: Scope) -> Self {
        self.users.scope = scope;
        self
    }

    /// The job that provisions groups too, those that a scope lets through; of those that leave,
    /// the resource is deleted.
    ///
    /// # Errors
    /// If the mapping does not fit the schema of the service provider's groups.
    pub fn with_groups(mut self, mapping: Mapping, scope: Scope) -> Result<Self, InvalidMapping> {
        let removal = RemovalPolicy::all(Removal::Delete);
        self.groups = Some(Side::new::<Group>(&self.client, mapping, scope, removal)?);
        Ok(self)
    }

    /// The job with what becomes of users who have left; they are disabled otherwise.
    #[must_use]
    pub fn with_removal(mut self, removal: RemovalPolicy) -> Self {
        self.users.removal = removal;
        self
    }

    /// The job with what becomes of groups that have left; they are deleted otherwise.
    #[must_use]
    pub fn with_group_removal(mut self, removal: RemovalPolicy) -> Self {
        if let Some(groups) = &mut self.groups {
            groups.removal = removal;
        }
        self
    }

    /// The job with which resources of others it links.
    #[must_use]
    pub fn with_adoption(mut self, adopt: AdoptPolicy) -> Self {
        self.policies.adopt = adopt;
        self
    }

    /// The job with another limit of removals.
    #[must_use]
    pub fn with_guard(mut self, guard: Guard) -> Self {
        self.policies.guard = guard;
        self
    }

    /// The job with when objects that failed are tried again.
    #[must_use]
    pub fn with_escrow(mut self, escrow: EscrowPolicy) -> Self {
        self.policies.escrow = escrow;
        self
    }

    /// The job with when it stops by itself.
    #[must_use]
    pub fn with_quarantine(mut self, quarantine: QuarantinePolicy) -> Self {
        self.policies.quarantine = quarantine;
        self
    }

    /// The job that gives a creation whose answer was lost that long to take effect, before it
    /// looks for the resource: as long as the service provider may still work on a request of a
    /// client that has gone.
    ///
    /// Without it, it looks at once: enough where the service provider keeps names unique.
    #[must_use]
    pub fn with_grace(mut self, grace: Duration) -> Self {
        self.policies.grace = grace;
        self
    }

    /// The job with someone who hears of everything that happens.
    #[must_use]
    pub fn with_events(mut self, events: impl EventSink) -> Self {
        self.events = Some(Box::new(events));
        self
    }

    /// The job with someone who is told of trouble.
    #[must_use]
    pub fn with_notifier(mut self, notifier: impl Notifier) -> Self {
        self.notifier = Some(Box::new(notifier));
        self
    }

    /// The job by another name, which events and notifications give.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// The job as run by one of several nodes: another one waits until the lease has passed.
    ///
    /// Without a name, who begins a cycle takes the job over from whoever had it.
    #[must_use]
    pub fn with_holder(mut self, holder: impl Into<String>) -> Self {
        self.holder = holder.into();
        self
    }

    /// The job with how long it belongs to a node after its last commit: a minute otherwise.
    #[must_use]
    pub fn with_lease(mut self, lease: Duration) -> Self {
        self.policies.lease = lease;
        self
    }

    /// The job by another clock than that of the system.
    #[must_use]
    pub fn with_clock(mut self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.clock = Box::new(clock);
        self
    }

    /// What pauses the job and wakes it.
    pub fn control(&self) -> Control {
        self.control.clone()
    }

    /// The service provider.
    pub fn client(&self) -> &Client {
        &self.client
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        DateTime::from((self.clock)())
    }

    pub(super) fn record(&self, event: &Event) {
        if let Some(events) = &self.events {
            events.record(event);
        }
    }

    pub(super) fn side(&self, kind: ObjectKind) -> Option<&Side> {
        match kind {
            ObjectKind::User => Some(&self.users),
            ObjectKind::Group => self.groups.as_ref(),
        }
    }

    /// A fingerprint of what decides who is provisioned and how.
    pub(super) fn configuration(&self) -> String {
        let sides = [Some(&self.users), self.groups.as_ref()];
        fingerprint::secure(&sides.map(|side| side.map(Side::configuration)))
    }
}

impl Side {
    fn new<R: TypedResource>(
        client: &Client,
        mapping: Mapping,
        scope: Scope,
        removal: RemovalPolicy,
    ) -> Result<Self, InvalidMapping> {
        let endpoint = client.api::<R>().endpoint().to_owned();
        let schema = client.target().schema_at(&endpoint);
        let schema = schema.or_else(|| SchemaRegistry::standard().endpoint(R::ENDPOINT).cloned());
        let schema = schema.ok_or_else(InvalidMapping::no_schema)?;
        let mapping = mapping.validated(&schema, None)?;
        let keys = Key::all(&mapping, &schema);
        Ok(Self { endpoint, schema, mapping, scope, removal, keys })
    }

    pub(super) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// What a function of the program does is not known, only for which target.
    fn configuration(&self) -> Value {
        let attributes = self.mapping.attributes().map(|attribute| {
            serde_json::to_value(attribute).unwrap_or_else(|_| json!(&**attribute.name()))
        });
        json!([attributes.collect::<Vec<_>>(), format!("{:?}", self.scope)])
    }
}

impl Default for Policies {
    fn default() -> Self {
        Self {
            adopt: AdoptPolicy::default(),
            guard: Guard::default(),
            escrow: EscrowPolicy::default(),
            quarantine: QuarantinePolicy::default(),
            grace: Duration::ZERO,
            lease: Duration::from_mins(1),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a job without a clock keeps the time of the system")]
fn now() -> SystemTime {
    SystemTime::now()
}

impl fmt::Debug for Provisioner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provisioner")
            .field("name", &self.name)
            .field("client", &self.client)
            .field("users", &self.users)
            .field("groups", &self.groups)
            .field("policies", &self.policies)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Side")
            .field("endpoint", &self.endpoint)
            .field("mapping", &self.mapping)
            .field("scope", &self.scope)
            .field("removal", &self.removal)
            .finish_non_exhaustive()
    }
}
