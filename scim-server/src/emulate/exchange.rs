use std::fmt;

use bytes::Bytes;
use http::Method;

use super::IdentityProvider;

/// A request that was sent, and what it was answered with.
#[derive(Clone)]
pub struct Exchange {
    pub(super) line: String,
    pub(super) method: Method,
    pub(super) uri: String,
    pub(super) request: Bytes,
    pub(super) status: u16,
    pub(super) response: Bytes,
}

/// What was sent and what came back, in the order of the answers.
#[derive(Clone, Debug)]
pub struct Report {
    provider: IdentityProvider,
    exchanges: Vec<Exchange>,
}

impl Exchange {
    /// The method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The URI as it was sent.
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// The body of the request.
    pub fn request_body(&self) -> &Bytes {
        &self.request
    }

    /// The status of the answer.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The body of the answer.
    pub fn response_body(&self) -> &Bytes {
        &self.response
    }
}

/// Without bodies, and without the values that the request searches for.
impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} → {}", self.line, self.status)
    }
}

impl Report {
    pub(super) fn new(provider: IdentityProvider, exchanges: Vec<Exchange>) -> Self {
        Self { provider, exchanges }
    }

    /// Who sent it.
    pub fn provider(&self) -> IdentityProvider {
        self.provider
    }

    /// The exchanges.
    pub fn exchanges(&self) -> &[Exchange] {
        &self.exchanges
    }
}

/// A line for each exchange.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.exchanges.iter().try_for_each(|exchange| writeln!(f, "{exchange:?}"))
    }
}
