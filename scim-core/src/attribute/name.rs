use std::{
    fmt,
    hash::{Hash, Hasher},
    str::FromStr,
};

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

/// The name of an attribute, compared without regard to case ([RFC 7643 §2.1]).
///
/// ```
/// let name: scim_core::AttributeName = "userName".parse()?;
/// assert_eq!(name, "USERNAME");
/// assert_eq!(name.as_str(), "userName");
/// # Ok::<(), scim_core::InvalidAttributeName>(())
/// ```
///
/// [RFC 7643 §2.1]: https://www.rfc-editor.org/rfc/rfc7643#section-2.1
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AttributeName(CompactString);

/// A string that is not the name of an attribute.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "an attribute name is a letter followed by letters, digits, hyphens and underscores, or `$ref`"
)]
#[non_exhaustive]
pub struct InvalidAttributeName;

impl AttributeName {
    /// The text as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a character may stand in a name behind its first.
    pub(crate) fn is_name_char(c: char) -> bool {
        c.is_ascii_alphanumeric() || c == '-' || c == '_'
    }
}

impl FromStr for AttributeName {
    type Err = InvalidAttributeName;

    /// `ATTRNAME = ALPHA *(nameChar)`; the schema's own `$ref` is taken although the rule lacks `$`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let starts_well = text.starts_with(|c: char| c.is_ascii_alphabetic());
        let is_name = starts_well && text.chars().all(Self::is_name_char);
        if is_name || text.eq_ignore_ascii_case("$ref") {
            Ok(Self(CompactString::new(text)))
        } else {
            Err(InvalidAttributeName)
        }
    }
}

impl TryFrom<String> for AttributeName {
    type Error = InvalidAttributeName;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<AttributeName> for String {
    fn from(name: AttributeName) -> Self {
        name.0.into()
    }
}

impl fmt::Display for AttributeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for AttributeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl PartialEq for AttributeName {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for AttributeName {}

impl PartialEq<str> for AttributeName {
    fn eq(&self, other: &str) -> bool {
        self.0.eq_ignore_ascii_case(other)
    }
}

impl PartialEq<&str> for AttributeName {
    fn eq(&self, other: &&str) -> bool {
        self.0.eq_ignore_ascii_case(other)
    }
}

impl Hash for AttributeName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for byte in self.0.bytes() {
            state.write_u8(byte.to_ascii_lowercase());
        }
    }
}
