use super::{Operations, Target};
use crate::{
    context::Context,
    error::Error,
    store::{Expected, Wanted},
};

impl Operations {
    /// Deletes a resource (RFC 7644 §3.6).
    pub(crate) async fn delete(&self, cx: &Context, target: Target<'_>) -> Result<(), Error> {
        let key = target.key()?;
        let preconditions = target.preconditions;
        let expected = if preconditions.is_any() {
            Expected::Any
        } else {
            let stored = self.store.get(cx, &key, Wanted::OWN).await?;
            preconditions.check(&stored)?;
            Expected::Version(stored.version().clone())
        };
        Ok(self.store.delete(cx, &key, expected).await?)
    }
}
