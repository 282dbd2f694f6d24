use scim_core::Resource;
use serde_json::Value;

use super::{Operations, Shown, Target, change::Members, permit::check_body};
use crate::{auth::OperationKind, context::Context, error::Error};

impl Operations {
    /// Replaces a resource (RFC 7644 §3.5.1).
    pub(super) async fn replace_resource(
        &self,
        cx: &Context,
        target: Target<'_>,
        body: Value,
    ) -> Result<Shown, Error> {
        let schema = target.schema;
        let hidden = self.permit(cx, OperationKind::Replace, schema, Some(target.id)).await?;
        if body.get("id").and_then(Value::as_str).is_some_and(|id| id != target.id) {
            return Err(Error::OtherId);
        }
        let replacement = Resource::read(body, schema, self.policy.tolerances)?;
        check_body(&replacement, &hidden, schema)?;
        self.check_members(&replacement, schema)?;
        let next = |stored: &Resource| {
            let next = stored.replaced_by(replacement.clone(), schema)?;
            Ok(hidden.keep(stored, next, schema))
        };
        self.change(cx, target.hiding(&hidden), Members::Read, next).await
    }
}
