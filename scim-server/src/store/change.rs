use scim_core::{Resource, ResourceId, ResourceVersion};

/// Which resource: its type and its `id`. The tenant comes with the context.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub struct ResourceKey {
    /// The name of the resource type.
    pub resource_type: String,
    /// The identifier.
    pub id: ResourceId,
}

/// A value that only one resource of a type may have.
///
/// `key` is in the form in which it compares: folded where case does not count.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub struct UniqueKey {
    /// The path of the attribute, in the schema's spelling.
    pub attribute: String,
    /// The value, ready to compare byte by byte.
    pub key: String,
}

/// A resource to add.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct NewResource {
    /// Which resource.
    pub key: ResourceKey,
    /// The document, with `id` and `meta` without version.
    pub resource: Resource,
    /// What no other resource may have.
    pub unique: Vec<UniqueKey>,
}

/// A document to put in the place of another.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Update {
    /// Which resource.
    pub key: ResourceKey,
    /// The version that it must have.
    pub expected: Expected,
    /// The document, with `id` and `meta` without version.
    pub resource: Resource,
    /// What no other resource may have, in place of what was said before.
    pub unique: Vec<UniqueKey>,
}

/// The version that a resource must have for a write to take effect.
#[derive(Clone, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "a store must know every case")]
pub enum Expected {
    /// Any version.
    Any,
    /// This version and no other.
    Version(ResourceVersion),
}

/// A resource as a store has it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct StoredResource {
    /// The document, with `id` and `meta` without version.
    pub resource: Resource,
    /// The version.
    pub version: ResourceVersion,
}

impl ResourceKey {
    /// The resource of that type and identifier.
    pub fn new(resource_type: impl Into<String>, id: ResourceId) -> Self {
        Self { resource_type: resource_type.into(), id }
    }
}

impl UniqueKey {
    /// A value of an attribute, ready to compare.
    pub fn new(attribute: impl Into<String>, key: impl Into<String>) -> Self {
        Self { attribute: attribute.into(), key: key.into() }
    }
}

impl NewResource {
    /// A resource without unique keys.
    pub fn new(key: ResourceKey, resource: Resource) -> Self {
        Self { key, resource, unique: Vec::new() }
    }

    /// The resource with what no other may have.
    #[must_use]
    pub fn with_unique(mut self, unique: Vec<UniqueKey>) -> Self {
        self.unique = unique;
        self
    }
}

impl Update {
    /// A document for a resource of any version, without unique keys.
    pub fn new(key: ResourceKey, resource: Resource) -> Self {
        Self { key, expected: Expected::Any, resource, unique: Vec::new() }
    }

    /// The update with the version that the resource must have.
    #[must_use]
    pub fn with_expected(mut self, expected: Expected) -> Self {
        self.expected = expected;
        self
    }

    /// The update with what no other resource may have.
    #[must_use]
    pub fn with_unique(mut self, unique: Vec<UniqueKey>) -> Self {
        self.unique = unique;
        self
    }
}

impl Expected {
    /// Whether a write to a resource of that version takes effect.
    pub fn allows(&self, version: &ResourceVersion) -> bool {
        match self {
            Self::Any => true,
            Self::Version(expected) => expected == version,
        }
    }
}

impl StoredResource {
    /// A document with its version.
    pub fn new(resource: Resource, version: ResourceVersion) -> Self {
        Self { resource, version }
    }
}
