use scim_core::PatchOp;
use serde_json::Value;

use super::{Operations, Shown, Target, change::Members};
use crate::{context::Context, error::Error};

impl Operations {
    /// Changes parts of a resource (RFC 7644 §3.5.2).
    pub(crate) async fn patch(
        &self,
        cx: &Context,
        target: Target<'_>,
        body: Value,
    ) -> Result<Shown, Error> {
        let (schema, tolerances) = (target.schema, self.policy.tolerances);
        let patch = PatchOp::read(body, tolerances)?;
        if patch.operations().len() > self.limits.patch_operations {
            return Err(Error::TooManyOperations { limit: self.limits.patch_operations });
        }
        let mut plan = patch.plan(schema, tolerances)?;
        let attribute = schema.membership().map_or("", |attribute| attribute.name.as_str());
        let delta = plan.take_delta(attribute);
        if let Some(delta) = delta.as_ref().filter(|delta| plan.is_empty() && !delta.is_empty()) {
            let changed = self.change_members(cx, &target, attribute, delta.clone()).await?;
            if let Some(stored) = changed {
                return Ok(Shown { stored, projection: target.projection });
            }
        }
        let is_apart = schema.membership().is_none() || delta.is_some_and(|delta| delta.is_empty());
        let members = if is_apart { Members::Stay } else { Members::Read };
        if members == Members::Read {
            // What was taken out is needed after all.
            plan = patch.plan(schema, tolerances)?;
        }
        self.change(cx, target, members, |stored| Ok(plan.apply(stored)?.into_resource())).await
    }
}
