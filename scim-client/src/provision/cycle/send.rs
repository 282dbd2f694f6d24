use std::collections::{HashSet, VecDeque};

use super::{
    Cycle, CycleError, Failure,
    draft::{Draft, Wants},
    prepare::{After, Batch, Prepared, Unprepared, remembered},
};
use crate::{
    error::Error,
    provision::{
        apply::{ApplyError, Write, Written, is_everyones},
        plan::{Action, Conflict, Skip},
        report::Phase,
        source::{ObjectKind, SourceId},
        state::{Intent, StateWrite},
    },
};

/// What became of a batch.
#[derive(Default)]
struct Flushed {
    /// What is to be remembered.
    after: Vec<StateWrite>,
    /// Those whose resource is gone, or let go.
    gone: Vec<SourceId>,
    /// Why nothing more can be sent at all.
    fatal: Option<Error>,
    /// Those whose resource was not as it was remembered.
    surprised: Vec<usize>,
    /// Those who failed only because another one in the batch has.
    again: Vec<usize>,
    /// Everyone who failed.
    failed: HashSet<SourceId>,
}

impl Cycle<'_> {
    /// Sends the changes of all drafts of a kind, those to which others refer first; gives those
    /// who had to be looked for again.
    pub(super) async fn send(
        &mut self,
        drafts: &mut [Draft],
        kind: ObjectKind,
    ) -> Result<HashSet<SourceId>, CycleError> {
        let places: Vec<usize> = places(drafts, |draft| draft.kind == kind && is_sent_first(draft));
        let surprised = self.send_these(drafts, places).await?;
        // Who was found to be gone, or taken, is looked for once more.
        let again = self.look_again(drafts, surprised).await?;
        let ids = again.iter().filter_map(|place| Some(drafts.get(*place)?.id.clone()));
        let ids = ids.collect();
        self.send_these(drafts, again).await?;
        Ok(ids)
    }

    /// Sends the removals, groups before people.
    pub(super) async fn send_removals(&mut self, drafts: &mut [Draft]) -> Result<(), CycleError> {
        for kind in [ObjectKind::Group, ObjectKind::User] {
            let is_sent =
                |draft: &Draft| draft.kind == kind && matches!(draft.action, Action::Delete(_));
            let places = places(drafts, is_sent);
            self.send_these(drafts, places).await?;
        }
        Ok(())
    }

    /// Gives the places of those whose resource was not as it was remembered.
    async fn send_these(
        &mut self,
        drafts: &mut [Draft],
        places: Vec<usize>,
    ) -> Result<Vec<usize>, CycleError> {
        let mut surprised = Vec::new();
        let mut open: VecDeque<usize> = places.into();
        let mut alone = HashSet::new();
        let mut batch = Batch::default();
        while let Some(place) = open.pop_front() {
            let Some(draft) = drafts.get_mut(place) else { continue };
            let empty = Batch::default();
            let mates = if alone.contains(&place) { &empty } else { &batch };
            match self.prepare(place, draft, mates) {
                Ok(prepared) => batch.push(prepared, &draft.id),
                Err(Unprepared::Failed(failure)) => draft.failure = Some(failure),
                Err(Unprepared::Done(writes)) => self.commit(writes).await?,
                Err(Unprepared::Gone) => self.forget([draft.id.clone()]).await?,
            }
            if batch.len() >= self.target.batch() || open.is_empty() {
                let flushed = self.flush(drafts, std::mem::take(&mut batch), &alone).await?;
                surprised.extend(flushed.surprised);
                alone.extend(&flushed.again);
                open.extend(flushed.again);
            }
        }
        Ok(surprised)
    }

    /// Sends a batch, and takes note of what became of it.
    async fn flush(
        &mut self,
        drafts: &mut [Draft],
        mut batch: Batch,
        alone: &HashSet<usize>,
    ) -> Result<Flushed, CycleError> {
        let mut flushed = Flushed::default();
        if batch.prepared.is_empty() {
            return Ok(flushed);
        }
        self.check_running()?;
        let before = batch.prepared.iter_mut().flat_map(|one| std::mem::take(&mut one.before));
        let mut before: Vec<StateWrite> = before.collect();
        before.extend(self.count_removals(drafts, &batch));
        self.commit(before).await?;
        let places: Vec<usize> = batch.prepared.iter().map(|one| one.place).collect();
        let writes: Vec<&Write> = batch.prepared.iter().map(|one| &one.write).collect();
        let outcomes = self.target.write_all(&writes).await;
        for (prepared, outcome) in batch.prepared.into_iter().zip(outcomes) {
            let Some(draft) = drafts.get_mut(prepared.place) else { continue };
            draft.attempts += 1;
            draft.is_waiting = false;
            match outcome {
                Ok(_) if matches!(prepared.after, After::Forget) => {
                    flushed.gone.push(draft.id.clone());
                }
                Ok(Written::Gone) => {
                    flushed.gone.push(draft.id.clone());
                    flushed.surprise(draft, prepared.place);
                }
                Ok(written) => {
                    flushed.after.extend(remembered(draft, prepared.after, &written));
                }
                Err(error) => {
                    flushed.after.extend(self.refused(draft, &error));
                    flushed.fail(draft, &prepared, error, alone);
                }
            }
        }
        self.commit(std::mem::take(&mut flushed.after)).await?;
        self.forget(std::mem::take(&mut flushed.gone)).await?;
        if let Some(error) = flushed.fatal.take() {
            return Err(CycleError::Target(error));
        }
        self.finish_sent(drafts, &places).await?;
        self.check_verdict()?;
        self.progress(Phase::Sending);
        Ok(flushed)
    }

    /// Looks for those again who were gone or taken, and decides anew.
    async fn look_again(
        &mut self,
        drafts: &mut [Draft],
        surprised: Vec<usize>,
    ) -> Result<Vec<usize>, CycleError> {
        let mut again = Vec::new();
        for place in surprised {
            let Some(draft) = drafts.get_mut(place) else { continue };
            let Some(side) = self.job.side(draft.kind) else { continue };
            draft.is_waiting = false;
            if let Wants::Gone(cause, _) = draft.wants {
                // There is nothing left to take away.
                draft.failure = None;
                draft.action = Action::Skip(Skip::OutOfScope(cause));
                continue;
            }
            let taken = draft.failure.take();
            draft.action = Action::Nothing;
            draft.candidates.clear();
            self.look_up(draft, side).await?;
            if draft.is_open() {
                self.forget_refused(draft).await?;
                draft.action = self.action(draft, side);
                self.check_owner(draft);
            }
            match (&draft.action, taken) {
                // Somebody has what must be unique, and cannot be found.
                (Action::Create(_), Some(taken)) => draft.failure = Some(taken),
                _ if draft.failure.is_none() => {
                    draft.is_waiting = draft.is_open();
                    again.push(place);
                }
                _ => {}
            }
        }
        Ok(again)
    }

    /// What is remembered of a creation that is answered with a conflict: who has what must be
    /// unique may be the object itself, whose request arrived twice.
    fn refused(&self, draft: &Draft, error: &ApplyError) -> Option<StateWrite> {
        let intent = self.state.intents.get(&draft.id).filter(|_| error.is_conflict())?;
        let intent = Intent { is_refused: true, ..intent.clone() };
        Some(StateWrite::BeginIntent(Box::new(intent)))
    }

    /// Takes note of removals before they are sent.
    fn count_removals(&self, drafts: &[Draft], batch: &Batch) -> Option<StateWrite> {
        let is_removal =
            |one: &&Prepared| drafts.get(one.place).is_some_and(|draft| draft.action.is_removal());
        let count = u64::try_from(batch.prepared.iter().filter(is_removal).count()).ok()?;
        let mut job = self.state.job.clone();
        job.count_removals(count, self.job.policies.guard.window(), self.now);
        (count > 0).then(|| StateWrite::Job(Box::new(job)))
    }

    /// Conflicts if the resource that was found belongs to another object.
    fn check_owner(&self, draft: &mut Draft) {
        let Action::Adopt { target_id, .. } = &draft.action else { return };
        let owner = self.owner(target_id.as_str()).cloned();
        if let Some(owner) = owner.filter(|owner| *owner != draft.id && !self.is_free(owner)) {
            let conflict = Conflict::DuplicateSources(vec![owner]);
            draft.action = Action::Conflict(conflict);
        }
    }
}

impl Flushed {
    /// The resource was not as it was remembered, so the object is looked for once more.
    fn surprise(&mut self, draft: &mut Draft, place: usize) {
        draft.is_waiting = true;
        self.surprised.push(place);
    }

    fn fail(
        &mut self,
        draft: &mut Draft,
        prepared: &Prepared,
        error: ApplyError,
        alone: &HashSet<usize>,
    ) {
        let error = match error {
            ApplyError::Request(error) if is_everyones(&error) => {
                self.fatal = Some(error);
                return;
            }
            error => error,
        };
        let depends = prepared.needs.iter().any(|id| self.failed.contains(id));
        self.failed.insert(draft.id.clone());
        let is_undone = error.rules_out_that_it_was_done();
        if is_undone && !error.is_conflict() {
            self.after.extend(without_intent(&prepared.write, &draft.id));
        }
        if depends && is_undone && !alone.contains(&prepared.place) {
            draft.is_waiting = true;
            self.again.push(prepared.place);
            return;
        }
        draft.failure = Some(Failure::new(error.code(), error.to_string()));
        if error.is_conflict() && is_creation(&prepared.write) {
            self.surprise(draft, prepared.place);
        }
    }
}

fn places(drafts: &[Draft], is_sent: impl Fn(&Draft) -> bool) -> Vec<usize> {
    let open = drafts.iter().enumerate().filter(|(_, draft)| draft.is_open() && !draft.is_finished);
    open.filter(|(_, draft)| is_sent(draft)).map(|(place, _)| place).collect()
}

/// Deletions come last, when nobody refers to the resource any more.
fn is_sent_first(draft: &Draft) -> bool {
    !matches!(draft.action, Action::Delete(_) | Action::Nothing)
}

fn is_creation(write: &Write) -> bool {
    matches!(write, Write::Create { .. })
}

/// Nothing was created, so whatever is found later is another's.
fn without_intent(write: &Write, id: &SourceId) -> Option<StateWrite> {
    is_creation(write).then(|| StateWrite::Unlink(id.clone()))
}
