use scim_core::PatchOp;
use serde_json::Value;

use super::{Operations, Shown, Target};
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
        self.check_values(patch.operations())?;
        let plan = patch.plan(schema, tolerances)?;
        self.change(cx, target, |stored| Ok(plan.apply(stored)?.into_resource())).await
    }
}
