mod builder;

use std::{borrow::Cow, fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use scim_core::{Resource, TypedResource, User};

pub use builder::ClientBuilder;

use crate::{
    api::{Api, List, Me},
    base_url::BaseUrl,
    bulk::Bulk,
    error::{Error, ErrorKind},
    protocol::{Answer, Headers, Request, Told},
    target::{Capabilities, Profile, Target},
    transport::{Delivery, Meter, Terms, Undelivered, may_have_taken_effect, retry_after},
};

/// A service provider, as seen by a client; cheap to clone.
///
/// It has no type parameter: any [`Transport`](crate::Transport) carries its requests.
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
    terms: Terms,
}

pub(super) struct Inner {
    base_url: BaseUrl,
    headers: Headers,
    delivery: Delivery,
    target: Target,
}

/// A path that is no endpoint.
#[derive(Debug, thiserror::Error)]
#[error("an endpoint is a path such as `/Users`")]
struct NoEndpoint;

impl Client {
    /// Begins a client of the service provider at that URL, in any form of [`BaseUrl`].
    pub fn builder(base_url: impl Into<String>) -> ClientBuilder {
        ClientBuilder::new(base_url.into())
    }

    /// The base URL, in its normal form.
    pub fn base_url(&self) -> &BaseUrl {
        &self.inner.base_url
    }

    /// The resources of one type, at the endpoint of RFC 7643 or the one that was discovered.
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
        let discovered = self.target().endpoint(R::SCHEMA);
        Api::new(self.clone(), discovered.map_or(Cow::Borrowed(R::ENDPOINT), Cow::Owned))
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
            Err(Error::new(ErrorKind::Request).with_source(NoEndpoint))
        }
    }

    /// The resource that the credentials stand for, at `/Me` ([RFC 7644 §3.11]).
    ///
    /// ```
    /// # use bytes::Bytes;
    /// # use http::{Request, Response};
    /// # use scim_client::{Client, User, transport::InProcessTransport};
    /// # let service = |_: Request<Bytes>| async {
    /// #     Response::new(Bytes::from_static(br#"{"id": "2819", "userName": "bjensen"}"#))
    /// # };
    /// # let client = Client::builder("https://scim.example.com/v2")
    /// #     .transport(InProcessTransport::new(service))
    /// #     .build()?;
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let me = client.me::<User>().get().await?;
    /// assert_eq!(me.resource.user_name, "bjensen");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// [RFC 7644 §3.11]: https://www.rfc-editor.org/rfc/rfc7644#section-3.11
    pub fn me<R: TypedResource>(&self) -> Me<R> {
        Me::new(Api::new(self.clone(), Cow::Borrowed(ME)))
    }

    /// A query for resources of all types ([RFC 7644 §3.4.2.1], [§3.4.3]).
    ///
    /// [RFC 7644 §3.4.2.1]: https://www.rfc-editor.org/rfc/rfc7644#section-3.4.2.1
    /// [§3.4.3]: https://www.rfc-editor.org/rfc/rfc7644#section-3.4.3
    pub fn search(&self) -> List<Resource> {
        Api::new(self.clone(), Cow::Borrowed("")).list().by_search()
    }

    /// Several operations in one request ([RFC 7644 §3.7]).
    ///
    /// [RFC 7644 §3.7]: https://www.rfc-editor.org/rfc/rfc7644#section-3.7
    pub fn bulk(&self) -> Bulk {
        Bulk::new(self.clone())
    }

    /// The same client for calls that take no longer than that, all attempts and waits together.
    ///
    /// It needs a timer.
    #[must_use]
    pub fn with_deadline(&self, limit: Duration) -> Self {
        let terms = Terms { limit: Some(limit), ..self.terms.clone() };
        Self { inner: Arc::clone(&self.inner), terms }
    }

    /// The same client, whose requests the meter counts.
    #[must_use]
    pub fn with_meter(&self, meter: Meter) -> Self {
        let terms = Terms { meter: Some(meter), ..self.terms.clone() };
        Self { inner: Arc::clone(&self.inner), terms }
    }

    /// What the service provider is able to do, as far as it is known now.
    ///
    /// [`Client::discover`] asks it.
    pub fn capabilities(&self) -> Capabilities {
        self.target().capabilities()
    }

    /// What was known of the service provider before it was asked.
    pub fn profile(&self) -> &Profile {
        self.target().profile()
    }

    pub(crate) fn target(&self) -> &Target {
        &self.inner.target
    }

    /// Sends a request and takes its answer if it is a success.
    pub(crate) async fn send(&self, request: Request) -> Result<Answer, Error> {
        let (response, told) = self.deliver(&request).await?;
        let operation = request.operation();
        match Answer::new(request, response, told) {
            Ok(answer) => Ok(self.with_schema(answer)),
            Err(error) => {
                // What the service provider does not implement need not be tried again.
                if let (ErrorKind::Unsupported, Some(endpoint)) = (error.kind(), error.endpoint()) {
                    self.target().learn_refused(operation, endpoint);
                }
                Err(error)
            }
        }
    }

    /// The same for a request that may be answered with 304.
    pub(crate) async fn send_if_changed(&self, request: Request) -> Result<Option<Answer>, Error> {
        let (response, told) = self.deliver(&request).await?;
        let answer = Answer::unless_unchanged(request, response, told)?;
        Ok(answer.map(|answer| self.with_schema(answer)))
    }

    fn with_schema(&self, answer: Answer) -> Answer {
        let schema = match answer.endpoint() {
            // Mostly it is a user who asks.
            ME => self.target().schema_at(User::ENDPOINT),
            endpoint => self.target().schema_at(endpoint.trim_end_matches("/.search")),
        };
        answer.with_schema(schema)
    }

    async fn deliver(&self, request: &Request) -> Result<(http::Response<Bytes>, Told), Error> {
        let inner = &*self.inner;
        let mut message = request.to_http(&inner.base_url, &inner.headers)?;
        let mut redirects = 0;
        loop {
            let delivered = inner.delivery.deliver(&message, request.call(), &self.terms).await;
            let in_doubt = delivered.in_doubt;
            let response = match delivered.outcome {
                Ok(response) => response,
                Err(error) => return Err(undelivered(request, error, in_doubt)),
            };
            match inner.base_url.same_origin_redirect(message.uri(), &response) {
                Some(uri) if redirects < MAX_REDIRECTS => *message.uri_mut() = uri,
                _ => {
                    let timer = inner.delivery.timer.as_deref();
                    let retry_after = retry_after(response.headers(), timer);
                    return Ok((response, Told { retry_after, in_doubt }));
                }
            }
            redirects += 1;
        }
    }
}

/// The endpoint of RFC 7644 §3.11.
const ME: &str = "/Me";
const MAX_REDIRECTS: usize = 3;

fn undelivered(request: &Request, error: Undelivered, in_doubt: bool) -> Error {
    match error {
        Undelivered::Transport(error) => {
            let is_ambiguous = may_have_taken_effect(request.idempotency(), error.kind());
            let kind = ErrorKind::Transport;
            request.error(kind).with_source(error).with_doubt(in_doubt || is_ambiguous)
        }
        Undelivered::Credentials(error) => {
            let kind =
                if error.is_refused() { ErrorKind::Unauthorized } else { ErrorKind::Transport };
            request.error(kind).with_source(error).with_doubt(in_doubt)
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("base_url", self.base_url()).finish_non_exhaustive()
    }
}
