use std::collections::BTreeMap;

use scim_core::{PatchOp, Resource, ResourceId};

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
        let (values, pending) = desired.clone().resolve(|id| self.target_id(id));
        let Some(mut link) = link else {
            return self.provision_unlinked(&object.id, values, pending).await.map(Some);
        };
        let known = Known::new(Some(&values), &self.job.mapping).with_link(Some(&link));
        let Action::Update(patch) = plan(&known, &self.job.schema) else {
            if link.pending != pending {
                link.pending = pending;
                self.commit(vec![StateWrite::CommitLink(link)]).await?;
            }
            return Ok(Some(ObjectAction::None));
        };
        match self.target.patch(&link.target_id, patch).await {
            Err(ApplyError::Request(error)) if error.is_not_found() => {
                // The resource is gone: forget it, and look for the person again.
                self.commit(vec![StateWrite::Unlink(object.id.clone())]).await?;
                self.provision_unlinked(&object.id, values, pending).await.map(Some)
            }
            outcome => {
                outcome?;
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
        values: Values,
        pending: BTreeMap<String, SourceId>,
    ) -> Result<ObjectAction, Stop> {
        let candidates = self.target.candidates(&values).await?;
        let (target_id, action) = match self.adopt_or_create(id, &values, &candidates).await? {
            Ok(linked) => linked,
            Err(taken) => {
                // Somebody has what must be unique, and was not found the first time.
                let candidates = self.target.candidates(&values).await?;
                if candidates.is_empty() {
                    return Err(taken.into());
                }
                self.adopt_or_create(id, &values, &candidates).await??
            }
        };
        let source_id = id.clone();
        let link = Link { source_id, target_id, applied: values, pending, is_active: true };
        self.commit(vec![StateWrite::CommitLink(link)]).await?;
        Ok(action)
    }

    /// The inner error is a create that was refused because of a value that must be unique.
    async fn adopt_or_create(
        &mut self,
        id: &SourceId,
        values: &Values,
        candidates: &[Resource],
    ) -> Result<Result<(ResourceId, ObjectAction), ApplyError>, Stop> {
        let known = Known::new(Some(values), &self.job.mapping).with_candidates(candidates);
        match plan(&known, &self.job.schema) {
            Action::Create(values) => {
                self.commit(vec![StateWrite::BeginIntent(id.clone())]).await?;
                match self.target.create(&values).await {
                    Ok(target_id) => Ok(Ok((target_id, ObjectAction::Create))),
                    Err(ApplyError::Request(error)) if error.is_conflict() => {
                        Ok(Err(ApplyError::Request(error)))
                    }
                    Err(error) => Err(error.into()),
                }
            }
            Action::Adopt { target_id, patch } => {
                self.adopt(id, &target_id, patch).await?;
                Ok(Ok((target_id, ObjectAction::Adopt)))
            }
            _ => Err(Stop::conflict(CONFLICT_TARGET)),
        }
    }

    async fn adopt(
        &mut self,
        id: &SourceId,
        target_id: &ResourceId,
        patch: Option<PatchOp>,
    ) -> Result<(), Stop> {
        let is_taken = self
            .state
            .links
            .values()
            .any(|link| link.target_id == *target_id && link.source_id != *id);
        if is_taken {
            return Err(Stop::conflict(CONFLICT_SOURCE));
        }
        if let Some(patch) = patch {
            self.target.patch(target_id, patch).await?;
        }
        Ok(())
    }

    /// Someone who is not in scope, or not there any more.
    pub(super) async fn leave(&mut self, id: &SourceId, reason: String) -> Done {
        let link = self.state.links.get(id).cloned();
        let known = Known::new(None, &self.job.mapping).with_link(link.as_ref());
        let (Action::Disable(patch), Some(link)) = (plan(&known, &self.job.schema), &link) else {
            return (ObjectAction::None, Ok(ObjectStatus::Skipped(reason)));
        };
        (ObjectAction::Disable, self.disable(link.clone(), patch).await)
    }

    async fn disable(&mut self, mut link: Link, patch: PatchOp) -> Result<ObjectStatus, Stop> {
        match self.target.patch(&link.target_id, patch).await {
            Err(ApplyError::Request(error)) if error.is_not_found() => {
                self.commit(vec![StateWrite::Unlink(link.source_id)]).await?;
                return Ok(ObjectStatus::Skipped("the resource is gone already".to_owned()));
            }
            outcome => outcome?,
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
        for (target, value) in before {
            if self.job.mapping.is_only_on_creation(target) {
                values.insert(target.clone(), value.clone());
            }
        }
        values
    }
}
