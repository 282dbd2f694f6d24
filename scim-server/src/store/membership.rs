use scim_core::{ResourceVersion, patch::MembershipDelta};

use super::{Expected, ResourceKey};

/// Resources that come to belong to another one, or no longer do, such as the members of a group.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct MembershipChange {
    /// What they belong to.
    pub key: ResourceKey,
    /// The attribute that says so, in the schema's spelling.
    pub attribute: String,
    /// The version that it must have.
    pub expected: Expected,
    /// Who comes and who goes.
    pub delta: MembershipDelta,
}

/// What became of a [`MembershipChange`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum MembershipOutcome {
    /// The store does not change members alone; read the resource and [`update`] it.
    ///
    /// [`update`]: super::ResourceStore::update
    NotOffered,
    /// All of it was so already: the version stays.
    Unchanged(ResourceVersion),
    /// It took effect, and this is the new version.
    Changed(ResourceVersion),
}

impl MembershipChange {
    /// A change to a resource of any version.
    pub fn new(key: ResourceKey, attribute: impl Into<String>, delta: MembershipDelta) -> Self {
        Self { key, attribute: attribute.into(), expected: Expected::Any, delta }
    }

    /// The change with the version that the resource must have.
    #[must_use]
    pub fn with_expected(mut self, expected: Expected) -> Self {
        self.expected = expected;
        self
    }
}
