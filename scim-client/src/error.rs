use std::{error, fmt, time::Duration};

use http::{Method, StatusCode};
use scim_core::{ResourceId, ScimType};

use crate::transport::TransportError;

/// A request that did not do what it was meant to do.
///
/// Decide by [`Error::kind`] or one of the questions, never by the text. The text names the
/// method, the endpoint and the status, and holds no value of any resource.
///
/// ```
/// use scim_client::{Client, ErrorKind};
///
/// let error = Client::builder("https://scim.example.com/v2").build().unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Configuration);
/// assert_eq!(error.to_string(), "the client cannot be built");
/// ```
pub struct Error {
    inner: Box<Inner>,
}

struct Inner {
    kind: ErrorKind,
    request: Option<(Method, String)>,
    status: Option<StatusCode>,
    scim_type: Option<ScimType>,
    detail: Option<String>,
    request_id: Option<String>,
    retry_after: Option<Duration>,
    in_doubt: bool,
    created: Option<ResourceId>,
    source: Option<Box<dyn error::Error + Send + Sync>>,
}

/// What went wrong, as far as a caller acts on it.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client cannot be built: a setting is missing or not valid.
    Configuration,
    /// The request cannot be written, such as a PATCH with a path outside the grammar.
    Request,
    /// There is no answer, or not the whole of it.
    Transport,
    /// The resource does not exist.
    NotFound,
    /// Nobody who speaks SCIM answered: mostly the base URL is wrong.
    NotScim,
    /// A value that must be unique is taken (409, or `uniqueness`).
    Conflict,
    /// The resource has changed since its version was read (412, 428).
    Precondition,
    /// There were too many requests (429).
    Throttled,
    /// The token is missing, wrong or expired (401), or there is none to be had.
    Unauthorized,
    /// The token does not allow it (403).
    Forbidden,
    /// The service provider does not take the request as it is (400 and others).
    Invalid,
    /// The request is longer than the service provider takes (413, 414, 431).
    TooLarge,
    /// The service provider does not implement it (405, 501).
    Unsupported,
    /// The service provider failed or was not ready (5xx, 408, 425).
    Server,
    /// The answer is not what such a request is answered with.
    Decode,
    /// Several resources match where one may.
    Ambiguous,
    /// It was not tried, because of what became of others.
    NotDone,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind) -> Self {
        let inner = Inner {
            kind,
            request: None,
            status: None,
            scim_type: None,
            detail: None,
            request_id: None,
            retry_after: None,
            in_doubt: false,
            created: None,
            source: None,
        };
        Self { inner: Box::new(inner) }
    }

    pub(crate) fn with_request(mut self, method: &Method, endpoint: &str) -> Self {
        self.inner.request = Some((method.clone(), endpoint.to_owned()));
        self
    }

    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        self.inner.status = Some(status);
        self
    }

    pub(crate) fn with_scim_type(mut self, scim_type: Option<ScimType>) -> Self {
        self.inner.scim_type = scim_type;
        self
    }

    pub(crate) fn with_detail(mut self, detail: Option<String>) -> Self {
        self.inner.detail = detail;
        self
    }

    pub(crate) fn with_request_id(mut self, request_id: Option<String>) -> Self {
        self.inner.request_id = request_id;
        self
    }

    pub(crate) fn with_retry_after(mut self, retry_after: Option<Duration>) -> Self {
        self.inner.retry_after = retry_after;
        self
    }

    pub(crate) fn with_doubt(mut self, in_doubt: bool) -> Self {
        self.inner.in_doubt = in_doubt;
        self
    }

    /// The same error for a part of what the request was to do; the cause stays behind.
    pub(crate) fn of_part(&self) -> Self {
        let inner = Inner {
            kind: self.kind(),
            request: self.inner.request.clone(),
            status: self.status(),
            scim_type: self.scim_type().cloned(),
            detail: self.inner.detail.clone(),
            request_id: self.inner.request_id.clone(),
            retry_after: self.retry_after(),
            in_doubt: self.is_in_doubt(),
            created: None,
            source: None,
        };
        Self { inner: Box::new(inner) }
    }

    pub(crate) fn with_created(mut self, id: Option<ResourceId>) -> Self {
        self.inner.created = id;
        self
    }

    /// The text of the cause must hold no value of a resource and no token.
    pub(crate) fn with_source(
        mut self,
        source: impl Into<Box<dyn error::Error + Send + Sync>>,
    ) -> Self {
        self.inner.source = Some(source.into());
        self
    }

    /// What went wrong, as far as a caller acts on it.
    pub fn kind(&self) -> ErrorKind {
        self.inner.kind
    }

    /// Whether the resource does not exist; never true of a wrong base URL.
    pub fn is_not_found(&self) -> bool {
        self.kind() == ErrorKind::NotFound
    }

    /// Whether a value that must be unique is taken.
    pub fn is_conflict(&self) -> bool {
        self.kind() == ErrorKind::Conflict
    }

    /// Whether the resource has changed since its version was read.
    pub fn is_precondition_failed(&self) -> bool {
        self.kind() == ErrorKind::Precondition
    }

    /// Whether there were too many requests; [`Error::retry_after`] may say how long to wait.
    pub fn is_throttled(&self) -> bool {
        self.kind() == ErrorKind::Throttled
    }

    /// Whether the token is missing, wrong or expired.
    pub fn is_unauthorized(&self) -> bool {
        self.kind() == ErrorKind::Unauthorized
    }

    /// Whether nobody who speaks SCIM answered.
    pub fn is_not_scim(&self) -> bool {
        self.kind() == ErrorKind::NotScim
    }

    /// Whether the same request may well succeed later.
    ///
    /// Whether it has taken effect already is another question: [`is_in_doubt`](Self::is_in_doubt).
    pub fn is_transient(&self) -> bool {
        use crate::transport::TransportErrorKind::{Connect, Interrupted, Timeout};

        match self.kind() {
            ErrorKind::Throttled => true,
            ErrorKind::Transport => self
                .transport_error()
                .is_some_and(|error| matches!(error.kind(), Connect | Timeout | Interrupted)),
            ErrorKind::Server => self
                .status()
                .is_some_and(|status| matches!(status.as_u16(), 408 | 425 | 500 | 502 | 503 | 504)),
            _ => false,
        }
    }

    /// Whether the request may have taken effect all the same: there was no answer, or the service
    /// provider failed, at this attempt or one before.
    ///
    /// Whoever creates looks for the resource then, before it creates another one.
    pub fn is_in_doubt(&self) -> bool {
        self.inner.in_doubt
    }

    /// The resource that was created before something went wrong with the rest of it.
    pub fn created(&self) -> Option<&ResourceId> {
        self.inner.created.as_ref()
    }

    /// The method of the request.
    pub fn method(&self) -> Option<&Method> {
        self.inner.request.as_ref().map(|(method, _)| method)
    }

    /// The endpoint of the request without the `id`, such as `/Users`.
    pub fn endpoint(&self) -> Option<&str> {
        self.inner.request.as_ref().map(|(_, endpoint)| endpoint.as_str())
    }

    /// The status of the answer, if there was one.
    pub fn status(&self) -> Option<StatusCode> {
        self.inner.status
    }

    /// The detail code of the answer ([RFC 7644 §3.12], Table 9).
    ///
    /// [RFC 7644 §3.12]: https://www.rfc-editor.org/rfc/rfc7644#section-3.12
    pub fn scim_type(&self) -> Option<&ScimType> {
        self.inner.scim_type.as_ref()
    }

    /// The service provider's own words, or what is wrong with its answer.
    ///
    /// They may hold personal data, so they are part of neither `Display` nor `Debug`.
    pub fn detail(&self) -> Option<&str> {
        self.inner.detail.as_deref()
    }

    /// What the service provider calls the request in its own log.
    pub fn request_id(&self) -> Option<&str> {
        self.inner.request_id.as_deref()
    }

    /// How long the service provider asks to wait ([RFC 9110 §10.2.3]).
    ///
    /// [RFC 9110 §10.2.3]: https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
    pub fn retry_after(&self) -> Option<Duration> {
        self.inner.retry_after
    }

    /// Why there is no answer, if the kind is [`ErrorKind::Transport`].
    pub fn transport_error(&self) -> Option<&TransportError> {
        self.inner.source.as_deref()?.downcast_ref()
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.inner.source.as_deref().map(|source| source as _)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((method, endpoint)) = &self.inner.request {
            write!(f, "`{method} {endpoint}`: ")?;
        }
        write!(f, "{}", self.kind())?;
        // A word that is in none of the RFCs could be anything, so it stays out.
        let scim_type = self.scim_type().filter(|word| !matches!(word, ScimType::Other(_)));
        match (self.status(), scim_type) {
            (Some(status), Some(word)) => write!(f, " ({}, `{word}`)", status.as_u16()),
            (Some(status), None) => write!(f, " ({})", status.as_u16()),
            (None, _) => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    /// Leaves out the service provider's own words.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.kind())
            .field("request", &self.inner.request)
            .field("status", &self.status())
            .field("request_id", &self.request_id())
            .field("retry_after", &self.retry_after())
            .field("is_in_doubt", &self.is_in_doubt())
            .field("source", &self.inner.source)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Configuration => "the client cannot be built",
            Self::Request => "the request cannot be written",
            Self::Transport => "there is no answer",
            Self::NotFound => "the resource does not exist",
            Self::NotScim => "the answer does not come from a SCIM service provider",
            Self::Conflict => "a value that must be unique is taken",
            Self::Precondition => "the resource has changed since its version was read",
            Self::Throttled => "there were too many requests",
            Self::Unauthorized => "the token is missing, wrong or expired",
            Self::Forbidden => "the token does not allow it",
            Self::Invalid => "the service provider refuses the request",
            Self::TooLarge => "the request is too long for the service provider",
            Self::Unsupported => "the service provider does not implement it",
            Self::Server => "the service provider failed",
            Self::Decode => "the answer cannot be read",
            Self::Ambiguous => "more than one resource matches",
            Self::NotDone => "it was not done",
        })
    }
}
