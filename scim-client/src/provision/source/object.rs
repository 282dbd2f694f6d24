use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a source calls one of its objects, for ever.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SourceId(String);

/// A person of the source.
///
/// `Debug` names the attributes and keeps their values, which are personal, to itself.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct SourceObject {
    /// What the source calls it.
    pub id: SourceId,
    /// The attributes by the source's own names.
    pub attributes: Map<String, Value>,
    /// The roles it is assigned with; `None` if it is not assigned to the application at all.
    pub roles: Option<Vec<String>>,
    /// Whether the account is enabled in the source.
    pub is_active: bool,
}

impl SourceId {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for SourceId {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for SourceId {
    fn from(text: String) -> Self {
        Self(text)
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
        Self { id: id.into(), attributes: Map::new(), roles: None, is_active: true }
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
            .field("attributes", &self.attributes.keys().collect::<Vec<_>>())
            .field("roles", &self.roles)
            .field("is_active", &self.is_active)
            .finish()
    }
}
