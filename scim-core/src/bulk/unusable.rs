use super::{BulkErrorKind, BulkId, BulkMethod};
use crate::scim_type::ScimType;

/// An operation of a bulk request that cannot be done as it is written.
///
/// What can be read of it tells the client which one is meant.
///
/// ```
/// use scim_core::bulk::{BulkMethod, BulkRequest};
/// use serde_json::json;
///
/// let body = json!({"Operations": [
///     {"method": "DELETE", "path": "/Users/7"},
///     {"method": "PUT", "bulkId": "x", "path": "https://host/Users/8", "data": {}},
/// ]});
/// let (request, unusable) = BulkRequest::read_usable(body)?;
/// assert_eq!(request.operations().len(), 1);
/// let [put] = unusable.as_slice() else { return Err("one operation".into()) };
/// assert_eq!((put.index(), put.method()), (1, Some(BulkMethod::Put)));
/// assert_eq!(put.bulk_id(), Some(&"x".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UnusableOperation {
    pub(super) index: usize,
    pub(super) method: Option<BulkMethod>,
    pub(super) bulk_id: Option<BulkId>,
    pub(super) kind: BulkErrorKind,
}

impl UnusableOperation {
    /// Its place among `Operations`, counted from 0.
    pub fn index(&self) -> usize {
        self.index
    }

    /// What it was to do, if that can be read.
    pub fn method(&self) -> Option<BulkMethod> {
        self.method
    }

    /// The client's name for it, if that can be read.
    pub fn bulk_id(&self) -> Option<&BulkId> {
        self.bulk_id.as_ref()
    }

    /// What is wrong.
    pub fn kind(&self) -> &BulkErrorKind {
        &self.kind
    }

    /// The detail code ([RFC 7644 §3.12], Table 9).
    ///
    /// [RFC 7644 §3.12]: https://www.rfc-editor.org/rfc/rfc7644#section-3.12
    pub fn scim_type(&self) -> ScimType {
        self.kind.scim_type()
    }
}
