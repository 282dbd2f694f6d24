use std::{borrow::Borrow, fmt, sync::Arc};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a source calls one of its objects, for ever; cheap to clone.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct SourceId(Arc<str>);

/// What an object of the source stands for.
#[derive(
    Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize,
)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum ObjectKind {
    /// A person.
    #[default]
    User,
    /// A group of people and of other groups.
    Group,
}

/// A person or a group of the source.
///
/// Its identifier is its own among the objects of both kinds. `Debug` names the attributes and
/// keeps their values, which are personal, to itself.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct SourceObject {
    /// What the source calls it.
    pub id: SourceId,
    /// What it stands for.
    pub kind: ObjectKind,
    /// The attributes by the source's own names.
    pub attributes: Map<String, Value>,
    /// The roles it is assigned with; `None` if it is not assigned to the application at all.
    pub roles: Option<Vec<String>>,
    /// Whether the account is enabled in the source.
    pub is_active: bool,
    /// Whether it was deleted and can still be restored.
    pub is_soft_deleted: bool,
    /// The immediate members of a group.
    pub members: Vec<SourceId>,
}

impl SourceId {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for SourceId {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for SourceId {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<SourceId> for String {
    fn from(id: SourceId) -> Self {
        id.as_str().to_owned()
    }
}

impl Borrow<str> for SourceId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl SourceObject {
    /// An enabled person without attributes, not assigned yet.
    pub fn new(id: impl Into<SourceId>) -> Self {
        Self {
            id: id.into(),
            kind: ObjectKind::User,
            attributes: Map::new(),
            roles: None,
            is_active: true,
            is_soft_deleted: false,
            members: Vec::new(),
        }
    }

    /// A group without attributes and members, not assigned yet.
    pub fn group(id: impl Into<SourceId>) -> Self {
        Self { kind: ObjectKind::Group, ..Self::new(id) }
    }

    /// The person with an attribute.
    #[must_use]
    pub fn with_attribute(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.attributes.insert(name.into(), value.into());
        self
    }

    /// The person assigned to the application with these roles.
    #[must_use]
    pub fn with_roles(mut self, roles: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.roles = Some(roles.into_iter().map(Into::into).collect());
        self
    }

    /// The person with an account that is enabled, or not.
    #[must_use]
    pub fn with_active(mut self, is_active: bool) -> Self {
        self.is_active = is_active;
        self
    }

    /// The object deleted, and still to be restored, or not.
    #[must_use]
    pub fn with_soft_deleted(mut self, is_soft_deleted: bool) -> Self {
        self.is_soft_deleted = is_soft_deleted;
        self
    }

    /// The group with these immediate members.
    #[must_use]
    pub fn with_members(mut self, members: impl IntoIterator<Item = impl Into<SourceId>>) -> Self {
        self.members = members.into_iter().map(Into::into).collect();
        self
    }

    /// The value of an attribute; null and the empty text are none.
    pub fn value(&self, name: &str) -> Option<&Value> {
        let value = self.attributes.get(name)?;
        let is_none = value.is_null() || value.as_str().is_some_and(str::is_empty);
        (!is_none).then_some(value)
    }
}

impl fmt::Debug for SourceObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SourceObject")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .field("attributes", &self.attributes.keys().collect::<Vec<_>>())
            .field("roles", &self.roles)
            .field("is_active", &self.is_active)
            .field("is_soft_deleted", &self.is_soft_deleted)
            .field("members", &self.members.len())
            .finish()
    }
}
