use std::{collections::HashSet, sync::Arc};

use serde_json::Value;

use super::{
    Cycle, CycleError, Failure,
    draft::{Draft, Wants},
    referrers::references,
};
use crate::{
    error::Error,
    provision::{
        apply::{ApplyError, Write, Written, is_everyones},
        plan::{Change, Changes},
        report::{ErrorCode, Phase},
        source::SourceId,
        state::{Escrow, Link, Presence, StateError, StateWrite},
    },
};

/// A change of references that is ready to be sent.
struct Repair {
    /// The link until the answer is there, if it is another one.
    before: Option<Link>,
    after: Link,
    write: Write,
}

/// What became of a change of references.
enum Repaired {
    Done(StateWrite),
    Failed(Option<StateWrite>),
    Gone(SourceId),
    /// Nothing can be sent at all.
    Fatal(Error),
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
        doomed: &HashSet<SourceId>,
        drafts: &mut [Draft],
    ) -> Result<(), CycleError> {
        if doomed.is_empty() {
            return Ok(());
        }
        let links = self.referrers.of(doomed, &self.state);
        let links = links.filter(|link| !doomed.contains(&link.source_id));
        let repairs = links.filter_map(|link| released(link, doomed)).collect();
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
            let writes: Vec<&Write> = turn.iter().map(|repair| &repair.write).collect();
            let outcomes = self.target.write_all(&writes).await;
            let (mut after, mut gone, mut fatal) = (Vec::new(), Vec::new(), None);
            for (repair, outcome) in turn.into_iter().zip(outcomes) {
                match self.repaired(repair, outcome, drafts) {
                    Repaired::Done(write) => after.push(write),
                    Repaired::Failed(escrow) => after.extend(escrow),
                    Repaired::Gone(id) => gone.push(id),
                    Repaired::Fatal(error) => fatal = Some(error),
                }
            }
            self.commit(after).await?;
            self.forget(gone).await?;
            self.progress(Phase::Sending);
            if let Some(error) = fatal {
                return Err(CycleError::Target(error));
            }
        }
        Ok(())
    }

    fn repaired(
        &mut self,
        repair: Repair,
        outcome: Result<Written, ApplyError>,
        drafts: &mut [Draft],
    ) -> Repaired {
        match outcome {
            Ok(Written::Gone) => Repaired::Gone(repair.after.source_id),
            Ok(_) => {
                self.report.references_repaired += 1;
                Repaired::Done(StateWrite::CommitLink(Box::new(repair.after)))
            }
            Err(ApplyError::Request(error)) if is_everyones(&error) => Repaired::Fatal(error),
            Err(error) => {
                let failure = Failure::new(error.code(), error.to_string());
                Repaired::Failed(self.fail_later(&repair.after.source_id, failure, drafts))
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

    /// Forgets the links of resources that are gone; who referred to one waits for the next one,
    /// and no group has it as a member.
    ///
    /// Whatever else has happened is remembered before: it may concern those who referred to it.
    pub(super) async fn forget(
        &mut self,
        gone: impl IntoIterator<Item = SourceId>,
    ) -> Result<(), StateError> {
        let gone: HashSet<SourceId> = gone.into_iter().collect();
        if gone.is_empty() {
            return Ok(());
        }
        let mut writes: Vec<StateWrite> = gone.iter().cloned().map(StateWrite::Unlink).collect();
        let stays = |link: &&Link| !gone.contains(&link.source_id);
        for link in self.referrers.of(&gone, &self.state).filter(stays) {
            let targets = referring(link, &gone);
            let targets: Vec<String> = targets.iter().map(ToString::to_string).collect();
            if !targets.is_empty() {
                writes.push(StateWrite::CommitLink(Box::new(waiting(link.clone(), targets))));
            }
        }
        for (group, members) in &self.state.members {
            let is_member =
                |id: &&SourceId| members.sent.contains(*id) || members.in_doubt.contains(*id);
            let absent = gone.iter().filter(is_member).cloned();
            let absent: Vec<_> = absent.map(|id| (id, Presence::Absent)).collect();
            if !absent.is_empty() && !gone.contains(group) {
                writes.push(StateWrite::Members(group.clone(), absent));
            }
        }
        self.commit(writes).await
    }

    /// The change for what a link waited for and can now be sent.
    fn resolved(&self, link: Link) -> Option<Repair> {
        let values = link.applied.values();
        let mut changes = Changes::default();
        for (target, value) in values.iter() {
            let is_pending = link.pending.iter().any(|pending| **pending == **target);
            // What is in doubt is sent again with the change that failed.
            if is_pending && !value.is_null() {
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

/// The link with references that have to be sent again.
fn waiting(mut link: Link, targets: impl IntoIterator<Item = String>) -> Link {
    link.pending.extend(targets);
    link.pending.sort();
    link.pending.dedup();
    link
}

/// The targets of a link that refer to one of some objects.
fn referring(link: &Link, ids: &HashSet<SourceId>) -> Vec<Arc<str>> {
    let references = references(link).into_iter();
    references.filter(|(_, id)| ids.contains(id)).map(|(target, _)| target).collect()
}

/// The change that takes a reference back, also one that waits: an answer may have been lost.
fn released(link: &Link, ids: &HashSet<SourceId>) -> Option<Repair> {
    let mut changes = Changes::default();
    for target in &referring(link, ids) {
        let unknown = Some(Value::Null);
        changes.attributes.push(Change::new(target, unknown, None));
    }
    if changes.is_empty() {
        return None;
    }
    let (patch, _) = changes.to_patch(&|_| None);
    let write = Write::Patch { kind: link.kind, id: link.target_id.clone(), patch };
    let after = waiting(link.clone(), changes.targets().map(str::to_owned));
    Some(Repair { before: Some(after.clone()), after, write })
}
