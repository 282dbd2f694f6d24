use super::{InvalidBulkId, InvalidBulkPath, UnknownBulkMethod};
use crate::scim_type::ScimType;

/// A message that is not a bulk request; nothing of it is to be done.
///
/// ```
/// use scim_core::bulk::{BulkErrorKind, BulkRequest};
/// use serde_json::json;
///
/// let body = json!({"Operations": [{"method": "POST", "path": "/Users", "bulkId": "a"}]});
/// let error = BulkRequest::read(body).unwrap_err();
/// assert_eq!(error.operation(), Some(0));
/// assert_eq!(error.to_string(), "operation 0: `data` is missing");
/// ```
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{}{kind}", place(*.operation))]
pub struct BulkError {
    operation: Option<usize>,
    kind: BulkErrorKind,
}

/// What is wrong with a bulk request.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BulkErrorKind {
    /// The message has not the form of a bulk request; the text says what it lacks.
    #[error("{0}")]
    Message(&'static str),
    /// An operation lacks a member that its method needs.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// The method is none of the four.
    #[error("`method` {0}")]
    Method(UnknownBulkMethod),
    /// The path is none below the base URL.
    #[error("`path` {0}")]
    Path(InvalidBulkPath),
    /// The path leads to an endpoint where the method needs a resource.
    #[error("`path` must lead to a resource")]
    NoResource,
    /// The `bulkId` is malformed.
    #[error("`bulkId`: {0}")]
    BulkId(InvalidBulkId),
    /// Another operation has the same `bulkId`.
    #[error("`bulkId` is that of an earlier operation")]
    Duplicate,
    /// The data are not an object.
    #[error("`data` must be an object")]
    Data,
}

impl BulkError {
    pub(super) fn new(kind: BulkErrorKind) -> Self {
        Self { operation: None, kind }
    }

    pub(super) fn in_operation(operation: usize, kind: BulkErrorKind) -> Self {
        Self { operation: Some(operation), kind }
    }

    /// The place of the operation among `Operations`, counted from 0.
    pub fn operation(&self) -> Option<usize> {
        self.operation
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

impl BulkErrorKind {
    pub(super) fn scim_type(&self) -> ScimType {
        match self {
            Self::Message(_) | Self::Data => ScimType::InvalidSyntax,
            Self::Missing(_)
            | Self::Method(_)
            | Self::Path(_)
            | Self::NoResource
            | Self::BulkId(_)
            | Self::Duplicate => ScimType::InvalidValue,
        }
    }
}

fn place(operation: Option<usize>) -> String {
    operation.map_or_else(String::new, |index| format!("operation {index}: "))
}
