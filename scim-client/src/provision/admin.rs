use chrono::{DateTime, Utc};

use super::{
    Provisioner,
    report::{JobStatus, StatusCode},
    source::{ObjectKind, SourceId},
    state::{Escrow, LeaseRequest, Link, QuarantineReason, State, StateError, StateWrite},
};

/// What a restart forgets, by the scopes of Entra ID's restart criteria; they go together freely.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "each is a scope of its own")]
pub struct Restart {
    /// How far the source was read: the next cycle reads everything.
    pub watermark: bool,
    /// Which objects failed: all are tried again in the next cycle.
    pub escrows: bool,
    /// That the job is stopped.
    pub quarantine: bool,
    /// Which objects are linked to which resources: they are matched anew.
    pub links: bool,
}

impl Restart {
    /// Forgets nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Forgets everything.
    pub fn full() -> Self {
        Self { watermark: true, escrows: true, quarantine: true, links: true }
    }

    /// Forgets how far the source was read.
    #[must_use]
    pub fn with_watermark(self) -> Self {
        Self { watermark: true, ..self }
    }

    /// Forgets which objects failed.
    #[must_use]
    pub fn with_escrows(self) -> Self {
        Self { escrows: true, ..self }
    }

    /// Forgets that the job is stopped.
    #[must_use]
    pub fn with_quarantine(self) -> Self {
        Self { quarantine: true, ..self }
    }

    /// Forgets which objects are linked to which resources.
    #[must_use]
    pub fn with_links(self) -> Self {
        Self { links: true, ..self }
    }
}

impl Provisioner {
    /// How the job stands.
    ///
    /// # Errors
    /// If the state cannot be read.
    pub async fn status(&self) -> Result<JobStatus, StateError> {
        let state = self.state.load().await?;
        let count = |kind| state.links.values().filter(|link| link.kind == kind).count();
        let code = match (&state.job.quarantine, &state.job.last_cycle) {
            (Some(quarantine), _) if quarantine.is_disabled() => StatusCode::Disabled,
            (Some(_), _) => StatusCode::Quarantine,
            (None, _) if self.control.is_paused() => StatusCode::Paused,
            (None, Some(_)) => StatusCode::Active,
            (None, None) => StatusCode::NotRun,
        };
        Ok(JobStatus {
            code,
            count_successive_complete_failures: state.job.failed_cycles,
            users: count(ObjectKind::User),
            groups: count(ObjectKind::Group),
            escrows: state.escrow.len(),
            last_successful_execution: state.job.last_success,
            last_successful_execution_with_exports: state.job.last_success_with_writes,
            quarantine: state.job.quarantine,
            steady_state_first_achieved_time: state.job.steady_since,
            steady_state_last_achieved_time: state.job.steady_last,
            last_execution: state.job.last_cycle,
        })
    }

    /// All links, in the order of the objects; each is a document that
    /// [`import_links`](Self::import_links) takes.
    ///
    /// # Errors
    /// If the state cannot be read.
    pub async fn links(&self) -> Result<Vec<Link>, StateError> {
        Ok(self.state.load().await?.links.into_values().collect())
    }

    /// The objects that failed and are to be tried again.
    ///
    /// # Errors
    /// If the state cannot be read.
    pub async fn escrows(&self) -> Result<Vec<Escrow>, StateError> {
        Ok(self.state.load().await?.escrow.into_values().collect())
    }

    /// Remembers links, in the place of those that the objects have.
    ///
    /// # Errors
    /// If another node runs the job, or the state cannot be written.
    pub async fn import_links(&self, links: Vec<Link>) -> Result<(), StateError> {
        let writes = links.into_iter().map(|link| StateWrite::CommitLink(Box::new(link)));
        let writes: Vec<StateWrite> = writes.collect();
        self.edit(|_, _| writes).await
    }

    /// Forgets the link of an object; the resource stays as it is.
    ///
    /// # Errors
    /// If another node runs the job, or the state cannot be written.
    pub async fn unlink(&self, id: &SourceId) -> Result<(), StateError> {
        self.edit(|_, _| vec![StateWrite::Unlink(id.clone())]).await
    }

    /// Lets the removals happen that a cycle has held back: those and no others, by the
    /// fingerprint that its report gave.
    ///
    /// # Errors
    /// If another node runs the job, or the state cannot be written.
    pub async fn approve(&self, removals: &str) -> Result<(), StateError> {
        self.edit(|state, _| {
            let mut job = state.job.clone();
            job.approval = Some(removals.to_owned());
            vec![StateWrite::Job(Box::new(job))]
        })
        .await
    }

    /// Stops the job until it is restarted, whatever the service provider does.
    ///
    /// # Errors
    /// If another node runs the job, or the state cannot be written.
    pub async fn quarantine(&self) -> Result<(), StateError> {
        let reason = QuarantineReason::QuarantinedOnDemand;
        self.edit(|state, now| {
            let mut job = state.job.clone();
            let mut quarantine =
                self.policies.quarantine.entered(None, reason, reason.to_string(), now);
            quarantine.next_attempt = None;
            job.quarantine = Some(quarantine);
            vec![StateWrite::Job(Box::new(job))]
        })
        .await
    }

    /// Forgets what the next cycle is to find out anew.
    ///
    /// # Errors
    /// If another node runs the job, or the state cannot be written.
    pub async fn restart(&self, restart: Restart) -> Result<(), StateError> {
        self.edit(|state, _| forgetting(restart, state)).await
    }

    /// Changes what is remembered, between cycles.
    async fn edit(
        &self,
        writes: impl FnOnce(&State, DateTime<Utc>) -> Vec<StateWrite>,
    ) -> Result<(), StateError> {
        let mut memory = self.memory.lock().await;
        *memory = None;
        let now = self.now();
        let request = LeaseRequest::new(self.holder.clone(), now, now + self.policies.lease);
        let fence = self.state.lease(&request).await?;
        let state = self.state.load().await?;
        self.state.commit(fence, writes(&state, now)).await
    }
}

fn forgetting(restart: Restart, state: &State) -> Vec<StateWrite> {
    let mut writes = Vec::new();
    let mut job = state.job.clone();
    if restart.watermark {
        job.watermark = None;
    }
    if restart.quarantine {
        job.quarantine = None;
        job.failed_cycles = 0;
    }
    if restart.escrows {
        writes.extend(state.escrow.keys().cloned().map(StateWrite::ClearEscrow));
    }
    if restart.links {
        let ids = state.links.keys().chain(state.intents.keys());
        writes.extend(ids.cloned().map(StateWrite::Unlink));
        // Who is linked no more is found by a look at everybody.
        job.watermark = None;
    }
    writes.push(StateWrite::Job(Box::new(job)));
    writes
}
