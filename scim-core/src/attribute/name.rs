use std::{
    fmt,
    hash::{Hash, Hasher},
    str::FromStr,
};

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use crate::byte_set::ByteSet;

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

/// `nameChar = "-" / "_" / DIGIT / ALPHA`
static NAME_CHARS: ByteSet =
    ByteSet::new(&[b'-'..=b'-', b'_'..=b'_', b'0'..=b'9', b'a'..=b'z', b'A'..=b'Z']);

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
    #[inline]
    pub(crate) fn take(text: &str) -> Option<(&str, &str)> {
        match text.as_bytes() {
            [b'a'..=b'z' | b'A'..=b'Z', ..] => {
                let (name, rest) = Self::split_word(text);
                Some((rest, name))
            }
            [b'$', ..] => {
                let (reference, rest) = text.split_at_checked(4)?;
                let is_whole = !NAME_CHARS.begins(rest);
                (is_whole && reference.eq_ignore_ascii_case("$ref")).then_some((rest, reference))
            }
            _ => None,
        }
    }

    /// `*(nameChar)`, and what stands behind it.
    #[inline]
    pub(crate) fn split_word(text: &str) -> (&str, &str) {
        NAME_CHARS.split(text)
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
