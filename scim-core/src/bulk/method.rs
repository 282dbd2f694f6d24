use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// What an operation of a bulk request does ([RFC 7644 §3.7]).
///
/// ```
/// use scim_core::bulk::BulkMethod;
///
/// assert_eq!("patch".parse(), Ok(BulkMethod::Patch));
/// assert_eq!(BulkMethod::Patch.as_str(), "PATCH");
/// ```
///
/// [RFC 7644 §3.7]: https://www.rfc-editor.org/rfc/rfc7644#section-3.7
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&str")]
#[expect(clippy::exhaustive_enums, reason = "RFC 7644 closes the set")]
pub enum BulkMethod {
    /// Creates a resource.
    Post,
    /// Replaces a resource.
    Put,
    /// Changes parts of a resource.
    Patch,
    /// Deletes a resource.
    Delete,
}

/// A string that is none of the methods of a bulk request.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("must be `POST`, `PUT`, `PATCH` or `DELETE`")]
#[non_exhaustive]
pub struct UnknownBulkMethod;

impl BulkMethod {
    /// The word of the RFC.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

impl FromStr for BulkMethod {
    type Err = UnknownBulkMethod;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let all = [Self::Post, Self::Put, Self::Patch, Self::Delete];
        let found = all.into_iter().find(|method| method.as_str().eq_ignore_ascii_case(word));
        found.ok_or(UnknownBulkMethod)
    }
}

impl TryFrom<String> for BulkMethod {
    type Error = UnknownBulkMethod;

    fn try_from(word: String) -> Result<Self, Self::Error> {
        word.parse()
    }
}

impl From<BulkMethod> for &str {
    fn from(method: BulkMethod) -> Self {
        method.as_str()
    }
}

impl fmt::Display for BulkMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
