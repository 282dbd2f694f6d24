use std::fmt;

use serde::{Deserialize, Serialize};

/// Why an object does not belong, in the order of precedence.
///
/// Where several apply, the first one is given. A scope gives one of the first four; the last two
/// are about objects that are not there any more, so that no scope is asked.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::exhaustive_enums, reason = "a policy on leavers answers for every cause")]
pub enum Cause {
    /// It was deleted in the source, and can still be restored.
    SoftDeleted,
    /// Its account is not enabled in the source.
    Disabled,
    /// It is not assigned to the application, or with no role that is provisioned.
    Unassigned,
    /// There are scoping filters, and none lets it through.
    FilteredOut,
    /// It is gone from the source.
    HardDeleted,
    /// It is gone from the source, and was not assigned any more before.
    HardDeletedAfterUnassignment,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SoftDeleted => "deleted in the source, where it can be restored",
            Self::Disabled => "disabled in the source",
            Self::Unassigned => "not assigned to the application",
            Self::FilteredOut => "let through by no scoping filter",
            Self::HardDeleted => "gone from the source",
            Self::HardDeletedAfterUnassignment => "gone from the source, and unassigned before",
        })
    }
}
