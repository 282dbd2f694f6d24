//! Who asks: authentication, and what each principal may reach.

mod access;
mod authorizer;
mod system_account;
mod token;

use std::time::Duration;

use async_trait::async_trait;
use http::request::Parts;
use scim_core::ResourceId;

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
    resource: Option<(String, ResourceId)>,
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
        Self { name: name.into(), access, resource: None }
    }

    /// The principal with the resource that it is, in whichever tenant it asks: what `/Me` leads
    /// to ([RFC 7644 §3.11]). Without one, there is no `/Me` for it.
    ///
    /// ```
    /// use scim_server::{Access, Principal};
    ///
    /// let access = Access::to_tenant("clinic".parse()?).read_only();
    /// let nurse = Principal::new("bjensen", access).with_resource("User", "2819c223".parse()?);
    /// assert_eq!(nurse.resource().map(|(resource_type, _)| resource_type), Some("User"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// [RFC 7644 §3.11]: https://www.rfc-editor.org/rfc/rfc7644#section-3.11
    #[must_use]
    pub fn with_resource(mut self, resource_type: impl Into<String>, id: ResourceId) -> Self {
        self.resource = Some((resource_type.into(), id));
        self
    }

    /// The name of the type and the id of the resource that it is.
    pub fn resource(&self) -> Option<(&str, &ResourceId)> {
        self.resource.as_ref().map(|(resource_type, id)| (resource_type.as_str(), id))
    }
}
