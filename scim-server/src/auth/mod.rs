//! Who asks: authentication, and what each principal may reach.

mod access;
mod authorizer;
mod system_account;
mod token;

use std::time::Duration;

use async_trait::async_trait;
use http::request::Parts;

pub use access::Access;
pub use authorizer::{
    AccessOnly, AccessRequest, AuthorizationError, Authorizer, OperationKind, Permission,
};
pub use system_account::{AddTokenError, RotateTokenError, SystemAccounts};
pub use token::{InvalidToken, Token};

/// Finds out who asks.
///
/// # Contract
/// A request is let in only by `Ok`; whatever is missing, malformed or unknown is an error.
#[async_trait]
pub trait Authenticator: Send + Sync + 'static {
    /// Finds out who sent a request.
    ///
    /// # Errors
    /// Why the request is not let in.
    async fn authenticate(&self, request: &Parts) -> Result<Principal, AuthenticationError>;
}

/// Someone who may ask, and what for.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Principal {
    /// The name, for logs.
    pub name: String,
    /// What it may reach.
    pub access: Access,
}

/// Why a request is not let in.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuthenticationError {
    /// There is no proof of who asks.
    #[error("the request has no credentials")]
    Missing,
    /// The proof is malformed, unknown, expired or revoked.
    #[error("the credentials are not valid")]
    Invalid,
    /// There were too many requests, with this proof or with wrong ones.
    #[error("too many requests")]
    Throttled {
        /// How long to wait.
        retry_after: Duration,
    },
    /// The proof cannot be checked now; that is the service provider's own fault.
    #[error("credentials cannot be checked now")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Principal {
    /// A principal of that name.
    pub fn new(name: impl Into<String>, access: Access) -> Self {
        Self { name: name.into(), access }
    }
}
