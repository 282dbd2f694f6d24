use std::{error, fmt};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tower_service::Service;

use super::{Transport, TransportError, TransportErrorKind};

/// A [`tower`](https://docs.rs/tower) service as a transport, with whatever layers it has.
///
/// The service is cloned for each request. Since its error may be anything, a failure counts as
/// [`TransportErrorKind::Interrupted`], after which the request may have taken effect, unless the
/// service was not even ready; [`with_kind`](Self::with_kind) tells errors apart.
///
/// ```
/// use std::{convert::Infallible, future::{Ready, ready}, task::{Context, Poll}};
///
/// use bytes::Bytes;
/// use http::{Request, Response};
/// use http_body_util::Full;
/// use scim_client::{Client, User, transport::TowerTransport};
/// use tower_service::Service;
///
/// #[derive(Clone)]
/// struct Nobody;
///
/// impl Service<Request<Full<Bytes>>> for Nobody {
///     type Response = Response<Full<Bytes>>;
///     type Error = Infallible;
///     type Future = Ready<Result<Self::Response, Infallible>>;
///
///     fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
///         Poll::Ready(Ok(()))
///     }
///
///     fn call(&mut self, _: Request<Full<Bytes>>) -> Self::Future {
///         let body = br#"{"totalResults": 0, "Resources": []}"#;
///         ready(Ok(Response::new(Full::new(Bytes::from_static(body)))))
///     }
/// }
///
/// let client = Client::builder("https://scim.example.com/v2")
///     .transport(TowerTransport::new(Nobody))
///     .build()?;
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// assert!(client.api::<User>().list().all().await?.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct TowerTransport<S> {
    service: S,
    max_body: usize,
    kind: fn(&(dyn error::Error + Send + Sync + 'static)) -> TransportErrorKind,
}

impl<S> TowerTransport<S> {
    const MAX_BODY: usize = 16 * 1024 * 1024;

    /// A transport over the service, with 16 MiB for an answer.
    pub fn new(service: S) -> Self {
        Self { service, max_body: Self::MAX_BODY, kind: |_| TransportErrorKind::Interrupted }
    }

    /// The transport with another limit for the bytes of an answer.
    #[must_use]
    pub fn with_max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// The transport with a function that tells the errors of the service apart.
    #[must_use]
    pub fn with_kind(
        mut self,
        kind: fn(&(dyn error::Error + Send + Sync + 'static)) -> TransportErrorKind,
    ) -> Self {
        self.kind = kind;
        self
    }

    fn failed(&self, error: Box<dyn error::Error + Send + Sync>) -> TransportError {
        TransportError::new((self.kind)(&*error), error)
    }
}

#[async_trait]
impl<S, B> Transport for TowerTransport<S>
where
    S: Service<Request<http_body_util::Full<Bytes>>, Response = Response<B>>,
    S: Clone + Send + Sync + 'static,
    S::Error: Into<Box<dyn error::Error + Send + Sync>>,
    S::Future: Send,
    B: Body<Data = Bytes> + Send,
    B::Error: Into<Box<dyn error::Error + Send + Sync>>,
{
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let mut service = self.service.clone();
        std::future::poll_fn(|cx| service.poll_ready(cx))
            .await
            .map_err(|error| TransportError::new(TransportErrorKind::Connect, error))?;
        let answer = service.call(request.map(http_body_util::Full::new)).await;
        let (parts, body) = answer.map_err(|error| self.failed(error.into()))?.into_parts();
        let body = Limited::new(body, self.max_body).collect().await.map_err(|error| {
            if error.is::<LengthLimitError>() {
                TransportError::new(TransportErrorKind::BodyTooLarge, error)
            } else {
                TransportError::new(TransportErrorKind::Interrupted, error)
            }
        })?;
        Ok(Response::from_parts(parts, body.to_bytes()))
    }
}

impl<S> fmt::Debug for TowerTransport<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TowerTransport").field("max_body", &self.max_body).finish_non_exhaustive()
    }
}
