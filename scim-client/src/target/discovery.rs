use std::sync::Arc;

use scim_core::{
    ResourceSchema, ResourceType, SchemaRegistry, ServiceProviderConfig, schema::SchemaDefinition,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    client::Client,
    error::{Error, ErrorKind},
    protocol::Request,
    transport::Operation,
};

/// What a service provider says of itself ([RFC 7644 §4]), as far as it can be read.
///
/// [RFC 7644 §4]: https://www.rfc-editor.org/rfc/rfc7644#section-4
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Discovery {
    /// What it is able to do, if it says.
    pub config: Option<ServiceProviderConfig>,
    /// Its resource types; none if it does not say.
    pub resource_types: Vec<ResourceType>,
    /// Its schemas; none if it does not say.
    pub schemas: Vec<SchemaDefinition>,
    /// What could not be had, by endpoint.
    pub missing: Vec<(&'static str, Arc<Error>)>,
    registry: SchemaRegistry,
}

const CONFIG: &str = "/ServiceProviderConfig";
/// What it is called in SCIM 1.1, and at Salesforce.
const OLD_CONFIG: &str = "/ServiceProviderConfigs";
const RESOURCE_TYPES: &str = "/ResourceTypes";
const SCHEMAS: &str = "/Schemas";

impl Client {
    /// Asks the service provider what it is able to do, and remembers it for all requests of this
    /// client and its clones.
    ///
    /// Three requests, or four. A document that is missing or odd is told of, and otherwise passed
    /// over; so is one entry of a document.
    ///
    /// ```
    /// # use bytes::Bytes;
    /// # use http::{Request, Response};
    /// # use scim_client::{Client, transport::InProcessTransport};
    /// # let service = |request: Request<Bytes>| async move {
    /// #     let mut response = Response::new(Bytes::from_static(br#"{"patch": {"supported": true}}"#));
    /// #     if !request.uri().path().ends_with("/ServiceProviderConfig") {
    /// #         *response.status_mut() = http::StatusCode::NOT_FOUND;
    /// #     }
    /// #     response
    /// # };
    /// # let client = Client::builder("https://scim.example.com/v2")
    /// #     .transport(InProcessTransport::new(service))
    /// #     .build()?;
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let discovery = client.discover().await?;
    /// assert!(discovery.config.as_ref().is_some_and(|config| config.patch.supported));
    /// assert_eq!(discovery.missing.len(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If the service provider cannot be reached, or refuses the credentials.
    pub async fn discover(&self) -> Result<Arc<Discovery>, Error> {
        let mut missing = Vec::new();
        let config = match self.document(CONFIG).await {
            Err(error) if error.is_not_scim() => self.document(OLD_CONFIG).await.map_err(|_| error),
            outcome => outcome,
        };
        let config = kept(CONFIG, config, &mut missing)?;
        let resource_types =
            kept(RESOURCE_TYPES, self.document(RESOURCE_TYPES).await, &mut missing)?;
        let schemas = kept(SCHEMAS, self.document(SCHEMAS).await, &mut missing)?;
        let resource_types = resource_types.map(entries).unwrap_or_default();
        let schemas = schemas.map(entries).unwrap_or_default();
        let discovery = Arc::new(Discovery {
            config: config.and_then(|config| entries(config).into_iter().next()),
            registry: registry(&resource_types, &schemas),
            resource_types,
            schemas,
            missing,
        });
        self.target().remember(Arc::clone(&discovery));
        Ok(discovery)
    }

    async fn document(&self, endpoint: &str) -> Result<Value, Error> {
        self.send(Request::new(Operation::Discover, endpoint)).await?.json()
    }
}

impl Discovery {
    /// The resource types with their schemas; those that make no sense are left out.
    pub fn registry(&self) -> &SchemaRegistry {
        &self.registry
    }

    /// The resource type with that core schema.
    pub(crate) fn of_schema(&self, schema: &str) -> Option<&ResourceType> {
        self.resource_types.iter().find(|known| known.schema.as_str().eq_ignore_ascii_case(schema))
    }

    pub(crate) fn schema_at(&self, endpoint: &str) -> Option<Arc<ResourceSchema>> {
        self.registry.endpoint(endpoint).map(Arc::clone)
    }
}

fn registry(types: &[ResourceType], schemas: &[SchemaDefinition]) -> SchemaRegistry {
    let empty = SchemaRegistry::new();
    let registry = schemas.iter().cloned().fold(empty, SchemaRegistry::with_schema);
    types.iter().fold(registry, |registry, resource_type| {
        registry.clone().with_resource_type(resource_type.clone()).unwrap_or(registry)
    })
}

/// Takes note of what is missing; whoever cannot be asked at all is an error.
fn kept(
    endpoint: &'static str,
    outcome: Result<Value, Error>,
    missing: &mut Vec<(&'static str, Arc<Error>)>,
) -> Result<Option<Value>, Error> {
    match outcome {
        Ok(document) => Ok(Some(document)),
        Err(error) => match error.kind() {
            ErrorKind::Transport | ErrorKind::Unauthorized | ErrorKind::Throttled => Err(error),
            _ => {
                missing.push((endpoint, Arc::new(error)));
                Ok(None)
            }
        },
    }
}

/// The entries of a list response, of an array, or the one document that it is.
fn entries<T: DeserializeOwned>(document: Value) -> Vec<T> {
    let documents = match document {
        Value::Array(documents) => documents,
        Value::Object(mut object) => {
            let name = object.keys().find(|name| name.eq_ignore_ascii_case("resources")).cloned();
            match name.and_then(|name| object.remove(&name)) {
                Some(Value::Array(documents)) => documents,
                Some(document) => vec![document],
                None => vec![Value::Object(object)],
            }
        }
        _ => Vec::new(),
    };
    let documents = documents.into_iter();
    documents.filter_map(|document| serde_json::from_value(document).ok()).collect()
}
