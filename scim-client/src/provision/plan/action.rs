use scim_core::ResourceId;
use serde::{Deserialize, Serialize};

use super::Changes;
use crate::provision::{mapping::Desired, scope::Cause, source::SourceId};

/// What to do about an object.
///
/// References still name objects of the source, so that an action can be planned before the
/// resources are there.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Action {
    /// Create a resource.
    Create(Box<Desired>),
    /// Link the resource that was found, and bring it up to date.
    Adopt {
        /// The resource.
        target_id: ResourceId,
        /// What it lacks.
        changes: Changes,
    },
    /// Bring the linked resource up to date.
    Update(Changes),
    /// Bring the linked resource up to date, whose object is in scope again.
    Enable(Changes),
    /// Disable the linked resource.
    Disable(Changes, Cause),
    /// Delete the linked resource.
    Delete(Cause),
    /// Forget the linked resource.
    Unlink(Changes, Cause),
    /// Nothing has changed.
    Nothing,
    /// Leave alone who is not in scope.
    Skip(Skip),
    /// Touch nothing: it is not clear who is who.
    Conflict(Conflict),
}

/// Why an object is left alone.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Skip {
    /// It is not in scope.
    OutOfScope(Cause),
    /// It failed, and its time has not come.
    Escrow,
    /// It is about to be created, and the request may still be under way.
    InFlight,
    /// Its removal is held back until it is approved.
    Staged(Box<Action>),
    /// Its kind is not provisioned.
    NotMapped,
}

/// Why it is not clear who is who.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Conflict {
    /// Several resources match the object.
    DuplicateTargets(Vec<ResourceId>),
    /// Several objects match the same resource, or would make the same one.
    DuplicateSources(Vec<SourceId>),
    /// The resource that matches belongs to somebody else, by its `externalId` or by the policy.
    NotAdopted(ResourceId),
    /// The resource that matches has no `id`.
    NoId,
    /// The object has no value to be looked for by.
    NoMatchingValue,
}

/// Which resources that match are linked, though somebody else has made them.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::exhaustive_enums, reason = "a policy must know every case")]
pub enum AdoptPolicy {
    /// Whichever match.
    Always,
    /// Those whose `externalId` is empty, or the one that the object gets.
    #[default]
    IfUnmanaged,
    /// Those whose `externalId` is the one that the object gets.
    IfSameExternalId,
    /// None.
    Never,
}

impl Action {
    /// The word for it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Create(_) => "create",
            Self::Adopt { .. } => "adopt",
            Self::Update(_) => "update",
            Self::Enable(_) => "enable",
            Self::Disable(..) => "disable",
            Self::Delete(_) => "delete",
            Self::Unlink(..) => "unlink",
            Self::Nothing => "nothing",
            Self::Skip(Skip::Staged(action)) => match **action {
                Self::Delete(_) => "staged delete",
                _ => "staged disable",
            },
            Self::Skip(_) => "skip",
            Self::Conflict(_) => "conflict",
        }
    }

    /// Whether it takes something away from somebody, which the guard counts.
    pub fn is_removal(&self) -> bool {
        matches!(self, Self::Disable(..) | Self::Delete(_))
    }

    /// Whether it changes something at the service provider.
    pub fn is_write(&self) -> bool {
        match self {
            Self::Create(_) | Self::Delete(_) => true,
            Self::Adopt { changes, .. } | Self::Unlink(changes, _) => !changes.is_empty(),
            Self::Update(changes) | Self::Enable(changes) | Self::Disable(changes, _) => {
                !changes.is_empty()
            }
            _ => false,
        }
    }

    /// What changes in a resource that is there.
    pub fn changes(&self) -> Option<&Changes> {
        match self {
            Self::Adopt { changes, .. }
            | Self::Update(changes)
            | Self::Enable(changes)
            | Self::Disable(changes, _)
            | Self::Unlink(changes, _) => Some(changes),
            _ => None,
        }
    }

    /// Whether the object is linked afterwards, if it goes well.
    pub(in crate::provision) fn links(&self, is_linked: bool) -> bool {
        match self {
            Self::Create(_) | Self::Adopt { .. } => true,
            Self::Delete(_) | Self::Unlink(..) => false,
            _ => is_linked,
        }
    }
}
