use scim_core::PatchOp;

use super::{Cycle, CycleError, Stop};
use crate::provision::{
    mapping::reference,
    state::{Link, StateWrite},
};

impl Cycle<'_> {
    /// Sends the references to those who have been linked since.
    pub(super) async fn repair_references(&mut self) -> Result<(), CycleError> {
        let waiting = self.state.links.values().filter(|link| !link.pending.is_empty());
        for mut link in waiting.cloned().collect::<Vec<_>>() {
            let patch = self.resolved(&mut link);
            if patch.operations().is_empty() {
                continue;
            }
            let source_id = link.source_id.clone();
            let sent = self.target.patch(&link.target_id, patch).await.map_err(Stop::from);
            match sent {
                Ok(()) => {
                    self.report.references_repaired += 1;
                    self.commit(vec![StateWrite::CommitLink(link)]).await?;
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

    /// The operations for what a link waited for and can now be sent.
    fn resolved(&self, link: &mut Link) -> PatchOp {
        let mut patch = PatchOp::new();
        for (target, wanted) in link.pending.clone() {
            let Some(value) = self.target_id(&wanted).map(|id| reference(&id)) else { continue };
            // A target is a path because a mapping printed it.
            if let Ok(next) = patch.clone().add(&target, value.clone()) {
                patch = next;
                link.pending.remove(&target);
                link.applied.insert(target, value);
            }
        }
        patch
    }
}
