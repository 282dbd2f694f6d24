use scim_core::Resource;
use serde_json::Value;

use super::{Operations, Shown, Target, change::Members};
use crate::{context::Context, error::Error};

impl Operations {
    /// Replaces a resource (RFC 7644 §3.5.1).
    pub(crate) async fn replace(
        &self,
        cx: &Context,
        target: Target<'_>,
        body: Value,
    ) -> Result<Shown, Error> {
        let schema = target.schema;
        if body.get("id").and_then(Value::as_str).is_some_and(|id| id != target.id) {
            return Err(Error::OtherId);
        }
        let replacement = Resource::read(body, schema, self.policy.tolerances)?;
        let next = |stored: &Resource| Ok(stored.replaced_by(replacement.clone(), schema)?);
        self.change(cx, target, Members::Read, next).await
    }
}
