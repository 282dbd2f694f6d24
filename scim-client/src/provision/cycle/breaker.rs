use super::{Cycle, CycleError};
use crate::provision::{
    report::notify::{Notification, NotificationEvent},
    source::ObjectKind,
    state::{JobRecord, Quarantine, QuarantineReason, StateError, StateWrite},
};

impl Cycle<'_> {
    /// Tests the connection if the job is stopped and its time has come.
    pub(super) async fn pass_quarantine(&self) -> Result<(), CycleError> {
        let Some(quarantine) = &self.state.job.quarantine else { return Ok(()) };
        if !quarantine.is_due(self.now) {
            let Quarantine { reason, next_attempt, .. } = *quarantine;
            return Err(CycleError::Quarantined { reason, next_attempt });
        }
        match self.target.first_page(ObjectKind::User).await {
            Ok(_) => Ok(()),
            Err(error) => Err(CycleError::Target(error)),
        }
    }

    /// Ends the cycle if too many objects have failed.
    pub(super) fn check_verdict(&self) -> Result<(), CycleError> {
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let failures = count(self.report.failed.len());
        let sent = self.report.succeeded().saturating_sub(self.report.unchanged);
        let policy = &self.job.policies.quarantine;
        match policy.verdict(failures, failures.saturating_add(count(sent))) {
            Some(reason) => Err(CycleError::Stopped(reason)),
            None => Ok(()),
        }
    }

    /// Takes note of a cycle that did not come to its end, and stops the job if it must be.
    pub(super) async fn note_failure(&mut self, error: &CycleError) -> Result<(), StateError> {
        let before = self.state.job.clone();
        let mut job = before.clone();
        let exception = QuarantineReason::EncounteredQuarantineException;
        let verdict = match error {
            CycleError::Target(error) => {
                job.failed_cycles = job.failed_cycles.saturating_add(1);
                let is_clear = error.is_unauthorized() || error.is_not_scim();
                let is_enough =
                    job.failed_cycles >= self.job.policies.quarantine.unreachable_cycles;
                let is_stopped = is_clear || is_enough || before.quarantine.is_some();
                is_stopped.then(|| (exception, error.to_string()))
            }
            CycleError::Stopped(reason) => Some((*reason, reason.to_string())),
            CycleError::Source(_) | CycleError::EmptySource => {
                job.failed_reads = job.failed_reads.saturating_add(1);
                None
            }
            _ => return Ok(()),
        };
        if let Some((reason, error)) = verdict {
            let policy = &self.job.policies.quarantine;
            job.quarantine =
                Some(policy.entered(before.quarantine.as_ref(), reason, error, self.now));
        }
        let notification = self.trouble(&before, &job, error);
        self.commit(vec![StateWrite::Job(Box::new(job))]).await?;
        if let Some(notification) = notification {
            self.tell(notification).await;
        }
        Ok(())
    }

    /// What to tell of a cycle that did not come to its end; what was told is not told again.
    fn trouble(
        &self,
        before: &JobRecord,
        job: &JobRecord,
        error: &CycleError,
    ) -> Option<Notification> {
        let event = match (&before.quarantine, &job.quarantine) {
            (Some(before), Some(now)) if now.is_disabled() => {
                (!before.is_disabled()).then_some(NotificationEvent::JobDisabled)
            }
            (Some(before), Some(now)) => (before.reason != now.reason || before.error != now.error)
                .then_some(NotificationEvent::QuarantineReasonChanged),
            (None, Some(_)) => Some(NotificationEvent::QuarantineBegan),
            (_, None) => {
                let begins = |before, now| before == 0 && now == 1;
                let is_first = begins(before.failed_cycles, job.failed_cycles)
                    || begins(before.failed_reads, job.failed_reads);
                is_first.then_some(NotificationEvent::CycleFailed)
            }
        }?;
        let notification = Notification::new(self.job.name.clone(), self.now, event);
        Some(match &job.quarantine {
            Some(quarantine) => notification
                .with_reason(quarantine.reason.code(), quarantine.error.clone())
                .with_next_attempt(quarantine.next_attempt),
            None => notification.with_reason("CycleFailed", error.to_string()),
        })
    }

    /// Tells of what was held back, and of the end of a quarantine.
    pub(super) async fn tell_of_end(&self, before: &JobRecord) -> bool {
        if before.quarantine.is_some() && self.state.job.quarantine.is_none() {
            let event = NotificationEvent::QuarantineLifted;
            self.tell(Notification::new(self.job.name.clone(), self.now, event)).await;
        }
        let Some(approval) = self.report.approval.clone() else { return true };
        if before.told.as_ref() == Some(&approval) {
            return true;
        }
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let (staged, linked) = (count(self.report.staged.len()), count(self.state.links.len()));
        let event = NotificationEvent::RemovalsStaged;
        let notification = Notification::new(self.job.name.clone(), self.now, event)
            .with_removals(staged, linked)
            .with_approval(approval);
        self.tell(notification).await
    }

    /// Tells somebody; `false` if nobody could be told.
    async fn tell(&self, notification: Notification) -> bool {
        match &self.job.notifier {
            Some(notifier) => notifier.notify(&notification).await.is_ok(),
            None => true,
        }
    }
}
