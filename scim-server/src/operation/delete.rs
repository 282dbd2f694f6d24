use super::{ATTEMPTS, Operations, Target};
use crate::{
    auth::OperationKind,
    context::Context,
    error::Error,
    store::{Expected, StoreError, Wanted},
};

impl Operations {
    /// Deletes a resource (RFC 7644 §3.6).
    pub(super) async fn delete_resource(
        &self,
        cx: &Context,
        target: Target<'_>,
    ) -> Result<(), Error> {
        self.permit(cx, OperationKind::Delete, target.schema, Some(target.id)).await?;
        let key = target.key()?;
        let preconditions = target.preconditions;
        for _ in 0..ATTEMPTS {
            let expected = if preconditions.is_any() {
                Expected::Any
            } else {
                let stored = self.store.get(cx, &key, Wanted::OWN).await?;
                preconditions.check(stored.version())?;
                Expected::Version(stored.version().clone())
            };
            match self.store.delete(cx, &key, expected).await {
                Err(StoreError::VersionMismatch) if preconditions.is_open() => {}
                outcome => return Ok(outcome?),
            }
        }
        Err(Error::Contention)
    }
}
