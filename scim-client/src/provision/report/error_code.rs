use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind};

/// What went wrong with an object, by the words of Entra ID's provisioning log.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ErrorCode {
    /// A value that must be unique is taken.
    EntryConflict,
    /// There were too many requests.
    TooManyRequests,
    /// The service provider failed.
    InternalServerError,
    /// The token does not allow it.
    InsufficientRights,
    /// The service provider does not take such requests.
    MethodNotAllowed,
    /// The token is missing, wrong or expired.
    Unauthorized,
    /// The service provider does not take the request as it is.
    UnprocessableEntity,
    /// There is no answer.
    WebExceptionProtocolError,
    /// There was no answer in time.
    Timeout,
    /// The link leads to a resource that is gone.
    InvalidAnchor,
    /// The service provider does not implement it.
    NotImplemented,
    /// A value for an attribute that is required is missing, or not one that it takes.
    MandatoryFieldsMissing,
    /// The values do not make a resource of the target's schema.
    SchemaPropertyCanOnlyAcceptValue,
    /// The mapping cannot be evaluated for the object.
    AttributeMappingFailed,
    /// Several resources match.
    DuplicateTargetEntries,
    /// Several objects match the same resource.
    DuplicateSourceEntries,
    /// The resource that matches belongs to somebody else.
    EntryNotAdopted,
    /// The object has no value to be looked for by.
    ImportSkipped,
    /// The object is not in scope, or there is nothing to do.
    EntrySynchronizationSkipped,
    /// A removal is held back.
    StagedAction,
    /// Whoever answers does not speak SCIM.
    SystemForCrossDomainIdentityManagementServiceIncompatible,
    /// What an object refers to could not be created.
    ReferenceNotResolved,
    /// Something else.
    InternalError,
}

impl ErrorCode {
    /// The code of a request that failed.
    pub fn of(error: &Error) -> Self {
        use crate::transport::{TransportError, TransportErrorKind};

        match error.kind() {
            ErrorKind::Conflict => Self::EntryConflict,
            ErrorKind::Throttled => Self::TooManyRequests,
            ErrorKind::Server => Self::InternalServerError,
            ErrorKind::Forbidden => Self::InsufficientRights,
            ErrorKind::Unauthorized => Self::Unauthorized,
            ErrorKind::Unsupported => match error.status().map(|status| status.as_u16()) {
                Some(405) => Self::MethodNotAllowed,
                _ => Self::NotImplemented,
            },
            ErrorKind::Invalid => Self::UnprocessableEntity,
            ErrorKind::Request => Self::MandatoryFieldsMissing,
            ErrorKind::NotFound => Self::InvalidAnchor,
            ErrorKind::NotDone => Self::ReferenceNotResolved,
            ErrorKind::NotScim | ErrorKind::Decode => {
                Self::SystemForCrossDomainIdentityManagementServiceIncompatible
            }
            ErrorKind::Ambiguous => Self::DuplicateTargetEntries,
            ErrorKind::Transport => match error.transport_error().map(TransportError::kind) {
                Some(TransportErrorKind::Timeout) => Self::Timeout,
                _ => Self::WebExceptionProtocolError,
            },
            _ => Self::InternalError,
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}
