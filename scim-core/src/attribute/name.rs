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

    /// `name` must be what [`take`](Self::take) gave.
    pub(crate) fn of_valid(name: &str) -> Self {
        Self(CompactString::new(name))
    }

    /// Reads a name at the beginning of a text; gives what stands behind it, too.
    ///
    /// `ATTRNAME = ALPHA *(nameChar)`; the schema's own `$ref` is taken although the rule lacks `$`.
    pub(crate) fn take(text: &str) -> Option<(&str, &str)> {
        let letters = text.strip_prefix('$').unwrap_or(text);
        if !letters.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let (name, rest) = Self::split_word(letters);
        if letters.len() == text.len() {
            return Some((rest, name));
        }
        let (reference, rest) = text.split_at_checked(text.len() - rest.len())?;
        name.eq_ignore_ascii_case("ref").then_some((rest, reference))
    }

    /// `*(nameChar)`, and what stands behind it.
    pub(crate) fn split_word(text: &str) -> (&str, &str) {
        let is_name_byte = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        let end = text.bytes().position(|b| !is_name_byte(b)).unwrap_or(text.len());
        text.split_at_checked(end).unwrap_or_default()
    }
}

impl FromStr for AttributeName {
    type Err = InvalidAttributeName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match Self::take(text) {
            Some(("", name)) => Ok(Self::of_valid(name)),
            _ => Err(InvalidAttributeName),
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
