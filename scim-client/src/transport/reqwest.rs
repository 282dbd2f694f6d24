use std::time::Duration;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use http::{Request, Response};
use reqwest::redirect::Policy;

use super::{Transport, TransportError, TransportErrorKind};

/// Sends requests with [`reqwest`](https://docs.rs/reqwest), on the runtime of Tokio.
///
/// It follows no redirect, since the request carries a token, and takes no proxy from the
/// environment; an application that needs another client makes it and hands it to
/// [`ReqwestTransport::from_client`].
///
/// ```
/// use scim_client::{Client, transport::ReqwestTransport};
///
/// let client = Client::builder("http://scim.example.com/v2/Users")
///     .transport(ReqwestTransport::new()?)
///     .build()?;
/// assert_eq!(client.base_url().as_str(), "http://scim.example.com/v2");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ReqwestTransport {
    client: reqwest::Client,
    max_body: usize,
}

impl ReqwestTransport {
    const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
    const REQUEST_TIMEOUT: Duration = Duration::from_mins(1);
    const MAX_BODY: usize = 16 * 1024 * 1024;

    /// A transport with 10 seconds to connect, 60 for a request and 16 MiB for an answer.
    ///
    /// # Errors
    /// If TLS cannot be set up.
    pub fn new() -> Result<Self, TransportError> {
        let client = reqwest::Client::builder()
            .connect_timeout(Self::CONNECT_TIMEOUT)
            .timeout(Self::REQUEST_TIMEOUT)
            .redirect(Policy::none())
            .no_proxy()
            .build()
            .map_err(before_the_answer)?;
        Ok(Self::from_client(client))
    }

    /// A transport over a client with settings of one's own.
    ///
    /// Let it follow no redirect to another origin, which would be sent the token.
    pub fn from_client(client: reqwest::Client) -> Self {
        Self { client, max_body: Self::MAX_BODY }
    }

    /// The transport with another limit for the bytes of an answer.
    #[must_use]
    pub fn with_max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// Reads chunk by chunk, so that no more than the limit is ever held.
    async fn body(&self, answer: &mut reqwest::Response) -> Result<Bytes, TransportError> {
        let mut body = BytesMut::new();
        while let Some(chunk) = answer.chunk().await.map_err(within_the_answer)? {
            if body.len().saturating_add(chunk.len()) > self.max_body {
                return Err(TransportError::new(
                    TransportErrorKind::BodyTooLarge,
                    format!("more than {} bytes", self.max_body),
                ));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    }
}

#[async_trait]
impl Transport for ReqwestTransport {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let request = reqwest::Request::try_from(request).map_err(before_the_answer)?;
        let mut answer = self.client.execute(request).await.map_err(before_the_answer)?;
        let body = self.body(&mut answer).await?;
        let mut response = Response::new(body);
        *response.status_mut() = answer.status();
        *response.version_mut() = answer.version();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        Ok(response)
    }
}

/// A time-out while connecting counts as no connection: nothing was sent.
fn before_the_answer(error: reqwest::Error) -> TransportError {
    let kind = if error.is_builder() {
        TransportErrorKind::Other
    } else if error.is_connect() {
        TransportErrorKind::Connect
    } else if error.is_timeout() {
        TransportErrorKind::Timeout
    } else {
        TransportErrorKind::Interrupted
    };
    without_url(kind, error)
}

fn within_the_answer(error: reqwest::Error) -> TransportError {
    let kind = if error.is_timeout() {
        TransportErrorKind::Timeout
    } else {
        TransportErrorKind::Interrupted
    };
    without_url(kind, error)
}

/// The URL may hold a filter, and so personal data.
fn without_url(kind: TransportErrorKind, error: reqwest::Error) -> TransportError {
    TransportError::new(kind, error.without_url())
}
