use scim_core::service_provider_config::{
    AuthenticationScheme, BulkSupport, FilterSupport, Pagination, Supported,
};
use scim_core::{ResourceSchema, ServiceProviderConfig, schema::SchemaDefinition};
use serde_json::{Value, json};

use super::Operations;
use crate::error::Error;

impl Operations {
    /// What is really switched on (RFC 7643 §5).
    pub(crate) fn service_provider_config(&self, base: &str) -> Result<Value, Error> {
        let limits = &self.limits;
        let mut config = ServiceProviderConfig::new();
        config.patch = Supported::new(true);
        let number = |size: usize| u64::try_from(size).unwrap_or(u64::MAX);
        if limits.bulk_operations > 0 {
            let (operations, bytes) = (number(limits.bulk_operations), number(limits.bulk_body));
            config.bulk = BulkSupport::new(operations, bytes);
        }
        config.filter = FilterSupport::new(limits.largest_page);
        config.sort = Supported::new(true);
        config.etag = Supported::new(true);
        config.authentication_schemes = vec![AuthenticationScheme::bearer_token()];
        let by_index = Pagination::by_index(limits.default_page, limits.largest_page);
        config.pagination = Some(by_index.and_by_cursor(limits.cursor_lifetime.as_secs()));
        document(&config, "ServiceProviderConfig", &format!("{base}/ServiceProviderConfig"))
    }

    /// The resource types (RFC 7643 §6).
    pub(crate) fn resource_types(&self, base: &str) -> Result<Vec<Value>, Error> {
        self.registry.resource_types().map(|schema| resource_type(schema, base)).collect()
    }

    /// One resource type.
    pub(crate) fn resource_type(&self, name: &str, base: &str) -> Result<Value, Error> {
        resource_type(self.registry.resource_type(name).ok_or(Error::NotFound)?, base)
    }

    /// The schemas (RFC 7643 §7).
    pub(crate) fn schemas(&self, base: &str) -> Result<Vec<Value>, Error> {
        self.registry.schemas().map(|definition| schema(definition, base)).collect()
    }

    /// One schema.
    pub(crate) fn schema(&self, uri: &str, base: &str) -> Result<Value, Error> {
        schema(self.registry.schema(uri).ok_or(Error::NotFound)?, base)
    }
}

fn resource_type(schema: &ResourceSchema, base: &str) -> Result<Value, Error> {
    let location = format!("{base}/ResourceTypes/{}", schema.name());
    document(schema.resource_type(), "ResourceType", &location)
}

fn schema(definition: &SchemaDefinition, base: &str) -> Result<Value, Error> {
    document(definition, "Schema", &format!("{base}/Schemas/{}", definition.id))
}

fn document(content: &impl serde::Serialize, name: &str, location: &str) -> Result<Value, Error> {
    let mut document = serde_json::to_value(content).map_err(crate::store::StoreError::internal)?;
    if let Value::Object(members) = &mut document {
        members.insert("meta".to_owned(), json!({"resourceType": name, "location": location}));
    }
    Ok(document)
}
