use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::provision::{scope::Cause, state::Left};

/// What becomes of the resource of an object that has left, by the reason why.
///
/// ```
/// use scim_client::provision::{plan::{Removal, RemovalPolicy}, scope::Cause};
///
/// let policy = RemovalPolicy::disable().with(Cause::HardDeleted, Removal::Delete);
/// assert_eq!(policy.of(Cause::Unassigned), Removal::Disable);
/// assert_eq!(policy.of(Cause::HardDeleted), Removal::Delete);
/// ```
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct RemovalPolicy {
    /// Who is deleted in the source and can be restored.
    soft_deleted: Removal,
    /// Whose account is disabled in the source.
    disabled: Removal,
    /// Who is not assigned any more, or only by a role that is not provisioned.
    unassigned: Removal,
    /// Whom no filter lets through.
    filtered_out: Removal,
    /// Who is gone from the source.
    hard_deleted: Removal,
    /// Who is gone from the source, and had left before.
    hard_deleted_after_unassignment: Removal,
}

/// What becomes of a resource.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::exhaustive_enums, reason = "a policy must know every case")]
pub enum Removal {
    /// It is disabled, by the mappings that read `[IsSoftDeleted]`.
    #[default]
    Disable,
    /// It is deleted.
    Delete,
    /// It is disabled, and deleted after so many seconds.
    DeleteAfter(u64),
    /// It is left as it is, and forgotten; its `externalId` is cleared if it was written.
    Unlink,
    /// It is left as it is, and stays linked.
    Keep,
}

impl RemovalPolicy {
    /// The same for every reason.
    pub fn all(removal: Removal) -> Self {
        Self {
            soft_deleted: removal,
            disabled: removal,
            unassigned: removal,
            filtered_out: removal,
            hard_deleted: removal,
            hard_deleted_after_unassignment: removal,
        }
    }

    /// Disables, and never deletes.
    pub fn disable() -> Self {
        Self::all(Removal::Disable)
    }

    /// As Entra ID does: who is gone from the source is deleted, but not who had left before.
    pub fn entra() -> Self {
        Self { hard_deleted: Removal::Delete, ..Self::disable() }
    }

    /// The policy with another action for one reason.
    #[must_use]
    pub fn with(mut self, cause: Cause, removal: Removal) -> Self {
        *match cause {
            Cause::SoftDeleted => &mut self.soft_deleted,
            Cause::Disabled => &mut self.disabled,
            Cause::Unassigned => &mut self.unassigned,
            Cause::FilteredOut => &mut self.filtered_out,
            Cause::HardDeleted => &mut self.hard_deleted,
            Cause::HardDeletedAfterUnassignment => &mut self.hard_deleted_after_unassignment,
        } = removal;
        self
    }

    /// What to do for that reason.
    pub fn of(&self, cause: Cause) -> Removal {
        match cause {
            Cause::SoftDeleted => self.soft_deleted,
            Cause::Disabled => self.disabled,
            Cause::Unassigned => self.unassigned,
            Cause::FilteredOut => self.filtered_out,
            Cause::HardDeleted => self.hard_deleted,
            Cause::HardDeletedAfterUnassignment => self.hard_deleted_after_unassignment,
        }
    }
}

impl RemovalPolicy {
    /// Whether the resource of an object that has left is to be deleted by now.
    pub(in crate::provision) fn is_due(&self, left: Left, now: DateTime<Utc>) -> bool {
        match self.of(left.cause) {
            Removal::DeleteAfter(seconds) => is_over(left.at, seconds, now),
            _ => false,
        }
    }
}

/// Whether that time has passed.
pub(in crate::provision) fn is_over(
    since: DateTime<Utc>,
    seconds: u64,
    now: DateTime<Utc>,
) -> bool {
    let time = i64::try_from(seconds).ok().and_then(TimeDelta::try_seconds);
    time.and_then(|time| since.checked_add_signed(time)).is_some_and(|end| end <= now)
}

impl Default for RemovalPolicy {
    /// Disables, and never deletes.
    fn default() -> Self {
        Self::disable()
    }
}

impl Removal {
    /// Deletes after that time.
    pub fn delete_after(time: Duration) -> Self {
        Self::DeleteAfter(time.as_secs())
    }
}
