use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Meta, ResourceId};
use crate::schema_uri::SchemaUri;

/// A group ([RFC 7643 §4.2]).
///
/// ```
/// use scim_core::{Group, resource::Member};
///
/// let mut group = Group::new("Tour Guides");
/// group.members.push(Member::new("2819c223-7f76-453a-919d-413861904646"));
/// assert_eq!(serde_json::to_value(&group)?["displayName"], "Tour Guides");
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// [RFC 7643 §4.2]: https://www.rfc-editor.org/rfc/rfc7643#section-4.2
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Group {
    /// The schemas in use.
    #[serde(default)]
    pub schemas: Vec<SchemaUri>,
    /// The identifier that the service provider gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<ResourceId>,
    /// The identifier that the client gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// The name to show.
    #[serde(default)]
    pub display_name: String,
    /// The members.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<Member>,
    /// What the service provider says about the group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meta: Option<Meta>,
    /// Attributes and extensions that this type does not name.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// A member of a group: a user or another group.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Member {
    /// The `id` of the member.
    #[serde(default)]
    pub value: String,
    /// The URI of the member.
    #[serde(rename = "$ref", default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The member's name to show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display: Option<String>,
    /// `User` or `Group`.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub member_type: Option<String>,
    /// Sub-attributes that this type does not name.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl Group {
    /// A group without members.
    pub fn new(display_name: impl Into<String>) -> Self {
        Self {
            schemas: vec![SchemaUri::literal(SchemaUri::GROUP)],
            id: None,
            external_id: None,
            display_name: display_name.into(),
            members: Vec::new(),
            meta: None,
            other: Map::new(),
        }
    }
}

impl Member {
    /// The member of that `id`.
    pub fn new(id: impl Into<String>) -> Self {
        Self { value: id.into(), ..Self::default() }
    }
}
