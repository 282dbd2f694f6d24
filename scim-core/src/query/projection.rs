use serde_json::{Map, Value};

use super::{
    HiddenAttributes,
    entry::{Entry, Selected, each_object, is_empty, resolve},
};
use crate::{
    attribute::InvalidAttributePath,
    schema::{AttributeDefinition, ResourceSchema, Returned, SchemaDefinition},
};

/// Which attributes an answer shows ([RFC 7644 §3.9]).
///
/// Whatever is asked for, an attribute that is `returned: always` is shown and one that is
/// `returned: never` is not. Names that the schema lacks select nothing.
///
/// ```
/// use scim_core::{SchemaRegistry, query::Projection};
/// use serde_json::json;
///
/// let registry = SchemaRegistry::standard();
/// let users = registry.resource_type("User").ok_or("no such resource type")?;
/// let user = json!({"id": "1", "userName": "bjensen", "title": "Guide", "password": "x"});
///
/// let projection = Projection::parse(Some("TITLE, password"), None)?;
/// let mut shown = user.as_object().ok_or("no object")?.clone();
/// projection.apply(&mut shown, users);
/// assert_eq!(json!(shown), json!({"id": "1", "title": "Guide"}));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [RFC 7644 §3.9]: https://www.rfc-editor.org/rfc/rfc7644#section-3.9
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Projection {
    attributes: Vec<Entry>,
    excluded: Vec<Entry>,
    hidden: HiddenAttributes,
}

impl Projection {
    /// Shows what is shown by default.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the lists of the parameters `attributes` and `excludedAttributes`: attribute paths,
    /// or URIs of extensions to name all of their attributes, with commas between them.
    ///
    /// Where both are given, `attributes` selects and `excludedAttributes` takes away from it.
    ///
    /// # Errors
    /// If an entry is neither an attribute path nor a URI.
    pub fn parse(
        attributes: Option<&str>,
        excluded_attributes: Option<&str>,
    ) -> Result<Self, InvalidAttributePath> {
        let attributes = Entry::read_list(attributes)?;
        let excluded = Entry::read_list(excluded_attributes)?;
        Ok(Self { attributes, excluded, hidden: HiddenAttributes::none() })
    }

    /// Shows nothing of what is hidden, whatever is asked for and whatever is always returned.
    #[must_use]
    pub fn with_hidden(mut self, hidden: HiddenAttributes) -> Self {
        self.hidden = self.hidden.and(hidden);
        self
    }

    /// How many names both lists have: what it costs grows with them.
    ///
    /// ```
    /// use scim_core::query::Projection;
    ///
    /// assert_eq!(Projection::parse(Some("userName,emails"), Some("emails.display"))?.names(), 3);
    /// # Ok::<(), scim_core::InvalidAttributePath>(())
    /// ```
    pub fn names(&self) -> usize {
        self.attributes.len() + self.excluded.len()
    }

    /// Whether `attributes` names what is to be shown.
    pub fn names_attributes(&self) -> bool {
        !self.attributes.is_empty()
    }

    /// Whether it names no attribute and hides none, so that what is shown by default is shown.
    pub fn is_default(&self) -> bool {
        self.attributes.is_empty() && self.excluded.is_empty() && self.hidden.is_empty()
    }

    /// Whether it may show an attribute outside any extension, or a part of it.
    ///
    /// What it does not show need not be read.
    ///
    /// ```
    /// use scim_core::{SchemaRegistry, query::Projection};
    ///
    /// let registry = SchemaRegistry::standard();
    /// let groups = registry.resource_type("Group").ok_or("no such resource type")?;
    /// let members = groups.attribute("members").ok_or("no such attribute")?;
    /// assert!(Projection::new().may_show(members, groups));
    /// assert!(!Projection::parse(None, Some("members"))?.may_show(members, groups));
    /// assert!(!Projection::parse(Some("displayName"), None)?.may_show(members, groups));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn may_show(&self, attribute: &AttributeDefinition, schema: &ResourceSchema) -> bool {
        if self.hidden.hides(attribute, schema) {
            return false;
        }
        let wanted = resolve(&self.attributes, schema);
        let excluded = resolve(&self.excluded, schema);
        let selection = Selection { wanted, excluded, selects: self.names_attributes() };
        selection.shows(attribute, None)
    }

    /// Takes from a resource what the answer does not show.
    pub fn apply(&self, resource: &mut Map<String, Value>, schema: &ResourceSchema) {
        if !self.hidden.is_empty() {
            self.hidden.hide(resource, schema);
        }
        let selection = Selection {
            wanted: resolve(&self.attributes, schema),
            excluded: resolve(&self.excluded, schema),
            selects: self.names_attributes(),
        };
        resource.retain(|name, value| {
            if let Some(definition) = schema.attribute(name) {
                return selection.keeps(definition, None, value);
            }
            // Of anything else, nothing says that it may be shown.
            let extension = schema.extension(name);
            extension.is_some_and(|extension| selection.keeps_extension(extension, value))
        });
    }
}

struct Selection {
    wanted: Vec<Selected>,
    excluded: Vec<Selected>,
    selects: bool,
}

/// What a list says about an attribute: whether it names the whole, and which of its parts.
struct Naming<'s> {
    whole: bool,
    parts: Vec<&'s str>,
}

impl Selection {
    fn keeps_extension(&self, extension: &SchemaDefinition, value: &mut Value) -> bool {
        let Value::Object(object) = value else { return false };
        let uri = Some(extension.id.as_str());
        object.retain(|name, value| {
            extension.attribute(name).is_some_and(|definition| self.keeps(definition, uri, value))
        });
        !object.is_empty()
    }

    /// Whether the attribute or a part of it is shown.
    fn shows(&self, definition: &AttributeDefinition, extension: Option<&str>) -> bool {
        let name = definition.name.as_str();
        let wanted = naming(&self.wanted, extension, name);
        let excluded = naming(&self.excluded, extension, name);
        let is_wanted = wanted.whole || !wanted.parts.is_empty();
        match definition.returned {
            Returned::Always => true,
            Returned::Never => false,
            Returned::Request => is_wanted && !excluded.whole,
            Returned::Default => (is_wanted || !self.selects) && !excluded.whole,
        }
    }

    fn keeps(
        &self,
        definition: &AttributeDefinition,
        extension: Option<&str>,
        value: &mut Value,
    ) -> bool {
        if !self.shows(definition, extension) {
            return false;
        }
        let name = definition.name.as_str();
        let wanted = naming(&self.wanted, extension, name);
        let excluded = naming(&self.excluded, extension, name);
        each_object(value, &|object| {
            object.retain(|sub, _| match definition.sub_attribute(sub) {
                Some(sub) => keeps_part(sub, &wanted, &excluded),
                None => true,
            });
        });
        !is_empty(value)
    }
}

fn naming<'s>(list: &'s [Selected], extension: Option<&str>, name: &str) -> Naming<'s> {
    let mut naming = Naming { whole: false, parts: Vec::new() };
    for selected in list.iter().filter(|selected| selected.extension.as_deref() == extension) {
        match (&selected.attribute, &selected.sub_attribute) {
            (None, _) => naming.whole = true,
            (Some(attribute), None) if attribute == name => naming.whole = true,
            (Some(attribute), Some(sub)) if attribute == name => naming.parts.push(sub),
            _ => {}
        }
    }
    naming
}

fn keeps_part(sub: &AttributeDefinition, wanted: &Naming<'_>, excluded: &Naming<'_>) -> bool {
    let names = |naming: &Naming<'_>| naming.parts.contains(&sub.name.as_str());
    let by_default = wanted.whole || wanted.parts.is_empty();
    match sub.returned {
        Returned::Never => false,
        Returned::Always => true,
        Returned::Request => names(wanted),
        Returned::Default => (by_default || names(wanted)) && !names(excluded),
    }
}
