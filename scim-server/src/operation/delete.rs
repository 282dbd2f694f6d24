use super::{Operations, Target};
use crate::{
    auth::OperationKind,
    context::Context,
    error::Error,
    store::{Expected, Wanted},
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
