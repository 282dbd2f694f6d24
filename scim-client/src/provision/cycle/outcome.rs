use super::{
    Cycle, CycleError, Failure,
    draft::{Draft, Wants},
    planning::skip_code,
};
use crate::provision::{
    plan::{Action, Conflict, Skip},
    report::{
        ErrorCode, Event, ModifiedProperty, ObjectAction, ObjectEvent, ObjectStatus, Phase,
        Progress,
    },
    source::SourceId,
    state::{Left, Link, StateError, StateWrite},
};

impl Cycle<'_> {
    /// Tells of those who need no request, or are not to have one.
    pub(super) async fn finish_idle(&mut self, drafts: &mut [Draft]) -> Result<(), StateError> {
        let is_idle = |draft: &Draft| !draft.is_open() || matches!(draft.action, Action::Nothing);
        let idle = drafts.iter_mut().filter(|draft| is_idle(draft)).collect();
        self.finish(idle).await
    }

    /// Tells of those who were sent, but for groups whose members have yet to be sent.
    pub(super) async fn finish_sent(
        &mut self,
        drafts: &mut [Draft],
        places: &[usize],
    ) -> Result<(), StateError> {
        let is_over = |draft: &Draft| {
            draft.attempts > 0
                && !draft.is_waiting
                && (draft.failure.is_some() || !has_members(draft))
        };
        let mut sent = Vec::with_capacity(places.len());
        let (mut rest, mut passed) = (drafts, 0);
        let mut places = places.to_vec();
        places.sort_unstable();
        for place in places {
            let Some((_, after)) = rest.split_at_mut_checked(place - passed) else { break };
            let Some((draft, after)) = after.split_first_mut() else { break };
            (rest, passed) = (after, place + 1);
            if is_over(draft) {
                sent.push(draft);
            }
        }
        self.finish(sent).await
    }

    /// Tells of everyone who is left.
    pub(super) async fn finish_all(&mut self, drafts: &mut [Draft]) -> Result<(), StateError> {
        self.finish(drafts.iter_mut().collect()).await
    }

    async fn finish(&mut self, drafts: Vec<&mut Draft>) -> Result<(), StateError> {
        let mut writes = Vec::new();
        let mut finished = Vec::new();
        for draft in drafts.into_iter().filter(|draft| !draft.is_finished) {
            draft.is_finished = true;
            writes.extend(self.escrow_write(draft));
            writes.extend(self.left_write(draft));
            finished.push(&*draft);
        }
        self.commit(writes).await?;
        for draft in finished {
            let event = self.event(draft);
            self.report.count(&event);
            if self.job.events.is_some() {
                self.job.record(&Event::Object(Box::new(event)));
            }
        }
        Ok(())
    }

    /// Who failed is tried again, and who did not is not.
    fn escrow_write(&self, draft: &Draft) -> Option<StateWrite> {
        let before = self.state.escrow.get(&draft.id);
        match failure_of(draft) {
            Some(failure) => {
                let escrow = self.escrow_of(&draft.id, draft.fingerprint(), &failure, before);
                Some(StateWrite::Escrow(Box::new(escrow)))
            }
            None if matches!(draft.action, Action::Skip(Skip::Escrow | Skip::InFlight)) => None,
            None => before.map(|_| StateWrite::ClearEscrow(draft.id.clone())),
        }
    }

    /// Who has left, or come back, and needs no request is remembered as such.
    fn left_write(&self, draft: &Draft) -> Option<StateWrite> {
        let link = self.state.links.get(&draft.id).filter(|_| draft.failure.is_none())?;
        let left = match (&draft.wants, &draft.action) {
            (Wants::Gone(cause, _), Action::Skip(Skip::OutOfScope(_))) => {
                Some(Left::new(link.left.map_or(self.now, |left| left.at), *cause))
            }
            // Who came back has nothing to be enabled.
            (Wants::Resource(_), Action::Nothing) => None,
            _ => return None,
        };
        let is_known = link.left == left;
        let link = Link { left, ..link.clone() };
        (!is_known).then(|| StateWrite::CommitLink(Box::new(link)))
    }

    fn event(&self, draft: &Draft) -> ObjectEvent {
        let link = self.state.links.get(&draft.id);
        let failure = failure_of(draft).filter(|_| !is_staged(draft));
        let (status, code) = match (&failure, &draft.action) {
            (Some(failure), _) => {
                (ObjectStatus::Failed(failure.reason.clone()), Some(failure.code))
            }
            (None, Action::Skip(skip)) => {
                (ObjectStatus::Skipped(skip_reason(draft, skip)), Some(skip_code(skip)))
            }
            (None, _) => (ObjectStatus::Done, None),
        };
        let (modified, steps) = if self.job.events.is_some() {
            (self.modified(draft), self.steps(draft, failure.as_ref()))
        } else {
            (Vec::new(), Vec::new())
        };
        ObjectEvent {
            at: self.job.now(),
            source_id: draft.id.clone(),
            kind: draft.kind,
            target_id: link.map(|link| link.target_id.clone()),
            action: action(&draft.action),
            status,
            code,
            modified,
            steps,
        }
    }

    /// What changes, without what the mapping hides.
    fn modified(&self, draft: &Draft) -> Vec<ModifiedProperty> {
        let Some(side) = self.job.side(draft.kind) else { return Vec::new() };
        let action = match &draft.action {
            Action::Skip(Skip::Staged(action)) => action,
            action => action,
        };
        let changes: Vec<ModifiedProperty> = match action {
            Action::Create(desired) => desired
                .values
                .iter()
                .chain(desired.on_creation.iter())
                .map(|(target, value)| {
                    ModifiedProperty::new(std::sync::Arc::clone(target), None, Some(value.clone()))
                })
                .collect(),
            action => action
                .changes()
                .into_iter()
                .flat_map(|changes| &changes.attributes)
                .map(|change| {
                    let target = std::sync::Arc::clone(&change.target);
                    ModifiedProperty::new(target, change.old.clone(), change.new.clone())
                })
                .collect(),
        };
        let shown = changes.into_iter().map(|change| {
            if side.mapping.is_redacted(&change.name) { change.redacted() } else { change }
        });
        shown.collect()
    }

    pub(super) fn progress(&self, phase: Phase) {
        if self.job.events.is_none() {
            return;
        }
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let mut progress = Progress::new(phase, count(self.report.objects));
        progress.done = count(self.report.done()).min(progress.objects);
        progress.failed = count(self.report.failed.len());
        progress.skipped = count(self.report.skipped.len());
        progress.requests = self.target.meter.reads() + self.target.meter.writes();
        progress.elapsed = (self.job.now() - self.now).to_std().unwrap_or_default();
        self.job.record(&Event::Progress(progress));
    }

    /// Ends the cycle if somebody has asked so.
    pub(super) fn check_running(&self) -> Result<(), CycleError> {
        if self.job.control.is_halted() { Err(CycleError::Paused) } else { Ok(()) }
    }
}

fn has_members(draft: &Draft) -> bool {
    match &draft.action {
        Action::Create(desired) => desired.members.as_ref().is_some_and(|all| !all.is_empty()),
        action => action
            .changes()
            .is_some_and(|changes| !changes.joining.is_empty() || !changes.leaving.is_empty()),
    }
}

fn is_staged(draft: &Draft) -> bool {
    matches!(draft.action, Action::Skip(Skip::Staged(_)))
}

/// Why an object is tried again.
fn failure_of(draft: &Draft) -> Option<Failure> {
    if let Some(failure) = &draft.failure {
        return Some(failure.clone());
    }
    match &draft.action {
        Action::Conflict(conflict) => Some(conflict_failure(conflict)),
        Action::Skip(Skip::Staged(_)) => {
            Some(Failure::new(ErrorCode::StagedAction, "the removal is held back"))
        }
        _ => None,
    }
}

fn conflict_failure(conflict: &Conflict) -> Failure {
    let names = |ids: &[SourceId]| {
        let ids: Vec<String> = ids.iter().map(|id| format!("`{id}`")).collect();
        ids.join(", ")
    };
    match conflict {
        Conflict::DuplicateTargets(ids) => {
            let ids: Vec<String> = ids.iter().map(|id| format!("`{id}`")).collect();
            let reason = format!("several resources match ({}); none was touched", ids.join(", "));
            Failure::new(ErrorCode::DuplicateTargetEntries, reason)
        }
        Conflict::DuplicateSources(ids) => {
            let reason = format!("the resource is also that of {}; none was touched", names(ids));
            Failure::new(ErrorCode::DuplicateSourceEntries, reason)
        }
        Conflict::NotAdopted(id) => {
            let reason = format!("the resource that matches, `{id}`, belongs to somebody else");
            Failure::new(ErrorCode::EntryNotAdopted, reason)
        }
        Conflict::NoId => {
            let code = ErrorCode::SystemForCrossDomainIdentityManagementServiceIncompatible;
            Failure::new(code, "the resource that matches has no id")
        }
        Conflict::NoMatchingValue => {
            Failure::new(ErrorCode::ImportSkipped, "no matching attribute has a value")
        }
    }
}

fn skip_reason(draft: &Draft, skip: &Skip) -> String {
    match skip {
        Skip::OutOfScope(cause) => {
            let unmet = draft.decision.as_ref().and_then(crate::provision::scope::Decision::reason);
            unmet.map_or_else(|| cause.to_string(), str::to_owned)
        }
        Skip::Escrow => "failed, and is tried again later".to_owned(),
        Skip::InFlight => "a request to create it may still be under way".to_owned(),
        Skip::Staged(_) => "the removal is held back until it is approved".to_owned(),
        Skip::NotMapped => "its kind is not provisioned".to_owned(),
    }
}

fn action(action: &Action) -> ObjectAction {
    match action {
        Action::Create(_) => ObjectAction::Create,
        Action::Adopt { .. } => ObjectAction::Adopt,
        Action::Update(_) => ObjectAction::Update,
        Action::Enable(_) => ObjectAction::Enable,
        Action::Disable(..) => ObjectAction::Disable,
        Action::Delete(_) => ObjectAction::Delete,
        Action::Unlink(..) => ObjectAction::Unlink,
        Action::Skip(Skip::Staged(_)) => ObjectAction::Stage,
        Action::Nothing | Action::Skip(_) | Action::Conflict(_) => ObjectAction::None,
    }
}
