use std::fmt;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};

use super::{Transport, TransportError};

/// A closure as a transport: any HTTP client in a few lines.
///
/// ```
/// use bytes::Bytes;
/// use http::{Request, Response};
/// use scim_client::{
///     Client,
///     transport::{FunctionTransport, TransportError, TransportErrorKind},
/// };
///
/// let offline = FunctionTransport::new(|_: Request<Bytes>| async {
///     Err::<Response<Bytes>, _>(TransportError::new(TransportErrorKind::Connect, "no network"))
/// });
/// let client = Client::builder("https://scim.example.com/v2").transport(offline).build()?;
/// assert_eq!(client.base_url().as_str(), "https://scim.example.com/v2");
/// # Ok::<(), scim_client::Error>(())
/// ```
pub struct FunctionTransport<F> {
    function: F,
}

impl<F, Answer> FunctionTransport<F>
where
    F: Fn(Request<Bytes>) -> Answer + Send + Sync + 'static,
    Answer: Future<Output = Result<Response<Bytes>, TransportError>> + Send,
{
    /// A transport that calls the closure for each request.
    pub fn new(function: F) -> Self {
        Self { function }
    }
}

#[async_trait]
impl<F, Answer> Transport for FunctionTransport<F>
where
    F: Fn(Request<Bytes>) -> Answer + Send + Sync + 'static,
    Answer: Future<Output = Result<Response<Bytes>, TransportError>> + Send,
{
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        (self.function)(request).await
    }
}

impl<F> fmt::Debug for FunctionTransport<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FunctionTransport").finish_non_exhaustive()
    }
}
