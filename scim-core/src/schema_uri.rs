use std::{
    fmt,
    hash::{Hash, Hasher},
    str::FromStr,
};

use compact_str::CompactString;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{byte_set::ByteSet, text_visitor};

/// The URI that names a schema or a message ([RFC 7643 §10], [RFC 7644 §8.2]).
///
/// Two URIs are equal when they differ in ASCII case only: identity providers spell them freely.
///
/// ```
/// use scim_core::SchemaUri;
///
/// let uri: SchemaUri = "URN:ietf:params:scim:schemas:core:2.0:user".parse()?;
/// assert_eq!(uri, SchemaUri::USER);
/// # Ok::<(), scim_core::InvalidSchemaUri>(())
/// ```
///
/// [RFC 7643 §10]: https://www.rfc-editor.org/rfc/rfc7643#section-10
/// [RFC 7644 §8.2]: https://www.rfc-editor.org/rfc/rfc7644#section-8.2
#[derive(Clone)]
pub struct SchemaUri(CompactString);

/// Graphic ASCII characters without ``" < > [ ] { } \ ^ ` |``.
static URI_CHARS: ByteSet = ByteSet::new(&[
    b'!'..=b'!',
    b'#'..=b';',
    b'='..=b'=',
    b'?'..=b'Z',
    b'_'..=b'_',
    b'a'..=b'z',
    b'~'..=b'~',
]);

/// A string that is not the URI of a schema.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a schema uri has a scheme, a colon and no blanks, quotes or brackets")]
#[non_exhaustive]
pub struct InvalidSchemaUri;

/// Names under which drafts, SCIM 1.1 and older identity providers know today's schemas.
const LEGACY: [(&str, &str); 7] = [
    ("urn:scim:schemas:core:2.0:User", SchemaUri::USER),
    ("urn:scim:schemas:core:2.0:Group", SchemaUri::GROUP),
    ("urn:scim:schemas:core:2.0:ServiceProviderConfig", SchemaUri::SERVICE_PROVIDER_CONFIG),
    ("urn:scim:schemas:extension:enterprise:1.0", SchemaUri::ENTERPRISE_USER),
    ("urn:scim:schemas:extension:enterprise:2.0", SchemaUri::ENTERPRISE_USER),
    ("urn:scim:schemas:extension:enterprise:1.0:User", SchemaUri::ENTERPRISE_USER),
    ("urn:scim:schemas:extension:enterprise:2.0:User", SchemaUri::ENTERPRISE_USER),
];

/// The URIs that nearly every resource and message has: they take nothing of the heap.
const USUAL: [&str; 5] = [
    SchemaUri::USER,
    SchemaUri::ENTERPRISE_USER,
    SchemaUri::GROUP,
    SchemaUri::PATCH_OP,
    SchemaUri::LIST_RESPONSE,
];

impl SchemaUri {
    /// The core schema of users.
    pub const USER: &'static str = "urn:ietf:params:scim:schemas:core:2.0:User";
    /// The core schema of groups.
    pub const GROUP: &'static str = "urn:ietf:params:scim:schemas:core:2.0:Group";
    /// The enterprise extension of users.
    pub const ENTERPRISE_USER: &'static str =
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    /// The schema of the service provider's configuration.
    pub const SERVICE_PROVIDER_CONFIG: &'static str =
        "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";
    /// The schema of resource types.
    pub const RESOURCE_TYPE: &'static str = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";
    /// The schema of schemas.
    pub const SCHEMA: &'static str = "urn:ietf:params:scim:schemas:core:2.0:Schema";
    /// The message that answers a query.
    pub const LIST_RESPONSE: &'static str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
    /// The message that asks for a change.
    pub const PATCH_OP: &'static str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
    /// The message that tells of a failure.
    pub const ERROR: &'static str = "urn:ietf:params:scim:api:messages:2.0:Error";
    /// The message that asks a query by POST.
    pub const SEARCH_REQUEST: &'static str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

    /// The message that asks for several operations at once.
    pub const BULK_REQUEST: &'static str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
    /// The message that tells what became of several operations.
    pub const BULK_RESPONSE: &'static str = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";

    /// The text as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name that the RFC gives to a schema known by the name of a draft or of SCIM 1.1.
    ///
    /// ```
    /// use scim_core::SchemaUri;
    ///
    /// let old: SchemaUri = "urn:scim:schemas:extension:enterprise:1.0".parse()?;
    /// assert_eq!(old.modern(), SchemaUri::ENTERPRISE_USER);
    /// # Ok::<(), scim_core::InvalidSchemaUri>(())
    /// ```
    pub fn modern(&self) -> &str {
        modern(self.as_str())
    }

    /// Splits a text behind what a URI can hold.
    pub(crate) fn split(text: &str) -> (&str, &str) {
        URI_CHARS.split(text)
    }

    /// Whether a text is a URI: a scheme, a colon, and nothing that a URI cannot hold.
    pub(crate) fn is_uri(text: &str) -> bool {
        let is_scheme = |scheme: &str| {
            scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
        };
        text.split_once(':').is_some_and(|(scheme, _)| is_scheme(scheme))
            && Self::split(text).1.is_empty()
    }

    /// Whether a text can be a URI, absolute or relative.
    pub(crate) fn is_reference(text: &str) -> bool {
        !text.is_empty() && Self::split(text).1.is_empty()
    }

    pub(crate) const fn literal(uri: &'static str) -> Self {
        Self(CompactString::const_new(uri))
    }
}

/// [`SchemaUri::modern`] for text that is not a [`SchemaUri`] yet.
pub(crate) fn modern(uri: &str) -> &str {
    LEGACY
        .into_iter()
        .find(|(legacy, _)| legacy.eq_ignore_ascii_case(uri))
        .map_or(uri, |(_, modern)| modern)
}

impl FromStr for SchemaUri {
    type Err = InvalidSchemaUri;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(usual) = USUAL.into_iter().find(|usual| *usual == text) {
            return Ok(Self::literal(usual));
        }
        if Self::is_uri(text) { Ok(Self(CompactString::new(text))) } else { Err(InvalidSchemaUri) }
    }
}

impl Serialize for SchemaUri {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for SchemaUri {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text_visitor::deserialize(deserializer)
    }
}

impl TryFrom<String> for SchemaUri {
    type Error = InvalidSchemaUri;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<SchemaUri> for String {
    fn from(uri: SchemaUri) -> Self {
        uri.0.into()
    }
}

impl fmt::Display for SchemaUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for SchemaUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl PartialEq for SchemaUri {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for SchemaUri {}

impl PartialEq<str> for SchemaUri {
    fn eq(&self, other: &str) -> bool {
        self.0.eq_ignore_ascii_case(other)
    }
}

impl PartialEq<&str> for SchemaUri {
    fn eq(&self, other: &&str) -> bool {
        self.0.eq_ignore_ascii_case(other)
    }
}

impl Hash for SchemaUri {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for byte in self.0.bytes() {
            state.write_u8(byte.to_ascii_lowercase());
        }
    }
}
