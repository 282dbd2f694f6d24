use std::sync::Arc;

use super::{InvalidDefinition, ResourceSchema, ResourceType, SchemaDefinition, standard};

/// The schemas and resource types that a service provider or a client knows.
///
/// ```
/// use scim_core::SchemaRegistry;
///
/// let registry = SchemaRegistry::standard();
/// let path = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department".parse()?;
/// let users = registry.resource_type("User").ok_or("no such resource type")?;
/// assert_eq!(users.resolve(&path)?.definition().name.as_str(), "department");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct SchemaRegistry {
    schemas: Vec<Arc<SchemaDefinition>>,
    resource_types: Vec<Arc<ResourceSchema>>,
}

/// A resource type that makes no sense, or not among what the registry has.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidRegistry {
    /// A schema that no definition was given for.
    #[error("resource type `{resource_type}` names the unknown schema `{schema}`")]
    UnknownSchema {
        /// The resource type.
        resource_type: String,
        /// The schema.
        schema: String,
    },
    /// Two resource types share a name or an endpoint.
    #[error("resource type `{resource_type}` shares its name or its endpoint with another")]
    Duplicate {
        /// The resource type.
        resource_type: String,
    },
    /// A schema of the resource type makes no sense.
    #[error("schema `{schema}` is invalid")]
    Schema {
        /// The schema.
        schema: String,
        /// Why not.
        source: InvalidDefinition,
    },
    /// The resource type itself makes no sense.
    #[error("resource type `{resource_type}` is invalid")]
    ResourceType {
        /// The resource type.
        resource_type: String,
        /// Why not.
        source: InvalidDefinition,
    },
}

impl SchemaRegistry {
    /// A registry without resource types; it knows the schemas of the discovery documents.
    pub fn new() -> Self {
        let discovery = ["ServiceProviderConfig", "ResourceType", "Schema"];
        let schemas =
            standard::schemas().filter(|schema| discovery.contains(&schema.name.as_str()));
        Self { schemas: schemas.map(Arc::new).collect(), resource_types: Vec::new() }
    }

    /// `User` with the enterprise extension, and `Group` ([RFC 7643 §4]).
    ///
    /// [RFC 7643 §4]: https://www.rfc-editor.org/rfc/rfc7643#section-4
    #[expect(
        clippy::expect_used,
        clippy::missing_panics_doc,
        reason = "the documents are part of the crate and a test reads each"
    )]
    pub fn standard() -> Self {
        let with_schemas = standard::schemas().fold(Self::new(), Self::with_schema);
        standard::resource_types()
            .try_fold(with_schemas, Self::with_resource_type)
            .expect("the standard resource types name standard schemas")
    }

    /// The registry with one more schema; a schema of the same URI gives way.
    ///
    /// A resource type that is there already keeps the schemas that it was registered with. The
    /// schema is not checked before a resource type uses it, so that a registry can hold what
    /// another service provider publishes, sense or not; [`SchemaDefinition::check`] tells.
    #[must_use]
    pub fn with_schema(mut self, schema: SchemaDefinition) -> Self {
        self.schemas.retain(|known| known.id != schema.id);
        self.schemas.push(Arc::new(schema));
        self
    }

    /// The registry with one more resource type.
    ///
    /// # Errors
    /// If a schema is not registered or makes no sense, or the name or the endpoint is taken.
    pub fn with_resource_type(
        mut self,
        resource_type: ResourceType,
    ) -> Result<Self, InvalidRegistry> {
        let taken = self.resource_types.iter().map(|known| known.resource_type()).any(|known| {
            known.name.eq_ignore_ascii_case(&resource_type.name)
                || trimmed(&known.endpoint).eq_ignore_ascii_case(trimmed(&resource_type.endpoint))
        });
        if taken {
            return Err(InvalidRegistry::Duplicate { resource_type: resource_type.name });
        }
        let schema = ResourceSchema::new(resource_type, &self.schemas)?;
        self.resource_types.push(Arc::new(schema));
        Ok(self)
    }

    /// The registry without the resource type of that name, in any case.
    #[must_use]
    pub fn without_resource_type(mut self, name: &str) -> Self {
        self.resource_types.retain(|schema| !schema.name().eq_ignore_ascii_case(name));
        self
    }

    /// The resource type of that name, in any case.
    pub fn resource_type(&self, name: &str) -> Option<&Arc<ResourceSchema>> {
        self.resource_types.iter().find(|schema| schema.name().eq_ignore_ascii_case(name))
    }

    /// The resource type at that endpoint, in any case, with or without its slash.
    pub fn endpoint(&self, endpoint: &str) -> Option<&Arc<ResourceSchema>> {
        let endpoint = trimmed(endpoint);
        self.resource_types
            .iter()
            .find(|schema| trimmed(schema.endpoint()).eq_ignore_ascii_case(endpoint))
    }

    /// The resource types, in the order they were registered.
    pub fn resource_types(&self) -> impl Iterator<Item = &Arc<ResourceSchema>> {
        self.resource_types.iter()
    }

    /// The schema of that URI, in any case.
    pub fn schema(&self, uri: &str) -> Option<&SchemaDefinition> {
        self.schemas().find(|schema| schema.id == uri)
    }

    /// The schemas, in the order they were registered.
    pub fn schemas(&self) -> impl Iterator<Item = &SchemaDefinition> {
        self.schemas.iter().map(AsRef::as_ref)
    }
}

fn trimmed(endpoint: &str) -> &str {
    endpoint.trim_matches('/')
}

impl Default for SchemaRegistry {
    fn default() -> Self {
        Self::standard()
    }
}
