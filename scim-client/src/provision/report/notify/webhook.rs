use std::fmt::{self, Write as _};

use async_trait::async_trait;
use bytes::Bytes;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{HeaderName, HeaderValue, Method, Request, StatusCode, Uri, header};
use sha2::Sha256;

use super::{Notification, Notifier, NotifyError};
use crate::transport::{Transport, TransportErrorKind};

/// Tells of trouble by a POST of the notification as JSON.
///
/// The URL of a webhook is a secret of its own, so `Debug` shows its host alone, and errors nothing
/// of it.
///
/// ```
/// use bytes::Bytes;
/// use chrono::DateTime;
/// use http::{Request, Response};
/// use scim_client::{
///     provision::report::notify::{
///         Notification, NotificationEvent, Notifier as _, WebhookNotifier,
///     },
///     transport::InProcessTransport,
/// };
///
/// let hook = InProcessTransport::new(async |request: Request<Bytes>| {
///     let body: serde_json::Value = serde_json::from_slice(request.body()).unwrap_or_default();
///     assert_eq!(body["event"], "quarantineBegan");
///     Response::new(Bytes::new())
/// });
/// let notifier = WebhookNotifier::new("https://chat.example.com/hooks/T0/B1", hook)?;
/// let event = NotificationEvent::QuarantineBegan;
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// notifier.notify(&Notification::new("roster", DateTime::UNIX_EPOCH, event)).await?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct WebhookNotifier {
    url: Uri,
    headers: Vec<(HeaderName, HeaderValue)>,
    secret: Option<Vec<u8>>,
    transport: Box<dyn Transport>,
}

/// A webhook that cannot be; what it was to be made of is not repeated.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidWebhook {
    /// The text is no URL of `https` or `http`, or holds a user name or a password.
    #[error("the webhook needs a URL of `https` or `http`, without a user name or a password")]
    Url,
    /// The text is no header.
    #[error("the header of the webhook has characters that headers do not take")]
    Header,
    /// The secret is empty, so that anybody could sign with it.
    #[error("the secret of the webhook is empty")]
    Secret,
}

/// Why nobody took it, without the transport's words, which may repeat the URL.
#[derive(Debug, thiserror::Error)]
enum NotTaken {
    #[error("the webhook answered with {0}")]
    Status(StatusCode),
    #[error("{}", no_answer(*.0))]
    NoAnswer(TransportErrorKind),
}

impl WebhookNotifier {
    const SIGNATURE: HeaderName = HeaderName::from_static("x-signature-256");

    /// Posts to that URL.
    ///
    /// # Errors
    /// If it is no URL of `https` or `http`, or holds a user name or a password.
    pub fn new(url: &str, transport: impl Transport) -> Result<Self, InvalidWebhook> {
        let url: Uri = url.trim().parse().map_err(|_| InvalidWebhook::Url)?;
        let has_user = url.authority().is_none_or(|authority| authority.as_str().contains('@'));
        if has_user || !matches!(url.scheme_str(), Some("https" | "http")) {
            return Err(InvalidWebhook::Url);
        }
        Ok(Self { url, headers: Vec::new(), secret: None, transport: Box::new(transport) })
    }

    /// The notifier with a header, which may hold a secret.
    ///
    /// # Errors
    /// If it is no header.
    pub fn with_header(mut self, name: &str, value: &str) -> Result<Self, InvalidWebhook> {
        let name: HeaderName = name.parse().map_err(|_| InvalidWebhook::Header)?;
        let mut value = HeaderValue::from_str(value).map_err(|_| InvalidWebhook::Header)?;
        value.set_sensitive(true);
        self.headers.push((name, value));
        Ok(self)
    }

    /// The notifier with a secret that signs each body, so that the receiver knows who sent it.
    ///
    /// The header `X-Signature-256: sha256=…` has the HMAC-SHA256 of the body ([RFC 2104]) in
    /// hexadecimal digits. Receivers compute it from the bytes that came.
    ///
    /// # Errors
    /// If the secret is empty.
    ///
    /// [RFC 2104]: https://www.rfc-editor.org/rfc/rfc2104
    pub fn with_secret(mut self, secret: impl Into<Vec<u8>>) -> Result<Self, InvalidWebhook> {
        let secret = secret.into();
        if secret.is_empty() {
            return Err(InvalidWebhook::Secret);
        }
        self.secret = Some(secret);
        Ok(self)
    }

    fn request(&self, body: Vec<u8>) -> Result<Request<Bytes>, NotifyError> {
        let signature = self.secret.as_ref().map(|secret| signature(secret, &body)).transpose()?;
        let mut request = Request::new(Bytes::from(body));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.url.clone();
        let headers = request.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        for (name, value) in &self.headers {
            headers.insert(name.clone(), value.clone());
        }
        if let Some(signature) = signature {
            headers.insert(Self::SIGNATURE, signature);
        }
        Ok(request)
    }
}

#[async_trait]
impl Notifier for WebhookNotifier {
    async fn notify(&self, notification: &Notification) -> Result<(), NotifyError> {
        let body = serde_json::to_vec(notification).map_err(NotifyError::new)?;
        let not_taken = match self.transport.send(self.request(body)?).await {
            Ok(answer) if answer.status().is_success() => return Ok(()),
            Ok(answer) => NotTaken::Status(answer.status()),
            Err(error) => NotTaken::NoAnswer(error.kind()),
        };
        Err(NotifyError::new(not_taken))
    }
}

impl fmt::Debug for WebhookNotifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookNotifier").field("host", &self.url.host()).finish_non_exhaustive()
    }
}

fn signature(secret: &[u8], body: &[u8]) -> Result<HeaderValue, NotifyError> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).map_err(NotifyError::new)?;
    mac.update(body);
    let mut signature = "sha256=".to_owned();
    for byte in mac.finalize().into_bytes() {
        // Writing to a string cannot fail.
        let _ = write!(signature, "{byte:02x}");
    }
    HeaderValue::from_str(&signature).map_err(NotifyError::new)
}

fn no_answer(kind: TransportErrorKind) -> &'static str {
    match kind {
        TransportErrorKind::Connect => "there is no connection to the webhook",
        TransportErrorKind::Timeout => "the webhook does not answer in time",
        TransportErrorKind::Interrupted => "the connection to the webhook broke",
        TransportErrorKind::BodyTooLarge => "the answer of the webhook is too long",
        TransportErrorKind::Other => "the webhook could not be sent the request",
    }
}
