//! What a cycle tells while it runs and when it is over.

mod event;

pub use event::{Event, EventSink, ObjectAction, ObjectEvent, ObjectStatus};

use super::{cycle::CycleKind, source::SourceId};

/// What a cycle did.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct CycleReport {
    /// What kind of cycle it was.
    pub kind: CycleKind,
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
    /// How many were as they should be.
    pub unchanged: usize,
    /// How many references it could send only after the one referred to was there.
    pub references_repaired: usize,
    /// Who was left alone, and why.
    pub skipped: Vec<(SourceId, String)>,
    /// Who failed, and why; they are tried again in the next cycle.
    pub failed: Vec<(SourceId, String)>,
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

    pub(super) fn count(&mut self, event: &ObjectEvent) {
        match &event.status {
            ObjectStatus::Skipped(reason) => {
                self.skipped.push((event.source_id.clone(), reason.clone()));
                return;
            }
            ObjectStatus::Failed(reason) => {
                self.failed.push((event.source_id.clone(), reason.clone()));
                return;
            }
            ObjectStatus::Done => {}
        }
        match event.action {
            ObjectAction::Create => self.created += 1,
            ObjectAction::Adopt => self.adopted += 1,
            ObjectAction::Update => self.updated += 1,
            ObjectAction::Enable => {
                self.updated += 1;
                self.enabled += 1;
            }
            ObjectAction::Disable => self.disabled += 1,
            ObjectAction::None => self.unchanged += 1,
        }
    }
}
