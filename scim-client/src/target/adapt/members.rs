use serde_json::{Map, Value};

use crate::target::Profile;

/// Takes out those members of a group that do not go into one request, for requests after it.
pub(crate) fn take_members(profile: &Profile, attributes: &mut Map<String, Value>) -> Vec<Value> {
    let Some(most) = profile.max_members else { return Vec::new() };
    let members = attributes.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case("members"));
    match members {
        Some((_, Value::Array(members))) if members.len() > most => members.split_off(most),
        _ => Vec::new(),
    }
}
