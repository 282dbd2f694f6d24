//! What the engine remembers between cycles: links, open intents, objects to try again, and how
//! far the source has been read.

mod memory;
#[cfg(feature = "sqlite")]
mod sqlite;

use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
    fmt,
};

use async_trait::async_trait;
use scim_core::{PatchOp, ResourceId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use memory::MemoryState;
#[cfg(feature = "sqlite")]
pub use sqlite::{OpenStateError, SqliteState};

use super::source::{SourceId, Watermark};

/// Values by the path of the target attribute that they were sent to.
pub type Values = BTreeMap<String, Value>;

/// A place that remembers, for one job.
///
/// # Contract
/// [`commit`](StateStore::commit) takes effect whole or not at all, and what it answered is there
/// after a crash, unless the store says that it keeps nothing.
#[async_trait]
pub trait StateStore: Send + Sync + 'static {
    /// Everything that is remembered.
    ///
    /// # Errors
    /// If it cannot be read.
    async fn load(&self) -> Result<State, StateError>;

    /// Remembers more.
    ///
    /// # Errors
    /// If it cannot be written; nothing is remembered then.
    async fn commit(&self, writes: Vec<StateWrite>) -> Result<(), StateError>;
}

/// Everything that is remembered.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct State {
    /// Who is linked to which resource.
    pub links: BTreeMap<SourceId, Link>,
    /// Who was about to be created when the engine was last heard of.
    pub intents: BTreeSet<SourceId>,
    /// Who failed and is to be tried again.
    pub escrow: BTreeSet<SourceId>,
    /// How far the source has been read.
    pub watermark: Option<Watermark>,
}

/// A person and the resource that stands for it.
///
/// `Debug` names the attributes and keeps their values, which are personal, to itself.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Link {
    /// The person.
    pub source_id: SourceId,
    /// The resource.
    pub target_id: ResourceId,
    /// What was last sent, by target path; null where no answer told whether it was taken.
    pub applied: Values,
    /// References that could not be sent yet, by target path.
    #[serde(default)]
    pub pending: BTreeMap<String, SourceId>,
    /// Whether the person is in scope, and so may be enabled; disabled otherwise.
    pub is_active: bool,
}

/// One thing to remember.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum StateWrite {
    /// A person is about to be created.
    BeginIntent(SourceId),
    /// A person is linked; this ends its intent and its escrow.
    CommitLink(Link),
    /// A person is not linked any more, nor about to be created.
    Unlink(SourceId),
    /// A person failed and is to be tried again.
    Escrow(SourceId),
    /// A person is done with.
    ClearEscrow(SourceId),
    /// The source has been read that far.
    Checkpoint(Watermark),
    /// The source is to be read from the start.
    ForgetWatermark,
}

/// A store that cannot remember.
#[derive(Debug)]
pub struct StateError(Box<dyn Error + Send + Sync>);

impl State {
    /// Takes a write in, as a store does.
    pub(super) fn take(&mut self, write: StateWrite) {
        match write {
            StateWrite::BeginIntent(id) => {
                self.intents.insert(id);
            }
            StateWrite::CommitLink(link) => {
                self.intents.remove(&link.source_id);
                self.escrow.remove(&link.source_id);
                self.links.insert(link.source_id.clone(), link);
            }
            StateWrite::Unlink(id) => {
                self.intents.remove(&id);
                self.links.remove(&id);
            }
            StateWrite::Escrow(id) => {
                self.escrow.insert(id);
            }
            StateWrite::ClearEscrow(id) => {
                self.escrow.remove(&id);
            }
            StateWrite::Checkpoint(watermark) => self.watermark = Some(watermark),
            StateWrite::ForgetWatermark => self.watermark = None,
        }
    }
}

impl Link {
    /// The link as it is until the answer to a change is there; the change may enable.
    pub(super) fn in_doubt(&self, patch: &PatchOp) -> Self {
        let mut link = Self { is_active: true, ..self.clone() };
        let paths = patch.operations().iter().filter_map(|operation| operation.path.as_ref());
        link.applied.extend(paths.map(|path| (path.to_string(), Value::Null)));
        link
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link")
            .field("source_id", &self.source_id)
            .field("target_id", &self.target_id)
            .field("applied", &self.applied.keys().collect::<Vec<_>>())
            .field("pending", &self.pending)
            .field("is_active", &self.is_active)
            .finish()
    }
}

impl StateError {
    /// Wraps what went wrong.
    pub fn new(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(source.into())
    }
}

impl fmt::Display for StateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the state of the job cannot be read or written")
    }
}

impl Error for StateError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.0.as_ref())
    }
}
