use scim_core::{ResourceSchema, query::Projection};
use serde_json::Value;

use super::{Operations, Shown, Target};
use crate::{context::Context, error::Error, service::PatchAnswer};

/// A change that a client asks for, be it in a request of its own or in one with many others.
#[derive(Debug)]
pub(crate) enum Write<'r> {
    Create { schema: &'r ResourceSchema, projection: Projection, body: Value },
    Replace { target: Target<'r>, body: Value },
    Patch { target: Target<'r>, body: Value },
    Delete { target: Target<'r> },
}

/// What became of a change.
#[derive(Debug)]
pub(crate) enum Written {
    /// The resource is new.
    Created(Shown),
    /// The resource is as asked, and to be shown.
    Changed(Shown),
    /// The resource is as asked, and not to be shown.
    ChangedUnshown(Shown),
    /// The resource is gone.
    Deleted,
}

impl Operations {
    /// Makes a change.
    pub(crate) async fn write(&self, cx: &Context, write: Write<'_>) -> Result<Written, Error> {
        match write {
            Write::Create { schema, projection, body } => {
                Ok(Written::Created(self.create(cx, schema, body, projection).await?))
            }
            Write::Replace { target, body } => {
                Ok(Written::Changed(self.replace(cx, target, body).await?))
            }
            Write::Patch { mut target, body } => {
                let is_visible =
                    target.projection.names_attributes() || self.shows_patched(target.schema);
                target.is_shown &= is_visible;
                let shown = self.patch(cx, target, body).await?;
                Ok(if is_visible {
                    Written::Changed(shown)
                } else {
                    Written::ChangedUnshown(shown)
                })
            }
            Write::Delete { target } => {
                self.delete(cx, target).await?;
                Ok(Written::Deleted)
            }
        }
    }

    fn shows_patched(&self, schema: &ResourceSchema) -> bool {
        match self.policy.patch_answer {
            PatchAnswer::Resource => true,
            PatchAnswer::NoContent => false,
            PatchAnswer::NoContentForMembers => schema.attribute("members").is_none(),
        }
    }
}

impl Written {
    /// The resource, if there still is one.
    pub(crate) fn resource(&self) -> Option<&Shown> {
        match self {
            Self::Created(shown) | Self::Changed(shown) | Self::ChangedUnshown(shown) => {
                Some(shown)
            }
            Self::Deleted => None,
        }
    }
}
