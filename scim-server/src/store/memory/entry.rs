use std::sync::Arc;

use scim_core::{DateTime, Resource, ResourceVersion, resource::CompactResource};

use crate::store::{
    CanonicalText, Expected, StoreError, StoredResource, UniqueKey,
    touch::{last_modified, touched},
};

/// One resource, without those that belong to it.
#[derive(Debug)]
pub(super) struct Entry {
    /// Its place in the order of creation.
    pub(super) place: u64,
    pub(super) id: String,
    pub(super) unique: Vec<UniqueKey>,
    /// What filters and orders look at.
    pub(super) compact: CompactResource,
    /// What answers are made of.
    pub(super) text: CanonicalText,
    /// The attribute that is kept apart.
    pub(super) membership: Option<String>,
    pub(super) version: u64,
}

/// What is to be kept of a resource.
#[derive(Debug)]
pub(super) struct Content {
    pub(super) resource: Resource,
    pub(super) unique: Vec<UniqueKey>,
    pub(super) membership: Option<String>,
}

impl Entry {
    pub(super) fn new(
        place: u64,
        id: String,
        content: Content,
        version: u64,
    ) -> Result<Arc<Self>, StoreError> {
        let Content { resource, unique, membership } = content;
        let text = CanonicalText::of(&resource)?;
        let compact = CompactResource::from(&resource);
        Ok(Arc::new(Self { place, id, unique, compact, text, membership, version }))
    }

    /// The same with another version and a later `meta.lastModified`.
    pub(super) fn touched(&self, version: u64, now: DateTime) -> Result<Arc<Self>, StoreError> {
        let resource = self.compact.to_resource();
        let modified = last_modified(&resource);
        let content = Content {
            resource: touched(resource, modified, now),
            unique: self.unique.clone(),
            membership: self.membership.clone(),
        };
        Self::new(self.place, self.id.clone(), content, version)
    }

    pub(super) fn stored(&self) -> StoredResource {
        StoredResource::from_text(self.id.as_str(), self.text.clone(), self.version())
    }

    pub(super) fn version(&self) -> ResourceVersion {
        ResourceVersion::from_counter(self.version)
    }

    pub(super) fn check_version(&self, expected: &Expected) -> Result<(), StoreError> {
        if expected.allows(&self.version()) { Ok(()) } else { Err(StoreError::VersionMismatch) }
    }
}
