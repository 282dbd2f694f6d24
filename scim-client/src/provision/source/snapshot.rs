use async_trait::async_trait;
use serde_json::json;

use super::{
    Batch, Change, Following, IdentitySource, Position, SourceError, SourceId, SourceObject,
    Watermark,
};
use crate::provision::fingerprint;

/// A source that is a list in memory: everyone, each time it is read.
#[derive(Clone, Debug, Default)]
pub struct Snapshot(Vec<SourceObject>);

impl Snapshot {
    /// These people and nobody else.
    pub fn new(objects: impl IntoIterator<Item = SourceObject>) -> Self {
        Self(objects.into_iter().collect())
    }
}

impl Snapshot {
    /// What the list looks like, so that a job that goes on with another list reads it.
    fn watermark(&self) -> Watermark {
        let parts = self.0.iter().map(|object| {
            let SourceObject { id, kind, attributes, roles, members, .. } = object;
            json!([id, kind, attributes, roles, members, object.is_active, object.is_soft_deleted])
        });
        Watermark::new(fingerprint::secure(&parts.collect::<Vec<_>>()))
    }
}

#[async_trait]
impl IdentitySource for Snapshot {
    async fn read(&self, position: &Position) -> Result<Batch, SourceError> {
        let watermark = self.watermark();
        if matches!(position, Position::Since(since) if *since == watermark) {
            return Ok(Batch::new(Vec::new(), Following::End(watermark)));
        }
        let changes = self.0.iter().cloned().map(Change::Present).collect();
        Ok(Batch::new(changes, Following::EndOfSnapshot(watermark)))
    }

    async fn get(&self, id: &SourceId) -> Result<Option<SourceObject>, SourceError> {
        Ok(self.0.iter().find(|object| object.id == *id).cloned())
    }
}
