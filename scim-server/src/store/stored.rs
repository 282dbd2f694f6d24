use std::borrow::Cow;

use scim_core::{Resource, ResourceVersion};

use super::{CanonicalText, StoreError};

/// A resource as a store has it: its document, with `id` and `meta`, and its version.
#[derive(Clone, Debug)]
pub struct StoredResource {
    id: String,
    document: Document,
    version: ResourceVersion,
}

#[derive(Clone, Debug)]
enum Document {
    Resource(Resource),
    Text(CanonicalText),
}

/// What of a resource is to be read, for stores that keep parts of it apart; a store that keeps a
/// resource in one piece may give it whole.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Wanted {
    /// The resources that belong to it, such as the `members` of a group.
    pub membership: bool,
    /// The `groups` that it belongs to.
    pub groups: bool,
}

impl StoredResource {
    /// A document, with `id` and `meta` without version and location.
    pub fn new(resource: Resource, version: ResourceVersion) -> Self {
        let id = resource.id().unwrap_or_default().to_owned();
        Self { id, document: Document::Resource(resource), version }
    }

    /// A document as text, which an answer can be made of without reading it.
    ///
    /// References in it get no `$ref`: a store that keeps text composes those with members or
    /// groups as a [`Resource`].
    pub fn from_text(id: impl Into<String>, text: CanonicalText, version: ResourceVersion) -> Self {
        Self { id: id.into(), document: Document::Text(text), version }
    }

    /// The identifier.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The version.
    pub fn version(&self) -> &ResourceVersion {
        &self.version
    }

    /// The document.
    ///
    /// # Errors
    /// If it is text that was damaged where it was kept.
    pub fn resource(&self) -> Result<Cow<'_, Resource>, StoreError> {
        match &self.document {
            Document::Resource(resource) => Ok(Cow::Borrowed(resource)),
            Document::Text(text) => text.to_resource().map(Cow::Owned),
        }
    }

    /// The document, without a copy.
    ///
    /// # Errors
    /// If it is text that was damaged where it was kept.
    pub fn into_resource(self) -> Result<Resource, StoreError> {
        match self.document {
            Document::Resource(resource) => Ok(resource),
            Document::Text(text) => text.to_resource(),
        }
    }

    /// The document, if it is there as text.
    pub(crate) fn text(&self) -> Option<&CanonicalText> {
        match &self.document {
            Document::Text(text) => Some(text),
            Document::Resource(_) => None,
        }
    }
}

impl Wanted {
    /// All of it.
    pub const ALL: Self = Self { membership: true, groups: true };

    /// What is kept in the resource itself.
    pub const OWN: Self = Self { membership: false, groups: false };

    /// The same with the resources that belong to it, or without.
    #[must_use]
    pub fn with_membership(mut self, wanted: bool) -> Self {
        self.membership = wanted;
        self
    }

    /// The same with the `groups` that it belongs to, or without.
    #[must_use]
    pub fn with_groups(mut self, wanted: bool) -> Self {
        self.groups = wanted;
        self
    }
}

impl Default for Wanted {
    fn default() -> Self {
        Self::ALL
    }
}
