use scim_core::{PatchOp, Resource, patch::MembershipDelta};
use serde_json::Value;

use super::{Effect, Operations, Shown, Target, change::Members};
use crate::{audit::Changes, auth::OperationKind, context::Context, error::Error};

impl Operations {
    /// Changes parts of a resource (RFC 7644 §3.5.2).
    pub(super) async fn patch_resource(
        &self,
        cx: &Context,
        target: Target<'_>,
        body: Value,
    ) -> Result<Shown, Error> {
        let hidden = self.permit(cx, OperationKind::Patch, target.schema, Some(target.id)).await?;
        let (schema, tolerances) = (target.schema, self.policy.tolerances);
        let patch = PatchOp::read(body, tolerances)?;
        if patch.operations().len() > self.limits.patch_operations {
            return Err(Error::TooManyOperations { limit: self.limits.patch_operations });
        }
        self.check_values(patch.operations())?;
        let mut plan = patch.plan(schema, tolerances)?;
        if plan.concerns(&hidden) {
            return Err(Error::HiddenAttribute);
        }
        let target = target.hiding(&hidden);
        let attribute = schema.membership().map_or("", |attribute| attribute.name.as_str());
        let delta = plan.take_delta(attribute);
        // Who takes down changes needs to know who went.
        let tells_all = |delta: &MembershipDelta| !delta.clears() || !cx.trail.is_audited();
        let alone = delta.as_ref().filter(|delta| plan.is_empty() && !delta.is_empty());
        if let Some(delta) = alone.filter(|delta| tells_all(delta)) {
            let changed = self.change_members(cx, &target, attribute, delta.clone()).await?;
            if let Some((stored, is_changed)) = changed {
                let names = || cx.trail.changes(|| Changes::of_members(attribute, delta));
                let effect = is_changed.then(names).map_or(Effect::None, Effect::Changed);
                return Ok(Shown { stored, projection: target.projection, effect });
            }
        }
        let is_apart = schema.membership().is_none() || delta.is_some_and(|delta| delta.is_empty());
        let members = if is_apart { Members::Stay } else { Members::Read };
        if members == Members::Read {
            // What was taken out is needed after all.
            plan = patch.plan(schema, tolerances)?;
        }
        let next = |stored: &Resource| {
            let next = plan.apply(stored)?.into_resource();
            // What a plan does is known before; that it does no more is looked at once again.
            let touches = !hidden.is_empty() && hidden.keep(stored, next.clone(), schema) != next;
            if touches { Err(Error::HiddenAttribute) } else { Ok(next) }
        };
        self.change(cx, target, members, next).await
    }
}
