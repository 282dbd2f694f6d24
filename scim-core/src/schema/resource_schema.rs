use std::{collections::BTreeSet, sync::Arc};

use memchr::memmem::Finder;

use super::{
    AttributeDefinition, InvalidRegistry, ResourceType, Returned, SchemaDefinition, standard,
};
use crate::{
    attribute::{AttributeName, AttributePath},
    schema_uri::{self, SchemaUri},
};

/// A resource type with the definitions of its schemas at hand.
#[derive(Clone, Debug)]
pub struct ResourceSchema {
    resource_type: ResourceType,
    common: Vec<AttributeDefinition>,
    core: Arc<SchemaDefinition>,
    extensions: Vec<Extension>,
    /// Where among the attributes of the core schema the membership stands.
    membership: Option<usize>,
    /// Names that no answer shows by itself, in the quotes of JSON.
    unshown: Vec<Finder<'static>>,
}

#[derive(Clone, Debug)]
struct Extension {
    schema: Arc<SchemaDefinition>,
    required: bool,
}

/// What a path leads to.
#[derive(Clone, Copy, Debug)]
pub struct ResolvedAttribute<'s> {
    extension: Option<&'s SchemaUri>,
    attribute: &'s AttributeDefinition,
    sub_attribute: Option<&'s AttributeDefinition>,
}

/// A path that leads to no attribute of the resource type.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{path}` is not an attribute of resource type `{resource_type}`")]
#[non_exhaustive]
pub struct UnknownAttribute {
    /// The path.
    pub path: String,
    /// The resource type.
    pub resource_type: String,
}

impl ResourceSchema {
    pub(super) fn new(
        mut resource_type: ResourceType,
        schemas: &[Arc<SchemaDefinition>],
    ) -> Result<Self, InvalidRegistry> {
        resource_type.check().map_err(|source| InvalidRegistry::ResourceType {
            resource_type: resource_type.name.clone(),
            source,
        })?;
        let find = |uri: &SchemaUri| {
            let unknown = || InvalidRegistry::UnknownSchema {
                resource_type: resource_type.name.clone(),
                schema: uri.to_string(),
            };
            let found = schemas.iter().find(|schema| schema.id == *uri).ok_or_else(unknown)?;
            found
                .check()
                .map_err(|source| InvalidRegistry::Schema { schema: uri.to_string(), source })?;
            Ok(Arc::clone(found))
        };
        let core = find(&resource_type.schema)?;
        let mut extensions = Vec::new();
        for extension in &resource_type.schema_extensions {
            let schema = find(&extension.schema)?;
            extensions.push(Extension { schema, required: extension.required });
        }
        if !resource_type.endpoint.starts_with('/') {
            resource_type.endpoint.insert(0, '/');
        }
        let common = standard::common_attributes();
        let membership = core.attributes.iter().position(AttributeDefinition::is_membership);
        let mut schema =
            Self { resource_type, common, core, extensions, membership, unshown: Vec::new() };
        let mut names = BTreeSet::new();
        let extended = schema.extensions().flat_map(|extension| &extension.attributes);
        schema.attributes().chain(extended).for_each(|each| note_unshown(each, &mut names));
        let finder = |name: String| Finder::new(&format!("\"{name}\"")).into_owned();
        schema.unshown = names.into_iter().map(finder).collect();
        Ok(schema)
    }

    /// The resource type.
    pub fn resource_type(&self) -> &ResourceType {
        &self.resource_type
    }

    /// The name of the resource type.
    pub fn name(&self) -> &str {
        &self.resource_type.name
    }

    /// The endpoint of the resource type, with a slash in front.
    pub fn endpoint(&self) -> &str {
        &self.resource_type.endpoint
    }

    /// The URI of the core schema.
    pub fn core_uri(&self) -> &SchemaUri {
        &self.core.id
    }

    /// The attributes outside any extension: the common ones and those of the core schema.
    pub fn attributes(&self) -> impl Iterator<Item = &AttributeDefinition> {
        let is_common = |name: &AttributeName| self.common.iter().any(|a| a.name == *name);
        let core = self.core.attributes.iter().filter(move |core| !is_common(&core.name));
        self.common.iter().chain(core)
    }

    /// The attribute of that name outside any extension, in any case.
    pub fn attribute(&self, name: &str) -> Option<&AttributeDefinition> {
        // RFC 7643 §3.1: the common attributes take precedence over a schema that lists them.
        let common = self.common.iter().find(|attribute| attribute.name == name);
        common.or_else(|| self.core.attribute(name))
    }

    /// The attribute outside any extension that says which resources belong to this one, such as
    /// the `members` of a group.
    pub fn membership(&self) -> Option<&AttributeDefinition> {
        self.membership.and_then(|place| self.core.attributes.get(place))
    }

    /// Whether an answer that is asked for nothing in particular shows all that a resource says,
    /// given as canonical JSON: it names nothing that is `returned: never` or `returned: request`.
    ///
    /// ```
    /// use scim_core::SchemaRegistry;
    ///
    /// let registry = SchemaRegistry::standard();
    /// let users = registry.resource_type("User").ok_or("no such resource type")?;
    /// assert!(users.shows_all_of(r#"{"userName":"bjensen"}"#));
    /// assert!(!users.shows_all_of(r#"{"password":"t1meMa$heen","userName":"bjensen"}"#));
    /// # Ok::<(), &str>(())
    /// ```
    pub fn shows_all_of(&self, json: &str) -> bool {
        self.unshown.iter().all(|name| name.find(json.as_bytes()).is_none())
    }

    /// The extensions.
    pub fn extensions(&self) -> impl Iterator<Item = &SchemaDefinition> {
        self.extensions.iter().map(|extension| extension.schema.as_ref())
    }

    /// The extensions that every resource has.
    pub fn required_extensions(&self) -> impl Iterator<Item = &SchemaDefinition> {
        self.extensions.iter().filter(|e| e.required).map(|e| e.schema.as_ref())
    }

    /// The extension of that URI, in any case and under any name it once had.
    pub fn extension(&self, uri: &str) -> Option<&SchemaDefinition> {
        let uri = schema_uri::modern(uri);
        self.extensions().find(|schema| schema.id == uri)
    }

    /// Finds what a path leads to.
    ///
    /// A registered URI is looked for first, the longest one wins, and a dot may stand behind it
    /// where the colon belongs. A bare name that the core schema lacks is looked for in the
    /// extensions.
    ///
    /// # Errors
    /// If there is no such attribute or sub-attribute.
    pub fn resolve(&self, path: &AttributePath) -> Result<ResolvedAttribute<'_>, UnknownAttribute> {
        let found = match path.schema() {
            Some(_) => self.resolve_qualified(path.as_str()),
            None => self.resolve_bare(path.name(), path.sub_attribute()),
        };
        found.ok_or_else(|| UnknownAttribute {
            path: path.to_string(),
            resource_type: self.name().to_owned(),
        })
    }

    fn resolve_bare(&self, name: &str, sub: Option<&str>) -> Option<ResolvedAttribute<'_>> {
        if let Some(attribute) = self.attribute(name) {
            return ResolvedAttribute::below(None, attribute, sub);
        }
        self.extensions().find_map(|schema| {
            let attribute = schema.attribute(name)?;
            ResolvedAttribute::below(Some(&schema.id), attribute, sub)
        })
    }

    fn resolve_qualified(&self, text: &str) -> Option<ResolvedAttribute<'_>> {
        let mut best: Option<(&SchemaDefinition, &str)> = None;
        let core = std::iter::once(self.core.as_ref());
        for schema in core.chain(self.extensions()) {
            let Some(rest) = tail_behind(text, schema.id.as_str()) else { continue };
            if best.is_none_or(|(_, other)| rest.len() < other.len()) {
                best = Some((schema, rest));
            }
        }
        let (schema, rest) = best.or_else(|| self.behind_legacy_uri(text))?;
        let (name, sub) = match rest.split_once('.') {
            Some((name, sub)) => (name, Some(sub)),
            None => (rest, None),
        };
        if schema.id == self.core.id {
            return ResolvedAttribute::below(None, self.attribute(name)?, sub);
        }
        ResolvedAttribute::below(Some(&schema.id), schema.attribute(name)?, sub)
    }

    /// Splits text that begins with the name that a draft or SCIM 1.1 had for one of the schemas.
    fn behind_legacy_uri<'t>(&self, text: &'t str) -> Option<(&SchemaDefinition, &'t str)> {
        let (uri, rest) = text.rsplit_once(':')?;
        let modern = schema_uri::modern(uri);
        if self.core.id == modern {
            return Some((&self.core, rest));
        }
        self.extension(modern).map(|schema| (schema, rest))
    }
}

/// Notes the names of what no answer shows by itself.
fn note_unshown(attribute: &AttributeDefinition, names: &mut BTreeSet<String>) {
    if matches!(attribute.returned, Returned::Never | Returned::Request) {
        names.insert(attribute.name.to_string());
    }
    attribute.sub_attributes.iter().for_each(|sub| note_unshown(sub, names));
}

/// What stands behind a URI and its separator.
fn tail_behind<'t>(text: &'t str, uri: &str) -> Option<&'t str> {
    let (head, rest) = text.split_at_checked(uri.len())?;
    let rest = rest.strip_prefix([':', '.'])?;
    head.eq_ignore_ascii_case(uri).then_some(rest)
}

impl<'s> ResolvedAttribute<'s> {
    fn below(
        extension: Option<&'s SchemaUri>,
        attribute: &'s AttributeDefinition,
        sub: Option<&str>,
    ) -> Option<Self> {
        let sub_attribute = match sub {
            Some(name) => Some(attribute.sub_attribute(name)?),
            None => None,
        };
        Some(Self { extension, attribute, sub_attribute })
    }

    /// The extension that the attribute belongs to; `None` for the core schema.
    pub fn extension(&self) -> Option<&'s SchemaUri> {
        self.extension
    }

    /// The attribute, whether or not the path goes on to a sub-attribute.
    pub fn attribute(&self) -> &'s AttributeDefinition {
        self.attribute
    }

    /// The sub-attribute, if the path has one.
    pub fn sub_attribute(&self) -> Option<&'s AttributeDefinition> {
        self.sub_attribute
    }

    /// The definition at the end of the path.
    pub fn definition(&self) -> &'s AttributeDefinition {
        self.sub_attribute.unwrap_or(self.attribute)
    }
}
