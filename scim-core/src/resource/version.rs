use std::{convert::Infallible, fmt, str::FromStr};

use compact_str::CompactString;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::text_visitor;

/// The version of a resource: `meta.version` and the `ETag` ([RFC 7644 §3.14]).
///
/// Two versions are equal when their entity tags match weakly, so `W/"3"` equals `"3"`.
///
/// ```
/// use scim_core::ResourceVersion;
///
/// let version: ResourceVersion = "W/\"3\"".parse()?;
/// assert_eq!(version, "\"3\"".parse()?);
/// # Ok::<(), std::convert::Infallible>(())
/// ```
///
/// [RFC 7644 §3.14]: https://www.rfc-editor.org/rfc/rfc7644#section-3.14
#[derive(Clone, Debug)]
pub struct ResourceVersion(CompactString);

impl ResourceVersion {
    /// The text, as it stands in a header.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The weak version of a counter.
    pub fn from_counter(counter: u64) -> Self {
        Self(compact_str::format_compact!("W/\"{counter}\""))
    }
}

/// The opaque tag: without the mark of weakness, blanks and quotes.
fn opaque(tag: &str) -> &str {
    let tag = tag.trim();
    let tag = tag.strip_prefix("W/").unwrap_or(tag);
    tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"')).unwrap_or(tag)
}

impl Serialize for ResourceVersion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ResourceVersion {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text_visitor::deserialize(deserializer)
    }
}

impl From<String> for ResourceVersion {
    fn from(text: String) -> Self {
        Self(CompactString::from(text))
    }
}

impl From<ResourceVersion> for String {
    fn from(version: ResourceVersion) -> Self {
        version.0.into()
    }
}

impl FromStr for ResourceVersion {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(CompactString::new(text)))
    }
}

impl fmt::Display for ResourceVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl PartialEq for ResourceVersion {
    fn eq(&self, other: &Self) -> bool {
        opaque(&self.0) == opaque(&other.0)
    }
}

impl Eq for ResourceVersion {}
