use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::ResourceVersion;
use crate::date_time::DateTime;

/// What the service provider says about a resource ([RFC 7643 §3.1]).
///
/// [RFC 7643 §3.1]: https://www.rfc-editor.org/rfc/rfc7643#section-3.1
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Meta {
    /// The name of the resource type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_type: Option<String>,
    /// When the resource was added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<DateTime>,
    /// When the resource was last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<DateTime>,
    /// The URI of the resource.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// The version of the resource.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<ResourceVersion>,
    /// Sub-attributes that this type does not name.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl Meta {
    /// The JSON object.
    pub fn to_json(&self) -> Value {
        let mut object = self.other.clone();
        let mut put = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                object.insert(name.to_owned(), Value::String(value));
            }
        };
        put("resourceType", self.resource_type.clone());
        put("created", self.created.map(String::from));
        put("lastModified", self.last_modified.map(String::from));
        put("location", self.location.clone());
        put("version", self.version.clone().map(String::from));
        Value::Object(object)
    }
}
