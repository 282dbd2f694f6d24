use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::scim_type::ScimType;

/// Where a page begins, in words that only the service provider understands ([RFC 9865 §2]).
///
/// It is made of unreserved characters: letters, digits, `-`, `.`, `_` and `~`.
///
/// ```
/// use scim_core::query::{Cursor, InvalidCursor};
///
/// let cursor: Cursor = "VZUTiyhEQJ94IR".parse()?;
/// assert_eq!(cursor.as_str(), "VZUTiyhEQJ94IR");
/// assert_eq!("a b".parse::<Cursor>(), Err(InvalidCursor::Malformed));
/// # Ok::<(), scim_core::query::InvalidCursor>(())
/// ```
///
/// [RFC 9865 §2]: https://www.rfc-editor.org/rfc/rfc9865#section-2
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cursor(String);

/// A cursor that leads to no page.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidCursor {
    /// It is empty or has other than unreserved characters.
    #[error("a cursor is made of letters, digits, `-`, `.`, `_` and `~`")]
    Malformed,
    /// The service provider did not give it out, or for another query.
    #[error("the cursor does not belong to this query")]
    Unknown,
    /// It was given out too long ago.
    #[error("the cursor has expired")]
    Expired,
}

impl Cursor {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl InvalidCursor {
    /// The detail code ([RFC 9865 §2.1]).
    ///
    /// [RFC 9865 §2.1]: https://www.rfc-editor.org/rfc/rfc9865#section-2.1
    pub fn scim_type(self) -> ScimType {
        match self {
            Self::Malformed | Self::Unknown => ScimType::InvalidCursor,
            Self::Expired => ScimType::ExpiredCursor,
        }
    }
}

impl FromStr for Cursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::try_from(text.to_owned())
    }
}

impl TryFrom<String> for Cursor {
    type Error = InvalidCursor;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        // RFC 3986 §2.3: `unreserved = ALPHA / DIGIT / "-" / "." / "_" / "~"`
        let is_unreserved = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
        if !text.is_empty() && text.bytes().all(is_unreserved) {
            Ok(Self(text))
        } else {
            Err(InvalidCursor::Malformed)
        }
    }
}

impl From<Cursor> for String {
    fn from(cursor: Cursor) -> Self {
        cursor.0
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
