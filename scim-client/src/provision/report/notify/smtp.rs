use std::{fmt, time::Duration};

use async_trait::async_trait;
use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{
        Mailbox,
        header::{ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::{AsyncSmtpTransportBuilder, authentication::Credentials},
};
use tokio::time::timeout;

use super::{Notification, Notifier, NotifyError};

/// Tells of trouble by an e-mail, as the notification e-mail of Entra ID does.
///
/// It sends on the runtime of Tokio, which must be there when it is told to.
///
/// ```
/// use scim_client::provision::report::notify::SmtpNotifier;
///
/// let notifier = SmtpNotifier::builder("smtp.clinic.example")
///     .credentials("provisioning", "wq6-3t")
///     .from("Provisioning <provisioning@clinic.example>")?
///     .to("it@clinic.example")?
///     .build()?;
/// assert!(!format!("{notifier:?}").contains("wq6-3t"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct SmtpNotifier {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    host: String,
    timeout: Duration,
    from: Mailbox,
    to: Vec<Mailbox>,
}

/// What an [`SmtpNotifier`] is made of.
pub struct SmtpNotifierBuilder {
    host: String,
    port: Option<u16>,
    tls: SmtpTls,
    credentials: Option<Credentials>,
    timeout: Duration,
    from: Option<Mailbox>,
    to: Vec<Mailbox>,
}

/// How the connection to the mail server is protected.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum SmtpTls {
    /// By TLS from the first byte on; the port is 465 if none is given.
    #[default]
    Required,
    /// By TLS after a greeting in the clear; the port is 587 if none is given. A mail server that
    /// does not offer it gets neither the password nor the message.
    StartTls,
    /// Not, for a mail server on the same machine; the port is 25 if none is given.
    None,
}

/// A notifier that cannot be made.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidSmtp {
    /// A text is no e-mail address.
    #[error("an e-mail address is not valid")]
    Address,
    /// There is no sender.
    #[error("there is no sender")]
    NoSender,
    /// There is no recipient.
    #[error("there is no recipient")]
    NoRecipient,
    /// The name of the mail server makes no sense, or TLS cannot be set up.
    #[error("the mail server cannot be used by that name")]
    Server,
}

/// What went wrong, without the mail server's words, which may repeat addresses.
#[derive(Debug, thiserror::Error)]
#[error("the mail server did not take the message: {0}")]
struct NotTaken(&'static str);

const TIMEOUT: Duration = Duration::from_secs(30);

impl SmtpNotifier {
    /// Begins a notifier that sends through a mail server.
    pub fn builder(host: impl Into<String>) -> SmtpNotifierBuilder {
        SmtpNotifierBuilder {
            host: host.into(),
            port: None,
            tls: SmtpTls::default(),
            credentials: None,
            timeout: TIMEOUT,
            from: None,
            to: Vec::new(),
        }
    }

    fn message(&self, notification: &Notification) -> Result<Message, lettre::error::Error> {
        let header = |name, value| HeaderValue::new(HeaderName::new_from_ascii_str(name), value);
        // RFC 5322 §3.3. The header of `lettre` panics for years that HTTP has no dates for.
        let date = notification.at.format("%a, %d %b %Y %H:%M:%S +0000").to_string();
        let mut message = Message::builder()
            .from(self.from.clone())
            .subject(notification.subject())
            .raw_header(header("Date", date))
            .message_id(None)
            .raw_header(header("Auto-Submitted", "auto-generated".to_owned()))
            .header(ContentType::TEXT_PLAIN);
        for to in &self.to {
            message = message.to(to.clone());
        }
        message.body(notification.text())
    }
}

impl SmtpNotifierBuilder {
    /// Connects to another port than the usual one.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = Some(port);
        self
    }

    /// Protects the connection in that way.
    #[must_use]
    pub fn tls(mut self, tls: SmtpTls) -> Self {
        self.tls = tls;
        self
    }

    /// Signs in.
    #[must_use]
    pub fn credentials(mut self, user: impl Into<String>, password: impl Into<String>) -> Self {
        self.credentials = Some(Credentials::new(user.into(), password.into()));
        self
    }

    /// Gives up after that long, from looking up the mail server to its last answer: after half a
    /// minute otherwise.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sends from that address, with or without a name: `Provisioning <p@clinic.example>`.
    ///
    /// # Errors
    /// If it is no address.
    pub fn from(mut self, mailbox: &str) -> Result<Self, InvalidSmtp> {
        self.from = Some(mailbox.parse().map_err(|_| InvalidSmtp::Address)?);
        Ok(self)
    }

    /// Sends to that address too.
    ///
    /// # Errors
    /// If it is no address.
    pub fn to(mut self, mailbox: &str) -> Result<Self, InvalidSmtp> {
        self.to.push(mailbox.parse().map_err(|_| InvalidSmtp::Address)?);
        Ok(self)
    }

    /// The notifier.
    ///
    /// # Errors
    /// If there is no sender or no recipient, or the name of the mail server makes no sense.
    pub fn build(self) -> Result<SmtpNotifier, InvalidSmtp> {
        let from = self.from.ok_or(InvalidSmtp::NoSender)?;
        if self.to.is_empty() {
            return Err(InvalidSmtp::NoRecipient);
        }
        let mut transport: AsyncSmtpTransportBuilder = match self.tls {
            SmtpTls::Required => AsyncSmtpTransport::<Tokio1Executor>::relay(&self.host),
            SmtpTls::StartTls => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(&self.host),
            SmtpTls::None => {
                Ok(AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&self.host))
            }
        }
        .map_err(|_| InvalidSmtp::Server)?
        // It would be for connecting alone; `notify` has one for everything.
        .timeout(None);
        if let Some(port) = self.port {
            transport = transport.port(port);
        }
        if let Some(credentials) = self.credentials {
            transport = transport.credentials(credentials);
        }
        let transport = transport.build();
        let Self { host, timeout, to, .. } = self;
        Ok(SmtpNotifier { transport, host, timeout, from, to })
    }
}

#[async_trait]
impl Notifier for SmtpNotifier {
    async fn notify(&self, notification: &Notification) -> Result<(), NotifyError> {
        let message = self.message(notification).map_err(NotifyError::new)?;
        let not_taken = match timeout(self.timeout, self.transport.send(message)).await {
            Ok(Ok(_)) => return Ok(()),
            Ok(Err(error)) => NotTaken(kind(&error)),
            Err(_) => NotTaken("it does not answer in time"),
        };
        Err(NotifyError::new(not_taken))
    }
}

fn kind(error: &lettre::transport::smtp::Error) -> &'static str {
    if error.is_permanent() {
        "it refuses"
    } else if error.is_transient() {
        "it asks to try later"
    } else if error.is_timeout() {
        "it does not answer in time"
    } else if error.is_client() {
        "it does not offer what is needed"
    } else if error.is_tls() {
        "there is no TLS"
    } else if error.is_response() {
        "its answer makes no sense"
    } else {
        "there is no connection"
    }
}

impl fmt::Debug for SmtpNotifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpNotifier").field("host", &self.host).finish_non_exhaustive()
    }
}

impl fmt::Debug for SmtpNotifierBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpNotifierBuilder").field("host", &self.host).finish_non_exhaustive()
    }
}
