use std::{convert::Infallible, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// The detail code of an error response ([RFC 7644 §3.12], Table 9; [RFC 9865 §2.2]).
///
/// A word that this version does not know is kept in [`ScimType::Other`], so that nothing a peer
/// said gets lost.
///
/// ```
/// use scim_core::ScimType;
///
/// let scim_type: ScimType = "uniqueness".parse()?;
/// assert_eq!(scim_type, ScimType::Uniqueness);
/// assert_eq!(scim_type.as_str(), "uniqueness");
/// # Ok::<(), std::convert::Infallible>(())
/// ```
///
/// [RFC 7644 §3.12]: https://www.rfc-editor.org/rfc/rfc7644#section-3.12
/// [RFC 9865 §2.2]: https://www.rfc-editor.org/rfc/rfc9865#section-2.2
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
#[non_exhaustive]
pub enum ScimType {
    /// The filter is not in the grammar, or compares what cannot be compared.
    InvalidFilter,
    /// The answer would hold more results than the service provider is willing to give.
    TooMany,
    /// One or more values are in use already or are reserved.
    Uniqueness,
    /// The change does not fit the attribute's mutability.
    Mutability,
    /// The body is not in the form that the message or the schema asks for.
    InvalidSyntax,
    /// The `path` of a PATCH operation is malformed.
    InvalidPath,
    /// The `path` of a PATCH operation selects nothing.
    NoTarget,
    /// A required value is missing, or a value does not fit its attribute.
    InvalidValue,
    /// The SCIM protocol version asked for is not supported.
    InvalidVers,
    /// Sensitive information was passed in a request URI.
    Sensitive,
    /// The cursor is not one that the service provider gave out for this query.
    InvalidCursor,
    /// The cursor has expired.
    ExpiredCursor,
    /// The count does not fit a request with a cursor.
    InvalidCount,
    /// A word that is in none of the RFCs known here.
    Other(String),
}

impl ScimType {
    /// The word as it goes over the wire.
    pub fn as_str(&self) -> &str {
        match self {
            Self::InvalidFilter => "invalidFilter",
            Self::TooMany => "tooMany",
            Self::Uniqueness => "uniqueness",
            Self::Mutability => "mutability",
            Self::InvalidSyntax => "invalidSyntax",
            Self::InvalidPath => "invalidPath",
            Self::NoTarget => "noTarget",
            Self::InvalidValue => "invalidValue",
            Self::InvalidVers => "invalidVers",
            Self::Sensitive => "sensitive",
            Self::InvalidCursor => "invalidCursor",
            Self::ExpiredCursor => "expiredCursor",
            Self::InvalidCount => "invalidCount",
            Self::Other(word) => word,
        }
    }
}

impl From<String> for ScimType {
    fn from(word: String) -> Self {
        const KNOWN: [ScimType; 13] = [
            ScimType::InvalidFilter,
            ScimType::TooMany,
            ScimType::Uniqueness,
            ScimType::Mutability,
            ScimType::InvalidSyntax,
            ScimType::InvalidPath,
            ScimType::NoTarget,
            ScimType::InvalidValue,
            ScimType::InvalidVers,
            ScimType::Sensitive,
            ScimType::InvalidCursor,
            ScimType::ExpiredCursor,
            ScimType::InvalidCount,
        ];
        KNOWN
            .into_iter()
            .find(|known| known.as_str().eq_ignore_ascii_case(&word))
            .unwrap_or(Self::Other(word))
    }
}

impl From<ScimType> for String {
    fn from(scim_type: ScimType) -> Self {
        scim_type.as_str().to_owned()
    }
}

impl FromStr for ScimType {
    type Err = Infallible;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Ok(Self::from(word.to_owned()))
    }
}

impl fmt::Display for ScimType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
