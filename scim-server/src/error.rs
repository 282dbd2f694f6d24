//! What can go wrong in a request, and the only map from there to a status and an error body.

use std::time::Duration;

use http::StatusCode;
use scim_core::{
    ErrorResponse, ScimType,
    bulk::{BulkError, UnresolvedBulkId, UnusableOperation},
    filter::BindError,
    patch::PatchError,
    query::ListQueryError,
    resource::{InvalidPrecondition, InvalidResource},
};

use crate::{
    auth::{AuthenticationError, AuthorizationError},
    store::StoreError,
};

/// Why a request is not done; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("no such resource or endpoint")]
    NotFound,
    #[error("the method is not allowed here")]
    MethodNotAllowed { allow: &'static str },
    #[error("this part of the protocol is not offered")]
    NotImplemented,
    #[error("the body is larger than {limit} bytes")]
    BodyTooLarge { limit: usize },
    #[error("the URI is longer than {limit} bytes")]
    UriTooLong { limit: usize },
    #[error("the body must be `application/scim+json` or `application/json`, without encoding")]
    UnsupportedMediaType,
    #[error("the body is not JSON that can be taken: {reason}")]
    Body { reason: String },
    #[error("the body holds what cannot be kept: {reason}")]
    BodyValue { reason: String },
    #[error("{0}{reason}", reason = reason(.0))]
    Query(#[from] ListQueryError),
    #[error("{0}")]
    FilterMeaning(#[source] BindError),
    #[error("filters are not allowed here")]
    FilterForbidden,
    #[error("{0}")]
    Invalid(#[from] InvalidResource),
    #[error("{0}")]
    Patch(#[from] PatchError),
    #[error("`id` in the body is not that of the resource")]
    OtherId,
    #[error("more than {limit} operations in one request")]
    TooManyOperations { limit: usize },
    #[error("more than {limit} members in one request")]
    TooManyMembers { limit: usize },
    #[error("`{attribute}` names what is no resource")]
    UnknownMember { attribute: String },
    #[error("more than {limit} names in `attributes` and `excludedAttributes`")]
    TooManyNames { limit: usize },
    #[error("`{attribute}` has more than {limit} values")]
    TooManyElements { attribute: String, limit: usize },
    #[error("`{field}`: {source}")]
    PreconditionSyntax { field: &'static str, source: InvalidPrecondition },
    #[error("{0}")]
    Bulk(#[from] BulkError),
    #[error("{}", .0.kind())]
    UnusableOperation(UnusableOperation),
    #[error("{0}")]
    UnresolvedBulkId(#[from] UnresolvedBulkId),
    #[error("the operations before this one took all that one request may take")]
    TooMuchWork,
    #[error("the resource has another version than the request expects")]
    Precondition,
    #[error("the resource is being changed by many others")]
    Contention,
    #[error(transparent)]
    Authentication(#[from] AuthenticationError),
    #[error(transparent)]
    Authorization(#[from] AuthorizationError),
    #[error("the credentials do not allow this")]
    Forbidden,
    #[error("the credentials allow reading only")]
    InsufficientScope,
    #[error("attributes that cannot be seen cannot be changed")]
    HiddenAttribute,
    #[error("too many requests")]
    TooManyRequests { retry_after: Duration },
    #[error("the service provider failed")]
    Panicked,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The status and the body that tell a client what went wrong.
pub(crate) fn to_response(error: &Error) -> (StatusCode, ErrorResponse) {
    let status = status(error);
    let mut response = ErrorResponse::new(status.as_u16()).with_detail(error.to_string());
    if let Some(scim_type) = scim_type(error) {
        response = response.with_scim_type(scim_type);
    }
    (status, response)
}

fn status(error: &Error) -> StatusCode {
    match error {
        Error::NotFound | Error::Store(StoreError::NotFound) => StatusCode::NOT_FOUND,
        Error::MethodNotAllowed { .. } => StatusCode::METHOD_NOT_ALLOWED,
        Error::NotImplemented => StatusCode::NOT_IMPLEMENTED,
        Error::BodyTooLarge { .. }
        | Error::TooManyOperations { .. }
        | Error::TooManyMembers { .. }
        | Error::TooMuchWork => StatusCode::PAYLOAD_TOO_LARGE,
        Error::UriTooLong { .. } => StatusCode::URI_TOO_LONG,
        Error::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Error::Body { .. }
        | Error::BodyValue { .. }
        | Error::Query(_)
        | Error::FilterMeaning(_)
        | Error::Invalid(_)
        | Error::Patch(_)
        | Error::OtherId
        | Error::TooManyElements { .. }
        | Error::UnknownMember { .. }
        | Error::TooManyNames { .. }
        | Error::PreconditionSyntax { .. }
        | Error::Bulk(_)
        | Error::UnusableOperation(_)
        | Error::Store(StoreError::TooMany | StoreError::Unsupported { .. }) => {
            StatusCode::BAD_REQUEST
        }
        Error::FilterForbidden
        | Error::Forbidden
        | Error::InsufficientScope
        | Error::HiddenAttribute
        | Error::Authorization(AuthorizationError::Denied) => StatusCode::FORBIDDEN,
        Error::TooManyRequests { .. }
        | Error::Authentication(AuthenticationError::Throttled { .. })
        | Error::Authorization(AuthorizationError::Throttled { .. }) => {
            StatusCode::TOO_MANY_REQUESTS
        }
        Error::Precondition | Error::Store(StoreError::VersionMismatch) => {
            StatusCode::PRECONDITION_FAILED
        }
        Error::Store(StoreError::Uniqueness { .. }) | Error::UnresolvedBulkId(_) => {
            StatusCode::CONFLICT
        }
        Error::Authentication(AuthenticationError::Unavailable(_))
        | Error::Authorization(AuthorizationError::Unavailable(_))
        | Error::Contention
        | Error::Store(StoreError::Unavailable(_)) => StatusCode::SERVICE_UNAVAILABLE,
        Error::Authentication(_) => StatusCode::UNAUTHORIZED,
        Error::Panicked | Error::Store(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl Error {
    /// How long a client is to wait before it asks again.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooManyRequests { retry_after }
            | Self::Authentication(AuthenticationError::Throttled { retry_after })
            | Self::Authorization(AuthorizationError::Throttled { retry_after }) => {
                Some(*retry_after)
            }
            _ if status(self) == StatusCode::SERVICE_UNAVAILABLE => Some(Duration::from_secs(1)),
            _ => None,
        }
    }

    /// What only the operator is to know of it.
    pub(crate) fn cause(&self) -> Option<&(dyn std::error::Error + Send + Sync + 'static)> {
        match self {
            Self::Store(StoreError::Internal(source) | StoreError::Unavailable(source))
            | Self::Authentication(AuthenticationError::Unavailable(source))
            | Self::Authorization(AuthorizationError::Unavailable(source)) => Some(source.as_ref()),
            _ => None,
        }
    }
}

fn scim_type(error: &Error) -> Option<ScimType> {
    match error {
        Error::Body { .. } => Some(ScimType::InvalidSyntax),
        Error::BodyValue { .. }
        | Error::OtherId
        | Error::PreconditionSyntax { .. }
        | Error::TooManyElements { .. }
        | Error::UnknownMember { .. }
        | Error::TooManyNames { .. }
        | Error::Store(StoreError::Unsupported { .. }) => Some(ScimType::InvalidValue),
        Error::Query(error) => Some(error.scim_type()),
        Error::FilterMeaning(error) => Some(error.scim_type()),
        Error::Invalid(error) => Some(error.scim_type()),
        Error::Bulk(error) => Some(error.scim_type()),
        Error::UnusableOperation(operation) => Some(operation.scim_type()),
        Error::UnresolvedBulkId(error) => Some(error.scim_type()),
        Error::Patch(error) => Some(error.scim_type()),
        Error::TooManyOperations { .. }
        | Error::TooManyMembers { .. }
        | Error::TooMuchWork
        | Error::Store(StoreError::TooMany) => Some(ScimType::TooMany),
        Error::Store(StoreError::Uniqueness { .. }) => Some(ScimType::Uniqueness),
        _ => None,
    }
}

/// What is behind an error, for a message that is all that the client sees.
fn reason(error: &impl std::error::Error) -> String {
    error.source().map_or_else(String::new, |source| format!(": {source}"))
}
