use std::{
    fmt::{self, Write as _},
    str::FromStr,
};

use sha2::{Digest, Sha256};

/// The secret of a system account; neither `Debug` nor any message shows it.
///
/// Eight to 4,096 of the characters that [RFC 6750 §2.1] allows.
///
/// [RFC 6750 §2.1]: https://www.rfc-editor.org/rfc/rfc6750#section-2.1
#[derive(Clone)]
pub struct Token(String);

/// A string that cannot be a token; the message does not repeat it.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a token has 8 to 4096 letters, digits and `-._~+/=`")]
#[non_exhaustive]
pub struct InvalidToken;

/// What is kept of a token.
#[derive(Clone, Eq, Hash, PartialEq)]
pub(super) struct TokenHash(pub(super) [u8; 32]);

impl Token {
    /// A new token of 256 random bits.
    ///
    /// # Errors
    /// If the operating system gives no random numbers.
    pub fn generate() -> std::io::Result<Self> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
        let mut text = "scim_".to_owned();
        for byte in bytes {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        Ok(Self(text))
    }

    /// The secret itself, to be shown once to whoever is to have it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether a text can be a token.
    pub(super) fn allows(text: &str) -> bool {
        let is_allowed = |b: u8| b.is_ascii_alphanumeric() || b"-._~+/=".contains(&b);
        (8..=4096).contains(&text.len()) && text.bytes().all(is_allowed)
    }

    pub(super) fn hash(text: &str) -> TokenHash {
        TokenHash(Sha256::digest(text.as_bytes()).into())
    }
}

impl FromStr for Token {
    type Err = InvalidToken;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if Self::allows(text) { Ok(Self(text.to_owned())) } else { Err(InvalidToken) }
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}
