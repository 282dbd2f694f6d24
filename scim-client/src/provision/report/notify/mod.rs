//! Who is told of trouble: whoever answers for the job, by e-mail, by a webhook, or otherwise.

mod notification;
#[cfg(feature = "smtp")]
mod smtp;
mod webhook;

use std::{error::Error, fmt, sync::Arc};

use async_trait::async_trait;

pub use notification::{Notification, NotificationEvent};
#[cfg(feature = "smtp")]
pub use smtp::{InvalidSmtp, SmtpNotifier, SmtpNotifierBuilder, SmtpTls};
pub use webhook::{InvalidWebhook, WebhookNotifier};

/// Somebody who is told of trouble.
///
/// # Contract
/// The engine tells each trouble once, and waits until it is told, so it must end in bounded time.
/// If it fails, the cycle goes on; removals that are held back are told again in the next one.
#[async_trait]
pub trait Notifier: Send + Sync + 'static {
    /// Tells somebody.
    ///
    /// # Errors
    /// If nobody could be told.
    async fn notify(&self, notification: &Notification) -> Result<(), NotifyError>;
}

/// Nobody could be told.
///
/// Its text holds no secret, and neither must the cause's.
#[derive(Debug)]
pub struct NotifyError(Box<dyn Error + Send + Sync>);

#[async_trait]
impl<T: Notifier + ?Sized> Notifier for Arc<T> {
    async fn notify(&self, notification: &Notification) -> Result<(), NotifyError> {
        T::notify(self, notification).await
    }
}

impl NotifyError {
    /// Wraps what went wrong.
    pub fn new(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(source.into())
    }
}

impl fmt::Display for NotifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the notification could not be sent")
    }
}

impl Error for NotifyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.0.as_ref())
    }
}
