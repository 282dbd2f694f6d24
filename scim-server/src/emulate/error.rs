use std::{error, fmt};

/// What an identity provider needs and does not get.
///
/// ```
/// use scim_server::emulate::{EntraId, Expectation};
/// # use bytes::Bytes;
/// # use http::{Request, Response};
///
/// # async fn run() {
/// let lost = |_: Request<Bytes>| async {
///     Response::builder().status(404).body(Bytes::new())
/// };
/// let entra = EntraId::new(&lost, "https://host/scim", "a token");
/// let error = entra.test_connection().await.unwrap_err();
/// assert_eq!(*error.expectation(), Expectation::Status(&[200]));
/// assert_eq!(error.status(), Some(404));
/// assert!(error.to_string().starts_with("Entra ID expects status 200: GET /Users?filter="));
/// # }
/// # let mut run = std::pin::pin!(run());
/// # let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
/// # assert!(run.as_mut().poll(&mut cx).is_ready());
/// ```
#[derive(Debug, thiserror::Error)]
pub struct Error {
    provider: IdentityProvider,
    expectation: Expectation,
    request: String,
    status: Option<u16>,
    source: Option<Box<dyn error::Error + Send + Sync>>,
}

/// The client that is emulated.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum IdentityProvider {
    /// Microsoft Entra ID.
    EntraId,
    /// Okta.
    Okta,
    /// Entra ID as it provisions a user roster, which has no groups.
    UserRoster,
}

/// What an identity provider needs of an answer.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Expectation {
    /// There is an answer.
    Answer,
    /// The status is one of these.
    Status(&'static [u16]),
    /// A body is `application/scim+json` or `application/json`, and JSON.
    Json,
    /// A list is a `ListResponse` with numbers for its counts and an array of `Resources`.
    List,
    /// A query that nothing matches is answered with an empty list.
    EmptyList,
    /// A query by a name finds the one resource that has it.
    FoundOnce,
    /// A resource has an `id`, and always the same.
    Id,
    /// What was sent is there when it is read, at this attribute.
    Kept(String),
    /// A group has these members and no others.
    Members,
    /// `excludedAttributes=members` leaves members out.
    MembersLeftOut,
    /// An error has a SCIM error for its body, with the status as text.
    ErrorBody,
    /// A password is never shown.
    PasswordHidden,
    /// The pages of a list hold each resource once.
    Pages,
    /// A schema has no null and the words of RFC 7643 for its characteristics.
    SchemaWords,
}

impl Error {
    pub(super) fn broken(
        provider: IdentityProvider,
        expectation: Expectation,
        request: &str,
        status: u16,
    ) -> Self {
        Self {
            provider,
            expectation,
            request: request.to_owned(),
            status: Some(status),
            source: None,
        }
    }

    pub(super) fn unanswered(
        provider: IdentityProvider,
        request: &str,
        source: Box<dyn error::Error + Send + Sync>,
    ) -> Self {
        let expectation = Expectation::Answer;
        Self {
            provider,
            expectation,
            request: request.to_owned(),
            status: None,
            source: Some(source),
        }
    }

    /// Who expects it.
    pub fn provider(&self) -> IdentityProvider {
        self.provider
    }

    /// What is expected.
    pub fn expectation(&self) -> &Expectation {
        &self.expectation
    }

    /// The request, without the values that it searches for.
    pub fn request(&self) -> &str {
        &self.request
    }

    /// The status of the answer.
    pub fn status(&self) -> Option<u16> {
        self.status
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { provider, expectation, request, status, .. } = self;
        write!(f, "{provider} expects {expectation}: {request}")?;
        match status {
            Some(status) => write!(f, " was answered with {status}"),
            None => f.write_str(" was not answered"),
        }
    }
}

impl fmt::Display for IdentityProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EntraId => "Entra ID",
            Self::Okta => "Okta",
            Self::UserRoster => "Entra ID with a user roster",
        })
    }
}

impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answer => f.write_str("an answer"),
            Self::Status(statuses) => {
                let statuses: Vec<String> = statuses.iter().map(ToString::to_string).collect();
                write!(f, "status {}", statuses.join(" or "))
            }
            Self::Json => f.write_str("a JSON body of the media type `application/scim+json`"),
            Self::List => {
                f.write_str("a `ListResponse` with numbers for its counts and an array `Resources`")
            }
            Self::EmptyList => f.write_str("an empty list for a query that nothing matches"),
            Self::FoundOnce => f.write_str("one resource for a query by its name"),
            Self::Id => f.write_str("a resource with its `id`"),
            Self::Kept(attribute) => write!(f, "`{attribute}` to be kept as sent"),
            Self::Members => f.write_str("a group of the members it was given"),
            Self::MembersLeftOut => {
                f.write_str("`excludedAttributes=members` to leave members out")
            }
            Self::ErrorBody => f.write_str("a SCIM error with its `status` as text"),
            Self::PasswordHidden => f.write_str("no password in an answer"),
            Self::Pages => f.write_str("pages that hold each resource once"),
            Self::SchemaWords => {
                f.write_str("schemas without null, with characteristics spelt as in RFC 7643")
            }
        }
    }
}
