//! How requests reach the service provider: one trait, what implements it, and what stands before it.
//!
//! A client sends a request through its [`RetryPolicy`], the pause that the service provider has
//! asked for, its [`RateLimit`], its [`Credentials`] and its [`Middleware`] to its [`Transport`].

mod credential;
mod delivery;
mod function;
mod in_process;
mod meter;
mod middleware;
mod rate_limit;
#[cfg(feature = "reqwest")]
mod reqwest;
mod retry;
mod timer;
#[cfg(feature = "tower")]
mod tower;

use std::{error, fmt, sync::Arc};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};

#[cfg(feature = "reqwest")]
pub use self::reqwest::ReqwestTransport;
#[cfg(feature = "tower")]
pub use self::tower::TowerTransport;
pub use credential::{
    BearerToken, ClientCredentials, CredentialContext, CredentialError, Credentials,
    InvalidBearerToken, InvalidClientCredentials,
};
pub(crate) use delivery::{Delivery, Terms, Undelivered, may_have_taken_effect};
pub use function::FunctionTransport;
pub use in_process::InProcessTransport;
pub use meter::Meter;
pub use middleware::{Call, Idempotency, Middleware, Next, Operation};
pub use rate_limit::{Rate, RateLimit};
pub use retry::RetryPolicy;
pub(crate) use retry::retry_after;
pub use timer::Timer;
#[cfg(feature = "tokio")]
pub use timer::TokioTimer;

/// Carries one request to the service provider and brings its answer back.
///
/// A closure becomes one by [`FunctionTransport`], a service in the same process by
/// [`InProcessTransport`].
///
/// # Contract
/// - Any answer is `Ok`, whatever its status.
/// - A request is sent once; who repeats it decides by [`TransportError::kind`].
/// - A redirect is not followed to another origin: the request carries a token.
/// - The whole body is read, up to a limit of the transport.
///
/// ```
/// use async_trait::async_trait;
/// use bytes::Bytes;
/// use http::{Request, Response};
/// use scim_client::{Transport, transport::TransportError};
///
/// #[derive(Debug)]
/// struct Nobody;
///
/// #[async_trait]
/// impl Transport for Nobody {
///     async fn send(&self, _: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
///         let mut answer = Response::new(Bytes::new());
///         *answer.status_mut() = http::StatusCode::NOT_FOUND;
///         Ok(answer)
///     }
/// }
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// assert_eq!(Nobody.send(Request::default()).await?.status(), 404);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[async_trait]
pub trait Transport: Send + Sync + 'static {
    /// Sends the request and waits for the whole answer.
    ///
    /// # Errors
    /// If there is no answer, or not the whole of it.
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError>;
}

#[async_trait]
impl<T: Transport + ?Sized> Transport for Arc<T> {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        T::send(self, request).await
    }
}

/// A request that got no answer.
///
/// ```
/// use scim_client::transport::{TransportError, TransportErrorKind};
///
/// let error = TransportError::new(TransportErrorKind::Timeout, "no answer after 60 s");
/// assert_eq!(error.kind(), TransportErrorKind::Timeout);
/// assert_eq!(error.to_string(), "the service provider did not answer in time");
/// ```
#[derive(Debug, thiserror::Error)]
#[error("{kind}")]
pub struct TransportError {
    kind: TransportErrorKind,
    source: Box<dyn error::Error + Send + Sync>,
}

/// Why a request got no answer; this decides whether it may be repeated.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// No connection came about: nothing was sent.
    Connect,
    /// The time ran out: the request may have taken effect.
    Timeout,
    /// The connection broke: the request may have taken effect.
    Interrupted,
    /// The answer is longer than the transport reads: the request has taken effect.
    BodyTooLarge,
    /// Anything else, such as a request that the transport cannot send.
    Other,
}

impl TransportError {
    /// An error of that kind, with its cause.
    ///
    /// The text of the cause must hold neither a token nor the query of the request.
    pub fn new(
        kind: TransportErrorKind,
        source: impl Into<Box<dyn error::Error + Send + Sync>>,
    ) -> Self {
        Self { kind, source: source.into() }
    }

    /// Why there is no answer.
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }
}

impl TransportErrorKind {
    /// Whether the service provider may have read the request, and so may have done it.
    ///
    /// Only where no connection came about it surely has not.
    pub fn may_have_been_read(self) -> bool {
        self != Self::Connect
    }
}

impl fmt::Display for TransportErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "no connection to the service provider",
            Self::Timeout => "the service provider did not answer in time",
            Self::Interrupted => "the connection broke before the whole answer was there",
            Self::BodyTooLarge => "the answer is longer than the transport reads",
            Self::Other => "the request could not be sent",
        })
    }
}
