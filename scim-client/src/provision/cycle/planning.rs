use std::collections::{BTreeSet, HashSet};

use scim_core::Resource;
use serde_json::Value;

use super::{
    Cycle,
    draft::{Draft, Wants},
};
use crate::provision::{
    plan::{self, Action, Changes, Plan, PlanItem, Skip, order::referenced_first},
    report::ErrorCode,
    source::{ObjectKind, SourceId},
    state::{Link, SourceGroup},
};

impl Cycle<'_> {
    /// Those whom others refer to first, people before groups.
    pub(super) fn ordered(&self, drafts: Vec<Draft>) -> Vec<Draft> {
        let (users, groups): (Vec<Draft>, Vec<Draft>) =
            drafts.into_iter().partition(|draft| draft.kind == ObjectKind::User);
        let references = |draft: &Draft| {
            let object = draft.object.as_ref().filter(|_| draft.desired().is_some());
            object.map_or_else(Vec::new, |object| {
                self.job.users.mapping.references(object).map(SourceId::from).collect()
            })
        };
        let mut ordered = referenced_first(users, |draft| &draft.id, references);
        ordered.extend(groups);
        ordered
    }

    /// Decides which members come to groups and which go.
    pub(super) fn plan_members(&self, drafts: &mut Vec<Draft>) {
        if !self.maps_members() {
            return;
        }
        let moving = self.moving(drafts);
        self.add_touched(drafts, &moving);
        for draft in drafts.iter_mut().filter(|draft| draft.kind == ObjectKind::Group) {
            if !draft.is_open() {
                continue;
            }
            let Some(members) = self.members_of(draft) else { continue };
            let desired = self.linked_after(&members, &moving);
            if let Action::Create(resource) = &mut draft.action {
                resource.members = Some(desired.into_iter().collect());
                continue;
            }
            let of_resource = match (&draft.action, draft.candidates.as_slice()) {
                (Action::Adopt { .. }, [candidate]) => {
                    member_ids(candidate).filter_map(|id| self.owner(id)).cloned().collect()
                }
                _ => BTreeSet::new(),
            };
            let (joining, leaving) = self.members_changing(&draft.id, &desired, of_resource);
            draft.action = with_members(&draft.action, joining, leaving);
        }
    }

    /// Whether the mapping of groups says anything of members.
    fn maps_members(&self) -> bool {
        self.job.groups.as_ref().is_some_and(|side| side.mapping.has_members())
    }

    /// Those who are linked and will not be, or are not and will, if all goes well.
    fn moving(&self, drafts: &[Draft]) -> HashSet<SourceId> {
        let is_moving = |draft: &&Draft| {
            let is_linked = self.state.links.contains_key(&draft.id);
            let is_settled = draft.is_finished || draft.failure.is_some();
            !is_settled && draft.action.links(is_linked) != is_linked
        };
        drafts.iter().filter(is_moving).map(|draft| draft.id.clone()).collect()
    }

    /// The members who are linked in the end.
    fn linked_after(&self, members: &[SourceId], moving: &HashSet<SourceId>) -> BTreeSet<SourceId> {
        let is_after = |id: &&SourceId| self.state.links.contains_key(*id) != moving.contains(*id);
        members.iter().filter(is_after).cloned().collect()
    }

    /// The groups that have not changed themselves, but whose members come or go.
    fn add_touched(&self, drafts: &mut Vec<Draft>, moving: &HashSet<SourceId>) {
        // Of a cycle that did not come to its end nobody knows whom it has moved.
        let is_unsure = self.state.unfinished.is_some();
        if moving.is_empty() && !is_unsure {
            return;
        }
        let known: HashSet<SourceId> = drafts.iter().map(|draft| draft.id.clone()).collect();
        for group in self.groups.values().filter(|group| !known.contains(&group.source_id)) {
            let is_touched =
                is_unsure || group.members.iter().any(|member| moving.contains(member));
            if is_touched && self.is_provisioned(&group.source_id) {
                drafts.push(Draft::new(group.source_id.clone(), ObjectKind::Group, Wants::Members));
            }
        }
    }

    fn is_provisioned(&self, id: &SourceId) -> bool {
        self.state.links.get(id).is_some_and(Link::is_in_scope)
    }

    /// Plans the members again of groups with people, or groups, that had to be looked for again
    /// since.
    pub(super) fn plan_members_again(&self, drafts: &mut Vec<Draft>, anew: &HashSet<SourceId>) {
        if anew.is_empty() || !self.maps_members() {
            return;
        }
        let moving = self.moving(drafts);
        let has_any = |group: &&SourceGroup| group.members.iter().any(|id| anew.contains(id));
        for group in self.groups.values().filter(has_any) {
            let id = &group.source_id;
            if !self.is_provisioned(id) {
                continue;
            }
            let desired = self.linked_after(&group.members, &moving);
            let (joining, leaving) = self.members_changing(id, &desired, BTreeSet::new());
            let open = drafts.iter_mut().find(|draft| draft.id == *id && !draft.is_finished);
            match open {
                Some(draft) if draft.is_open() => {
                    draft.action = with_members(&draft.action, joining, leaving);
                }
                Some(_) => {}
                None => {
                    let mut draft = Draft::new(id.clone(), ObjectKind::Group, Wants::Members);
                    draft.action = with_members(&Action::Nothing, joining, leaving);
                    drafts.push(draft);
                }
            }
        }
    }

    /// The members that a group of the source has.
    fn members_of(&self, draft: &Draft) -> Option<Vec<SourceId>> {
        match &draft.wants {
            Wants::Resource(desired) => desired.members.clone(),
            Wants::Members => self.groups.get(&draft.id).map(|group| group.members.clone()),
            Wants::Gone(..) | Wants::Unknown => None,
        }
    }

    /// Who comes and who goes, seen from what was sent or found.
    fn members_changing(
        &self,
        group: &SourceId,
        desired: &BTreeSet<SourceId>,
        found: BTreeSet<SourceId>,
    ) -> (Vec<SourceId>, Vec<SourceId>) {
        let sent = self.state.members.get(group).cloned().unwrap_or_default();
        let surely: BTreeSet<SourceId> = sent.sent.into_iter().chain(found).collect();
        let perhaps: BTreeSet<SourceId> = surely.union(&sent.in_doubt).cloned().collect();
        let joining = desired.difference(&surely).cloned().collect();
        let leaving = perhaps.difference(desired).cloned().collect();
        (joining, leaving)
    }

    /// Holds removals back if they are too many and not approved.
    pub(super) fn guard(&mut self, drafts: &mut [Draft]) -> bool {
        let removals = drafts.iter().filter(|draft| draft.is_open() && draft.action.is_removal());
        let removals = u64::try_from(removals.count()).unwrap_or(u64::MAX);
        if removals == 0 {
            return false;
        }
        let guard = &self.job.policies.guard;
        let before = self.state.job.removals_within(guard.window(), self.now);
        let links = u64::try_from(self.state.links.len()).unwrap_or(u64::MAX);
        if guard.allows(removals.saturating_add(before), links) {
            return false;
        }
        if self.state.job.approval == Some(plan::removals(&items(drafts))) {
            self.uses_approval = true;
            return false;
        }
        for draft in drafts.iter_mut().filter(|draft| draft.is_open()) {
            if draft.action.is_removal() {
                let action = std::mem::replace(&mut draft.action, Action::Nothing);
                draft.action = Action::Skip(Skip::Staged(Box::new(action)));
            }
        }
        true
    }

    pub(super) fn to_plan(&self, drafts: &[Draft], is_held_back: bool) -> Plan {
        let (kind, drift) = (self.report.kind, self.report.drift.clone());
        let failures = drafts
            .iter()
            .filter_map(|draft| Some((draft.id.clone(), draft.failure.as_ref()?.reason.clone())));
        Plan { kind, items: items(drafts), is_held_back, drift, failures: failures.collect() }
    }
}

/// What is going to be done; who has failed already is left out.
pub(super) fn items(drafts: &[Draft]) -> Vec<PlanItem> {
    let sound = drafts.iter().filter(|draft| draft.failure.is_none());
    let items = sound.map(|draft| PlanItem {
        source_id: draft.id.clone(),
        kind: draft.kind,
        action: draft.action.clone(),
    });
    items.collect()
}

fn with_members(action: &Action, joining: Vec<SourceId>, leaving: Vec<SourceId>) -> Action {
    let has_members = !joining.is_empty() || !leaving.is_empty();
    let with = |changes: &Changes| Changes { joining, leaving, ..changes.clone() };
    match action {
        Action::Nothing if has_members => Action::Update(with(&Changes::default())),
        Action::Update(changes) => Action::Update(with(changes)),
        Action::Enable(changes) => Action::Enable(with(changes)),
        Action::Adopt { target_id, changes } => {
            Action::Adopt { target_id: target_id.clone(), changes: with(changes) }
        }
        other => other.clone(),
    }
}

/// The members of a group of the service provider.
fn member_ids(group: &Resource) -> impl Iterator<Item = &str> {
    let members = group.attributes().get("members").and_then(Value::as_array);
    members.into_iter().flatten().filter_map(|member| member.get("value")?.as_str())
}

/// The code of an object that is left alone.
pub(super) fn skip_code(skip: &Skip) -> ErrorCode {
    match skip {
        Skip::Staged(_) => ErrorCode::StagedAction,
        _ => ErrorCode::EntrySynchronizationSkipped,
    }
}
