use async_trait::async_trait;

use super::{
    Batch, Change, Following, IdentitySource, Position, SourceError, SourceId, SourceObject,
    Watermark,
};

/// A source that is a list in memory: everyone, each time it is read.
#[derive(Clone, Debug, Default)]
pub struct Snapshot(Vec<SourceObject>);

impl Snapshot {
    /// These people and nobody else.
    pub fn new(objects: impl IntoIterator<Item = SourceObject>) -> Self {
        Self(objects.into_iter().collect())
    }
}

#[async_trait]
impl IdentitySource for Snapshot {
    async fn read(&self, position: &Position) -> Result<Batch, SourceError> {
        let changes = match position {
            Position::Start => self.0.iter().cloned().map(Change::Present).collect(),
            Position::Since(_) | Position::Next(_) => Vec::new(),
        };
        Ok(Batch::new(changes, Following::End(Watermark::new("read"))))
    }

    async fn get(&self, id: &SourceId) -> Result<Option<SourceObject>, SourceError> {
        Ok(self.0.iter().find(|object| object.id == *id).cloned())
    }
}
