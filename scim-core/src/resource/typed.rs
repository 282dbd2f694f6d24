use serde::{Serialize, de::DeserializeOwned};

use super::{Group, Meta, ResourceId, User};
use crate::schema_uri::SchemaUri;

/// A struct that stands for a resource type.
///
/// Implement it for the application's own structs to use them where `User` and `Group` go. What
/// a struct does not name it should keep in a flattened map, so that nothing gets lost.
///
/// ```
/// use scim_core::{Meta, Resource, ResourceId, SchemaUri, TypedResource};
/// use serde::{Deserialize, Serialize};
/// use serde_json::{Map, Value, json};
///
/// #[derive(Serialize, Deserialize)]
/// struct Badge {
///     schemas: Vec<SchemaUri>,
///     id: Option<ResourceId>,
///     number: String,
///     meta: Option<Meta>,
///     #[serde(flatten)]
///     other: Map<String, Value>,
/// }
///
/// impl TypedResource for Badge {
///     const SCHEMA: &'static str = "urn:example:Badge";
///     const RESOURCE_TYPE: &'static str = "Badge";
///     const ENDPOINT: &'static str = "/Badges";
///
///     fn id(&self) -> Option<&ResourceId> {
///         self.id.as_ref()
///     }
///
///     fn meta(&self) -> Option<&Meta> {
///         self.meta.as_ref()
///     }
/// }
///
/// let resource: Resource = serde_json::from_value(json!({
///     "schemas": ["urn:example:Badge", "urn:example:Door"], "id": "b1", "number": "4711",
///     "meta": {"resourceType": "Badge"}, "urn:example:Door": {"opens": ["north"]},
/// }))?;
/// let badge: Badge = resource.to_typed()?;
/// assert_eq!(badge.number, "4711");
/// assert_eq!(Resource::from_typed(&badge)?, resource);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait TypedResource: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The URI of the core schema.
    const SCHEMA: &'static str;
    /// The name of the resource type.
    const RESOURCE_TYPE: &'static str;
    /// The endpoint below the base URL, with a slash in front.
    const ENDPOINT: &'static str;

    /// The identifier that the service provider gave it.
    fn id(&self) -> Option<&ResourceId>;

    /// What the service provider says about it.
    fn meta(&self) -> Option<&Meta>;
}

impl TypedResource for User {
    const SCHEMA: &'static str = SchemaUri::USER;
    const RESOURCE_TYPE: &'static str = "User";
    const ENDPOINT: &'static str = "/Users";

    fn id(&self) -> Option<&ResourceId> {
        self.id.as_ref()
    }

    fn meta(&self) -> Option<&Meta> {
        self.meta.as_ref()
    }
}

impl TypedResource for Group {
    const SCHEMA: &'static str = SchemaUri::GROUP;
    const RESOURCE_TYPE: &'static str = "Group";
    const ENDPOINT: &'static str = "/Groups";

    fn id(&self) -> Option<&ResourceId> {
        self.id.as_ref()
    }

    fn meta(&self) -> Option<&Meta> {
        self.meta.as_ref()
    }
}
