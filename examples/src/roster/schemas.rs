use std::{fs::File, io::BufReader, path::Path};

use scim_server::scim_core::{
    ListResponse, ResourceType, SchemaRegistry,
    schema::{InvalidRegistry, SchemaDefinition},
};
use serde::{Deserialize, de::DeserializeOwned};

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
    /// A resource type does not fit the schemas.
    #[error(transparent)]
    Registry(#[from] InvalidRegistry),
}

/// A JSON array, or what `GET /Schemas` of another service provider answers.
#[derive(Deserialize)]
#[serde(untagged, bound = "T: DeserializeOwned")]
enum Documents<T> {
    Array(Vec<T>),
    List(ListResponse<T>),
}

/// The standard schemas and resource types with those of files; a file's take precedence.
///
/// # Errors
/// If a file cannot be read, or a resource type names a schema that there is not.
pub fn read_registry(
    schemas: Option<&Path>,
    resource_types: Option<&Path>,
) -> Result<SchemaRegistry, ReadSchemasError> {
    let mut registry = SchemaRegistry::standard();
    for schema in read::<SchemaDefinition>(schemas)? {
        registry = registry.with_schema(schema);
    }
    for resource_type in read::<ResourceType>(resource_types)? {
        registry = registry
            .without_resource_type(&resource_type.name)
            .with_resource_type(resource_type)?;
    }
    Ok(registry)
}

fn read<T: DeserializeOwned>(path: Option<&Path>) -> Result<Vec<T>, ReadSchemasError> {
    let Some(path) = path else { return Ok(Vec::new()) };
    match serde_json::from_reader(BufReader::new(File::open(path)?))? {
        Documents::Array(documents) => Ok(documents),
        Documents::List(list) => Ok(list.resources),
    }
}
