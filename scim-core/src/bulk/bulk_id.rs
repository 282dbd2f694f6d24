use std::{fmt, str::FromStr};

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

/// The name that a client gives to a resource until it has an id ([RFC 7644 §3.7.2]).
///
/// It has 1 to 1,020 bytes without control characters. The case of its letters counts.
///
/// ```
/// use scim_core::bulk::BulkId;
///
/// let bulk_id: BulkId = "qwerty".parse()?;
/// assert_eq!(bulk_id.to_reference(), "bulkId:qwerty");
/// # Ok::<(), scim_core::bulk::InvalidBulkId>(())
/// ```
///
/// [RFC 7644 §3.7.2]: https://www.rfc-editor.org/rfc/rfc7644#section-3.7.2
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BulkId(CompactString);

/// A string that cannot be a `bulkId`.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a `bulkId` has 1 to 1020 bytes without control characters")]
#[non_exhaustive]
pub struct InvalidBulkId;

/// What stands before a `bulkId` where it is referred to.
const PREFIX: &str = "bulkId:";

impl BulkId {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The string that refers to the resource: the RFC's `bulkId:` and the text.
    pub fn to_reference(&self) -> String {
        format!("{PREFIX}{}", self.0)
    }

    /// What a string refers to, if that is all it does.
    pub(super) fn of_reference(text: &str) -> Option<Self> {
        text.strip_prefix(PREFIX)?.parse().ok()
    }
}

impl FromStr for BulkId {
    type Err = InvalidBulkId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if (1..=1020).contains(&text.len()) && !text.chars().any(char::is_control) {
            Ok(Self(CompactString::new(text)))
        } else {
            Err(InvalidBulkId)
        }
    }
}

impl TryFrom<String> for BulkId {
    type Error = InvalidBulkId;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<BulkId> for String {
    fn from(bulk_id: BulkId) -> Self {
        bulk_id.0.into()
    }
}

impl fmt::Display for BulkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
