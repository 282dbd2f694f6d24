use std::{collections::HashMap, sync::Arc};

use scim_core::{PatchOp, Resource, Tolerances, patch::PatchOperationKind};
use serde_json::{Map, Value};

use super::{Cycle, Failure, draft::Draft};
use crate::provision::{
    apply::{ApplyError, Write, Written},
    mapping::Desired,
    plan::{Action, Changes, operation, resolved},
    provisioner::Side,
    source::SourceId,
    state::{Applied, Intent, Left, Link, Presence, StateWrite, Values},
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
    pub(super) needs: Vec<SourceId>,
}

/// What is remembered when a change has succeeded.
pub(super) enum After {
    Create(Box<Creation>),
    Link(Box<Link>, Vec<StateWrite>),
    Forget,
}

/// What is remembered of a resource that was created.
pub(super) struct Creation {
    values: Values,
    pending: Vec<String>,
    members: Vec<SourceId>,
}

/// Changes that go out together.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) prepared: Vec<Prepared>,
    /// What the creations in it are called by others.
    names: HashMap<SourceId, String>,
}

/// What cannot be prepared, or is done without a request.
pub(super) enum Unprepared {
    Failed(Failure),
    Done(Vec<StateWrite>),
    /// The object is let go.
    Gone,
}

impl Cycle<'_> {
    pub(super) fn prepare(
        &self,
        place: usize,
        draft: &Draft,
        mates: &Batch,
    ) -> Result<Prepared, Unprepared> {
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
                link.applied = with_changes(&link.applied, changes);
                let since = link.left.map_or(self.now, |left| left.at);
                link.left = Some(Left::new(since, *cause));
                self.change(place, link, changes, Vec::new())
            }
            Action::Delete(_) => {
                let link = self.link(draft)?;
                let before = in_doubt(&link, link.applied.values().targets());
                let write = Write::Delete { kind: draft.kind, id: link.target_id };
                Ok(Prepared { place, write, before, after: After::Forget, needs: Vec::new() })
            }
            Action::Unlink(changes, _) => {
                let link = self.link(draft)?;
                let (patch, _) = changes.to_patch(&|id| self.target_id(id));
                if patch.operations().is_empty() {
                    return Err(Unprepared::Gone);
                }
                let before = in_doubt(&link, changes.targets());
                let write = Write::Patch { kind: draft.kind, id: link.target_id, patch };
                Ok(Prepared { place, write, before, after: After::Forget, needs: Vec::new() })
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
        if let Some(external_id) = desired.get("externalId") {
            wanted.insert("externalId", external_id.clone());
        }
        let intent = Intent::new(draft.id.clone(), draft.kind, self.now, wanted);
        let name = format!("o{place}");
        Ok(Prepared {
            place,
            write: Write::Create {
                kind: draft.kind,
                resource: Resource::from_canonical(attributes),
                name,
            },
            before: vec![StateWrite::BeginIntent(Box::new(intent))],
            after: After::Create(Box::new(Creation {
                values: desired.values.clone(),
                pending,
                members,
            })),
            needs: needs.into_inner(),
        })
    }

    /// Ends the link of an object that is gone for good, whose resource another one gets.
    fn released_owner(&self, draft: &Draft, target_id: &str) -> Option<StateWrite> {
        let owner = self.owner(target_id)?;
        (*owner != draft.id).then(|| StateWrite::Unlink(owner.clone()))
    }
}

/// What is remembered until the answer is there of a resource that is let go: its object may come
/// back before anybody knows.
fn in_doubt<'t>(link: &Link, targets: impl IntoIterator<Item = &'t str>) -> Vec<StateWrite> {
    vec![StateWrite::CommitLink(Box::new(link.in_doubt(targets)))]
}

/// What is remembered when the answer is there.
pub(super) fn remembered(draft: &Draft, after: After, written: &Written) -> Vec<StateWrite> {
    match (after, written) {
        (After::Create(creation), Written::Created(target_id)) => {
            let Creation { values, pending, members } = *creation;
            let mut link = Link::new(draft.id.clone(), draft.kind, target_id.clone(), &values);
            link.pending = pending;
            let mut writes = vec![StateWrite::CommitLink(Box::new(link))];
            if !members.is_empty() {
                let members = members.into_iter().map(|id| (id, Presence::Sent)).collect();
                writes.push(StateWrite::Members(draft.id.clone(), members));
            }
            writes
        }
        (After::Create(_) | After::Forget, _) => Vec::new(),
        (After::Link(link, members), _) => {
            std::iter::once(StateWrite::CommitLink(link)).chain(members).collect()
        }
    }
}

impl Batch {
    pub(super) fn len(&self) -> usize {
        self.prepared.len()
    }

    pub(super) fn push(&mut self, prepared: Prepared, id: &SourceId) {
        if let Write::Create { name, .. } = &prepared.write {
            self.names.insert(id.clone(), name.clone());
        }
        self.prepared.push(prepared);
    }
}

/// What was sent, with some values in the place of others.
fn with_changes(applied: &Applied, changes: &Changes) -> Applied {
    let mut values = applied.values();
    for change in &changes.attributes {
        if let Some(value) = &change.new {
            values.insert(Arc::clone(&change.target), value.clone());
        }
    }
    Applied::new(&values)
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
        let add = PatchOperationKind::Add;
        if let Some(operation) = operation(add, &target, Some(value)) {
            patch = patch.with_operation(operation);
        }
    }
    let empty = Resource::from_canonical(Map::new());
    let patched = empty.patched(&patch, &side.schema, Tolerances::default())?;
    Ok(patched.into_resource().into_attributes())
}
