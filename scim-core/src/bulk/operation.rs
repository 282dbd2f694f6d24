use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::{Map, Value};

use super::{BulkErrorKind, BulkId, BulkMethod, BulkPath, UnusableOperation};
use crate::{members::Members, resource::ResourceVersion, schema_uri::SchemaUri};

/// One operation of a bulk request ([RFC 7644 §3.7]).
///
/// ```
/// use scim_core::bulk::BulkOperation;
///
/// let operation = BulkOperation::delete("/Users/2819c223".parse()?)
///     .with_version("W/\"3\"".parse()?);
/// let json = serde_json::to_value(&operation)?;
/// assert_eq!(json["method"], "DELETE");
/// assert_eq!(json["version"], "W/\"3\"");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [RFC 7644 §3.7]: https://www.rfc-editor.org/rfc/rfc7644#section-3.7
#[derive(Clone, Debug, PartialEq)]
pub struct BulkOperation {
    pub(super) method: BulkMethod,
    pub(super) bulk_id: Option<BulkId>,
    pub(super) version: Option<ResourceVersion>,
    pub(super) path: BulkPath,
    pub(super) data: Option<Map<String, Value>>,
}

impl BulkOperation {
    /// Creates a resource below an endpoint such as `/Users`.
    pub fn post(endpoint: BulkPath, bulk_id: BulkId, data: Map<String, Value>) -> Self {
        let bulk_id = Some(bulk_id);
        Self { bulk_id, data: Some(data), ..Self::new(BulkMethod::Post, endpoint) }
    }

    /// Replaces a resource.
    pub fn put(path: BulkPath, data: Map<String, Value>) -> Self {
        Self { data: Some(data), ..Self::new(BulkMethod::Put, path) }
    }

    /// Changes parts of a resource; `data` is the body of a PATCH.
    pub fn patch(path: BulkPath, data: Map<String, Value>) -> Self {
        Self { data: Some(data), ..Self::new(BulkMethod::Patch, path) }
    }

    /// Deletes a resource.
    pub fn delete(path: BulkPath) -> Self {
        Self::new(BulkMethod::Delete, path)
    }

    /// The operation with the version that the resource must have.
    #[must_use]
    pub fn with_version(mut self, version: ResourceVersion) -> Self {
        self.version = Some(version);
        self
    }

    /// The operation with a name by which its answer is found again.
    #[must_use]
    pub fn with_bulk_id(mut self, bulk_id: BulkId) -> Self {
        self.bulk_id = Some(bulk_id);
        self
    }

    /// What it does.
    pub fn method(&self) -> BulkMethod {
        self.method
    }

    /// The client's name for it, and for the resource if it creates one.
    pub fn bulk_id(&self) -> Option<&BulkId> {
        self.bulk_id.as_ref()
    }

    /// The version that the resource must have.
    pub fn version(&self) -> Option<&ResourceVersion> {
        self.version.as_ref()
    }

    /// Where it goes: an endpoint for POST, a resource for the other methods.
    pub fn path(&self) -> &BulkPath {
        &self.path
    }

    /// The body that the request would have if it came alone; DELETE has none.
    pub fn data(&self) -> Option<&Map<String, Value>> {
        self.data.as_ref()
    }

    /// Takes the body out, and leaves the operation without one.
    pub fn take_data(&mut self) -> Option<Map<String, Value>> {
        self.data.take()
    }

    /// The same body, without a copy.
    pub fn into_data(self) -> Option<Map<String, Value>> {
        self.data
    }

    pub(super) fn new(method: BulkMethod, path: BulkPath) -> Self {
        Self { method, bulk_id: None, version: None, path, data: None }
    }

    /// Reads the operation at a place of the request.
    pub(super) fn read(index: usize, operation: Value) -> Result<Self, UnusableOperation> {
        let unusable = |method, bulk_id, kind| UnusableOperation { index, method, bulk_id, kind };
        let Some(mut members) = Members::of(operation) else {
            let kind = BulkErrorKind::Message("each of `Operations` must be an object");
            return Err(unusable(None, None, kind));
        };
        let method = required(&mut members, "method")
            .and_then(|word| word.trim().parse().map_err(BulkErrorKind::Method));
        let bulk_id = members.text("bulkId").map(|text| text.parse::<BulkId>());
        let bulk_id = bulk_id.transpose().map_err(BulkErrorKind::BulkId);
        let known = (method.clone().ok(), bulk_id.clone().ok().flatten());
        let read = method
            .and_then(|method| Self::read_members(method, members))
            .and_then(|operation| Ok(Self { bulk_id: bulk_id?, ..operation }));
        read.map_err(|kind| unusable(known.0, known.1, kind))
    }

    /// What it does besides, in a POST also without the `bulkId` that RFC 7644 §3.7 asks for:
    /// nothing can refer to it then, and it can be done all the same.
    fn read_members(method: BulkMethod, mut members: Members) -> Result<Self, BulkErrorKind> {
        let path: BulkPath =
            required(&mut members, "path")?.parse().map_err(BulkErrorKind::Path)?;
        if method != BulkMethod::Post && path.resource().is_none() {
            return Err(BulkErrorKind::NoResource);
        }
        let version = members.nonempty("version").map(ResourceVersion::from);
        let data = match method {
            BulkMethod::Delete => None,
            _ => Some(data(method, members.take("data"))?),
        };
        Ok(Self { version, data, ..Self::new(method, path) })
    }
}

fn required(members: &mut Members, name: &'static str) -> Result<String, BulkErrorKind> {
    members.text(name).ok_or(BulkErrorKind::Missing(name))
}

fn data(method: BulkMethod, data: Option<Value>) -> Result<Map<String, Value>, BulkErrorKind> {
    match data.ok_or(BulkErrorKind::Missing("data"))? {
        Value::Object(data) => Ok(data),
        // RFC 7644 §3.7.3 shows the operations alone; errata 5050 makes the message of them.
        Value::Array(operations) if method == BulkMethod::Patch => Ok(patch_data(operations)),
        _ => Err(BulkErrorKind::Data),
    }
}

/// The body of a PATCH with those operations.
pub(super) fn patch_data(operations: Vec<Value>) -> Map<String, Value> {
    Map::from_iter([
        ("schemas".to_owned(), Value::from(vec![SchemaUri::PATCH_OP])),
        ("Operations".to_owned(), Value::Array(operations)),
    ])
}

impl Serialize for BulkOperation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("method", &self.method)?;
        if let Some(bulk_id) = &self.bulk_id {
            map.serialize_entry("bulkId", bulk_id)?;
        }
        if let Some(version) = &self.version {
            map.serialize_entry("version", version)?;
        }
        map.serialize_entry("path", &self.path)?;
        if let Some(data) = &self.data {
            map.serialize_entry("data", data)?;
        }
        map.end()
    }
}
