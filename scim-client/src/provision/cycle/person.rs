use std::collections::BTreeMap;

use scim_core::{PatchOp, Resource, ResourceId};
use serde_json::Value;

use super::{Cycle, Stop};
use crate::provision::{
    apply::ApplyError,
    mapping::Desired,
    plan::{Action, Known, plan},
    report::{ObjectAction, ObjectStatus},
    source::{SourceId, SourceObject},
    state::{Link, StateWrite, Values},
};

/// What was to be done about an object, and what became of it.
type Done = (ObjectAction, Result<ObjectStatus, Stop>);

const CONFLICT_TARGET: &str = "several resources match; none was touched";
const CONFLICT_SOURCE: &str = "another person is linked to the resource that matches";
pub(super) const GONE: &str = "the resource is gone";

/// What became of a change that was sent.
pub(super) enum Sent {
    Done,
    /// There is no such resource any more.
    Gone,
}

impl Cycle<'_> {
    /// Someone who is in scope.
    pub(super) async fn provision(&mut self, object: &SourceObject) -> Done {
        let desired = self.job.mapping.render(object);
        let link = self.state.links.get(&object.id).cloned();
        let action = match &link {
            Some(link) if link.is_active => ObjectAction::Update,
            Some(_) => ObjectAction::Enable,
            None => ObjectAction::Create,
        };
        match self.provision_linked(object, desired, link).await {
            Ok(done) => (done.unwrap_or(action), Ok(ObjectStatus::Done)),
            Err(stop) => (action, Err(stop)),
        }
    }

    /// Gives the action that took the place of the one expected, if another one did.
    async fn provision_linked(
        &mut self,
        object: &SourceObject,
        desired: Desired,
        link: Option<Link>,
    ) -> Result<Option<ObjectAction>, Stop> {
        let Some(mut link) = link else {
            return self.provision_unlinked(&object.id, desired).await.map(Some);
        };
        let (values, pending) = desired.clone().resolve(|id| self.target_id(id));
        let known = Known::new(Some(&values), &self.job.mapping).with_link(Some(&link));
        let Action::Update(patch) = plan(&known, &self.job.schema) else {
            if link.pending != pending {
                link.pending = pending;
                self.commit(vec![StateWrite::CommitLink(link)]).await?;
            }
            return Ok(Some(ObjectAction::None));
        };
        match self.send(&link, patch).await? {
            Sent::Gone => {
                // Forget the resource, and look for the person again.
                self.forget(&link).await?;
                self.provision_unlinked(&object.id, desired).await.map(Some)
            }
            Sent::Done => {
                link.applied = self.remembered(&link.applied, values);
                link.pending = pending;
                link.is_active = true;
                self.commit(vec![StateWrite::CommitLink(link)]).await?;
                Ok(None)
            }
        }
    }

    async fn provision_unlinked(
        &mut self,
        id: &SourceId,
        desired: Desired,
    ) -> Result<ObjectAction, Stop> {
        let (values, pending) = desired.resolve(|id| self.target_id(id));
        let candidates = self.target.candidates(&values).await?;
        match self.adopt_or_create(id, &values, &pending, &candidates).await? {
            Ok(action) => Ok(action),
            Err(taken) => {
                // Somebody has what must be unique, and was not found the first time.
                let candidates = self.target.candidates(&values).await?;
                if candidates.is_empty() {
                    return Err(taken.into());
                }
                Ok(self.adopt_or_create(id, &values, &pending, &candidates).await??)
            }
        }
    }

    /// The inner error is a create that was refused because of a value that must be unique.
    async fn adopt_or_create(
        &mut self,
        id: &SourceId,
        values: &Values,
        pending: &BTreeMap<String, SourceId>,
        candidates: &[Resource],
    ) -> Result<Result<ObjectAction, ApplyError>, Stop> {
        let is_ours = self.state.intents.contains(id);
        let known = Known::new(Some(values), &self.job.mapping)
            .with_candidates(candidates)
            .with_intent(is_ours);
        let link = |target_id| Link {
            source_id: id.clone(),
            target_id,
            applied: values.clone(),
            pending: pending.clone(),
            is_active: true,
        };
        match plan(&known, &self.job.schema) {
            Action::Create(values) => match self.create(id, &values).await? {
                Ok(target_id) => {
                    self.commit(vec![StateWrite::CommitLink(link(target_id))]).await?;
                    Ok(Ok(ObjectAction::Create))
                }
                Err(taken) => Ok(Err(taken)),
            },
            Action::Adopt { target_id, patch } => {
                self.adopt(link(target_id), patch).await?;
                Ok(Ok(ObjectAction::Adopt))
            }
            _ => Err(Stop::conflict(CONFLICT_TARGET)),
        }
    }

    async fn create(
        &mut self,
        id: &SourceId,
        values: &Values,
    ) -> Result<Result<ResourceId, ApplyError>, Stop> {
        self.commit(vec![StateWrite::BeginIntent(id.clone())]).await?;
        let error = match self.target.create(values).await {
            Ok(target_id) => return Ok(Ok(target_id)),
            Err(error) => error,
        };
        if error.rules_out_that_it_was_done() {
            // Nothing was created, so whatever is found later is another's.
            self.commit(vec![StateWrite::Unlink(id.clone())]).await?;
        }
        match error {
            ApplyError::Request(taken) if taken.is_conflict() => {
                Ok(Err(ApplyError::Request(taken)))
            }
            error => Err(error.into()),
        }
    }

    async fn adopt(&mut self, mut link: Link, patch: Option<PatchOp>) -> Result<(), Stop> {
        self.check_untaken(&link.source_id, &link.target_id)?;
        // Someone else has created it, so what is written on creation alone was not sent.
        let values = std::mem::take(&mut link.applied);
        link.applied = self.remembered(&Values::new(), values);
        if let Some(patch) = patch
            && let Sent::Gone = self.send(&link, patch).await?
        {
            self.forget(&link).await?;
            return Err(Stop::conflict(GONE));
        }
        Ok(self.commit(vec![StateWrite::CommitLink(link)]).await?)
    }

    fn check_untaken(&self, id: &SourceId, target_id: &ResourceId) -> Result<(), Stop> {
        let mut links = self.state.links.values();
        if links.any(|link| link.target_id == *target_id && link.source_id != *id) {
            return Err(Stop::conflict(CONFLICT_SOURCE));
        }
        Ok(())
    }

    /// Sends a change to a linked resource.
    ///
    /// Until the answer is there, it is remembered that what changes is not known.
    pub(super) async fn send(&mut self, link: &Link, patch: PatchOp) -> Result<Sent, Stop> {
        let writes = self.with_escrow(link.in_doubt(&patch));
        self.commit(writes).await?;
        match self.target.patch(&link.target_id, patch).await {
            Ok(()) => Ok(Sent::Done),
            Err(ApplyError::Request(error)) if error.is_not_found() => Ok(Sent::Gone),
            Err(error) => Err(error.into()),
        }
    }

    /// Someone who is not in scope, or not there any more.
    pub(super) async fn leave(
        &mut self,
        id: &SourceId,
        object: Option<&SourceObject>,
        reason: String,
    ) -> Done {
        if let Some(object) = object.filter(|_| self.state.intents.contains(id))
            && let Err(stop) = self.settle(object).await
        {
            return (ObjectAction::Disable, Err(stop));
        }
        let link = self.state.links.get(id).cloned();
        let known = Known::new(None, &self.job.mapping).with_link(link.as_ref());
        let (Action::Disable(patch), Some(link)) = (plan(&known, &self.job.schema), &link) else {
            return (ObjectAction::None, Ok(ObjectStatus::Skipped(reason)));
        };
        (ObjectAction::Disable, self.disable(link.clone(), patch).await)
    }

    /// Links what an interrupted create left behind, so that it can be disabled.
    async fn settle(&mut self, object: &SourceObject) -> Result<(), Stop> {
        let mapping = &self.job.mapping;
        if mapping.active().is_none() {
            return Ok(());
        }
        let (values, _) = mapping.render(object).resolve(|_| None);
        let candidates = self.target.candidates(&values).await?;
        let write = match candidates.as_slice() {
            [] => StateWrite::Unlink(object.id.clone()),
            [candidate] => {
                let target_id = candidate.id().and_then(|id| id.parse().ok());
                let target_id = target_id.ok_or(ApplyError::NoId)?;
                self.check_untaken(&object.id, &target_id)?;
                StateWrite::CommitLink(Link {
                    source_id: object.id.clone(),
                    target_id,
                    applied: mapping.targets().map(|target| (target, Value::Null)).collect(),
                    pending: BTreeMap::new(),
                    is_active: true,
                })
            }
            _ => return Err(Stop::conflict(CONFLICT_TARGET)),
        };
        Ok(self.commit(vec![write]).await?)
    }

    async fn disable(&mut self, mut link: Link, patch: PatchOp) -> Result<ObjectStatus, Stop> {
        if let Sent::Gone = self.send(&link, patch).await? {
            self.forget(&link).await?;
            return Ok(ObjectStatus::Skipped("the resource is gone already".to_owned()));
        }
        if let Some(active) = self.job.mapping.active() {
            link.applied.insert(active.to_string(), false.into());
        }
        link.is_active = false;
        self.commit(vec![StateWrite::CommitLink(link)]).await?;
        Ok(ObjectStatus::Done)
    }

    /// What is remembered as sent: what is written on creation alone stays as it was sent then.
    fn remembered(&self, before: &Values, mut values: Values) -> Values {
        values.retain(|target, _| !self.job.mapping.is_only_on_creation(target));
        for (target, value) in before {
            if self.job.mapping.is_only_on_creation(target) {
                values.insert(target.clone(), value.clone());
            }
        }
        values
    }
}
