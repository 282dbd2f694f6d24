use std::{fs::File, io::BufReader, path::Path};

use scim_server::scim_core::{
    ListResponse, ResourceType, SchemaRegistry,
    schema::{InvalidDefinition, InvalidRegistry, SchemaDefinition},
};
use serde::Deserialize;
use serde_json::Value;

/// Files that make no registry.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadSchemasError {
    /// A file cannot be read.
    #[error("a schema file cannot be read")]
    Io(#[from] std::io::Error),
    /// A file is not JSON of the right form.
    #[error("a schema file must hold a JSON array or a list response")]
    Json(#[from] serde_json::Error),
    /// A document defines no schema.
    #[error("document {number} of the schemas defines none")]
    Schema {
        /// Which document, counted from 1.
        number: usize,
        /// Where in it, and why not.
        source: InvalidDefinition,
    },
    /// A document defines no resource type.
    #[error("document {number} of the resource types defines none")]
    ResourceType {
        /// Which document, counted from 1.
        number: usize,
        /// Where in it, and why not.
        source: InvalidDefinition,
    },
    /// A resource type does not fit the schemas.
    #[error(transparent)]
    Registry(#[from] InvalidRegistry),
}

/// A JSON array, or what `GET /Schemas` of another service provider answers.
#[derive(Deserialize)]
#[serde(untagged)]
enum Documents {
    Array(Vec<Value>),
    List(ListResponse<Value>),
}

/// The standard schemas and resource types with those of files; a file's take precedence.
///
/// # Errors
/// If a file cannot be read, a document in it makes no sense, or a resource type names a schema
/// that there is not.
pub fn read_registry(
    schemas: Option<&Path>,
    resource_types: Option<&Path>,
) -> Result<SchemaRegistry, ReadSchemasError> {
    let mut registry = SchemaRegistry::standard();
    for (document, number) in documents(schemas)?.into_iter().zip(1..) {
        let schema = SchemaDefinition::read(document)
            .map_err(|source| ReadSchemasError::Schema { number, source })?;
        registry = registry.with_schema(schema);
    }
    // Those that are there already must follow the schemas that have come.
    let known: Vec<ResourceType> =
        registry.resource_types().map(|schema| schema.resource_type().clone()).collect();
    for resource_type in known {
        registry = with_resource_type(registry, resource_type)?;
    }
    for (document, number) in documents(resource_types)?.into_iter().zip(1..) {
        let resource_type = ResourceType::read(document)
            .map_err(|source| ReadSchemasError::ResourceType { number, source })?;
        registry = with_resource_type(registry, resource_type)?;
    }
    Ok(registry)
}

fn with_resource_type(
    registry: SchemaRegistry,
    resource_type: ResourceType,
) -> Result<SchemaRegistry, InvalidRegistry> {
    registry.without_resource_type(&resource_type.name).with_resource_type(resource_type)
}

fn documents(path: Option<&Path>) -> Result<Vec<Value>, ReadSchemasError> {
    let Some(path) = path else { return Ok(Vec::new()) };
    match serde_json::from_reader(BufReader::new(File::open(path)?))? {
        Documents::Array(documents) => Ok(documents),
        Documents::List(list) => Ok(list.resources),
    }
}
