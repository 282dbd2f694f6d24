use super::{ATTEMPTS, Operations, Target};
use crate::{
    context::Context,
    error::Error,
    store::{Expected, StoreError, Wanted},
};

impl Operations {
    /// Deletes a resource (RFC 7644 §3.6).
    pub(crate) async fn delete(&self, cx: &Context, target: Target<'_>) -> Result<(), Error> {
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
