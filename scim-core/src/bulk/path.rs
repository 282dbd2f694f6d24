use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::BulkId;
use crate::resource::ResourceId;

/// Where an operation of a bulk request goes: a path below the service provider's base URL
/// ([RFC 7644 §3.7]).
///
/// It begins with a slash. Escapes such as `%20` are kept as they are.
///
/// ```
/// use scim_core::bulk::BulkPath;
///
/// let path: BulkPath = "/Users/2819c223".parse()?;
/// assert_eq!(path.resource(), Some(("/Users", "2819c223")));
/// let endpoint: BulkPath = "/Users".parse()?;
/// assert_eq!(endpoint.resource(), None);
/// # Ok::<(), scim_core::bulk::InvalidBulkPath>(())
/// ```
///
/// [RFC 7644 §3.7]: https://www.rfc-editor.org/rfc/rfc7644#section-3.7
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BulkPath {
    text: String,
    /// Where the last segment begins, if there is one before it.
    last: Option<usize>,
}

/// A string that is not the path of an operation.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("must be relative and begin with `/`, without query, fragment, empty or dot segments")]
#[non_exhaustive]
pub struct InvalidBulkPath;

impl BulkPath {
    /// The path to a resource below this endpoint.
    ///
    /// ```
    /// use scim_core::{ResourceId, bulk::BulkPath};
    ///
    /// let endpoint: BulkPath = "/Users".parse()?;
    /// let id: ResourceId = "2819c223".parse()?;
    /// assert_eq!(endpoint.with_id(&id).as_str(), "/Users/2819c223");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_id(&self, id: &ResourceId) -> Self {
        self.with_segment(id.as_str())
    }

    /// The path to a resource below this endpoint that the same request creates.
    #[must_use]
    pub fn with_bulk_id(&self, bulk_id: &BulkId) -> Self {
        self.with_segment(&bulk_id.to_reference())
    }

    /// The whole path.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The path as that of a resource: its endpoint, and its id or `bulkId:` and a `bulkId`.
    pub fn resource(&self) -> Option<(&str, &str)> {
        let (before, segment) = self.text.split_at_checked(self.last?)?;
        Some((before.strip_suffix('/')?, segment))
    }

    /// What the last segment refers to.
    pub(super) fn reference(&self) -> Option<BulkId> {
        BulkId::of_reference(self.resource()?.1)
    }

    /// Puts an id in the place of the last segment.
    pub(super) fn replace_last(&mut self, id: &ResourceId) {
        if let Some(last) = self.last {
            self.text.truncate(last);
            self.text.push_str(id.as_str());
        }
    }

    fn with_segment(&self, segment: &str) -> Self {
        Self { text: format!("{}/{segment}", self.text), last: Some(self.text.len() + 1) }
    }
}

impl FromStr for BulkPath {
    type Err = InvalidBulkPath;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let relative = text.strip_prefix('/').ok_or(InvalidBulkPath)?;
        let relative = relative.strip_suffix('/').unwrap_or(relative);
        let is_segment = |segment: &str| {
            let is_part =
                |c: char| !matches!(c, '?' | '#') && !c.is_whitespace() && !c.is_control();
            !matches!(segment, "" | "." | "..") && segment.chars().all(is_part)
        };
        // A `bulkId` may hold what would otherwise end a segment.
        let reference = relative.find("/bulkId:").filter(|slash| {
            relative.get(slash + 1..).is_some_and(|last| BulkId::of_reference(last).is_some())
        });
        let slash = reference.or_else(|| relative.rfind('/'));
        let plain = reference.and_then(|slash| relative.get(..slash)).unwrap_or(relative);
        if plain.split('/').all(is_segment) {
            // The text has one more slash, the first.
            Ok(Self { text: format!("/{relative}"), last: slash.map(|slash| slash + 2) })
        } else {
            Err(InvalidBulkPath)
        }
    }
}

impl TryFrom<String> for BulkPath {
    type Error = InvalidBulkPath;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<BulkPath> for String {
    fn from(path: BulkPath) -> Self {
        path.text
    }
}

impl fmt::Display for BulkPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
