use scim_core::PatchOp;

use super::{
    Cycle, CycleError, Stop,
    person::{GONE, Sent},
};
use crate::provision::{
    mapping::reference,
    state::{Link, StateError, StateWrite},
};

impl Cycle<'_> {
    /// Sends the references to those who have been linked since.
    pub(super) async fn repair_references(&mut self) -> Result<(), CycleError> {
        // Who has left waits for nothing.
        let is_waiting = |link: &&Link| link.is_active && !link.pending.is_empty();
        let waiting = self.state.links.values().filter(is_waiting);
        for mut link in waiting.cloned().collect::<Vec<_>>() {
            let before = link.clone();
            let patch = self.resolved(&mut link);
            if patch.operations().is_empty() {
                continue;
            }
            let source_id = link.source_id.clone();
            let sent = match self.send(&before, patch).await {
                Ok(Sent::Gone) => {
                    self.forget(&before).await?;
                    Err(Stop::conflict(GONE))
                }
                sent => sent,
            };
            match sent {
                Ok(_) => {
                    self.report.references_repaired += 1;
                    let writes = self.with_escrow(link);
                    self.commit(writes).await?;
                }
                Err(Stop::Cycle(error)) => return Err(error),
                Err(Stop::Object(error)) => {
                    self.report.failed.push((source_id.clone(), error.to_string()));
                    self.commit(vec![StateWrite::Escrow(source_id)]).await?;
                }
            }
        }
        Ok(())
    }

    /// Forgets a link whose resource is gone; who referred to it waits for the next one.
    pub(super) async fn forget(&mut self, gone: &Link) -> Result<(), StateError> {
        let old = reference(gone.target_id.as_str());
        let mut writes = vec![StateWrite::Unlink(gone.source_id.clone())];
        let targets: Vec<String> = self.job.mapping.reference_targets().collect();
        for link in self.state.links.values().filter(|link| link.source_id != gone.source_id) {
            let stale = targets.iter().filter(|target| link.applied.get(*target) == Some(&old));
            let stale: Vec<&String> = stale.collect();
            if stale.is_empty() {
                continue;
            }
            let mut link = link.clone();
            let pending = stale.into_iter().map(|target| (target.clone(), gone.source_id.clone()));
            link.pending.extend(pending);
            writes.extend(self.with_escrow(link));
        }
        self.commit(writes).await
    }

    /// The writes for a link of someone who may still have to be tried again.
    pub(super) fn with_escrow(&self, link: Link) -> Vec<StateWrite> {
        let escrow = self.state.escrow.get(&link.source_id).cloned().map(StateWrite::Escrow);
        std::iter::once(StateWrite::CommitLink(link)).chain(escrow).collect()
    }

    /// The operations for what a link waited for and can now be sent.
    fn resolved(&self, link: &mut Link) -> PatchOp {
        let mut patch = PatchOp::new();
        for (target, wanted) in link.pending.clone() {
            let Some(value) = self.target_id(&wanted).map(|id| reference(&id)) else { continue };
            let next = if link.applied.get(&target).is_some_and(|old| !old.is_null()) {
                patch.clone().replace(&target, value.clone())
            } else {
                patch.clone().add(&target, value.clone())
            };
            // A target is a path because a mapping printed it.
            if let Ok(next) = next {
                patch = next;
                link.pending.remove(&target);
                link.applied.insert(target, value);
            }
        }
        patch
    }
}
