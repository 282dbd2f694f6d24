use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::provision::source::SourceId;

/// Whom a cycle may have changed that has begun to send and did not come to its end.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Unfinished {
    /// Everyone: it read the source from its beginning.
    Everyone,
    /// These.
    These(BTreeSet<SourceId>),
}

impl Unfinished {
    /// Whom one of two cycles may have changed.
    #[must_use]
    pub(in crate::provision) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::These(mut ids), Self::These(others)) => {
                ids.extend(others);
                Self::These(ids)
            }
            _ => Self::Everyone,
        }
    }

    /// Those who are known by name.
    pub(in crate::provision) fn ids(&self) -> impl Iterator<Item = &SourceId> {
        let ids = match self {
            Self::These(ids) => Some(ids),
            Self::Everyone => None,
        };
        ids.into_iter().flatten()
    }
}
