use std::{fmt, str::FromStr, sync::Arc};

use http::{HeaderMap, HeaderName};

/// What a request is known by in logs, in audit events and to the client.
///
/// One to 128 letters, digits and `-_.:/+=@~`: nothing that a log could take for something else.
///
/// ```
/// use scim_server::RequestId;
///
/// let id: RequestId = "7f3c-42".parse()?;
/// assert_eq!(id.as_str(), "7f3c-42");
/// assert!("a\nb".parse::<RequestId>().is_err());
/// assert_ne!(RequestId::generate(), RequestId::generate());
/// # Ok::<(), scim_server::InvalidRequestId>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct RequestId(Arc<str>);

/// A string that cannot be the identifier of a request; the message does not repeat it.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a request id has 1 to 128 letters, digits and `-_.:/+=@~`")]
#[non_exhaustive]
pub struct InvalidRequestId;

/// Where clients write it, the usual one first.
const HEADERS: [HeaderName; 2] =
    [HeaderName::from_static("x-request-id"), HeaderName::from_static("request-id")];

impl RequestId {
    /// A new one, which tells nothing: neither when it was made nor how many others there are.
    pub fn generate() -> Self {
        Self(uuid::Uuid::new_v4().to_string().into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The one that a client sent, if it is well-formed and one, or a new one; and the header that
    /// the answer is to have it in.
    pub(crate) fn of(headers: &HeaderMap) -> (Self, HeaderName) {
        let [usual, _] = HEADERS;
        let header = HEADERS.into_iter().find(|name| headers.contains_key(name)).unwrap_or(usual);
        let mut values = headers.get_all(&header).iter();
        let sent = match (values.next(), values.next()) {
            (Some(value), None) => value.to_str().ok().and_then(|text| text.parse().ok()),
            _ => None,
        };
        (sent.unwrap_or_else(Self::generate), header)
    }
}

impl FromStr for RequestId {
    type Err = InvalidRequestId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_allowed = |b: u8| b.is_ascii_alphanumeric() || b"-_.:/+=@~".contains(&b);
        let fits = (1..=128).contains(&text.len()) && text.bytes().all(is_allowed);
        if fits { Ok(Self(text.into())) } else { Err(InvalidRequestId) }
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
