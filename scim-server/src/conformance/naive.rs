//! What a store is to do, in the plainest way.

use scim_core::{Resource, patch::MembershipDelta};
use serde_json::Value;

/// A group after its members have changed.
pub(super) fn carried_out(delta: &MembershipDelta, group: &Resource) -> Resource {
    let mut group = group.clone();
    let attributes = group.attributes_mut();
    let mut members = match attributes.remove("members") {
        Some(Value::Array(members)) if !delta.clears() => members,
        _ => Vec::new(),
    };
    members.retain(|member| !delta.removed().any(|value| is_of(member, value)));
    for coming in delta.added() {
        let value = coming.get("value").and_then(Value::as_str).unwrap_or_default();
        let known = members.iter_mut().find(|member| is_of(member, value));
        match known.and_then(Value::as_object_mut) {
            Some(known) => known.extend(coming.as_object().cloned().unwrap_or_default()),
            None => members.push(coming.clone()),
        }
    }
    if !members.is_empty() {
        attributes.insert("members".to_owned(), Value::Array(members));
    }
    group
}

fn is_of(member: &Value, value: &str) -> bool {
    member.get("value").and_then(Value::as_str) == Some(value)
}
