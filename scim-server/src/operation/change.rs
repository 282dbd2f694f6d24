use scim_core::Resource;

use super::{ATTEMPTS, Operations, Shown, Target, create::without_password, unique::unique_keys};
use crate::{
    context::Context,
    error::Error,
    store::{Expected, StoreError, Update},
};

impl Operations {
    /// Puts what `next` makes of a resource in its place.
    ///
    /// Without `If-Match`, a change that another one came before is made again of what that one
    /// left: both take effect. What changes nothing makes no new version.
    pub(super) async fn change(
        &self,
        cx: &Context,
        target: Target<'_>,
        next: impl Fn(&Resource) -> Result<Resource, Error> + Send + Sync,
    ) -> Result<Shown, Error> {
        let key = target.key()?;
        let Target { schema, preconditions, projection, .. } = target;
        for _ in 0..ATTEMPTS {
            let stored = self.store.get(cx, &key).await?;
            preconditions.check(&stored.version)?;
            let next = without_password(next(&stored.resource)?);
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
