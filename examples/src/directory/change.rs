//! The change feed: who changed since a watermark.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;

use super::object_id::ObjectId;

/// The last change of one person.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Change {
    /// The number of the change; the first one is 1.
    pub sequence: u64,
    /// The person.
    pub object_id: ObjectId,
    /// What is left of the person.
    pub kind: ChangeKind,
}

/// Whether a person is still in the directory after a change.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum ChangeKind {
    /// Added or altered, and there to be read.
    Present,
    /// Deleted for good.
    Removed,
}

/// The last change of everybody who changed.
#[derive(Clone, Debug, Default)]
pub(super) struct ChangeFeed {
    watermark: u64,
    changes: BTreeMap<u64, (ObjectId, ChangeKind)>,
    latest: HashMap<ObjectId, u64>,
}

impl ChangeFeed {
    /// Appends a change, which takes the place of the person's earlier one.
    pub(super) fn record(&mut self, id: &ObjectId, kind: ChangeKind) {
        self.watermark += 1;
        if let Some(earlier) = self.latest.insert(id.clone(), self.watermark) {
            self.changes.remove(&earlier);
        }
        self.changes.insert(self.watermark, (id.clone(), kind));
    }

    /// Returns the number of the last change, 0 before the first.
    pub(super) fn watermark(&self) -> u64 {
        self.watermark
    }

    /// Returns the changes after `watermark`, the oldest first.
    pub(super) fn since(&self, watermark: u64) -> Vec<Change> {
        self.changes
            .range((Bound::Excluded(watermark), Bound::Unbounded))
            .map(|(&sequence, (id, kind))| Change { sequence, object_id: id.clone(), kind: *kind })
            .collect()
    }
}
