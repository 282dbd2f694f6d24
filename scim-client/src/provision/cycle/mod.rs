//! One cycle: read what has changed, decide, send, remember.

mod breaker;
mod draft;
mod gather;
mod matching;
mod membership;
mod outcome;
mod owners;
mod planning;
mod prepare;
mod reconcile;
mod references;
mod referrers;
mod run;
mod send;
mod trace;
mod unique;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use owners::Owners;
use referrers::Referrers;

use super::{
    Provisioner,
    apply::Target,
    report::CycleReport,
    source::{SourceError, SourceId},
    state::{Fence, LeaseRequest, QuarantineReason, SourceGroup, State, StateError, StateWrite},
};
use crate::error::Error;

/// What a cycle looks at.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum CycleKind {
    /// Everyone in the source; links stay, and who has one and is missing has left.
    Initial,
    /// What has changed since the last cycle; everyone if there was none, or if the mappings or
    /// the scope have changed.
    #[default]
    Incremental,
    /// Everyone in the source and every resource of the service provider: what somebody else has
    /// changed there is changed back.
    Reconcile,
    /// Some objects that somebody has named.
    OnDemand,
}

/// Why a cycle stopped; what it had done until then is remembered, and the next one goes on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CycleError {
    /// The source could not be read; nothing was sent.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The source is empty, and was not before; nothing was sent.
    #[error("the source is empty, and was not before")]
    EmptySource,
    /// The state could not be read or written.
    #[error(transparent)]
    State(#[from] StateError),
    /// The service provider cannot be reached, does not speak SCIM, or does not accept the
    /// credentials.
    #[error("the service provider cannot be used")]
    Target(#[source] Error),
    /// So much has failed that the job was stopped.
    #[error("the job has been stopped: {0}")]
    Stopped(QuarantineReason),
    /// The job was stopped before.
    #[error("the job is in quarantine: {reason}")]
    Quarantined {
        /// Why.
        reason: QuarantineReason,
        /// When it is tried again; not by itself if there is no time.
        next_attempt: Option<DateTime<Utc>>,
    },
    /// The job is paused.
    #[error("the job is paused")]
    Paused,
}

/// A cycle on its way.
struct Cycle<'p> {
    job: &'p Provisioner,
    target: Target<'p>,
    state: State,
    fence: Fence,
    lease_until: DateTime<Utc>,
    now: DateTime<Utc>,
    report: CycleReport,
    /// The groups of the source as they are now.
    groups: std::collections::BTreeMap<SourceId, SourceGroup>,
    owners: Owners,
    referrers: Referrers,
    /// Whether nothing is to be sent, and nothing remembered beyond the cycle.
    is_dry: bool,
    /// Whether removals happen because they were approved.
    uses_approval: bool,
}

impl Cycle<'_> {
    /// Remembers, and keeps the job while it does.
    async fn commit(&mut self, writes: Vec<StateWrite>) -> Result<(), StateError> {
        if writes.is_empty() {
            return Ok(());
        }
        if !self.is_dry {
            self.renew().await?;
            self.job.state.commit(self.fence, writes.clone()).await?;
        }
        for write in writes {
            self.owners.follow(&write, &self.state);
            self.referrers.follow(&write);
            self.state.take(write);
        }
        Ok(())
    }

    /// Extends the lease when half of it has passed.
    async fn renew(&mut self) -> Result<(), StateError> {
        let now = self.job.now();
        let lease = self.job.policies.lease;
        if now + lease / 2 < self.lease_until {
            return Ok(());
        }
        let request = LeaseRequest::new(self.job.holder.clone(), now, now + lease);
        let request = request.with_fence(Some(self.fence));
        let fence = self.job.state.lease(&request).await?;
        if fence != self.fence {
            // Somebody had it in between, and may have it still in mind.
            return Err(StateError::fenced());
        }
        self.lease_until = request.until;
        Ok(())
    }

    /// The object that a resource is linked to.
    fn owner(&self, target_id: &str) -> Option<&SourceId> {
        self.owners.of(target_id, &self.state)
    }

    fn target_id(&self, id: &SourceId) -> Option<String> {
        self.state.links.get(id).map(|link| link.target_id.to_string())
    }
}

/// What went wrong with one object.
#[derive(Clone, Debug)]
struct Failure {
    code: super::report::ErrorCode,
    reason: String,
}

impl Failure {
    fn new(code: super::report::ErrorCode, reason: impl Into<String>) -> Self {
        Self { code, reason: reason.into() }
    }
}
