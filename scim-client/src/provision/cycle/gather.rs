use std::collections::HashSet;

use super::CycleKind;
use crate::provision::{
    Provisioner,
    source::{Change, Following, Position, SourceError, Watermark},
    state::State,
};

/// What was read from the source.
pub(super) struct Gathered {
    pub(super) kind: CycleKind,
    pub(super) changes: Vec<Change>,
    pub(super) watermark: Watermark,
}

/// A source that leads from a place back to the same place, and would be read without end.
#[derive(Debug, thiserror::Error)]
#[error("the source goes on from a place to the same place")]
struct RepeatedPosition;

impl Provisioner {
    /// Reads the source to its end before anything is sent.
    pub(super) async fn gather(
        &self,
        kind: CycleKind,
        state: &State,
    ) -> Result<Gathered, SourceError> {
        let (kind, mut position) = match (kind, &state.watermark) {
            (CycleKind::Incremental, Some(watermark)) => {
                (CycleKind::Incremental, Position::Since(watermark.clone()))
            }
            _ => (CycleKind::Initial, Position::Start),
        };
        let mut changes = Vec::new();
        let watermark = loop {
            let batch = self.source.read(&position).await?;
            changes.extend(batch.changes);
            match batch.following {
                Following::More(next) if position == Position::Next(next.clone()) => {
                    return Err(SourceError::new(RepeatedPosition));
                }
                Following::More(next) => position = Position::Next(next),
                Following::End(watermark) => break watermark,
            }
        };
        let mut seen = HashSet::new();
        // Of several changes of one object the last one counts.
        changes.reverse();
        changes.retain(|change| seen.insert(change.id().clone()));
        changes.reverse();
        if kind == CycleKind::Initial {
            let gone = state.links.keys().filter(|id| seen.insert((*id).clone())).cloned();
            changes.extend(gone.map(Change::Removed));
        }
        for id in state.escrow.iter().chain(&state.intents) {
            if seen.insert(id.clone()) {
                let object = self.source.get(id).await?;
                changes.push(object.map_or_else(|| Change::Removed(id.clone()), Change::Present));
            }
        }
        Ok(Gathered { kind, changes, watermark })
    }
}
