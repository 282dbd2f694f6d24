use std::{collections::HashSet, sync::Arc};

use super::{
    Cycle, CycleError, Failure,
    draft::{Draft, Wants},
    send::refers_to,
};
use crate::error::Error;
use crate::provision::{
    apply::{ApplyError, Write, Written, is_everyones},
    plan::{Change, Changes},
    report::{ErrorCode, Phase},
    source::SourceId,
    state::{Escrow, Link, StateWrite},
};

/// A change of references that is ready to be sent.
struct Repair {
    /// The link until the answer is there, if it is another one.
    before: Option<Link>,
    after: Link,
    write: Write,
}

impl Cycle<'_> {
    /// Sends the references to those who have been linked since.
    pub(super) async fn repair_references(
        &mut self,
        drafts: &mut [Draft],
    ) -> Result<(), CycleError> {
        // Who has left, or is about to leave, waits for nothing.
        let leaving: HashSet<SourceId> = drafts
            .iter()
            .filter(|draft| matches!(draft.wants, Wants::Gone(..)))
            .map(|draft| draft.id.clone())
            .collect();
        let is_waiting = |link: &&Link| {
            link.is_in_scope() && !link.pending.is_empty() && !leaving.contains(&link.source_id)
        };
        let waiting: Vec<Link> = self.state.links.values().filter(is_waiting).cloned().collect();
        let repairs = waiting.into_iter().filter_map(|link| self.resolved(link)).collect();
        self.send_repairs(repairs, drafts).await
    }

    /// Takes back the references to resources that are about to be deleted.
    pub(super) async fn release_references(
        &mut self,
        doomed: &[SourceId],
        drafts: &mut [Draft],
    ) -> Result<(), CycleError> {
        let mut repairs = Vec::new();
        for id in doomed {
            let links = self.state.links.values().filter(|link| !doomed.contains(&link.source_id));
            repairs.extend(links.filter_map(|link| released(link, id)));
        }
        self.send_repairs(repairs, drafts).await
    }

    async fn send_repairs(
        &mut self,
        repairs: Vec<Repair>,
        drafts: &mut [Draft],
    ) -> Result<(), CycleError> {
        let mut open = std::collections::VecDeque::from(repairs);
        while !open.is_empty() {
            self.check_running()?;
            let most = self.target.batch().min(open.len());
            let turn: Vec<Repair> = open.drain(..most).collect();
            let before = turn.iter().filter_map(|repair| repair.before.clone());
            let before = before.map(|link| StateWrite::CommitLink(Box::new(link))).collect();
            self.commit(before).await?;
            let writes = turn.iter().map(|repair| repair.write.clone()).collect();
            let outcomes = self.target.write_all(writes).await;
            let (mut after, mut fatal) = (Vec::new(), None);
            for (repair, outcome) in turn.into_iter().zip(outcomes) {
                match self.repaired(repair, outcome, drafts) {
                    Ok(writes) => after.extend(writes),
                    Err(error) => fatal = Some(error),
                }
            }
            self.commit(after).await?;
            self.progress(Phase::Sending);
            if let Some(error) = fatal {
                return Err(CycleError::Target(error));
            }
        }
        Ok(())
    }

    /// What is remembered when the answer is there; an error that is everybody's ends the cycle.
    fn repaired(
        &mut self,
        repair: Repair,
        outcome: Result<Written, ApplyError>,
        drafts: &mut [Draft],
    ) -> Result<Vec<StateWrite>, Error> {
        let id = repair.after.source_id.clone();
        match outcome {
            Ok(Written::Gone) => Ok(self.forget(&id)),
            Ok(_) => {
                self.report.references_repaired += 1;
                Ok(vec![StateWrite::CommitLink(Box::new(repair.after))])
            }
            Err(ApplyError::Request(error)) if is_everyones(&error) => Err(error),
            Err(error) => {
                let failure = Failure::new(error.code(), error.to_string());
                Ok(self.fail_later(&id, failure, drafts).into_iter().collect())
            }
        }
    }

    /// Notes the failure of somebody who may have been done with before.
    fn fail_later(
        &mut self,
        id: &SourceId,
        failure: Failure,
        drafts: &mut [Draft],
    ) -> Option<StateWrite> {
        if let Some(draft) = drafts.iter_mut().find(|draft| draft.id == *id && !draft.is_finished) {
            draft.failure = Some(failure);
            return None;
        }
        self.report.failed.push((id.clone(), failure.reason.clone()));
        let before = self.state.escrow.get(id);
        let escrow = self.escrow_of(id, 0, &failure, before);
        Some(StateWrite::Escrow(Box::new(escrow)))
    }

    pub(super) fn escrow_of(
        &self,
        id: &SourceId,
        fingerprint: u64,
        failure: &Failure,
        before: Option<&Escrow>,
    ) -> Escrow {
        let before = before.filter(|before| before.fingerprint == fingerprint);
        let attempts = before.map_or(1, |before| before.attempts.saturating_add(1));
        Escrow {
            source_id: id.clone(),
            code: failure.code,
            reason: failure.reason.clone(),
            since: before.map_or(self.now, |before| before.since),
            attempts,
            // What waits for somebody is looked at in each cycle.
            retry_at: match failure.code {
                ErrorCode::StagedAction => self.now,
                _ => self.job.policies.escrow.retry_at(self.now, attempts),
            },
            fingerprint,
        }
    }

    /// What forgets a link whose resource is gone; who referred to it waits for the next one, and
    /// no group has it as a member.
    pub(super) fn forget(&self, gone: &SourceId) -> Vec<StateWrite> {
        let mut writes = vec![StateWrite::Unlink(gone.clone())];
        for link in self.state.links.values().filter(|link| link.source_id != *gone) {
            let targets = referring(link, gone);
            if targets.is_empty() {
                continue;
            }
            let mut link = link.clone();
            link.pending.extend(targets.iter().map(ToString::to_string));
            link.pending.sort();
            link.pending.dedup();
            writes.push(StateWrite::CommitLink(Box::new(link)));
        }
        for (group, members) in &self.state.members {
            if members.sent.contains(gone) || members.in_doubt.contains(gone) {
                let absent = (gone.clone(), crate::provision::state::Presence::Absent);
                writes.push(StateWrite::Members(group.clone(), vec![absent]));
            }
        }
        writes
    }

    /// The change for what a link waited for and can now be sent.
    fn resolved(&self, link: Link) -> Option<Repair> {
        let values = link.applied.values();
        let mut changes = Changes::default();
        for (target, value) in values.iter() {
            let is_pending = link.pending.iter().any(|pending| **pending == **target);
            if is_pending {
                changes.attributes.push(Change::new(target, None, Some(value.clone())));
            }
        }
        let (patch, pending) = changes.to_patch(&|id| self.target_id(id));
        if patch.operations().is_empty() {
            return None;
        }
        let write = Write::Patch { kind: link.kind, id: link.target_id.clone(), patch };
        // Until the answer is there it goes on to wait: to send it twice does no harm.
        Some(Repair { before: None, after: Link { pending, ..link }, write })
    }
}

/// The targets of a link that refer to an object.
fn referring(link: &Link, id: &SourceId) -> Vec<Arc<str>> {
    // A look at the text is much cheaper than at the values.
    if !link.applied.as_str().contains(id.as_str()) {
        return Vec::new();
    }
    let values = link.applied.values();
    let referring = values.iter().filter(|(_, value)| refers_to(value, id));
    referring.map(|(target, _)| Arc::clone(target)).collect()
}

/// The change that takes a reference back.
fn released(link: &Link, id: &SourceId) -> Option<Repair> {
    let targets = referring(link, id);
    let is_sent = |target: &&Arc<str>| !link.pending.iter().any(|pending| **pending == ***target);
    let mut changes = Changes::default();
    for target in targets.iter().filter(is_sent) {
        let unknown = Some(serde_json::Value::Null);
        changes.attributes.push(Change::new(target, unknown, None));
    }
    if changes.is_empty() {
        return None;
    }
    let (patch, _) = changes.to_patch(&|_| None);
    let write = Write::Patch { kind: link.kind, id: link.target_id.clone(), patch };
    let mut after = link.clone();
    after.pending.extend(changes.targets().map(str::to_owned));
    Some(Repair { before: Some(after.clone()), after, write })
}
