use std::collections::{BTreeMap, HashMap, HashSet};

use super::{Cycle, CycleError, CycleKind};
use crate::provision::{
    scope::Cause,
    source::{
        Change, Following, ObjectKind, Position, SourceError, SourceId, SourceObject, Watermark,
    },
    state::{SourceGroup, Unfinished},
};

/// What was read from the source.
pub(super) struct Gathered {
    pub(super) kind: CycleKind,
    pub(super) entries: Vec<Entry>,
    pub(super) watermark: Option<Watermark>,
}

/// Something to look at.
pub(super) enum Entry {
    /// An object as it is now, with the roles that it has through groups.
    Present(SourceObject),
    /// An object that is gone, for that reason.
    Gone(SourceId, Cause),
}

/// A source that leads from a place back to the same place, and would be read without end.
#[derive(Debug, thiserror::Error)]
#[error("the source goes on from a place to the same place")]
struct RepeatedPosition;

/// What a read of the source gave.
struct Read {
    changes: Vec<Change>,
    watermark: Watermark,
    is_snapshot: bool,
}

impl Cycle<'_> {
    /// Reads the source to its end before anything is sent.
    pub(super) async fn gather(&mut self, kind: CycleKind) -> Result<Gathered, CycleError> {
        let since = self.state.job.watermark.clone();
        let is_configured = self.state.job.configuration == Some(self.job.configuration());
        let (kind, position) = match (kind, since) {
            (CycleKind::Incremental, Some(watermark)) if is_configured => {
                (kind, Position::Since(watermark))
            }
            (CycleKind::Reconcile, _) => (kind, Position::Start),
            _ => (CycleKind::Initial, Position::Start),
        };
        let read = self.read(position).await?;
        let kind = if read.is_snapshot && kind == CycleKind::Incremental {
            CycleKind::Initial
        } else {
            kind
        };
        let mut seen = HashSet::new();
        let mut entries = self.latest(read.changes, &mut seen);
        if read.is_snapshot {
            self.check_not_empty(&entries)?;
            self.add_missing(&mut entries, &mut seen);
        }
        self.add_unfinished(&mut entries, &mut seen).await?;
        self.take_groups(&entries, read.is_snapshot);
        self.add_members_affected(&mut entries, &mut seen).await?;
        self.add_due(&mut entries, &mut seen);
        self.give_roles(&mut entries);
        Ok(Gathered { kind, entries, watermark: Some(read.watermark) })
    }

    /// Reads some objects.
    pub(super) async fn gather_named(&mut self, ids: &[SourceId]) -> Result<Gathered, CycleError> {
        let mut entries = Vec::new();
        for id in ids {
            let object = self.job.source.get(id).await?;
            entries.push(object.map_or_else(|| self.gone(id.clone()), Entry::Present));
        }
        self.take_groups(&entries, false);
        self.give_roles(&mut entries);
        Ok(Gathered { kind: CycleKind::OnDemand, entries, watermark: None })
    }

    async fn read(&self, mut position: Position) -> Result<Read, SourceError> {
        let mut is_snapshot = position == Position::Start;
        let mut changes = Vec::new();
        loop {
            let batch = self.job.source.read(&position).await?;
            changes.extend(batch.changes);
            match batch.following {
                Following::More(next) if position == Position::Next(next.clone()) => {
                    return Err(SourceError::new(RepeatedPosition));
                }
                Following::More(next) => position = Position::Next(next),
                Following::End(watermark) => return Ok(Read { changes, watermark, is_snapshot }),
                Following::EndOfSnapshot(watermark) => {
                    is_snapshot = true;
                    return Ok(Read { changes, watermark, is_snapshot });
                }
            }
        }
    }

    /// Of several changes of one object the last one counts.
    fn latest(&self, changes: Vec<Change>, seen: &mut HashSet<SourceId>) -> Vec<Entry> {
        let mut entries: Vec<Entry> = changes
            .into_iter()
            .rev()
            .filter(|change| seen.insert(change.id().clone()))
            .map(|change| match change {
                Change::Present(object) => Entry::Present(object),
                Change::Removed(id) => self.gone(id),
            })
            .collect();
        entries.reverse();
        entries
    }

    fn check_not_empty(&self, entries: &[Entry]) -> Result<(), CycleError> {
        let is_empty = !entries.iter().any(|entry| matches!(entry, Entry::Present(_)));
        let before = self.state.links.values().filter(|link| link.is_in_scope()).count();
        match self.job.policies.guard.empty_source {
            Some(most) if is_empty && before > most => Err(CycleError::EmptySource),
            _ => Ok(()),
        }
    }

    /// Who is linked, and not in a whole snapshot, is gone.
    fn add_missing(&self, entries: &mut Vec<Entry>, seen: &mut HashSet<SourceId>) {
        let state = &self.state;
        let known = state.links.keys().chain(state.intents.keys()).chain(state.escrow.keys());
        let missing = known.filter(|id| seen.insert((*id).clone())).cloned();
        entries.extend(missing.map(|id| self.gone(id)).collect::<Vec<_>>());
    }

    /// Who is about to be created, or may have been changed by a cycle that did not come to its
    /// end, or failed and is to be tried again, whatever the feed says.
    async fn add_unfinished(
        &self,
        entries: &mut Vec<Entry>,
        seen: &mut HashSet<SourceId>,
    ) -> Result<(), SourceError> {
        let now = self.now;
        let due = self.state.escrow.values().filter(|escrow| escrow.is_due(now));
        let due = due.map(|escrow| &escrow.source_id);
        let changed = self.state.unfinished.iter().flat_map(Unfinished::ids);
        let unfinished = due.chain(self.state.intents.keys()).chain(changed);
        let unfinished: Vec<SourceId> = unfinished.cloned().collect();
        self.get(unfinished, entries, seen).await
    }

    async fn get(
        &self,
        ids: Vec<SourceId>,
        entries: &mut Vec<Entry>,
        seen: &mut HashSet<SourceId>,
    ) -> Result<(), SourceError> {
        for id in ids {
            if seen.insert(id.clone()) {
                let object = self.job.source.get(&id).await?;
                entries.push(object.map_or_else(|| self.gone(id), Entry::Present));
            }
        }
        Ok(())
    }

    /// Why somebody who is gone has left: who had left before for another reason is told apart.
    fn gone(&self, id: SourceId) -> Entry {
        let left = self.state.links.get(&id).and_then(|link| link.left);
        let cause = match left.map(|left| left.cause) {
            None | Some(Cause::HardDeleted) => Cause::HardDeleted,
            Some(_) => Cause::HardDeletedAfterUnassignment,
        };
        Entry::Gone(id, cause)
    }

    /// The groups as they are now.
    fn take_groups(&mut self, entries: &[Entry], is_snapshot: bool) {
        self.groups = if is_snapshot { BTreeMap::new() } else { self.state.groups.clone() };
        for entry in entries {
            match entry {
                Entry::Present(group) if group.kind == ObjectKind::Group => {
                    let (id, members) = (group.id.clone(), group.members.clone());
                    let known = SourceGroup::new(id.clone(), group.roles.clone(), members);
                    self.groups.insert(id, known);
                }
                Entry::Present(_) => {}
                Entry::Gone(id, _) => {
                    self.groups.remove(id);
                }
            }
        }
    }

    /// Whose roles may have changed because a group has.
    async fn add_members_affected(
        &self,
        entries: &mut Vec<Entry>,
        seen: &mut HashSet<SourceId>,
    ) -> Result<(), SourceError> {
        let mut affected = Vec::new();
        let ids: HashSet<&SourceId> = self.groups.keys().chain(self.state.groups.keys()).collect();
        for id in ids {
            let (old, new) = (self.state.groups.get(id), self.groups.get(id));
            if old != new {
                affected.extend(affected_by(old, new));
            }
        }
        if self.job.users.scope.includes_nested_groups() {
            self.add_members_of_groups(&mut affected);
        }
        affected.sort();
        affected.retain(|id| !self.groups.contains_key(id));
        self.get(affected, entries, seen).await
    }

    /// The members of the groups among some objects, and of the groups among those.
    fn add_members_of_groups(&self, affected: &mut Vec<SourceId>) {
        let mut seen: HashSet<SourceId> = affected.iter().cloned().collect();
        let mut place = 0;
        while let Some(id) = affected.get(place) {
            place += 1;
            let groups = [self.groups.get(id), self.state.groups.get(id)];
            let members = groups.into_iter().flatten().flat_map(|group| &group.members);
            let new: Vec<SourceId> =
                members.filter(|member| seen.insert((*member).clone())).cloned().collect();
            affected.extend(new);
        }
    }

    /// Whose resource was disabled long enough ago to be deleted.
    fn add_due(&self, entries: &mut Vec<Entry>, seen: &mut HashSet<SourceId>) {
        for link in self.state.links.values() {
            let Some(left) = link.left else { continue };
            let Some(side) = self.job.side(link.kind) else { continue };
            let is_due = side.removal.is_due(left, self.now);
            if is_due && seen.insert(link.source_id.clone()) {
                entries.push(Entry::Gone(link.source_id.clone(), left.cause));
            }
        }
    }

    /// Gives people the roles that they have through groups.
    fn give_roles(&self, entries: &mut [Entry]) {
        if self.groups.values().all(|group| group.roles.is_none()) {
            return;
        }
        let is_nested = self.job.users.scope.includes_nested_groups();
        let mut parents: HashMap<&SourceId, Vec<&SourceGroup>> = HashMap::new();
        for group in self.groups.values() {
            for member in &group.members {
                parents.entry(member).or_default().push(group);
            }
        }
        for entry in entries {
            let Entry::Present(object) = entry else { continue };
            let roles = roles_through(&object.id, &parents, is_nested);
            if object.kind != ObjectKind::User || roles.is_empty() {
                continue;
            }
            let own = object.roles.get_or_insert_default();
            own.extend(roles.into_iter().flatten().cloned());
            own.sort();
            own.dedup();
        }
    }
}

/// The roles of the assigned groups that somebody is in.
fn roles_through<'g>(
    id: &'g SourceId,
    parents: &HashMap<&SourceId, Vec<&'g SourceGroup>>,
    is_nested: bool,
) -> Vec<&'g Vec<String>> {
    let mut roles = Vec::new();
    let mut seen = HashSet::new();
    let mut open = vec![id];
    while let Some(id) = open.pop() {
        for group in parents.get(id).into_iter().flatten() {
            if !seen.insert(&group.source_id) {
                continue;
            }
            roles.extend(&group.roles);
            if is_nested {
                open.push(&group.source_id);
            }
        }
    }
    roles
}

/// Whose roles change when a group does.
fn affected_by(old: Option<&SourceGroup>, new: Option<&SourceGroup>) -> Vec<SourceId> {
    let roles = |group: Option<&SourceGroup>| group.and_then(|group| group.roles.clone());
    let members = |group: Option<&SourceGroup>| -> HashSet<SourceId> {
        group.into_iter().flat_map(|group| group.members.iter().cloned()).collect()
    };
    let (before, after) = (members(old), members(new));
    match (roles(old), roles(new)) {
        (None, None) => Vec::new(),
        (one, other) if one == other => before.symmetric_difference(&after).cloned().collect(),
        _ => before.union(&after).cloned().collect(),
    }
}
