use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{ObjectAction, ObjectEvent, ObjectStatus};
use crate::provision::{cycle::CycleKind, plan::Drift, source::SourceId};

/// What a cycle did.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct CycleReport {
    /// The name of the cycle.
    pub cycle: String,
    /// What kind of cycle it was.
    pub kind: CycleKind,
    /// When it began.
    pub began: DateTime<Utc>,
    /// When it ended.
    pub ended: DateTime<Utc>,
    /// Whether it came to its end, rather than to a pause.
    pub is_complete: bool,
    /// How many objects it looked at.
    pub objects: usize,
    /// How many resources it created.
    pub created: usize,
    /// How many resources of others it linked, up to date or not.
    pub adopted: usize,
    /// How many linked resources it changed; enabled ones are counted here too.
    pub updated: usize,
    /// How many it enabled again.
    pub enabled: usize,
    /// How many it disabled.
    pub disabled: usize,
    /// How many it deleted.
    pub deleted: usize,
    /// How many links it ended.
    pub unlinked: usize,
    /// How many were as they should be.
    pub unchanged: usize,
    /// How many references it could send only after the one referred to was there.
    pub references_repaired: usize,
    /// How many members came to groups.
    pub members_joined: usize,
    /// How many members left groups.
    pub members_left: usize,
    /// Who was left alone, and why.
    pub skipped: Vec<(SourceId, String)>,
    /// Whose removal is held back, and why.
    pub staged: Vec<(SourceId, String)>,
    /// What to approve the removals by, if some are held back.
    pub approval: Option<String>,
    /// Who failed, and why; they are tried again later.
    pub failed: Vec<(SourceId, String)>,
    /// What somebody else has changed at the service provider, if it was looked for.
    pub drift: Option<Drift>,
    /// A fingerprint of what the cycle was going to send.
    pub plan: String,
    /// How many requests it sent to read.
    pub reads: u64,
    /// How many requests it sent to write.
    pub writes: u64,
}

/// What a cycle did, in numbers.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct CycleSummary {
    /// The name of the cycle.
    pub cycle: String,
    /// What kind of cycle it was.
    pub kind: CycleKind,
    /// When it began.
    pub began: DateTime<Utc>,
    /// When it ended.
    pub ended: DateTime<Utc>,
    /// Whether it came to its end.
    pub is_complete: bool,
    /// How many objects it looked at.
    pub objects: usize,
    /// How many resources it created.
    pub created: usize,
    /// How many resources of others it linked.
    pub adopted: usize,
    /// How many resources it changed.
    pub updated: usize,
    /// How many it disabled.
    pub disabled: usize,
    /// How many it deleted.
    pub deleted: usize,
    /// How many were as they should be.
    pub unchanged: usize,
    /// How many were left alone.
    pub skipped: usize,
    /// How many removals are held back.
    pub staged: usize,
    /// How many objects failed.
    pub failed: usize,
    /// How many requests it sent to read.
    pub reads: u64,
    /// How many requests it sent to write.
    pub writes: u64,
}

impl CycleReport {
    /// How many objects were left alone for each reason, the commonest first.
    pub fn skip_reasons(&self) -> Vec<(String, usize)> {
        let mut reasons: Vec<(String, usize)> = Vec::new();
        for (_, reason) in &self.skipped {
            match reasons.iter_mut().find(|(known, _)| known == reason) {
                Some((_, count)) => *count += 1,
                None => reasons.push((reason.clone(), 1)),
            }
        }
        reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        reasons
    }

    /// The same in numbers.
    pub fn summary(&self) -> CycleSummary {
        CycleSummary {
            cycle: self.cycle.clone(),
            kind: self.kind,
            began: self.began,
            ended: self.ended,
            is_complete: self.is_complete,
            objects: self.objects,
            created: self.created,
            adopted: self.adopted,
            updated: self.updated,
            disabled: self.disabled,
            deleted: self.deleted,
            unchanged: self.unchanged,
            skipped: self.skipped.len(),
            staged: self.staged.len(),
            failed: self.failed.len(),
            reads: self.reads,
            writes: self.writes,
        }
    }

    /// How many objects were done with, well or badly.
    pub(in crate::provision) fn done(&self) -> usize {
        self.succeeded() + self.skipped.len() + self.staged.len() + self.failed.len()
    }

    /// How many objects were worked on and did not fail.
    pub(in crate::provision) fn succeeded(&self) -> usize {
        self.created
            + self.adopted
            + self.updated
            + self.disabled
            + self.deleted
            + self.unlinked
            + self.unchanged
    }

    pub(in crate::provision) fn count(&mut self, event: &ObjectEvent) {
        match (&event.status, event.action) {
            (ObjectStatus::Skipped(reason), ObjectAction::Stage) => {
                self.staged.push((event.source_id.clone(), reason.clone()));
            }
            (ObjectStatus::Skipped(reason), _) => {
                self.skipped.push((event.source_id.clone(), reason.clone()));
            }
            (ObjectStatus::Failed(reason), _) => {
                self.failed.push((event.source_id.clone(), reason.clone()));
            }
            (ObjectStatus::Done, action) => self.count_done(action),
        }
    }

    fn count_done(&mut self, action: ObjectAction) {
        match action {
            ObjectAction::Create => self.created += 1,
            ObjectAction::Adopt => self.adopted += 1,
            ObjectAction::Update => self.updated += 1,
            ObjectAction::Enable => {
                self.updated += 1;
                self.enabled += 1;
            }
            ObjectAction::Disable => self.disabled += 1,
            ObjectAction::Delete => self.deleted += 1,
            ObjectAction::Unlink => self.unlinked += 1,
            ObjectAction::None | ObjectAction::Stage => self.unchanged += 1,
        }
    }
}
