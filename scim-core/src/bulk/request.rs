use std::collections::HashSet;

use serde::{Deserialize, Serialize, Serializer, ser::SerializeMap};
use serde_json::Value;

use super::{BulkError, BulkErrorKind, BulkOperation, UnusableOperation};
use crate::{
    members::{self, Members},
    schema_uri::SchemaUri,
};

/// A request for several operations ([RFC 7644 §3.7]).
///
/// Reading takes members and methods in any case, `failOnErrors` as text, and any `schemas`.
///
/// ```
/// use scim_core::bulk::{BulkOperation, BulkRequest};
///
/// let request = BulkRequest::new()
///     .with_fail_on_errors(1)
///     .with_operation(BulkOperation::delete("/Users/2819c223".parse()?));
/// let json = serde_json::to_value(&request)?;
/// assert_eq!(json["failOnErrors"], 1);
/// assert_eq!(json["Operations"][0]["path"], "/Users/2819c223");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [RFC 7644 §3.7]: https://www.rfc-editor.org/rfc/rfc7644#section-3.7
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(try_from = "Value")]
pub struct BulkRequest {
    fail_on_errors: Option<u64>,
    operations: Vec<BulkOperation>,
}

impl BulkRequest {
    /// A request without operations yet; one without any is refused when read.
    pub fn new() -> Self {
        Self::default()
    }

    /// The request with the number of errors after which nothing more is done.
    #[must_use]
    pub fn with_fail_on_errors(mut self, errors: u64) -> Self {
        self.fail_on_errors = Some(errors);
        self
    }

    /// The request with one more operation.
    #[must_use]
    pub fn with_operation(mut self, operation: BulkOperation) -> Self {
        self.operations.push(operation);
        self
    }

    /// Reads a request as a client sent it, a POST without `bulkId` included.
    ///
    /// # Errors
    /// If it is not a bulk request or has no operation; if an operation has no known `method`, no
    /// `path` below the base URL, or lacks the `data` that its method needs; if two operations
    /// have the same `bulkId`.
    pub fn read(body: Value) -> Result<Self, BulkError> {
        let (request, unusable) = Self::read_usable(body)?;
        match unusable.into_iter().next() {
            Some(first) => Err(BulkError::in_operation(first.index, first.kind)),
            None => Ok(request),
        }
    }

    /// Reads a request and sets the operations aside that cannot be done as they are written.
    ///
    /// Those that can be done have places of their own in [`operations`](Self::operations), and
    /// keep their order.
    ///
    /// # Errors
    /// If it is not a bulk request or has no operation; if two operations have the same `bulkId`,
    /// so that nobody can say which of them is referred to.
    pub fn read_usable(body: Value) -> Result<(Self, Vec<UnusableOperation>), BulkError> {
        let message = |text| BulkError::new(BulkErrorKind::Message(text));
        let mut body = Members::of(body).ok_or_else(|| message("not a JSON object"))?;
        let fail_on_errors = body.take("failOnErrors").map(|errors| {
            members::integer(&errors).ok_or_else(|| message("`failOnErrors` must be an integer"))
        });
        // Less than one error says as little as no number.
        let fail_on_errors = fail_on_errors.transpose()?.and_then(|errors| errors.try_into().ok());
        let Some(Value::Array(given)) = body.take("Operations") else {
            return Err(message("`Operations` must be an array"));
        };
        if given.is_empty() {
            return Err(message("`Operations` must not be empty"));
        }
        let (mut operations, mut unusable) = (Vec::with_capacity(given.len()), Vec::new());
        let mut seen = HashSet::new();
        for (index, operation) in given.into_iter().enumerate() {
            let read = BulkOperation::read(index, operation);
            let bulk_id = read.as_ref().map_or_else(|read| read.bulk_id(), |read| read.bulk_id());
            if bulk_id.is_some_and(|bulk_id| !seen.insert(bulk_id.clone())) {
                return Err(BulkError::in_operation(index, BulkErrorKind::Duplicate));
            }
            match read {
                Ok(operation) => operations.push(operation),
                Err(operation) => unusable.push(operation),
            }
        }
        let fail_on_errors = fail_on_errors.filter(|errors| *errors > 0);
        Ok((Self { fail_on_errors, operations }, unusable))
    }

    /// The operations, to be changed in their places.
    pub fn operations_mut(&mut self) -> &mut [BulkOperation] {
        &mut self.operations
    }

    /// The number of errors after which nothing more is done; without one, all is tried.
    pub fn fail_on_errors(&self) -> Option<u64> {
        self.fail_on_errors
    }

    /// The operations, in the order of the request.
    pub fn operations(&self) -> &[BulkOperation] {
        &self.operations
    }

    /// The same operations, without a copy.
    pub fn into_operations(self) -> Vec<BulkOperation> {
        self.operations
    }
}

impl TryFrom<Value> for BulkRequest {
    type Error = BulkError;

    fn try_from(body: Value) -> Result<Self, Self::Error> {
        Self::read(body)
    }
}

impl Serialize for BulkRequest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("schemas", &[SchemaUri::BULK_REQUEST])?;
        if let Some(errors) = self.fail_on_errors {
            map.serialize_entry("failOnErrors", &errors)?;
        }
        map.serialize_entry("Operations", &self.operations)?;
        map.end()
    }
}
