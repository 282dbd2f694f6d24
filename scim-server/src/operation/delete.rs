use super::{Operations, Target};
use crate::{auth::OperationKind, context::Context, error::Error, store::Expected};

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
        let expected = if preconditions.is_open() && preconditions.if_none_match.is_none() {
            Expected::Any
        } else {
            let stored = self.store.get(cx, &key).await?;
            preconditions.check(&stored)?;
            Expected::Version(stored.version)
        };
        Ok(self.store.delete(cx, &key, expected).await?)
    }
}
