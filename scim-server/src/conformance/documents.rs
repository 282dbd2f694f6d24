//! The resources that the kit has a store keep.

use std::sync::{Arc, LazyLock};

use scim_core::{
    DateTime, PatchOp, Resource, ResourceId, ResourceSchema, SchemaRegistry, SchemaUri, Tolerances,
    fold, patch::MembershipDelta,
};
use serde_json::{Map, Value, json};

use super::fault::Fault;
use crate::store::{Membership, NewResource, ResourceKey, StoredResource, UniqueKey, Update};

pub(super) const USER: &str = "User";
pub(super) const GROUP: &str = "Group";
pub(super) const ENTERPRISE: &str = SchemaUri::ENTERPRISE_USER;
/// An extension that no schema is registered for.
pub(super) const UNKNOWN_EXTENSION: &str = "urn:example:conformance:Badge";
/// When documents were made.
pub(super) const MADE: &str = "2020-01-01T00:00:00Z";

/// A document of these attributes and those that every resource has.
pub(super) fn document(resource_type: &str, id: &str, attributes: Value) -> Resource {
    let mut all = Map::new();
    let core = if resource_type == GROUP { SchemaUri::GROUP } else { SchemaUri::USER };
    all.insert("id".to_owned(), id.into());
    let meta = json!({"resourceType": resource_type, "created": MADE, "lastModified": MADE});
    all.insert("meta".to_owned(), meta);
    if let Value::Object(attributes) = attributes {
        all.extend(attributes);
    }
    let extensions = all.keys().filter(|name| name.starts_with("urn:")).map(String::as_str);
    let schemas: Vec<_> = std::iter::once(core).chain(extensions).collect();
    all.insert("schemas".to_owned(), json!(schemas));
    Resource::from_canonical(all)
}

pub(super) fn user(id: &str, user_name: &str) -> Resource {
    document(USER, id, json!({ "userName": user_name }))
}

/// A group with members that are known by their `value` alone.
pub(super) fn group(id: &str, members: &[&str]) -> Resource {
    let members: Vec<_> = members.iter().map(|value| json!({ "value": value })).collect();
    group_of(id, &members)
}

pub(super) fn group_of(id: &str, members: &[Value]) -> Resource {
    let mut group = document(GROUP, id, json!({ "displayName": format!("Group {id}") }));
    if !members.is_empty() {
        group.attributes_mut().insert("members".to_owned(), members.into());
    }
    group
}

pub(super) fn key(resource_type: &str, id: &str) -> Result<ResourceKey, Fault> {
    let id = id.parse::<ResourceId>().map_err(|error| Fault::new(error.to_string()))?;
    Ok(ResourceKey::new(resource_type, id))
}

pub(super) fn key_of(resource: &Resource) -> Result<ResourceKey, Fault> {
    key(type_of(resource), resource.id().unwrap_or_default())
}

fn type_of(resource: &Resource) -> &str {
    let meta = resource.attributes().get("meta");
    meta.and_then(|meta| meta.get("resourceType")?.as_str()).unwrap_or(USER)
}

pub(super) fn user_name_key(user_name: &str) -> UniqueKey {
    UniqueKey::new("userName", fold(user_name))
}

/// What no other resource may have, as the service would say.
fn unique_of(resource: &Resource) -> Vec<UniqueKey> {
    resource.text("userName").map(user_name_key).into_iter().collect()
}

/// The attribute that says which resources belong to one, as the service would say.
pub(super) fn membership_of(resource_type: &str) -> Option<String> {
    (resource_type == GROUP).then(|| "members".to_owned())
}

pub(super) fn new(resource: &Resource) -> Result<NewResource, Fault> {
    let membership = membership_of(type_of(resource));
    Ok(NewResource::new(key_of(resource)?, resource.clone())
        .with_unique(unique_of(resource))
        .with_membership(membership))
}

pub(super) fn update(resource: &Resource) -> Result<Update, Fault> {
    let membership = Membership::Given(membership_of(type_of(resource)));
    Ok(Update::new(key_of(resource)?, resource.clone())
        .with_unique(unique_of(resource))
        .with_membership(membership))
}

/// The document of what a store gave.
pub(super) fn document_of(stored: &StoredResource) -> Result<Resource, Fault> {
    let resource = stored.resource().map_err(|error| Fault::new(format!("a document: {error}")))?;
    Ok(resource.into_owned())
}

/// The elements of a multi-valued attribute, in an order of their own.
pub(super) fn elements(resource: &Resource, attribute: &str) -> Vec<Value> {
    let elements = resource.attributes().get(attribute).and_then(Value::as_array);
    let mut elements = elements.cloned().unwrap_or_default();
    elements.sort_by_key(ToString::to_string);
    elements
}

/// The `value` of each element of a multi-valued attribute, in an order of their own.
pub(super) fn values(resource: &Resource, attribute: &str) -> Vec<String> {
    let elements = elements(resource, attribute);
    let texts = elements.iter().filter_map(|element| element.get("value")?.as_str());
    let mut values: Vec<String> = texts.map(str::to_owned).collect();
    values.sort();
    values
}

/// A resource type of RFC 7643.
pub(super) fn schema(resource_type: &str) -> Result<Arc<ResourceSchema>, Fault> {
    // To read the documents of the standard takes a while.
    static STANDARD: LazyLock<SchemaRegistry> = LazyLock::new(SchemaRegistry::standard);

    let schema = STANDARD.resource_type(resource_type);
    schema.map(Arc::clone).ok_or_else(|| Fault::new("no such resource type"))
}

/// What operations of a PATCH do to the members of a group.
pub(super) fn delta(operations: &Value) -> Result<MembershipDelta, Fault> {
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations,
    });
    let fault = |error: &dyn std::error::Error| Fault::new(format!("no delta: {error}"));
    let schema = schema(GROUP)?;
    let patch = PatchOp::read(body, Tolerances::default()).map_err(|error| fault(&error))?;
    let mut plan = patch.plan(&schema, Tolerances::default()).map_err(|error| fault(&error))?;
    plan.take_delta("members").ok_or_else(|| Fault::new("not a change of members alone"))
}

/// `meta.lastModified`.
pub(super) fn last_modified(resource: &Resource) -> Result<DateTime, Fault> {
    let meta = resource.attributes().get("meta");
    let text = meta.and_then(|meta| meta.get("lastModified")?.as_str());
    text.and_then(|text| text.parse().ok()).ok_or_else(|| Fault::new("no `meta.lastModified`"))
}

/// A document without what changes with members: `meta.lastModified` and `groups`.
pub(super) fn settled(mut resource: Resource) -> Resource {
    let attributes = resource.attributes_mut();
    attributes.remove("groups");
    if let Some(meta) = attributes.get_mut("meta").and_then(Value::as_object_mut) {
        meta.remove("lastModified");
    }
    resource
}
