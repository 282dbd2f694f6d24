use std::fmt;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};

use super::{Transport, TransportError};

/// A service in the same process as a transport: tests without a socket.
///
/// ```
/// use bytes::Bytes;
/// use http::{Request, Response};
/// use scim_client::{Transport, transport::InProcessTransport};
///
/// let transport = InProcessTransport::new(async |request: Request<Bytes>| {
///     Response::new(Bytes::from(request.uri().path().to_owned()))
/// });
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let answer = transport.send(Request::get("/Users").body(Bytes::new())?).await?;
/// assert_eq!(answer.body(), "/Users");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct InProcessTransport<F> {
    service: F,
}

impl<F, Answer> InProcessTransport<F>
where
    F: Fn(Request<Bytes>) -> Answer + Send + Sync + 'static,
    Answer: Future<Output = Response<Bytes>> + Send,
{
    /// A transport that has the service answer each request.
    pub fn new(service: F) -> Self {
        Self { service }
    }
}

#[async_trait]
impl<F, Answer> Transport for InProcessTransport<F>
where
    F: Fn(Request<Bytes>) -> Answer + Send + Sync + 'static,
    Answer: Future<Output = Response<Bytes>> + Send,
{
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        Ok((self.service)(request).await)
    }
}

impl<F> fmt::Debug for InProcessTransport<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InProcessTransport").finish_non_exhaustive()
    }
}
