use std::fmt;

use serde_json::{Map, Value};

use super::Resource;
use crate::{
    layout::{JsonObject, JsonValue, ResourceRef, Table},
    member_name::MemberName,
};

/// A resource that takes little memory and is quickly matched and sorted; it cannot be changed.
///
/// All of it lies in one block of memory, small nodes and their texts, where a [`Resource`]
/// is a tree of maps and strings that lie anywhere. To look at one of many resources is to wait
/// for memory, and this form waits for less of it. Standard names take no space.
///
/// Nothing is lost: [`to_resource`](Self::to_resource) gives an equal resource.
///
/// ```
/// use scim_core::{Filter, Resource, SchemaRegistry, resource::CompactResource};
/// use serde_json::json;
///
/// let registry = SchemaRegistry::standard();
/// let users = registry.resource_type("User").ok_or("no such resource type")?;
/// let user = json!({"userName": "bjensen", "emails": [{"value": "bj@example.com"}]});
/// let user = Resource::from_canonical(user.as_object().ok_or("no object")?.clone());
///
/// let compact = CompactResource::from(&user);
/// let filter = r#"emails[value ew "@EXAMPLE.com"]"#.parse::<Filter>()?.bind(users)?;
/// assert!(filter.matches(&compact));
/// assert_eq!(compact.to_resource(), user);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct CompactResource {
    form: Form,
}

#[derive(Clone)]
enum Form {
    Compact(Table),
    /// A resource with more nodes or text than the numbers of a node can count.
    Whole(Map<String, Value>),
}

impl CompactResource {
    /// The identifier that the service provider gave it.
    pub fn id(&self) -> Option<&str> {
        self.text("id")
    }

    /// The value of an attribute outside any extension, if it is text.
    pub fn text(&self, attribute: &str) -> Option<&str> {
        let attribute = MemberName::from(attribute);
        match &self.form {
            Form::Compact(table) => table.root().member(&attribute)?.as_text(),
            Form::Whole(attributes) => attributes.get(&*attribute)?.as_str(),
        }
    }

    /// The resource in the form that can be changed.
    pub fn to_resource(&self) -> Resource {
        Resource::from_canonical(match &self.form {
            Form::Compact(table) => table.to_attributes(),
            Form::Whole(attributes) => attributes.clone(),
        })
    }
}

impl From<&Map<String, Value>> for CompactResource {
    /// Takes an object that is in its schema's spelling already.
    fn from(attributes: &Map<String, Value>) -> Self {
        let compact = Table::of(attributes).map(Form::Compact);
        Self { form: compact.unwrap_or_else(|| Form::Whole(attributes.clone())) }
    }
}

impl From<&Resource> for CompactResource {
    fn from(resource: &Resource) -> Self {
        Self::from(resource.attributes())
    }
}

impl<'r> From<&'r CompactResource> for ResourceRef<'r> {
    fn from(resource: &'r CompactResource) -> Self {
        match &resource.form {
            Form::Compact(table) => table.into(),
            Form::Whole(attributes) => attributes.into(),
        }
    }
}

impl<'r> From<&'r Resource> for ResourceRef<'r> {
    fn from(resource: &'r Resource) -> Self {
        resource.attributes().into()
    }
}

impl fmt::Debug for CompactResource {
    /// Tells sizes, and keeps what the resource says to itself.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("CompactResource");
        match &self.form {
            Form::Compact(table) => debug.field("bytes", &table.size()),
            Form::Whole(attributes) => debug.field("attributes", &attributes.len()),
        };
        debug.finish()
    }
}
