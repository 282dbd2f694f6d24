use std::{collections::HashMap, sync::OnceLock};

use async_trait::async_trait;

use super::{
    Batch, Change, Following, IdentitySource, Position, SourceError, SourceId, SourceObject,
    Watermark,
};
use crate::provision::fingerprint;

/// A source that is a list in memory: everyone, each time it is read.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    objects: Vec<SourceObject>,
    /// Where each object is.
    places: HashMap<SourceId, usize>,
    /// What the list looks like, so that a job that goes on with another list reads it.
    watermark: OnceLock<Watermark>,
}

impl Snapshot {
    /// These people and nobody else.
    pub fn new(objects: impl IntoIterator<Item = SourceObject>) -> Self {
        let objects: Vec<SourceObject> = objects.into_iter().collect();
        let mut places = HashMap::with_capacity(objects.len());
        for (place, object) in objects.iter().enumerate() {
            places.entry(object.id.clone()).or_insert(place);
        }
        Self { objects, places, watermark: OnceLock::new() }
    }

    fn watermark(&self) -> Watermark {
        let parts = self.objects.iter().map(|object| {
            let SourceObject { id, kind, attributes, roles, members, .. } = object;
            (id, kind, attributes, roles, members, object.is_active, object.is_soft_deleted)
        });
        let watermark = || Watermark::new(fingerprint::of_all(parts));
        self.watermark.get_or_init(watermark).clone()
    }
}

#[async_trait]
impl IdentitySource for Snapshot {
    async fn read(&self, position: &Position) -> Result<Batch, SourceError> {
        let watermark = self.watermark();
        if matches!(position, Position::Since(since) if *since == watermark) {
            return Ok(Batch::new(Vec::new(), Following::End(watermark)));
        }
        let changes = self.objects.iter().cloned().map(Change::Present).collect();
        Ok(Batch::new(changes, Following::EndOfSnapshot(watermark)))
    }

    async fn get(&self, id: &SourceId) -> Result<Option<SourceObject>, SourceError> {
        Ok(self.places.get(id).and_then(|place| self.objects.get(*place)).cloned())
    }
}
