//! Resources: JSON objects in their schema's spelling, and the typed ones of RFC 7643.

mod answer;
mod compact;
mod conform;
mod convert;
mod elements;
mod enterprise_user;
mod group;
mod id;
mod meta;
mod multi_valued;
mod place;
mod precondition;
mod read;
mod replace;
mod required;
mod response;
mod scalar;
mod schemas;
mod tolerance;
mod typed;
mod user;
mod version;
mod violation;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use crate::layout::ResourceRef;

pub use compact::CompactResource;
pub(crate) use conform::Conform;
pub use convert::ConversionError;
pub(crate) use elements::{identity, is_primary, refers};
pub use enterprise_user::{EnterpriseUser, Manager};
pub use group::{Group, Member};
pub use id::{InvalidResourceId, ResourceId};
pub use meta::Meta;
pub use multi_valued::MultiValued;
pub use precondition::{InvalidPrecondition, Precondition};
pub(crate) use required::check_required;
pub(crate) use schemas::declare_schemas;
pub use tolerance::{Tolerance, Tolerances};
pub use typed::TypedResource;
pub use user::{Address, Name, User};
pub use version::ResourceVersion;
pub(crate) use violation::Violations;
pub use violation::{InvalidResource, Violation, ViolationKind};

/// A resource as a JSON object in its schema's spelling ([RFC 7643 §3]).
///
/// What a client sent becomes one by [`Resource::read`]; a service provider adds `id` and `meta`.
///
/// [RFC 7643 §3]: https://www.rfc-editor.org/rfc/rfc7643#section-3
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Resource {
    attributes: Map<String, Value>,
}

impl Resource {
    /// Takes an object that is in its schema's spelling already, such as one from a store.
    pub fn from_canonical(attributes: Map<String, Value>) -> Self {
        Self { attributes }
    }

    /// The identifier that the service provider gave it.
    pub fn id(&self) -> Option<&str> {
        self.text("id")
    }

    /// The identifier that the client gave it.
    pub fn external_id(&self) -> Option<&str> {
        self.text("externalId")
    }

    /// The value of an attribute outside any extension, if it is text.
    pub fn text(&self, attribute: &str) -> Option<&str> {
        self.attributes.get(attribute).and_then(Value::as_str)
    }

    /// All attributes; those of an extension lie below its URI.
    pub fn attributes(&self) -> &Map<String, Value> {
        &self.attributes
    }

    /// All attributes, to change; the caller keeps the schema's spelling.
    pub fn attributes_mut(&mut self) -> &mut Map<String, Value> {
        &mut self.attributes
    }

    /// The JSON object.
    pub fn into_attributes(self) -> Map<String, Value> {
        self.attributes
    }

    /// The resource with `id` and `meta` as a service provider assigns them.
    #[must_use]
    pub fn with_id_and_meta(mut self, id: &ResourceId, meta: &Meta) -> Self {
        self.attributes.insert("id".to_owned(), Value::from(id.as_str()));
        self.attributes.insert("meta".to_owned(), meta.to_json());
        self
    }
}

impl std::fmt::Debug for Resource {
    /// Names the attributes and keeps their values, which are personal, to itself.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Resource")
            .field("id", &self.id())
            .field("attributes", &self.attributes.keys().collect::<Vec<_>>())
            .finish()
    }
}

#[cfg(test)]
mod tests;
