//! One cycle: read what has changed, decide, send, remember.

mod gather;
mod person;
mod references;

use super::{
    Provisioner,
    apply::{ApplyError, Target},
    plan::order::referenced_first,
    report::{CycleReport, Event, ObjectEvent, ObjectStatus},
    source::{Change, SourceError, SourceId},
    state::{State, StateError, StateWrite},
};
use crate::{
    error::{Error, ErrorKind},
    transport::{TransportError, TransportErrorKind},
};

/// What a cycle looks at.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum CycleKind {
    /// Everyone in the source; links stay, and who has one and is missing has left.
    Initial,
    /// What has changed since the last cycle; everyone if there was none.
    #[default]
    Incremental,
}

/// Why a cycle stopped; what it had done until then is remembered, and the next one goes on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CycleError {
    /// The source could not be read; nothing was sent.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The state could not be read or written.
    #[error(transparent)]
    State(#[from] StateError),
    /// The service provider cannot be reached, or does not accept the credentials.
    #[error("the service provider cannot be used")]
    Target(#[source] Error),
}

struct Cycle<'p> {
    job: &'p Provisioner,
    target: Target<'p>,
    state: State,
    report: CycleReport,
}

impl Provisioner {
    /// Runs a cycle.
    ///
    /// # Errors
    /// If the source or the state fails, or the service provider cannot be used at all. What
    /// fails for one person is in the report.
    pub async fn run(&self, kind: CycleKind) -> Result<CycleReport, CycleError> {
        let state = self.state.load().await?;
        let gathered = self.gather(kind, &state).await?;
        let changes = referenced_first(gathered.changes, &self.mapping);
        self.events.record(&Event::Began { kind: gathered.kind, objects: changes.len() });
        let report =
            CycleReport { kind: gathered.kind, objects: changes.len(), ..CycleReport::default() };
        let mut cycle = Cycle { job: self, target: Target::new(self), state, report };
        for change in changes {
            cycle.change(change).await?;
        }
        cycle.repair_references().await?;
        cycle.commit(vec![StateWrite::Checkpoint(gathered.watermark)]).await?;
        cycle.report.reads = cycle.target.reads;
        cycle.report.writes = cycle.target.writes;
        self.events.record(&Event::Ended(cycle.report.clone()));
        Ok(cycle.report)
    }
}

impl Cycle<'_> {
    async fn change(&mut self, change: Change) -> Result<(), CycleError> {
        let id = change.id().clone();
        let (action, outcome) = match change {
            Change::Present(object) => {
                let decision = self.job.scope.decide(&object);
                match decision.reason() {
                    None => self.provision(&object).await,
                    Some(reason) => self.leave(&id, Some(&object), reason).await,
                }
            }
            Change::Removed(id) => {
                self.leave(&id, None, "is gone from the source".to_owned()).await
            }
        };
        let status = match outcome {
            Ok(status) => status,
            Err(Stop::Object(error)) => {
                self.commit(vec![StateWrite::Escrow(id.clone())]).await?;
                ObjectStatus::Failed(error.to_string())
            }
            Err(Stop::Cycle(error)) => return Err(error),
        };
        if !matches!(status, ObjectStatus::Failed(_)) && self.state.escrow.contains(&id) {
            self.commit(vec![StateWrite::ClearEscrow(id.clone())]).await?;
        }
        let target_id = self.state.links.get(&id).map(|link| link.target_id.clone());
        let event = ObjectEvent { source_id: id, target_id, action, status };
        self.report.count(&event);
        self.job.events.record(&Event::Object(event));
        Ok(())
    }

    fn target_id(&self, id: &SourceId) -> Option<String> {
        self.state.links.get(id).map(|link| link.target_id.to_string())
    }

    async fn commit(&mut self, writes: Vec<StateWrite>) -> Result<(), StateError> {
        self.job.state.commit(writes.clone()).await?;
        for write in writes {
            self.state.take(write);
        }
        Ok(())
    }
}

/// What stops the work on one object, or the whole cycle.
enum Stop {
    Object(Box<dyn std::error::Error + Send + Sync>),
    Cycle(CycleError),
}

impl Stop {
    fn conflict(reason: &'static str) -> Self {
        Self::Object(reason.into())
    }
}

impl From<StateError> for Stop {
    fn from(error: StateError) -> Self {
        Self::Cycle(CycleError::State(error))
    }
}

impl From<ApplyError> for Stop {
    /// Who cannot be reached, or refuses the credentials, does so for everyone.
    fn from(error: ApplyError) -> Self {
        match error {
            ApplyError::Request(error) if error.is_unauthorized() || is_unreachable(&error) => {
                Self::Cycle(CycleError::Target(error))
            }
            other => Self::Object(Box::new(other)),
        }
    }
}

/// Whether there is no answer, other than one that is too long: that is one person's matter.
fn is_unreachable(error: &Error) -> bool {
    let is_too_long = |error: &TransportError| error.kind() == TransportErrorKind::BodyTooLarge;
    error.kind() == ErrorKind::Transport && !error.transport_error().is_some_and(is_too_long)
}
