//! From a document to a row, and back.

use scim_core::{
    DateTime, Meta, Resource, ResourceVersion, TypedResource, query::BoundSort,
    resource::ResourceRef,
};
use serde_json::{Map, Value};

use super::Row;
use crate::{
    context::Context,
    store::{StoreError, choose::Candidate, touch::last_modified},
};

/// A row as a document.
pub(super) struct Document {
    pub(super) place: u64,
    pub(super) resource: Resource,
    pub(super) version: ResourceVersion,
}

impl Document {
    pub(super) fn of<T: TypedResource>(row: &Row<T>) -> Result<Self, StoreError> {
        let mut resource = Resource::from_typed(&row.resource).map_err(StoreError::internal)?;
        let mut meta = Meta::default();
        meta.resource_type = Some(T::RESOURCE_TYPE.to_owned());
        meta.created = Some(row.created);
        meta.last_modified = Some(row.modified);
        resource.attributes_mut().insert("meta".to_owned(), meta.to_json());
        Ok(Self { place: row.place, resource, version: row.version.clone() })
    }
}

impl Candidate for Document {
    fn place(&self) -> u64 {
        self.place
    }

    fn document(&self) -> ResourceRef<'_> {
        (&self.resource).into()
    }

    fn key(&self, sort: &BoundSort) -> Map<String, Value> {
        sort.key(self.resource.attributes())
    }
}

/// A row to write, of a document that it keeps all of.
pub(super) fn row_of<T: TypedResource>(
    cx: &Context,
    document: &Resource,
    created: Option<DateTime>,
) -> Result<Row<T>, StoreError> {
    let resource: T = document
        .to_typed()
        .map_err(|error| StoreError::Unsupported { attribute: error.path().to_owned() })?;
    let kept = Resource::from_typed(&resource).map_err(StoreError::internal)?;
    if let Some(attribute) = lost(document, &kept) {
        return Err(StoreError::Unsupported { attribute });
    }
    let modified = last_modified(document).unwrap_or(cx.now);
    let text = document.attributes().get("meta").and_then(|meta| meta.get("created")?.as_str());
    let given = text.and_then(|text| text.parse().ok());
    Ok(Row {
        place: 0,
        resource,
        version: format!("W/\"{}\"", uuid::Uuid::new_v4()).into(),
        created: created.or(given).unwrap_or(modified),
        modified,
    })
}

/// The path of an attribute that is not as it was.
fn lost(given: &Resource, kept: &Resource) -> Option<String> {
    // Both say what the others are: the one what the attributes are of, the other is in the row.
    let is_kept = |name: &str| name == "schemas" || name == "meta";
    let mut attributes = given.attributes().iter().filter(|(name, _)| !is_kept(name));
    attributes.find_map(|(name, value)| part(name, value, kept.attributes().get(name)))
}

fn part(path: &str, given: &Value, kept: Option<&Value>) -> Option<String> {
    if is_unassigned(given) || kept == Some(given) {
        return None;
    }
    let (Value::Object(given), Some(Value::Object(kept))) = (given, kept) else {
        return Some(path.to_owned());
    };
    // Of an extension, an attribute; of an attribute, a sub-attribute.
    let separator = if path.contains(':') { ':' } else { '.' };
    given
        .iter()
        .find(|(name, value)| !is_unassigned(value) && kept.get(*name) != Some(*value))
        .map(|(name, _)| format!("{path}{separator}{name}"))
}

/// RFC 7643 §2.5: null and an array or object without anything in it are no value.
fn is_unassigned(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(values) => values.is_empty(),
        Value::Object(object) => object.values().all(is_unassigned),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn resource(value: &Value) -> Resource {
        Resource::from_canonical(value.as_object().unwrap().clone())
    }

    #[test]
    fn what_is_lost_is_named_by_its_path() {
        let given = json!({
            "schemas": ["a"], "id": "1", "emails": [{"value": "e"}], "photos": [], "title": null,
            "name": {"familyName": "J", "givenName": "B", "suffix": null},
            "urn:x:E": {"level": 7, "deep": {}},
        });
        let cases = [
            ("/title", json!(null), None),
            ("/schemas", json!(["b"]), None),
            ("/photos", json!(null), None),
            ("/id", json!(null), Some("id")),
            ("/emails/0/value", json!("f"), Some("emails")),
            ("/name/givenName", json!(null), Some("name.givenName")),
            ("/name", json!(null), Some("name")),
            ("/urn:x:E/level", json!(7.5), Some("urn:x:E:level")),
            ("/urn:x:E", json!(null), Some("urn:x:E")),
        ];
        for (pointer, value, expected) in cases {
            let mut kept = given.clone();
            *kept.pointer_mut(pointer).unwrap() = value;
            let lost = lost(&resource(&given), &resource(&kept));
            assert_eq!(lost.as_deref(), expected, "{pointer}");
        }
    }
}
