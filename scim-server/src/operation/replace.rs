use scim_core::Resource;
use serde_json::Value;

use super::{ATTEMPTS, Operations, Shown, Target, create::without_password, unique::unique_keys};
use crate::{
    context::Context,
    error::Error,
    store::{Expected, StoreError, Update},
};

impl Operations {
    /// Replaces a resource (RFC 7644 §3.5.1).
    pub(crate) async fn replace(
        &self,
        cx: &Context,
        target: Target<'_>,
        body: Value,
    ) -> Result<Shown, Error> {
        let key = target.key()?;
        let Target { schema, preconditions, projection, .. } = target;
        let body_id = body.get("id").and_then(Value::as_str);
        if body_id.is_some_and(|body_id| body_id != key.id.as_str()) {
            return Err(Error::OtherId);
        }
        let replacement = without_password(Resource::read(body, schema, self.policy.tolerances)?);
        for _ in 0..ATTEMPTS {
            let stored = self.store.get(cx, &key).await?;
            preconditions.check(&stored)?;
            let next = stored.resource.replaced_by(replacement.clone(), schema)?;
            if next == stored.resource {
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
