use std::{
    fmt,
    hash::{Hash, Hasher},
    str::FromStr,
};

use compact_str::{CompactString, format_compact};
use serde::{Deserialize, Serialize};

use super::AttributeName;
use crate::schema_uri::SchemaUri;

/// The path to an attribute or to one of its sub-attributes ([RFC 7644 §3.10]).
///
/// It keeps the spelling it was given; two paths are equal when they differ in ASCII case only.
///
/// ```
/// use scim_core::AttributePath;
///
/// let path: AttributePath =
///     "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value".parse()?;
/// assert_eq!(path.name(), "manager");
/// assert_eq!(path.sub_attribute(), Some("value"));
/// # Ok::<(), scim_core::InvalidAttributePath>(())
/// ```
///
/// [RFC 7644 §3.10]: https://www.rfc-editor.org/rfc/rfc7644#section-3.10
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AttributePath {
    /// The whole path: one string is one copy, and mostly none on the heap.
    text: CompactString,
    /// Where the name begins: behind the colon of the schema.
    name: usize,
    /// Where the name ends: at the dot of the sub-attribute.
    name_end: usize,
}

/// A path where it was found: an [`AttributePath`] that owns nothing yet.
#[derive(Clone, Copy)]
pub(crate) struct PathText<'t> {
    text: &'t str,
    name: usize,
    name_end: usize,
}

/// A string that is not the path to an attribute.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not an attribute path such as `name.familyName` or `urn:…:User:userName`")]
#[non_exhaustive]
pub struct InvalidAttributePath;

impl AttributePath {
    /// The path to an attribute of the core schema.
    pub fn new(name: &AttributeName) -> Self {
        Self { text: CompactString::new(name.as_str()), name: 0, name_end: name.as_str().len() }
    }

    /// The same path below a schema.
    #[must_use]
    pub fn with_schema(self, schema: &SchemaUri) -> Self {
        let (_, path) = self.text.split_at(self.name);
        let name = schema.as_str().len() + 1;
        let name_end = name + self.name().len();
        Self { text: format_compact!("{schema}:{path}"), name, name_end }
    }

    /// The path to a sub-attribute.
    #[must_use]
    pub fn with_sub_attribute(mut self, sub_attribute: &AttributeName) -> Self {
        self.text.truncate(self.name_end);
        self.text.push('.');
        self.text.push_str(sub_attribute.as_str());
        self
    }

    /// The whole path.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The URI of the schema that the path begins with.
    pub fn schema(&self) -> Option<&str> {
        self.text.get(..self.name.checked_sub(1)?)
    }

    /// The name of the attribute; the case of its letters means nothing.
    pub fn name(&self) -> &str {
        self.text.get(self.name..self.name_end).unwrap_or_default()
    }

    /// The name of the sub-attribute; the case of its letters means nothing.
    pub fn sub_attribute(&self) -> Option<&str> {
        self.text.get(self.name_end + 1..)
    }
}

impl<'t> PathText<'t> {
    /// The path that a name alone is.
    pub(crate) fn of_name(name: &'t str) -> Self {
        Self { text: name, name: 0, name_end: name.len() }
    }

    /// Reads a path at the beginning of a text; gives what stands behind it, too.
    ///
    /// `attrPath = [URI ":"] ATTRNAME *1subAttr`
    #[inline]
    pub(crate) fn take(text: &'t str) -> Option<(&'t str, Self)> {
        let (after_name, name) = AttributeName::take(text)?;
        let rest = match after_name.strip_prefix('.') {
            Some(behind) => AttributeName::take(behind).map_or(after_name, |(rest, _)| rest),
            None => after_name,
        };
        if matches!(rest.as_bytes(), [b':' | b'.' | b'+', ..]) {
            // What looked like a name is the scheme of a URI.
            return Self::take_qualified(text);
        }
        if rest.len() == after_name.len() {
            return Some((rest, Self::of_name(name)));
        }
        let (path, rest) = text.split_at_checked(text.len() - rest.len())?;
        Some((rest, Self { text: path, name: 0, name_end: name.len() }))
    }

    /// `URI ":" ATTRNAME *1subAttr`; the last colon is the one that separates.
    #[inline(never)]
    fn take_qualified(text: &'t str) -> Option<(&'t str, Self)> {
        let (path, rest) = SchemaUri::split(text);
        let (uri, attribute) = path.rsplit_once(':')?;
        let (tail, name) = AttributeName::take(attribute)?;
        let is_path = tail.is_empty()
            || AttributeName::take(tail.strip_prefix('.')?)
                .is_some_and(|(tail, _)| tail.is_empty());
        if !is_path || !SchemaUri::is_uri(uri) {
            return None;
        }
        let begin = uri.len() + 1;
        Some((rest, Self { text: path, name: begin, name_end: begin + name.len() }))
    }
}

impl From<PathText<'_>> for AttributePath {
    #[inline]
    fn from(path: PathText<'_>) -> Self {
        let PathText { text, name, name_end } = path;
        Self { text: CompactString::new(text), name, name_end }
    }
}

impl FromStr for AttributePath {
    type Err = InvalidAttributePath;

    /// `attrPath = [URI ":"] ATTRNAME *1subAttr`
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match PathText::take(text) {
            Some(("", path)) => Ok(path.into()),
            _ => Err(InvalidAttributePath),
        }
    }
}

impl TryFrom<String> for AttributePath {
    type Error = InvalidAttributePath;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<AttributePath> for String {
    fn from(path: AttributePath) -> Self {
        path.text.into()
    }
}

impl From<AttributeName> for AttributePath {
    fn from(name: AttributeName) -> Self {
        Self::new(&name)
    }
}

impl fmt::Display for AttributePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for AttributePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl PartialEq for AttributePath {
    fn eq(&self, other: &Self) -> bool {
        self.text.eq_ignore_ascii_case(&other.text)
    }
}

impl Eq for AttributePath {}

impl Hash for AttributePath {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for byte in self.text.bytes() {
            state.write_u8(byte.to_ascii_lowercase());
        }
    }
}
