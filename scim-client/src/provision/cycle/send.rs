use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use scim_core::{PatchOp, Resource, Tolerances};
use serde_json::{Map, Value};

use super::{
    Cycle, CycleError, Failure,
    draft::{Draft, Wants},
};
use crate::{
    error::Error,
    provision::{
        apply::{ApplyError, Write, Written},
        mapping::{Desired, referenced},
        plan::{Action, Changes, Skip, resolved},
        provisioner::Side,
        report::Phase,
        source::{ObjectKind, SourceId},
        state::{Applied, Intent, Left, Link, Presence, StateWrite, Values},
    },
};

/// A change that is ready to be sent.
pub(super) struct Prepared {
    /// The place of the draft.
    pub(super) place: usize,
    pub(super) write: Write,
    /// What is remembered before the answer is there.
    pub(super) before: Vec<StateWrite>,
    /// What is remembered when it has succeeded; a creation completes the link.
    pub(super) after: After,
    /// The objects of the same batch that it refers to.
    needs: Vec<SourceId>,
}

/// What is remembered when a change has succeeded.
pub(super) enum After {
    Create(Box<Creation>),
    Link(Box<Link>, Vec<StateWrite>),
    Forget(Vec<StateWrite>),
}

/// What is remembered of a resource that was created.
pub(super) struct Creation {
    values: Values,
    on_creation: Values,
    pending: Vec<String>,
    members: Vec<SourceId>,
}

/// Changes that go out together.
#[derive(Default)]
pub(super) struct Batch {
    prepared: Vec<Prepared>,
    /// What the creations in it are called by others.
    names: HashMap<SourceId, String>,
}

/// What cannot be prepared, or is done without a request.
pub(super) enum Unprepared {
    Failed(Failure),
    Done(Vec<StateWrite>),
}

impl Cycle<'_> {
    /// Sends the changes of all drafts of a kind, those to which others refer first.
    pub(super) async fn send(
        &mut self,
        drafts: &mut [Draft],
        kind: ObjectKind,
    ) -> Result<(), CycleError> {
        let places: Vec<usize> = places(drafts, |draft| draft.kind == kind && is_sent_first(draft));
        let surprised = self.send_these(drafts, places).await?;
        // Who was found to be gone, or taken, is looked for once more.
        let again = self.look_again(drafts, surprised).await?;
        self.send_these(drafts, again).await?;
        Ok(())
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
        let mut open: std::collections::VecDeque<usize> = places.into();
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
            }
            if batch.len() >= self.target.batch() || open.is_empty() {
                let (unexpected, again) =
                    self.flush(drafts, std::mem::take(&mut batch), &alone).await?;
                surprised.extend(unexpected);
                alone.extend(&again);
                open.extend(again);
            }
        }
        Ok(surprised)
    }

    /// Sends a batch; gives those whose resource was not as remembered, and those who failed only
    /// because another one in the batch has.
    async fn flush(
        &mut self,
        drafts: &mut [Draft],
        mut batch: Batch,
        alone: &HashSet<usize>,
    ) -> Result<(Vec<usize>, Vec<usize>), CycleError> {
        let (mut surprised, mut again) = (Vec::new(), Vec::new());
        if batch.prepared.is_empty() {
            return Ok((surprised, again));
        }
        self.check_running()?;
        let before = batch.prepared.iter_mut().flat_map(|one| std::mem::take(&mut one.before));
        let mut before: Vec<StateWrite> = before.collect();
        before.extend(self.count_removals(drafts, &batch));
        self.commit(before).await?;
        let writes = batch.prepared.iter().map(|one| one.write.clone()).collect();
        let outcomes = self.target.write_all(writes).await;
        let (mut after, mut fatal, mut failed) = (Vec::new(), None, HashSet::new());
        for (prepared, outcome) in batch.prepared.into_iter().zip(outcomes) {
            let place = prepared.place;
            let Some(draft) = drafts.get_mut(place) else { continue };
            draft.attempts += 1;
            draft.is_waiting = false;
            match outcome {
                Ok(Written::Gone) if !matches!(prepared.after, After::Forget(_)) => {
                    after.extend(self.forget(&draft.id));
                    draft.is_waiting = true;
                    surprised.push(place);
                }
                Ok(written) => after.extend(self.remembered(draft, prepared.after, &written)),
                Err(ApplyError::Request(error)) if is_everyones(&error) => fatal = Some(error),
                Err(error) => {
                    let depends = prepared.needs.iter().any(|id| failed.contains(id));
                    failed.insert(draft.id.clone());
                    if error.rules_out_that_it_was_done() {
                        after.extend(without_intent(&prepared.write, &draft.id));
                    }
                    if error.is_conflict() && is_creation(&prepared.write) {
                        draft.failure = Some(Failure::new(error.code(), error.to_string()));
                        draft.is_waiting = true;
                        surprised.push(place);
                    } else if depends && !alone.contains(&place) {
                        draft.is_waiting = true;
                        again.push(place);
                    } else {
                        draft.failure = Some(Failure::new(error.code(), error.to_string()));
                    }
                }
            }
        }
        self.commit(after).await?;
        if let Some(error) = fatal {
            return Err(CycleError::Target(error));
        }
        self.finish_sent(drafts).await?;
        self.check_verdict()?;
        self.progress(Phase::Sending);
        Ok((surprised, again))
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

    fn prepare(&self, place: usize, draft: &Draft, mates: &Batch) -> Result<Prepared, Unprepared> {
        let side = self.job.side(draft.kind).ok_or_else(|| Unprepared::Done(Vec::new()))?;
        match &draft.action {
            Action::Create(desired) => self.creation(place, draft, desired, mates),
            Action::Adopt { target_id, changes } => {
                let applied = draft.desired().map(|desired| desired.values.clone());
                let link = Link::new(
                    draft.id.clone(),
                    draft.kind,
                    target_id.clone(),
                    &applied.unwrap_or_default(),
                );
                let mut found = self.members_found(draft);
                found.extend(self.released_owner(draft, target_id.as_str()));
                self.change(place, link, changes, found)
            }
            Action::Update(changes) | Action::Enable(changes) => {
                let mut link = self.link(draft)?;
                if let Some(desired) = draft.desired() {
                    link.applied = remembered_values(&link, desired, side);
                }
                link.left = None;
                self.change(place, link, changes, Vec::new())
            }
            Action::Disable(changes, cause) => {
                let mut link = self.link(draft)?;
                let mut values = link.applied.values();
                for change in &changes.attributes {
                    if let Some(value) = &change.new {
                        values.insert(Arc::clone(&change.target), value.clone());
                    }
                }
                link.applied = Applied::new(&values);
                link.left = Some(link.left.unwrap_or(Left::new(self.now, *cause)));
                self.change(place, link, changes, Vec::new())
            }
            Action::Delete(_) => {
                let link = self.link(draft)?;
                let write = Write::Delete { kind: draft.kind, id: link.target_id };
                let after = After::Forget(self.forget(&draft.id));
                Ok(Prepared { place, write, before: Vec::new(), after, needs: Vec::new() })
            }
            Action::Unlink(changes, _) => {
                let link = self.link(draft)?;
                let after = self.forget(&draft.id);
                let (patch, _) = changes.to_patch(&|id| self.target_id(id));
                if patch.operations().is_empty() {
                    return Err(Unprepared::Done(after));
                }
                let write = Write::Patch { kind: draft.kind, id: link.target_id, patch };
                let after = After::Forget(after);
                Ok(Prepared { place, write, before: Vec::new(), after, needs: Vec::new() })
            }
            Action::Nothing | Action::Skip(_) | Action::Conflict(_) => {
                Err(Unprepared::Done(Vec::new()))
            }
        }
    }

    fn link(&self, draft: &Draft) -> Result<Link, Unprepared> {
        let link = self.state.links.get(&draft.id).cloned();
        link.ok_or_else(|| Unprepared::Done(Vec::new()))
    }

    /// A change of a resource that is there, from the link as it becomes.
    fn change(
        &self,
        place: usize,
        mut link: Link,
        changes: &Changes,
        members: Vec<StateWrite>,
    ) -> Result<Prepared, Unprepared> {
        let (patch, pending) = changes.to_patch(&|id| self.target_id(id));
        let is_same = |target: &String| !changes.targets().any(|changed| changed == target);
        link.pending.retain(is_same);
        link.pending.extend(pending);
        link.pending.retain(|target| link.applied.values().get(target).is_some());
        let doubtful = match self.state.links.get(&link.source_id) {
            Some(before) => Link { left: None, ..before.in_doubt(changes.targets()) },
            None => link.in_doubt(changes.targets()),
        };
        let mut done = vec![StateWrite::CommitLink(Box::new(link.clone()))];
        done.extend(members.clone());
        if patch.operations().is_empty() {
            return Err(Unprepared::Done(done));
        }
        let (kind, id) = (link.kind, link.target_id.clone());
        Ok(Prepared {
            place,
            write: Write::Patch { kind, id, patch },
            before: vec![StateWrite::CommitLink(Box::new(doubtful))],
            after: After::Link(Box::new(link), members),
            needs: Vec::new(),
        })
    }

    fn creation(
        &self,
        place: usize,
        draft: &Draft,
        desired: &Desired,
        mates: &Batch,
    ) -> Result<Prepared, Unprepared> {
        let side = self.job.side(draft.kind).ok_or_else(|| Unprepared::Done(Vec::new()))?;
        let needs = std::cell::RefCell::new(Vec::new());
        let target_id = |id: &SourceId| {
            self.target_id(id).or_else(|| {
                let name = mates.names.get(id)?;
                needs.borrow_mut().push(id.clone());
                Some(format!("bulkId:{name}"))
            })
        };
        let mut pending = Vec::new();
        let mut values: Vec<(Arc<str>, Value)> = Vec::new();
        for (target, value) in desired.values.iter().chain(desired.on_creation.iter()) {
            match resolved(target, value, &target_id) {
                Some(value) => values.push((Arc::clone(target), value)),
                None => pending.push(target.to_string()),
            }
        }
        let mut attributes = assembled(values, side).map_err(|error| {
            let error = ApplyError::from(error);
            Unprepared::Failed(Failure::new(error.code(), error.to_string()))
        })?;
        let members = self.first_members(desired, &mut attributes, side);
        let mut wanted = Values::new();
        for key in &side.keys {
            key.values(desired, &mut wanted);
        }
        let intent = Intent::new(draft.id.clone(), draft.kind, self.now, wanted);
        let name = format!("o{place}");
        Ok(Prepared {
            place,
            write: Write::Create { kind: draft.kind, attributes, name },
            before: vec![StateWrite::BeginIntent(Box::new(intent))],
            after: After::Create(Box::new(Creation {
                values: desired.values.clone(),
                on_creation: desired.on_creation.clone(),
                pending,
                members,
            })),
            needs: needs.into_inner(),
        })
    }

    /// What is remembered when the answer is there.
    fn remembered(&self, draft: &Draft, after: After, written: &Written) -> Vec<StateWrite> {
        match (after, written) {
            (After::Create(creation), Written::Created(target_id)) => {
                let Creation { values, on_creation, pending, members } = *creation;
                let mut link = Link::new(draft.id.clone(), draft.kind, target_id.clone(), &values);
                link.pending = pending;
                link.on_creation = (!on_creation.is_empty()).then(|| Applied::new(&on_creation));
                let mut writes = vec![StateWrite::CommitLink(Box::new(link))];
                if !members.is_empty() {
                    let members = members.into_iter().map(|id| (id, Presence::Sent)).collect();
                    writes.push(StateWrite::Members(draft.id.clone(), members));
                }
                writes
            }
            (After::Create(_), _) => Vec::new(),
            (After::Link(link, members), _) => {
                std::iter::once(StateWrite::CommitLink(link)).chain(members).collect()
            }
            (After::Forget(writes), _) => writes,
        }
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

    /// Ends the link of an object that is gone for good, whose resource another one gets.
    fn released_owner(&self, draft: &Draft, target_id: &str) -> Option<StateWrite> {
        let owner = self.owners().remove(target_id)?;
        (owner != draft.id).then_some(StateWrite::Unlink(owner))
    }

    /// Conflicts if the resource that was found belongs to another object.
    fn check_owner(&self, draft: &mut Draft) {
        let Action::Adopt { target_id, .. } = &draft.action else { return };
        let owner = self.owners().remove(target_id.as_str());
        if let Some(owner) = owner.filter(|owner| *owner != draft.id && !self.is_free(owner)) {
            let conflict = crate::provision::plan::Conflict::DuplicateSources(vec![owner]);
            draft.action = Action::Conflict(conflict);
        }
    }
}

impl Batch {
    fn len(&self) -> usize {
        self.prepared.len()
    }

    fn push(&mut self, prepared: Prepared, id: &SourceId) {
        if let Write::Create { name, .. } = &prepared.write {
            self.names.insert(id.clone(), name.clone());
        }
        self.prepared.push(prepared);
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

pub(super) fn is_everyones(error: &Error) -> bool {
    error.is_unauthorized() || crate::provision::apply::is_unreachable(error)
}

fn is_creation(write: &Write) -> bool {
    matches!(write, Write::Create { .. })
}

/// Nothing was created, so whatever is found later is another's.
fn without_intent(write: &Write, id: &SourceId) -> Option<StateWrite> {
    is_creation(write).then(|| StateWrite::Unlink(id.clone()))
}

/// What is remembered as sent: what is kept stays as it was sent before.
fn remembered_values(link: &Link, desired: &Desired, side: &Side) -> Applied {
    let mut values = desired.values.clone();
    for (target, value) in link.applied.values().iter() {
        if desired.kept.contains(target) && side.mapping.writes(target) {
            values.insert(Arc::clone(target), value.clone());
        }
    }
    Applied::new(&values)
}

/// The resource with those values.
fn assembled(
    values: Vec<(Arc<str>, Value)>,
    side: &Side,
) -> Result<Map<String, Value>, scim_core::patch::PatchError> {
    let mut patch = PatchOp::new();
    for (target, value) in values {
        let add = scim_core::patch::PatchOperationKind::Add;
        if let Some(operation) = crate::provision::plan::operation(add, &target, Some(value)) {
            patch = patch.with_operation(operation);
        }
    }
    let empty = Resource::from_canonical(Map::new());
    let patched = empty.patched(&patch, &side.schema, Tolerances::default())?;
    Ok(patched.into_resource().into_attributes())
}

/// The resource that a value refers to, for those who look for whom it concerns.
pub(super) fn refers_to(value: &Value, id: &SourceId) -> bool {
    referenced(value).is_some_and(|other| other == *id)
}
