use super::{Effect, Operations, Shown, Target};
use crate::{auth::OperationKind, context::Context, error::Error};

/// What a read gives.
#[derive(Debug)]
pub(crate) enum Read {
    /// The resource.
    Found(Shown),
    /// The client has this version already.
    NotModified(Shown),
}

impl Operations {
    /// Reads a resource (RFC 7644 §3.4.1).
    pub(crate) async fn get(&self, cx: &Context, target: Target<'_>) -> Result<Read, Error> {
        let hidden = self.permit(cx, OperationKind::Get, target.schema, Some(target.id)).await?;
        let stored = self.store.get(cx, &target.key()?, target.wanted()).await?;
        let Target { preconditions, projection, .. } = target;
        preconditions.check_match(stored.version())?;
        let has_it = preconditions.has(stored.version());
        let projection = projection.with_hidden(hidden);
        let shown = Shown { stored, projection, effect: Effect::None };
        Ok(if has_it { Read::NotModified(shown) } else { Read::Found(shown) })
    }
}
