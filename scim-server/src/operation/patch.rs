use scim_core::{PatchOp, patch::Effect};
use serde_json::Value;

use super::{ATTEMPTS, Operations, Shown, Target, create::without_password, unique::unique_keys};
use crate::{
    context::Context,
    error::Error,
    store::{Expected, StoreError, Update},
};

impl Operations {
    /// Changes parts of a resource (RFC 7644 §3.5.2).
    ///
    /// Without `If-Match`, a change that another one came before is done again on what that one
    /// left: both take effect.
    pub(crate) async fn patch(
        &self,
        cx: &Context,
        target: Target<'_>,
        body: Value,
    ) -> Result<Shown, Error> {
        let key = target.key()?;
        let Target { schema, preconditions, projection, .. } = target;
        let patch = PatchOp::read(body, self.policy.tolerances)?;
        if patch.operations().len() > self.limits.patch_operations {
            return Err(Error::TooManyOperations { limit: self.limits.patch_operations });
        }
        for _ in 0..ATTEMPTS {
            let stored = self.store.get(cx, &key).await?;
            preconditions.check(&stored)?;
            let patched = stored.resource.patched(&patch, schema, self.policy.tolerances)?;
            let next = without_password(patched.resource().clone());
            // RFC 7644 §3.5.2.1: what changes nothing makes no new version.
            if patched.effect() == Effect::Unchanged || next == stored.resource {
                return Ok(Shown { stored, projection });
            }
            let unique = unique_keys(&next, schema)?;
            let update = Update::new(key.clone(), self.touched(&stored.resource, next))
                .with_expected(Expected::Version(stored.version))
                .with_unique(unique);
            match self.store.update(cx, update).await {
                Err(StoreError::VersionMismatch) if preconditions.is_open() => {}
                outcome => return Ok(Shown { stored: outcome?, projection }),
            }
        }
        Err(Error::Contention)
    }
}
