use scim_core::{DateTime, Resource};
use serde_json::Value;

/// The document with `now` as its `meta.lastModified`, or with what follows the one that
/// `before` has.
pub(crate) fn touched(mut after: Resource, before: Option<DateTime>, now: DateTime) -> Resource {
    let modified = before.map_or(now, |before| now.after(before));
    if let Some(Value::Object(meta)) = after.attributes_mut().get_mut("meta") {
        meta.insert("lastModified".to_owned(), modified.to_string().into());
    }
    after
}

/// `meta.lastModified`.
pub(crate) fn last_modified(resource: &Resource) -> Option<DateTime> {
    resource.attributes().get("meta")?.get("lastModified")?.as_str()?.parse().ok()
}
