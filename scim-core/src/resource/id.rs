use std::{fmt, str::FromStr};

use compact_str::CompactString;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::text_visitor;

/// The identifier that a service provider gave to a resource ([RFC 7643 §3.1]).
///
/// Neither empty nor `bulkId`, which the RFC reserves, nor longer than 1,020 bytes.
///
/// ```
/// use scim_core::ResourceId;
///
/// let id: ResourceId = "2819c223-7f76-453a-919d-413861904646".parse()?;
/// assert!("".parse::<ResourceId>().is_err());
/// # Ok::<(), scim_core::resource::InvalidResourceId>(())
/// ```
///
/// [RFC 7643 §3.1]: https://www.rfc-editor.org/rfc/rfc7643#section-3.1
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ResourceId(CompactString);

/// A string that cannot be the identifier of a resource.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a resource id has 1 to 1020 bytes without control characters and is not `bulkId`")]
#[non_exhaustive]
pub struct InvalidResourceId;

impl ResourceId {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ResourceId {
    type Err = InvalidResourceId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let length_fits = (1..=1020).contains(&text.len());
        // Without an early end, so that many bytes are looked at in one step.
        let has_control = if text.is_ascii() {
            text.bytes().fold(false, |found, byte| found | byte.is_ascii_control())
        } else {
            text.chars().any(char::is_control)
        };
        if length_fits && text != "bulkId" && !has_control {
            Ok(Self(CompactString::new(text)))
        } else {
            Err(InvalidResourceId)
        }
    }
}

impl Serialize for ResourceId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ResourceId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text_visitor::deserialize(deserializer)
    }
}

impl TryFrom<String> for ResourceId {
    type Error = InvalidResourceId;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<ResourceId> for String {
    fn from(id: ResourceId) -> Self {
        id.0.into()
    }
}

impl fmt::Display for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
