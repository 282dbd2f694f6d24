use std::fmt;

use serde_json::Value;

/// A resource that the service provider answered with.
#[derive(Clone, PartialEq)]
pub struct Provisioned {
    id: String,
    resource: Value,
}

impl Provisioned {
    /// The resource, if it has an `id`.
    pub(super) fn new(resource: Value) -> Option<Self> {
        let id = resource.get("id")?.as_str().filter(|id| !id.is_empty())?.to_owned();
        Some(Self { id, resource })
    }

    /// Its `id`, which an identity provider remembers.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// All of it.
    pub fn resource(&self) -> &Value {
        &self.resource
    }

    /// The `value` of each of its `members`.
    pub(super) fn members(&self) -> Vec<&str> {
        let members = self.resource.get("members").and_then(Value::as_array);
        members.into_iter().flatten().filter_map(|member| member.get("value")?.as_str()).collect()
    }
}

/// The `id` alone: the rest is personal data.
impl fmt::Debug for Provisioned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provisioned").field("id", &self.id).finish_non_exhaustive()
    }
}
