use std::time::Duration;

use async_trait::async_trait;
use scim_core::{InvalidAttributePath, query::HiddenAttributes};

use crate::context::Context;

/// Decides what each operation may do.
///
/// It is asked once for every operation on resources, also for each one of a bulk request, after
/// [`Access`](super::Access) has allowed it.
///
/// # Contract
/// An operation takes place only by `Ok`, and without what the [`Permission`] hides: that is in no
/// answer, in no filter and no `sortBy`, cannot be written, and stays as it is when a resource is
/// replaced.
///
/// ```
/// use scim_server::{Context, auth::{AccessRequest, AuthorizationError, Authorizer, Permission}};
///
/// /// The service desk sees no employee numbers.
/// struct ServiceDesk;
///
/// #[async_trait::async_trait]
/// impl Authorizer for ServiceDesk {
///     async fn authorize(
///         &self,
///         cx: &Context,
///         request: &AccessRequest<'_>,
///     ) -> Result<Permission, AuthorizationError> {
///         match cx.principal.as_ref().map(|principal| principal.name.as_str()) {
///             Some("desk") if request.operation.writes() => Err(AuthorizationError::Denied),
///             Some("desk") => Permission::full()
///                 .without("employeeNumber")
///                 .map_err(|error| AuthorizationError::Unavailable(Box::new(error))),
///             _ => Ok(Permission::full()),
///         }
///     }
/// }
/// ```
#[async_trait]
pub trait Authorizer: Send + Sync + 'static {
    /// Decides about one operation.
    ///
    /// # Errors
    /// Why it does not take place.
    async fn authorize(
        &self,
        cx: &Context,
        request: &AccessRequest<'_>,
    ) -> Result<Permission, AuthorizationError>;
}

/// What somebody asks to do.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct AccessRequest<'r> {
    /// The operation.
    pub operation: OperationKind,
    /// The name of the resource type.
    pub resource_type: &'r str,
    /// The resource, as the request names it, unless the operation is about many or about a new
    /// one. There need not be such a resource.
    pub id: Option<&'r str>,
}

/// An operation on resources.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum OperationKind {
    /// Creates a resource ([RFC 7644 §3.3](https://www.rfc-editor.org/rfc/rfc7644#section-3.3)).
    Create,
    /// Reads one ([RFC 7644 §3.4.1](https://www.rfc-editor.org/rfc/rfc7644#section-3.4.1)).
    Get,
    /// Asks for many ([RFC 7644 §3.4.2](https://www.rfc-editor.org/rfc/rfc7644#section-3.4.2)).
    List,
    /// Replaces one ([RFC 7644 §3.5.1](https://www.rfc-editor.org/rfc/rfc7644#section-3.5.1)).
    Replace,
    /// Changes one ([RFC 7644 §3.5.2](https://www.rfc-editor.org/rfc/rfc7644#section-3.5.2)).
    Patch,
    /// Deletes one ([RFC 7644 §3.6](https://www.rfc-editor.org/rfc/rfc7644#section-3.6)).
    Delete,
}

/// What an operation may do: all, but for what is hidden.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Permission {
    hidden: HiddenAttributes,
}

/// Why an operation does not take place.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuthorizationError {
    /// It is not allowed.
    #[error("this is not allowed")]
    Denied,
    /// There were too many.
    #[error("too many requests")]
    Throttled {
        /// How long to wait.
        retry_after: Duration,
    },
    /// Nobody can say now; that is the service provider's own fault.
    #[error("permissions cannot be checked now")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Allows whatever the principal's [`Access`](super::Access) allows.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct AccessOnly;

#[async_trait]
impl Authorizer for AccessOnly {
    async fn authorize(
        &self,
        _: &Context,
        _: &AccessRequest<'_>,
    ) -> Result<Permission, AuthorizationError> {
        Ok(Permission::full())
    }
}

impl OperationKind {
    /// The name, as logs have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Get => "get",
            Self::List => "list",
            Self::Replace => "replace",
            Self::Patch => "patch",
            Self::Delete => "delete",
        }
    }

    /// Whether it changes something.
    pub fn writes(self) -> bool {
        !matches!(self, Self::Get | Self::List)
    }
}

impl std::fmt::Display for OperationKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<'r> AccessRequest<'r> {
    /// An operation on a resource type.
    pub fn new(operation: OperationKind, resource_type: &'r str) -> Self {
        Self { operation, resource_type, id: None }
    }

    /// The operation on one resource.
    #[must_use]
    pub fn with_id(mut self, id: &'r str) -> Self {
        self.id = Some(id);
        self
    }
}

impl Permission {
    /// Hides nothing.
    pub fn full() -> Self {
        Self::default()
    }

    /// Hides attributes, given as a list of paths or of URIs of extensions, too.
    ///
    /// # Errors
    /// If an entry is neither an attribute path nor a URI.
    pub fn without(self, attributes: &str) -> Result<Self, InvalidAttributePath> {
        let hidden = HiddenAttributes::parse(attributes)?;
        Ok(Self { hidden: self.hidden.and(hidden) })
    }

    /// What is hidden.
    pub fn hidden(&self) -> &HiddenAttributes {
        &self.hidden
    }
}

impl From<HiddenAttributes> for Permission {
    fn from(hidden: HiddenAttributes) -> Self {
        Self { hidden }
    }
}
