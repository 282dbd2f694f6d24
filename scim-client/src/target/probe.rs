use std::fmt;

use scim_core::{AttributePath, Filter, InvalidAttributePath, User};

use crate::{
    client::Client,
    error::{Error, ErrorKind},
    random,
    transport::{TransportError, TransportErrorKind},
};

/// What a test of the connection has shown, in words for people by `Display`.
///
/// ```
/// # use bytes::Bytes;
/// # use http::{Request, Response};
/// use scim_client::{Client, target::ProbeOutcome, transport::InProcessTransport};
///
/// # let service = |_: Request<Bytes>| async {
/// #     Response::new(Bytes::from_static(br#"{"totalResults": 0, "Resources": []}"#))
/// # };
/// # let client = Client::builder("https://scim.example.com/v2")
/// #     .transport(InProcessTransport::new(service))
/// #     .build()?;
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let probe = client.probe("userName").await?;
/// assert_eq!(probe.outcome(), ProbeOutcome::Ready);
/// assert_eq!(
///     probe.to_string(),
///     "the service provider is ready: it knows the token and filters by `userName`",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Probe {
    outcome: ProbeOutcome,
    attribute: AttributePath,
    error: Option<Error>,
}

/// How far a test of the connection came; each step takes those before it.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum ProbeOutcome {
    /// Nobody answered.
    Unreachable,
    /// Somebody answered that it failed or is busy, which says no more.
    Failing,
    /// The token is missing, wrong or not allowed to read users.
    Unauthorized,
    /// Somebody answered who does not speak SCIM: mostly the base URL is wrong.
    NotScim,
    /// Users cannot be looked up by the attribute.
    NotFilterable,
    /// All is well.
    Ready,
}

impl Client {
    /// Tests the connection by looking for a user that cannot exist.
    ///
    /// An empty list proves at once that the base URL is right, the token valid and the
    /// attribute one to look users up by.
    ///
    /// # Errors
    /// [`ErrorKind::Request`] if `matching_attribute` is no attribute path. Whatever goes wrong
    /// on the way is part of the result.
    pub async fn probe(&self, matching_attribute: &str) -> Result<Probe, Error> {
        let invalid =
            |error: InvalidAttributePath| Error::new(ErrorKind::Request).with_source(error);
        let attribute: AttributePath = matching_attribute.parse().map_err(invalid)?;
        let filter = Filter::eq(matching_attribute, nobody()).map_err(invalid)?;
        let (outcome, error) = match self.api::<User>().list().filter(filter).first_page().await {
            Ok(page) if page.resources.is_empty() => (ProbeOutcome::Ready, None),
            // Whoever ignores the filter would match everybody.
            Ok(_) => (ProbeOutcome::NotFilterable, None),
            Err(error) => (ProbeOutcome::of(&error), Some(error)),
        };
        Ok(Probe { outcome, attribute, error })
    }
}

impl Probe {
    /// How far the test came.
    pub fn outcome(&self) -> ProbeOutcome {
        self.outcome
    }

    /// Whether somebody answered.
    pub fn is_reachable(&self) -> bool {
        self.outcome > ProbeOutcome::Unreachable
    }

    /// Whether whoever answered did not fail.
    pub fn is_working(&self) -> bool {
        self.outcome > ProbeOutcome::Failing
    }

    /// The attribute to look users up by.
    pub fn attribute(&self) -> &AttributePath {
        &self.attribute
    }

    /// Whether the token was not refused.
    pub fn is_authorized(&self) -> bool {
        self.outcome > ProbeOutcome::Unauthorized
    }

    /// Whether whoever answered speaks SCIM.
    pub fn is_scim(&self) -> bool {
        self.outcome > ProbeOutcome::NotScim
    }

    /// Whether users can be looked up by the attribute: all is well.
    pub fn is_ready(&self) -> bool {
        self.outcome == ProbeOutcome::Ready
    }

    /// What went wrong.
    pub fn error(&self) -> Option<&Error> {
        self.error.as_ref()
    }
}

impl ProbeOutcome {
    fn of(error: &Error) -> Self {
        // A list too long to read is one that was not filtered.
        let is_answered = |error: &TransportError| error.kind() == TransportErrorKind::BodyTooLarge;
        match error.kind() {
            ErrorKind::Transport if error.transport_error().is_some_and(is_answered) => {
                Self::NotFilterable
            }
            ErrorKind::Transport => Self::Unreachable,
            ErrorKind::Unauthorized | ErrorKind::Forbidden => Self::Unauthorized,
            ErrorKind::Server | ErrorKind::Throttled => Self::Failing,
            ErrorKind::NotScim | ErrorKind::Decode => Self::NotScim,
            _ => Self::NotFilterable,
        }
    }
}

impl fmt::Display for Probe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let attribute = &self.attribute;
        match self.outcome {
            ProbeOutcome::Unreachable => f.write_str("the service provider cannot be reached")?,
            ProbeOutcome::Failing => f.write_str("the service provider answers that it failed")?,
            ProbeOutcome::NotScim => {
                f.write_str("no SCIM service provider is at the base url")?;
            }
            ProbeOutcome::Unauthorized => {
                f.write_str("the service provider does not accept the token")?;
            }
            ProbeOutcome::NotFilterable => {
                write!(f, "the service provider does not filter users by `{attribute}`")?;
            }
            ProbeOutcome::Ready => write!(
                f,
                "the service provider is ready: it knows the token and filters by `{attribute}`",
            )?,
        }
        match &self.error {
            Some(error) => write!(f, " ({error})"),
            None => Ok(()),
        }
    }
}

/// A name that nobody has, in the form of a random UUID.
fn nobody() -> String {
    let version_and_variant = 0x4000_8000_0000_0000_0000;
    let bits = random::bits() & !0xf000_c000_0000_0000_0000 | version_and_variant;
    let digits = format!("{bits:032x}");
    let mut uuid = String::with_capacity(36);
    for (index, digit) in digits.chars().enumerate() {
        if matches!(index, 8 | 12 | 16 | 20) {
            uuid.push('-');
        }
        uuid.push(digit);
    }
    uuid
}

#[cfg(test)]
mod tests {
    use super::nobody;

    #[test]
    fn nobody_has_a_uuid_of_version_4_and_never_the_same() {
        let name = nobody();
        assert_eq!(name.len(), 36);
        assert_eq!(name.as_bytes()[14], b'4', "{name}");
        assert!(b"89ab".contains(&name.as_bytes()[19]), "{name}");
        assert_eq!(name.matches('-').count(), 4);
        assert_ne!(name, nobody());
    }
}
