use scim_core::{Resource, ResourceId, ResourceVersion};

use super::Wanted;

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
    /// The attribute of the document that says which resources belong to this one, if its type has
    /// one: a store may keep it apart.
    pub membership: Option<String>,
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
    /// Which resources belong to this one.
    pub membership: Membership,
    /// What of the updated resource is to be given back.
    pub wanted: Wanted,
}

/// Which resources belong to one that is updated.
#[derive(Clone, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "a store must know every case")]
pub enum Membership {
    /// As the document says: in this attribute, if the type has one.
    Given(Option<String>),
    /// The same as before, for stores that keep them apart and gave the document without them; in
    /// any other store, the document has them.
    Stays,
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
        Self { key, resource, unique: Vec::new(), membership: None }
    }

    /// The resource with what no other may have.
    #[must_use]
    pub fn with_unique(mut self, unique: Vec<UniqueKey>) -> Self {
        self.unique = unique;
        self
    }

    /// The same with the attribute that says which resources belong to this one.
    #[must_use]
    pub fn with_membership(mut self, attribute: Option<String>) -> Self {
        self.membership = attribute;
        self
    }
}

impl Update {
    /// A document for a resource of any version, without unique keys.
    pub fn new(key: ResourceKey, resource: Resource) -> Self {
        Self {
            key,
            expected: Expected::Any,
            resource,
            unique: Vec::new(),
            membership: Membership::Given(None),
            wanted: Wanted::ALL,
        }
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

    /// The update with what is said of the resources that belong to this one.
    #[must_use]
    pub fn with_membership(mut self, membership: Membership) -> Self {
        self.membership = membership;
        self
    }

    /// The update with what is to be given back.
    #[must_use]
    pub fn with_wanted(mut self, wanted: Wanted) -> Self {
        self.wanted = wanted;
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
