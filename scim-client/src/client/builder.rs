use std::{borrow::Cow, fmt, sync::Arc};

use http::HeaderValue;

use super::{Client, Inner};
use crate::{
    base_url::InvalidBaseUrl,
    error::{Error, ErrorKind},
    protocol::Headers,
    target::{MediaType, Profile, Target},
    transport::{
        BearerToken, Credentials, Delivery, Middleware, RateLimit, RetryPolicy, Terms, Timer,
        Transport,
    },
};

/// Builds a [`Client`].
#[must_use]
pub struct ClientBuilder {
    base_url: String,
    bearer_token: Option<String>,
    credentials: Option<Arc<dyn Credentials>>,
    user_agent: Cow<'static, str>,
    transport: Option<Arc<dyn Transport>>,
    middleware: Vec<Arc<dyn Middleware>>,
    timer: Option<Arc<dyn Timer>>,
    retry: RetryPolicy,
    rate_limit: Option<RateLimit>,
    max_concurrency: Option<usize>,
    profile: Profile,
}

/// Why a client cannot be built.
#[derive(Debug, thiserror::Error)]
enum InvalidSetting {
    #[error("there is no transport")]
    NoTransport,
    #[error("the user agent holds a control character")]
    UserAgent,
}

impl ClientBuilder {
    pub(super) fn new(base_url: String) -> Self {
        Self {
            base_url,
            bearer_token: None,
            credentials: None,
            user_agent: Cow::Borrowed(concat!("scim-client/", env!("CARGO_PKG_VERSION"))),
            transport: None,
            middleware: Vec::new(),
            timer: None,
            retry: RetryPolicy::new(),
            rate_limit: None,
            max_concurrency: None,
            profile: Profile::rfc(),
        }
    }

    /// Sends this token with each request ([RFC 6750 §2.1]); without it, none is sent.
    ///
    /// [RFC 6750 §2.1]: https://www.rfc-editor.org/rfc/rfc6750#section-2.1
    pub fn bearer_token(mut self, token: impl Into<String>) -> Self {
        self.bearer_token = Some(token.into());
        self
    }

    /// Proves who the client is by these credentials, in the place of a bearer token.
    pub fn credentials(mut self, credentials: impl Credentials) -> Self {
        self.credentials = Some(Arc::new(credentials));
        self
    }

    /// Sends the requests with this transport, which may be an `Arc` of one.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Has each attempt pass by somebody who stands before the transport, behind those that were
    /// given before.
    pub fn middleware(mut self, middleware: impl Middleware) -> Self {
        self.middleware.push(Arc::new(middleware));
        self
    }

    /// Waits by this timer; without one, nothing is repeated, limited or ended early.
    pub fn timer(mut self, timer: impl Timer) -> Self {
        self.timer = Some(Arc::new(timer));
        self
    }

    /// Repeats requests by this policy, in place of the default one; it needs a timer.
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// Keeps to these rates, in place of those of the profile; it needs a timer.
    pub fn rate_limit(mut self, rate_limit: RateLimit) -> Self {
        self.rate_limit = Some(rate_limit);
        self
    }

    /// Sends no more than that many requests at the same time.
    pub fn max_concurrency(mut self, requests: usize) -> Self {
        self.max_concurrency = Some(requests);
        self
    }

    /// Takes the service provider for one of that kind.
    pub fn profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// Names the application to the service provider, in place of this crate.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Cow::Owned(user_agent.into());
        self
    }

    /// Builds the client; nothing is sent.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] if there is no transport, or if the base URL, the token or
    /// the user agent is not valid; no error shows the token.
    pub fn build(self) -> Result<Client, Error> {
        let invalid = |setting| Error::new(ErrorKind::Configuration).with_source(setting);
        let base_url = self.base_url.parse().map_err(|error: InvalidBaseUrl| {
            Error::new(ErrorKind::Configuration).with_source(error)
        })?;
        let token = self.bearer_token.as_deref().map(BearerToken::new).transpose();
        let token =
            token.map_err(|error| Error::new(ErrorKind::Configuration).with_source(error))?;
        let of_token = token.map(|token| Arc::new(token) as Arc<dyn Credentials>);
        let user_agent = HeaderValue::from_str(&self.user_agent)
            .map_err(|_| invalid(InvalidSetting::UserAgent))?;
        let transport = self.transport.ok_or_else(|| invalid(InvalidSetting::NoTransport))?;
        let rate_limit = self.rate_limit.unwrap_or(self.profile.rate_limit);
        let mut delivery = Delivery::new(transport, rate_limit, self.max_concurrency);
        delivery.middleware = self.middleware;
        delivery.credentials = self.credentials.or(of_token);
        delivery.timer = self.timer;
        delivery.retry = self.retry;
        let headers = headers(self.profile.media_type, user_agent);
        let target = Target::new(self.profile);
        let inner = Inner { base_url, headers, delivery, target };
        Ok(Client { inner: Arc::new(inner), terms: Terms::default() })
    }
}

/// RFC 7644 §3.1, or what a service provider takes in its place.
fn headers(media_type: MediaType, user_agent: HeaderValue) -> Headers {
    let (accept, content_type) = match media_type {
        MediaType::ScimJson => {
            ("application/scim+json, application/json;q=0.9", "application/scim+json")
        }
        MediaType::Json => ("application/json, application/scim+json;q=0.9", "application/json"),
    };
    Headers {
        accept: HeaderValue::from_static(accept),
        content_type: HeaderValue::from_static(content_type),
        user_agent,
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The base URL may hold a password until it is checked.
        f.debug_struct("ClientBuilder")
            .field("user_agent", &self.user_agent)
            .field("profile", &self.profile.name)
            .finish_non_exhaustive()
    }
}
