use std::{borrow::Cow, fmt, sync::Arc};

use http::HeaderValue;
use scim_core::{Resource, TypedResource};

use crate::{
    api::Api,
    base_url::BaseUrl,
    error::{Error, ErrorKind},
    protocol::{Answer, Headers, Request},
    transport::Transport,
};

/// A service provider, as seen by a client; cheap to clone.
///
/// It has no type parameter: any [`Transport`] carries its requests.
///
/// ```
/// use bytes::Bytes;
/// use http::{Request, Response};
/// use scim_client::{Client, User, transport::InProcessTransport};
///
/// let service = InProcessTransport::new(async |request: Request<Bytes>| {
///     assert_eq!(request.uri().path(), "/v2/Users/2819c223");
///     Response::new(Bytes::from_static(br#"{"id": "2819c223", "userName": "bjensen"}"#))
/// });
/// let client = Client::builder("https://scim.example.com/v2/Users")
///     .bearer_token("AQ-3.fT")
///     .transport(service)
///     .build()?;
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let user = client.api::<User>().get(&"2819c223".parse()?).await?;
/// assert_eq!(user.resource.user_name, "bjensen");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    base_url: BaseUrl,
    headers: Headers,
    transport: Arc<dyn Transport>,
}

/// Builds a [`Client`].
#[must_use]
pub struct ClientBuilder {
    base_url: String,
    bearer_token: Option<String>,
    user_agent: Cow<'static, str>,
    transport: Option<Arc<dyn Transport>>,
}

/// Why a client cannot be built.
#[derive(Debug, thiserror::Error)]
enum InvalidSetting {
    #[error("there is no transport")]
    NoTransport,
    #[error("the bearer token is empty or holds a character that is not visible ASCII")]
    BearerToken,
    #[error("the user agent holds a control character")]
    UserAgent,
    #[error("an endpoint is a path such as `/Users`")]
    Endpoint,
}

impl Client {
    /// Begins a client of the service provider at that URL, in any form of [`BaseUrl`].
    pub fn builder(base_url: impl Into<String>) -> ClientBuilder {
        ClientBuilder {
            base_url: base_url.into(),
            bearer_token: None,
            user_agent: Cow::Borrowed(concat!("scim-client/", env!("CARGO_PKG_VERSION"))),
            transport: None,
        }
    }

    /// The base URL, in its normal form.
    pub fn base_url(&self) -> &BaseUrl {
        &self.inner.base_url
    }

    /// The resources of one type.
    ///
    /// ```
    /// # use bytes::Bytes;
    /// # use http::{Request, Response};
    /// # use scim_client::{Client, Group, transport::InProcessTransport};
    /// # let service = |_: Request<Bytes>| async { Response::new(Bytes::new()) };
    /// # let client = Client::builder("https://scim.example.com/v2")
    /// #     .transport(InProcessTransport::new(service))
    /// #     .build()?;
    /// assert_eq!(client.api::<Group>().endpoint(), "/Groups");
    /// # Ok::<(), scim_client::Error>(())
    /// ```
    pub fn api<R: TypedResource>(&self) -> Api<R> {
        Api::new(self.clone(), Cow::Borrowed(R::ENDPOINT))
    }

    /// The resources of an endpoint whose schema is known at run time only.
    ///
    /// ```
    /// # use bytes::Bytes;
    /// # use http::{Request, Response};
    /// # use scim_client::{Client, transport::InProcessTransport};
    /// # let service = |_: Request<Bytes>| async { Response::new(Bytes::new()) };
    /// # let client = Client::builder("https://scim.example.com/v2")
    /// #     .transport(InProcessTransport::new(service))
    /// #     .build()?;
    /// assert_eq!(client.dynamic("/Devices")?.endpoint(), "/Devices");
    /// assert!(client.dynamic("/Devices?count=1").is_err());
    /// # Ok::<(), scim_client::Error>(())
    /// ```
    ///
    /// # Errors
    /// If `endpoint` is not a path with a slash in front and none at the end.
    pub fn dynamic(&self, endpoint: impl Into<String>) -> Result<Api<Resource>, Error> {
        let endpoint = endpoint.into();
        let is_segment = |segment: &str| {
            let is_name = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
            !matches!(segment, "" | "." | "..") && segment.chars().all(is_name)
        };
        if endpoint.strip_prefix('/').is_some_and(|path| path.split('/').all(is_segment)) {
            Ok(Api::new(self.clone(), Cow::Owned(endpoint)))
        } else {
            Err(Error::new(ErrorKind::Request).with_source(InvalidSetting::Endpoint))
        }
    }

    pub(crate) async fn send(&self, request: Request) -> Result<Answer, Error> {
        let message = request.to_http(&self.inner.base_url, &self.inner.headers)?;
        match self.inner.transport.send(message).await {
            Ok(response) => Answer::new(request, response),
            Err(error) => Err(request.error(ErrorKind::Transport).with_source(error)),
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("base_url", self.base_url()).finish_non_exhaustive()
    }
}

impl ClientBuilder {
    /// Sends this token with each request ([RFC 6750 §2.1]); without it, none is sent.
    ///
    /// [RFC 6750 §2.1]: https://www.rfc-editor.org/rfc/rfc6750#section-2.1
    pub fn bearer_token(mut self, token: impl Into<String>) -> Self {
        self.bearer_token = Some(token.into());
        self
    }

    /// Sends the requests with this transport, which may be an `Arc` of one.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Arc::new(transport));
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
        let base_url =
            self.base_url.parse().map_err(|error: crate::base_url::InvalidBaseUrl| {
                Error::new(ErrorKind::Configuration).with_source(error)
            })?;
        let authorization = match &self.bearer_token {
            Some(token) => {
                Some(authorization(token).ok_or_else(|| invalid(InvalidSetting::BearerToken))?)
            }
            None => None,
        };
        let user_agent = HeaderValue::from_str(&self.user_agent)
            .map_err(|_| invalid(InvalidSetting::UserAgent))?;
        let transport = self.transport.ok_or_else(|| invalid(InvalidSetting::NoTransport))?;
        let headers = Headers { authorization, user_agent };
        Ok(Client { inner: Arc::new(Inner { base_url, headers, transport }) })
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The base URL may hold a password until it is checked.
        f.debug_struct("ClientBuilder")
            .field("user_agent", &self.user_agent)
            .finish_non_exhaustive()
    }
}

/// `credentials = "Bearer" 1*SP b64token`, with any visible character in the token.
fn authorization(token: &str) -> Option<HeaderValue> {
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return None;
    }
    let mut value = HeaderValue::from_str(&format!("Bearer {token}")).ok()?;
    value.set_sensitive(true);
    Some(value)
}
