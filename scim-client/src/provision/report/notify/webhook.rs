use std::fmt;

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, StatusCode, Uri, header};

use super::{Notification, Notifier, NotifyError};
use crate::transport::Transport;

/// Tells of trouble by a POST of the notification as JSON.
///
/// The URL of a webhook is a secret of its own, so `Debug` shows its host alone.
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
    transport: Box<dyn Transport>,
}

/// Text that is no URL of a webhook; it is not repeated.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the webhook has no URL with a scheme and a host, or a header that is none")]
#[non_exhaustive]
pub struct InvalidWebhook;

/// An answer that is no success.
#[derive(Debug, thiserror::Error)]
#[error("the webhook answered with {0}")]
struct Refused(StatusCode);

impl WebhookNotifier {
    /// Posts to that URL.
    ///
    /// # Errors
    /// If it is no URL with a host.
    pub fn new(url: &str, transport: impl Transport) -> Result<Self, InvalidWebhook> {
        let url: Uri = url.parse().map_err(|_| InvalidWebhook)?;
        if url.scheme().is_none() || url.host().is_none() {
            return Err(InvalidWebhook);
        }
        Ok(Self { url, headers: Vec::new(), transport: Box::new(transport) })
    }

    /// The notifier with a header, which may hold a secret.
    ///
    /// # Errors
    /// If it is no header.
    pub fn with_header(mut self, name: &str, value: &str) -> Result<Self, InvalidWebhook> {
        let name: HeaderName = name.parse().map_err(|_| InvalidWebhook)?;
        let mut value = HeaderValue::from_str(value).map_err(|_| InvalidWebhook)?;
        value.set_sensitive(true);
        self.headers.push((name, value));
        Ok(self)
    }
}

#[async_trait]
impl Notifier for WebhookNotifier {
    async fn notify(&self, notification: &Notification) -> Result<(), NotifyError> {
        let body = serde_json::to_vec(notification).map_err(NotifyError::new)?;
        let mut request = Request::new(Bytes::from(body));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.url.clone();
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(header::CONTENT_TYPE, json);
        for (name, value) in &self.headers {
            request.headers_mut().insert(name.clone(), value.clone());
        }
        let answer = self.transport.send(request).await.map_err(NotifyError::new)?;
        if answer.status().is_success() {
            Ok(())
        } else {
            Err(NotifyError::new(Refused(answer.status())))
        }
    }
}

impl fmt::Debug for WebhookNotifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookNotifier").field("host", &self.url.host()).finish_non_exhaustive()
    }
}
