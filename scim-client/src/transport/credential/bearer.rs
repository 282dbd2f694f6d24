use std::fmt;

use async_trait::async_trait;
use http::HeaderValue;

use super::{CredentialContext, CredentialError, Credentials};

/// A token that stays the same ([RFC 6750 §2.1]).
///
/// ```
/// use scim_client::transport::BearerToken;
///
/// let token = BearerToken::new("AQ-3.fT")?;
/// assert_eq!(format!("{token:?}"), "BearerToken(…)");
/// assert!(BearerToken::new("two words").is_err());
/// # Ok::<(), scim_client::transport::InvalidBearerToken>(())
/// ```
///
/// [RFC 6750 §2.1]: https://www.rfc-editor.org/rfc/rfc6750#section-2.1
#[derive(Clone)]
pub struct BearerToken(HeaderValue);

/// A string that is not a bearer token.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the bearer token is empty or holds a character that is not visible ASCII")]
#[non_exhaustive]
pub struct InvalidBearerToken;

impl BearerToken {
    /// The token; any visible ASCII is taken.
    ///
    /// # Errors
    /// If it is empty or holds anything else.
    pub fn new(token: &str) -> Result<Self, InvalidBearerToken> {
        if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(InvalidBearerToken);
        }
        let value = HeaderValue::from_str(&format!("Bearer {token}"));
        let mut value = value.map_err(|_| InvalidBearerToken)?;
        value.set_sensitive(true);
        Ok(Self(value))
    }

    pub(super) fn into_header(self) -> HeaderValue {
        self.0
    }
}

#[async_trait]
impl Credentials for BearerToken {
    async fn authorization(
        &self,
        _: &CredentialContext<'_>,
    ) -> Result<HeaderValue, CredentialError> {
        Ok(self.0.clone())
    }

    async fn is_renewable(&self, _: &HeaderValue) -> bool {
        false
    }
}

impl fmt::Debug for BearerToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BearerToken(…)")
    }
}
