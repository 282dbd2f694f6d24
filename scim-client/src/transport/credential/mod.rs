//! How a client proves who it is.

mod bearer;
mod client_credentials;

use std::{error, fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use http::HeaderValue;

pub use bearer::{BearerToken, InvalidBearerToken};
pub use client_credentials::{ClientCredentials, InvalidClientCredentials};

use super::{Transport, TransportError};

/// Gives the `Authorization` header of each request.
///
/// # Contract
/// - The value is marked as sensitive, and neither `Debug` nor an error shows it.
/// - Many requests may ask at the same time; a token is fetched once for all of them.
#[async_trait]
pub trait Credentials: Send + Sync + 'static {
    /// The header for a request that is sent now.
    ///
    /// # Errors
    /// If there is none to be had.
    async fn authorization(
        &self,
        cx: &CredentialContext<'_>,
    ) -> Result<HeaderValue, CredentialError>;

    /// The service provider has answered 401 to that header: whether another one can be had.
    async fn is_renewable(&self, rejected: &HeaderValue) -> bool;
}

/// What credentials may use that are not there yet.
#[non_exhaustive]
pub struct CredentialContext<'a> {
    /// The client's transport.
    pub transport: &'a dyn Transport,
    /// The time by the client's timer, if it has one.
    pub now: Option<Duration>,
}

/// Credentials that cannot be had.
///
/// The text of the cause must hold no secret.
#[derive(Debug, thiserror::Error)]
#[error("there are no credentials to be had")]
pub struct CredentialError {
    is_refused: bool,
    source: Box<dyn error::Error + Send + Sync>,
}

impl CredentialError {
    /// Nobody could be asked, or an answer made no sense; later it may be otherwise.
    pub fn unavailable(source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        Self { is_refused: false, source: source.into() }
    }

    /// Whoever was asked refuses.
    pub fn refused(source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        Self { is_refused: true, source: source.into() }
    }

    /// Whether whoever was asked refuses.
    pub fn is_refused(&self) -> bool {
        self.is_refused
    }
}

impl From<TransportError> for CredentialError {
    fn from(error: TransportError) -> Self {
        Self::unavailable(error)
    }
}

#[async_trait]
impl<T: Credentials + ?Sized> Credentials for Arc<T> {
    async fn authorization(
        &self,
        cx: &CredentialContext<'_>,
    ) -> Result<HeaderValue, CredentialError> {
        T::authorization(self, cx).await
    }

    async fn is_renewable(&self, rejected: &HeaderValue) -> bool {
        T::is_renewable(self, rejected).await
    }
}

impl fmt::Debug for CredentialContext<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CredentialContext").field("now", &self.now).finish_non_exhaustive()
    }
}
