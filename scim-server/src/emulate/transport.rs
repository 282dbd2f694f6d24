use std::error::Error;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};

use crate::service::ScimService;

/// The way from an identity provider to the service provider.
///
/// [`ScimService`] is one, for a test in the process; so is a closure that sends a request with
/// whatever HTTP client the test has.
///
/// ```
/// use bytes::Bytes;
/// use http::{Request, Response};
/// use scim_server::emulate::EntraId;
///
/// let transport = |request: Request<Bytes>| async move {
///     assert_eq!(request.uri().host(), Some("host"));
///     // Here an HTTP client sends it.
///     Response::builder().status(503).body(Bytes::new())
/// };
/// let entra = EntraId::new(&transport, "https://host/scim", "a token");
/// ```
///
/// # Contract
/// The request is sent as it is, once, and any answer is given, whatever its status. No answer is
/// an error.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends a request, whose URI is absolute.
    ///
    /// # Errors
    /// If no answer comes.
    async fn send(
        &self,
        request: Request<Bytes>,
    ) -> Result<Response<Bytes>, Box<dyn Error + Send + Sync>>;
}

#[async_trait]
impl Transport for ScimService {
    async fn send(
        &self,
        request: Request<Bytes>,
    ) -> Result<Response<Bytes>, Box<dyn Error + Send + Sync>> {
        Ok(self.handle(request).await)
    }
}

#[async_trait]
impl<F, A, E> Transport for F
where
    F: Fn(Request<Bytes>) -> A + Send + Sync,
    A: Future<Output = Result<Response<Bytes>, E>> + Send,
    E: Into<Box<dyn Error + Send + Sync>>,
{
    async fn send(
        &self,
        request: Request<Bytes>,
    ) -> Result<Response<Bytes>, Box<dyn Error + Send + Sync>> {
        self(request).await.map_err(Into::into)
    }
}
