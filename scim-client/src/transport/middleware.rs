use std::{fmt, sync::Arc};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use serde::{Deserialize, Serialize};

use super::{Transport, TransportError};

/// Stands between a client and its transport, and sees every attempt at a request.
///
/// It may change the request and the answer, take notes, or answer by itself. The first one that a
/// client is given comes first. What waits and repeats stands before them all, so that each
/// attempt comes by.
///
/// ```
/// use async_trait::async_trait;
/// use bytes::Bytes;
/// use http::{HeaderValue, Request, Response};
/// use scim_client::{
///     Client, User,
///     transport::{Call, InProcessTransport, Middleware, Next, TransportError},
/// };
///
/// struct Region;
///
/// #[async_trait]
/// impl Middleware for Region {
///     async fn handle(
///         &self,
///         mut request: Request<Bytes>,
///         call: &Call,
///         next: Next<'_>,
///     ) -> Result<Response<Bytes>, TransportError> {
///         request.headers_mut().insert("x-region", HeaderValue::from_static("eu-west-1"));
///         next.send(request, call).await
///     }
/// }
///
/// let service = InProcessTransport::new(async |request: Request<Bytes>| {
///     assert_eq!(request.headers()["x-region"], "eu-west-1");
///     Response::new(Bytes::from_static(br#"{"totalResults": 0, "Resources": []}"#))
/// });
/// let client = Client::builder("https://scim.example.com/v2")
///     .middleware(Region)
///     .transport(service)
///     .build()?;
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// assert!(client.api::<User>().list().all().await?.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[async_trait]
pub trait Middleware: Send + Sync + 'static {
    /// Handles an attempt, mostly by [`Next::send`].
    ///
    /// # Errors
    /// If there is no answer.
    async fn handle(
        &self,
        request: Request<Bytes>,
        call: &Call,
        next: Next<'_>,
    ) -> Result<Response<Bytes>, TransportError>;
}

/// What a request is for.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Call {
    /// What is done.
    pub operation: Operation,
    /// The endpoint below the base URL without the `id`, such as `/Users`.
    pub endpoint: String,
    /// Whether it may be done twice.
    pub idempotency: Idempotency,
    /// Which attempt it is, counted from 1.
    pub attempt: u32,
}

/// What a request does ([RFC 7644 §3.2]).
///
/// [RFC 7644 §3.2]: https://www.rfc-editor.org/rfc/rfc7644#section-3.2
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Operation {
    /// Creates a resource.
    Create,
    /// Reads a resource.
    Get,
    /// Reads a page of a list.
    List,
    /// Reads a page by a query in a body.
    Search,
    /// Puts a resource in the place of another.
    Replace,
    /// Changes parts of a resource.
    Patch,
    /// Deletes a resource.
    Delete,
    /// Does several operations.
    Bulk,
    /// Reads what the service provider says of itself.
    Discover,
}

/// Whether a request may be sent again when nobody knows whether it has taken effect.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Idempotency {
    /// It changes nothing.
    Safe,
    /// Twice is as good as once.
    Idempotent,
    /// It names the version that it changes, so the second time is refused.
    Guarded,
    /// Twice is not as good as once.
    NotIdempotent,
}

/// The rest of the way of a request.
pub struct Next<'a> {
    middleware: &'a [Arc<dyn Middleware>],
    transport: &'a dyn Transport,
}

impl<'a> Next<'a> {
    pub(super) fn new(middleware: &'a [Arc<dyn Middleware>], transport: &'a dyn Transport) -> Self {
        Self { middleware, transport }
    }

    /// Sends the request on.
    ///
    /// # Errors
    /// If there is no answer.
    pub async fn send(
        self,
        request: Request<Bytes>,
        call: &Call,
    ) -> Result<Response<Bytes>, TransportError> {
        match self.middleware.split_first() {
            Some((first, rest)) => {
                let next = Next { middleware: rest, transport: self.transport };
                first.handle(request, call, next).await
            }
            None => self.transport.send(request).await,
        }
    }
}

impl fmt::Debug for Next<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Next").field("middleware", &self.middleware.len()).finish_non_exhaustive()
    }
}
