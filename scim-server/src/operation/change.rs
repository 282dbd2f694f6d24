use scim_core::Resource;

use super::{Effect, Operations, Shown, Target, create::without_password, unique::unique_keys};
use crate::{
    audit::Changes,
    context::Context,
    error::Error,
    store::{Expected, StoreError, Update},
};

/// How often a write is tried again when another one came first.
const ATTEMPTS: usize = 256;

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
            preconditions.check(&stored)?;
            let next = without_password(next(&stored.resource)?);
            if next == stored.resource {
                return Ok(Shown { stored, projection, effect: Effect::None });
            }
            self.check_bounds(&next, Some(&stored.resource), schema)?;
            let unique = unique_keys(&next, schema);
            let update = Update::new(key.clone(), self.touched(&stored.resource, next))
                .with_expected(Expected::Version(stored.version))
                .with_unique(unique);
            match self.store.update(cx, update).await {
                Err(StoreError::VersionMismatch) if preconditions.is_open() => {}
                outcome => {
                    let before = stored.resource;
                    let stored = outcome?;
                    let changes = || Changes::between(&before, &stored.resource, schema);
                    let effect = Effect::Changed(cx.trail.changes(changes));
                    return Ok(Shown { stored, projection, effect });
                }
            }
        }
        Err(Error::Contention)
    }
}
