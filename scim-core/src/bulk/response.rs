use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeMap};
use serde_json::{Value, json};

use super::{BulkId, BulkMethod, BulkOperation, UnusableOperation};
use crate::{
    members::{self, Members},
    resource::ResourceVersion,
    schema_uri::SchemaUri,
};

/// The answer to a bulk request ([RFC 7644 §3.7.3]).
///
/// Reading takes members in any case, a `status` that is text, a number or the object of SCIM 1.1
/// and of the examples in the RFC, and passes over what it cannot read.
///
/// ```
/// use scim_core::bulk::{BulkMethod, BulkOperationResponse, BulkResponse};
///
/// let response = BulkResponse::new()
///     .with_operation(BulkOperationResponse::new(BulkMethod::Delete, 204));
/// let json = serde_json::to_value(&response)?;
/// assert_eq!(json["Operations"][0]["status"], "204");
///
/// let old = r#"{"Operations": [{"method": "post", "status": {"code": "201"}}]}"#;
/// let old: BulkResponse = serde_json::from_str(old)?;
/// assert_eq!(old.operations()[0].status(), Some(201));
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// [RFC 7644 §3.7.3]: https://www.rfc-editor.org/rfc/rfc7644#section-3.7.3
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BulkResponse {
    operations: Vec<BulkOperationResponse>,
}

/// What became of one operation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BulkOperationResponse {
    location: Option<String>,
    method: Option<BulkMethod>,
    bulk_id: Option<BulkId>,
    version: Option<ResourceVersion>,
    status: Option<u16>,
    response: Option<Value>,
}

impl BulkResponse {
    /// An answer that tells of no operation yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The answer with what became of one more operation.
    #[must_use]
    pub fn with_operation(mut self, operation: BulkOperationResponse) -> Self {
        self.operations.push(operation);
        self
    }

    /// What became of the operations; a service provider may leave out those it did not come to.
    pub fn operations(&self) -> &[BulkOperationResponse] {
        &self.operations
    }

    /// The same, without a copy.
    pub fn into_operations(self) -> Vec<BulkOperationResponse> {
        self.operations
    }
}

impl BulkOperationResponse {
    /// An operation ended with that HTTP status.
    pub fn new(method: BulkMethod, status: u16) -> Self {
        Self { method: Some(method), status: Some(status), ..Self::default() }
    }

    /// The operation of a request ended with that HTTP status.
    pub fn to(operation: &BulkOperation, status: u16) -> Self {
        let bulk_id = operation.bulk_id().cloned();
        Self { bulk_id, ..Self::new(operation.method(), status) }
    }

    /// An operation that cannot be done as it is written ended with that HTTP status.
    pub fn to_unusable(operation: &UnusableOperation, status: u16) -> Self {
        let (method, bulk_id) = (operation.method(), operation.bulk_id().cloned());
        Self { method, bulk_id, status: Some(status), ..Self::default() }
    }

    /// The answer with the URL of the resource; a POST that failed has none.
    #[must_use]
    pub fn with_location(mut self, location: impl Into<String>) -> Self {
        self.location = Some(location.into());
        self
    }

    /// The answer with the version of the resource.
    #[must_use]
    pub fn with_version(mut self, version: ResourceVersion) -> Self {
        self.version = Some(version);
        self
    }

    /// The answer with a body, which one that tells of a failure must have.
    #[must_use]
    pub fn with_response(mut self, response: Value) -> Self {
        self.response = Some(response);
        self
    }

    /// The URL of the resource.
    pub fn location(&self) -> Option<&str> {
        self.location.as_deref()
    }

    /// What the operation was to do.
    pub fn method(&self) -> Option<BulkMethod> {
        self.method
    }

    /// The client's name for the operation.
    pub fn bulk_id(&self) -> Option<&BulkId> {
        self.bulk_id.as_ref()
    }

    /// The version of the resource.
    pub fn version(&self) -> Option<&ResourceVersion> {
        self.version.as_ref()
    }

    /// The HTTP status.
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    /// The body: the resource, or an error.
    pub fn response(&self) -> Option<&Value> {
        self.response.as_ref()
    }

    /// Whether the status tells of success.
    pub fn is_success(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }

    fn read(mut members: Members) -> Self {
        let (status, description) = match members.take("status") {
            Some(Value::Object(object)) => {
                let mut status = Members::from(object);
                (status.take("code"), status.nonempty("description"))
            }
            status => (status, None),
        };
        let status = status
            .and_then(|status| members::integer(&status))
            .and_then(|status| u16::try_from(status).ok());
        // SCIM 1.1 tells what went wrong beside the code.
        let described = || description.map(|text| json!({"detail": text}));
        Self {
            location: members.nonempty("location"),
            method: members.text("method").and_then(|method| method.trim().parse().ok()),
            bulk_id: members.text("bulkId").and_then(|text| text.parse().ok()),
            version: members.nonempty("version").map(ResourceVersion::from),
            status,
            response: members.take("response").or_else(described),
        }
    }
}

impl<'de> Deserialize<'de> for BulkResponse {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut members = Members::deserialize(deserializer)?;
        let operations = members.list("Operations").into_iter().filter_map(Members::of);
        Ok(Self { operations: operations.map(BulkOperationResponse::read).collect() })
    }
}

impl Serialize for BulkResponse {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("schemas", &[SchemaUri::BULK_RESPONSE])?;
        map.serialize_entry("Operations", &self.operations)?;
        map.end()
    }
}

impl Serialize for BulkOperationResponse {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(location) = &self.location {
            map.serialize_entry("location", location)?;
        }
        if let Some(method) = self.method {
            map.serialize_entry("method", &method)?;
        }
        if let Some(bulk_id) = &self.bulk_id {
            map.serialize_entry("bulkId", bulk_id)?;
        }
        if let Some(version) = &self.version {
            map.serialize_entry("version", version)?;
        }
        if let Some(status) = self.status {
            map.serialize_entry("status", &status.to_string())?;
        }
        if let Some(response) = &self.response {
            map.serialize_entry("response", response)?;
        }
        map.end()
    }
}
