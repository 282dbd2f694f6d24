use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The enterprise extension of a user ([RFC 7643 §4.3]).
///
/// [RFC 7643 §4.3]: https://www.rfc-editor.org/rfc/rfc7643#section-4.3
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct EnterpriseUser {
    /// The number that the organisation knows the user by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employee_number: Option<String>,
    /// The cost centre.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_center: Option<String>,
    /// The organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// The division.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub division: Option<String>,
    /// The department.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// The user's manager.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manager: Option<Manager>,
    /// Attributes that this type does not name.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// A user's manager, another user.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Manager {
    /// The `id` of the manager.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The URI of the manager.
    #[serde(rename = "$ref", default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The manager's name to show, as the service provider tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Sub-attributes that this type does not name.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl Manager {
    /// The manager of that `id`.
    pub fn new(id: impl Into<String>) -> Self {
        Self { value: Some(id.into()), ..Self::default() }
    }
}
