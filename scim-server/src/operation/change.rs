use scim_core::Resource;

use super::{
    ATTEMPTS, Effect, Operations, Shown, Target, create::without_password, membership,
    unique::unique_keys,
};
use crate::{
    audit::Changes,
    context::Context,
    error::Error,
    store::{
        Expected, Membership, ResourceKey, StoreError, StoredResource, Update, Wanted,
        touch::{last_modified, touched},
    },
};

/// Whether a change has to do with the resources that belong to the one that changes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Members {
    /// They are read, and may change.
    Read,
    /// They stay as they are, and need not be read.
    Stay,
}

impl Operations {
    /// Puts what `next` makes of a resource in its place.
    ///
    /// Without `If-Match`, a change that another one came before is made again of what that one
    /// left: both take effect. What changes nothing makes no new version.
    pub(super) async fn change(
        &self,
        cx: &Context,
        target: Target<'_>,
        members: Members,
        next: impl Fn(&Resource) -> Result<Resource, Error> + Send + Sync,
    ) -> Result<Shown, Error> {
        let key = target.key()?;
        let read = Wanted::OWN.with_membership(members == Members::Read);
        for _ in 0..ATTEMPTS {
            let stored = self.store.get(cx, &key, read).await?;
            target.preconditions.check(stored.version())?;
            let version = stored.version().clone();
            let before = stored.into_resource()?;
            let next = without_password(next(&before)?);
            let next = self.with_member_types(cx, target.schema, next, Some(&before)).await?;
            if next == before {
                let stored = self.as_wanted(cx, &key, target.wanted(), read).await;
                let stored = stored.unwrap_or_else(|| Ok(StoredResource::new(before, version)));
                let (stored, projection) = (stored?, target.projection);
                return Ok(Shown { stored, projection, effect: Effect::None });
            }
            self.check_bounds(&next, Some(&before), target.schema)?;
            let unique = unique_keys(&next, target.schema);
            let changes = || Changes::between(&before, &next, target.schema);
            let effect = Effect::Changed(cx.trail.changes(changes));
            let update = Update::new(key.clone(), touched(next, last_modified(&before), cx.now))
                .with_expected(Expected::Version(version))
                .with_unique(unique)
                .with_membership(match members {
                    Members::Read => Membership::Given(membership(target.schema)),
                    Members::Stay => Membership::Stays,
                })
                .with_wanted(target.wanted());
            match self.store.update(cx, update).await {
                Err(StoreError::VersionMismatch) if target.preconditions.is_open() => {}
                outcome => {
                    let (stored, projection) = (outcome?, target.projection);
                    return Ok(Shown { stored, projection, effect });
                }
            }
        }
        Err(Error::Contention)
    }

    /// The resource with what an answer shows, where what was read lacks some of it.
    async fn as_wanted(
        &self,
        cx: &Context,
        key: &ResourceKey,
        wanted: Wanted,
        read: Wanted,
    ) -> Option<Result<StoredResource, StoreError>> {
        let has = (read.membership || !wanted.membership) && (read.groups || !wanted.groups);
        if has { None } else { Some(self.store.get(cx, key, wanted).await) }
    }
}
