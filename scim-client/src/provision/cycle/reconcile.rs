use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use scim_core::Resource;
use serde_json::Value;

use super::{
    Cycle, CycleError,
    draft::{Draft, Wants},
};
use crate::provision::{
    mapping::Desired,
    plan::{Action, Change, Changes, Drift, Known, Wanted, drift},
    provisioner::Side,
    scope::Cause,
    source::{ObjectKind, SourceId},
    state::{Presence, StateWrite, Values},
};

impl Cycle<'_> {
    /// Compares what was sent with what is there, and plans what leads back; resources of nobody
    /// are only told of.
    pub(super) async fn reconcile(&mut self, drafts: &mut [Draft]) -> Result<(), CycleError> {
        let mut found = Drift::default();
        for kind in [ObjectKind::User, ObjectKind::Group] {
            let Some(side) = self.job.side(kind) else { continue };
            let resources = self.read_all(kind).await?;
            let strangers = resources.keys().filter(|id| self.owner(id).is_none());
            found.orphans.extend(strangers.cloned());
            for draft in drafts.iter_mut().filter(|draft| draft.kind == kind) {
                self.compare(draft, side, &resources, &mut found).await?;
            }
        }
        found.orphans.sort();
        self.report.drift = Some(found);
        Ok(())
    }

    async fn read_all(&self, kind: ObjectKind) -> Result<HashMap<String, Resource>, CycleError> {
        let mut resources = HashMap::new();
        let mut pages = self.target.pages(kind).map_err(CycleError::Target)?;
        while let Some(resource) = pages.next().await {
            let resource = resource.map_err(CycleError::Target)?;
            if let Some(id) = resource.id() {
                resources.insert(id.to_owned(), resource);
            }
        }
        Ok(resources)
    }

    async fn compare(
        &mut self,
        draft: &mut Draft,
        side: &Side,
        resources: &HashMap<String, Resource>,
        found: &mut Drift,
    ) -> Result<(), CycleError> {
        if !draft.is_open() && !matches!(draft.wants, Wants::Gone(..)) {
            return Ok(());
        }
        let Some(link) = self.state.links.get(&draft.id).cloned() else { return Ok(()) };
        let Some(resource) = resources.get(link.target_id.as_str()) else {
            found.missing.push(draft.id.clone());
            if draft.desired().is_some() {
                self.forget([draft.id.clone()]).await?;
                draft.action = Action::Nothing;
            }
            return Ok(());
        };
        let mut changes = match &draft.wants {
            Wants::Resource(desired) => {
                let target_id = |id: &SourceId| self.target_id(id);
                let known = Known::new(Wanted::Resource(desired), &target_id);
                drift(resource, desired, &known, &self.rules(side))
            }
            Wants::Gone(cause, values) => self.not_disabled(resource, *cause, values, side),
            Wants::Members | Wants::Unknown => Changes::default(),
        };
        // What waits for somebody else is not there for a good reason.
        changes.attributes.retain(|change| !link.pending.iter().any(|one| **one == *change.target));
        if !changes.is_empty() {
            let targets = changes.targets().map(str::to_owned).collect();
            found.drifted.push((draft.id.clone(), targets));
            draft.action = with_drift(draft, changes);
        }
        if draft.kind == ObjectKind::Group && self.target.client.profile().shows_members {
            self.compare_members(draft, resource, found).await?;
        }
        Ok(())
    }

    /// What of a leaver is as if it had not left.
    fn not_disabled(
        &self,
        resource: &Resource,
        cause: Cause,
        values: &Values,
        side: &Side,
    ) -> Changes {
        use crate::provision::plan::Removal::{DeleteAfter, Disable};

        if !matches!(side.removal.of(cause), Disable | DeleteAfter(_)) {
            return Changes::default();
        }
        let desired = Desired { values: values.clone(), ..Desired::default() };
        let target_id = |id: &SourceId| self.target_id(id);
        let known = Known::new(Wanted::Resource(&desired), &target_id);
        drift(resource, &desired, &known, &self.rules(side))
    }

    /// Takes note of the members that are there, in the place of those that were sent.
    async fn compare_members(
        &mut self,
        draft: &Draft,
        group: &Resource,
        found: &mut Drift,
    ) -> Result<(), CycleError> {
        let members = group.attributes().get("members").and_then(Value::as_array);
        let ids = members.into_iter().flatten().filter_map(|member| member.get("value")?.as_str());
        let there: BTreeSet<SourceId> = ids.filter_map(|id| self.owner(id)).cloned().collect();
        let sent = self.state.members.get(&draft.id).cloned().unwrap_or_default();
        let missing = sent.sent.difference(&there).map(|id| (id.clone(), Presence::Absent));
        let extra = there.difference(&sent.sent).map(|id| (id.clone(), Presence::Sent));
        let differing: Vec<_> = missing.chain(extra).collect();
        if differing.is_empty() {
            return Ok(());
        }
        found.drifted.push((draft.id.clone(), vec!["members".to_owned()]));
        Ok(self.commit(vec![StateWrite::Members(draft.id.clone(), differing)]).await?)
    }
}

/// The action with what leads back besides.
fn with_drift(draft: &Draft, lacking: Changes) -> Action {
    let with = |changes: &Changes| {
        let mut changes = changes.clone();
        for change in lacking.attributes.clone() {
            let is_known = changes.targets().any(|target| *target == *change.target);
            if !is_known {
                let target = Arc::clone(&change.target);
                changes.attributes.push(Change { target, ..change });
            }
        }
        changes
    };
    match (&draft.action, &draft.wants) {
        (Action::Update(changes), _) => Action::Update(with(changes)),
        (Action::Enable(changes), _) => Action::Enable(with(changes)),
        (Action::Disable(changes, cause), _) => Action::Disable(with(changes), *cause),
        (Action::Nothing, _) => Action::Update(lacking),
        (Action::Skip(_), Wants::Gone(cause, _)) => Action::Disable(lacking, *cause),
        (other, _) => other.clone(),
    }
}
