//! What the engine remembers between cycles: links, open intents, objects to try again, and how
//! far the source has been read.

mod error;
mod escrow;
mod job;
mod lease;
mod link;
mod memory;
mod quarantine;
#[cfg(feature = "sqlite")]
mod sqlite;
mod unfinished;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use scim_core::Resource;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use error::{StateError, StateErrorKind};
pub use escrow::{Escrow, EscrowPolicy};
pub use job::{JobRecord, Removals};
pub use lease::{Fence, Lease, LeaseRequest};
pub use link::{Left, Link};
pub use memory::MemoryState;
pub use quarantine::{Quarantine, QuarantinePolicy, QuarantineReason};
#[cfg(feature = "sqlite")]
pub use sqlite::{OpenStateError, SqliteState};
pub use unfinished::Unfinished;
pub use values::{Applied, Values};

use super::source::{ObjectKind, SourceId};

/// A place that remembers, for one job.
///
/// # Contract
/// - [`commit`](StateStore::commit) takes effect whole or not at all, and what it answered is
///   there after a crash, unless the store says that it keeps nothing.
/// - Of several who run the same job, only the one with the newest lease can commit.
#[async_trait]
pub trait StateStore: Send + Sync + 'static {
    /// Gives the job to one who asks, by the rule of [`Lease::granted`].
    ///
    /// # Errors
    /// [`StateErrorKind::Leased`] while another one has it.
    async fn lease(&self, request: &LeaseRequest) -> Result<Fence, StateError>;

    /// Everything that is remembered.
    ///
    /// # Errors
    /// If it cannot be read.
    async fn load(&self) -> Result<State, StateError>;

    /// Remembers more.
    ///
    /// # Errors
    /// [`StateErrorKind::Fenced`] if another one has the lease now, and if it cannot be written;
    /// nothing is remembered then.
    async fn commit(&self, fence: Fence, writes: Vec<StateWrite>) -> Result<(), StateError>;
}

#[async_trait]
impl<T: StateStore + ?Sized> StateStore for Box<T> {
    async fn lease(&self, request: &LeaseRequest) -> Result<Fence, StateError> {
        T::lease(self, request).await
    }

    async fn load(&self) -> Result<State, StateError> {
        T::load(self).await
    }

    async fn commit(&self, fence: Fence, writes: Vec<StateWrite>) -> Result<(), StateError> {
        T::commit(self, fence, writes).await
    }
}

/// Everything that is remembered.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct State {
    /// Which object is linked to which resource.
    pub links: BTreeMap<SourceId, Link>,
    /// Which objects were about to be created when the engine was last heard of.
    pub intents: BTreeMap<SourceId, Intent>,
    /// Which objects failed and are to be tried again.
    pub escrow: BTreeMap<SourceId, Escrow>,
    /// The groups of the source that give roles to their members, or that are linked.
    pub groups: BTreeMap<SourceId, SourceGroup>,
    /// The members that were sent, by group.
    pub members: BTreeMap<SourceId, Members>,
    /// Whom a cycle may have changed that did not come to its end, if there was one.
    pub unfinished: Option<Unfinished>,
    /// The job as a whole.
    pub job: JobRecord,
}

/// An object that is about to be created.
///
/// `Debug` names the attributes and keeps their values, which are personal, to itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Intent {
    /// The object.
    pub source_id: SourceId,
    /// What it stands for.
    #[serde(default)]
    pub kind: ObjectKind,
    /// Since when.
    pub at: DateTime<Utc>,
    /// The values to look for the resource by, if nobody knows whether it was created, and its
    /// `externalId`.
    pub values: Values,
    /// Whether the answer was that the resource is there already. It may still be this object's:
    /// a request can arrive twice.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_refused: bool,
}

/// A group as the source has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SourceGroup {
    /// The group.
    pub source_id: SourceId,
    /// The roles that it is assigned with, if it is.
    pub roles: Option<Vec<String>>,
    /// Its immediate members.
    pub members: Vec<SourceId>,
}

/// The members of a group that were sent.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Members {
    /// Those that are surely there.
    pub sent: BTreeSet<SourceId>,
    /// Those of which no answer told whether they have come, or gone.
    pub in_doubt: BTreeSet<SourceId>,
}

/// Whether a member is in a group of the service provider.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "a store must know every case")]
pub enum Presence {
    /// It is.
    Sent,
    /// No answer has told.
    InDoubt,
    /// It is not.
    Absent,
}

/// One thing to remember.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "a store must know every case")]
pub enum StateWrite {
    /// An object is about to be created.
    BeginIntent(Box<Intent>),
    /// An object is linked; this ends its intent.
    CommitLink(Box<Link>),
    /// An object is not linked any more, nor about to be created; of a group this forgets the
    /// members that were sent.
    Unlink(SourceId),
    /// An object failed and is to be tried again.
    Escrow(Box<Escrow>),
    /// An object is done with.
    ClearEscrow(SourceId),
    /// A group of the source.
    Group(SourceGroup),
    /// A group of the source that is gone, or gives no roles and is not linked.
    ForgetGroup(SourceId),
    /// Members of a group have come, or gone.
    Members(SourceId, Vec<(SourceId, Presence)>),
    /// A cycle is about to change these, or those who have them as members.
    Begin(Unfinished),
    /// No cycle is on its way.
    End,
    /// The job as a whole.
    Job(Box<JobRecord>),
}

impl State {
    /// Takes a write in, as a store does.
    pub fn take(&mut self, write: StateWrite) {
        match write {
            StateWrite::BeginIntent(intent) => {
                self.intents.insert(intent.source_id.clone(), *intent);
            }
            StateWrite::CommitLink(link) => {
                self.intents.remove(&link.source_id);
                self.links.insert(link.source_id.clone(), *link);
            }
            StateWrite::Unlink(id) => {
                self.intents.remove(&id);
                self.links.remove(&id);
                self.members.remove(&id);
            }
            StateWrite::Escrow(escrow) => {
                self.escrow.insert(escrow.source_id.clone(), *escrow);
            }
            StateWrite::ClearEscrow(id) => {
                self.escrow.remove(&id);
            }
            StateWrite::Group(group) => {
                self.groups.insert(group.source_id.clone(), group);
            }
            StateWrite::ForgetGroup(id) => {
                self.groups.remove(&id);
            }
            StateWrite::Members(group, changes) => {
                let members = self.members.entry(group).or_default();
                for (member, presence) in changes {
                    members.take(member, presence);
                }
            }
            StateWrite::Begin(unfinished) => self.unfinished = Some(unfinished),
            StateWrite::End => self.unfinished = None,
            StateWrite::Job(job) => self.job = *job,
        }
    }
}

impl Members {
    fn take(&mut self, member: SourceId, presence: Presence) {
        match presence {
            Presence::Sent => {
                self.in_doubt.remove(&member);
                self.sent.insert(member);
            }
            Presence::InDoubt => {
                self.sent.remove(&member);
                self.in_doubt.insert(member);
            }
            Presence::Absent => {
                self.sent.remove(&member);
                self.in_doubt.remove(&member);
            }
        }
    }
}

impl Intent {
    /// About to create a resource with those values among others.
    pub fn new(source_id: SourceId, kind: ObjectKind, at: DateTime<Utc>, values: Values) -> Self {
        Self { source_id, kind, at, values, is_refused: false }
    }

    /// Whether a resource that matches is the one that was to be created.
    pub(in crate::provision) fn is_of(&self, candidate: &Resource) -> bool {
        let mine = self.values.get("externalId").and_then(Value::as_str);
        match (mine, candidate.external_id().filter(|id| !id.is_empty())) {
            (Some(mine), Some(other)) => mine == other,
            _ => !self.is_refused,
        }
    }
}

impl SourceGroup {
    /// A group as the source has it.
    pub fn new(source_id: SourceId, roles: Option<Vec<String>>, members: Vec<SourceId>) -> Self {
        Self { source_id, roles, members }
    }
}
