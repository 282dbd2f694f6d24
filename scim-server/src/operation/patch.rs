use scim_core::{PatchOp, Resource};
use serde_json::Value;

use super::{Operations, Shown, Target};
use crate::{auth::OperationKind, context::Context, error::Error};

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
        let plan = patch.plan(schema, tolerances)?;
        if plan.concerns(&hidden) {
            return Err(Error::HiddenAttribute);
        }
        let next = |stored: &Resource| {
            let next = plan.apply(stored)?.into_resource();
            // What a plan does is known before; that it does no more is looked at once again.
            let touches = !hidden.is_empty() && hidden.keep(stored, next.clone(), schema) != next;
            if touches { Err(Error::HiddenAttribute) } else { Ok(next) }
        };
        self.change(cx, target.hiding(&hidden), next).await
    }
}
