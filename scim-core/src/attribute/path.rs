use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::AttributeName;
use crate::schema_uri::SchemaUri;

/// The path to an attribute or to one of its sub-attributes ([RFC 7644 §3.10]).
///
/// ```
/// use scim_core::AttributePath;
///
/// let path: AttributePath =
///     "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value".parse()?;
/// assert_eq!(path.name().as_str(), "manager");
/// assert_eq!(path.sub_attribute().map(|s| s.as_str()), Some("value"));
/// # Ok::<(), scim_core::InvalidAttributePath>(())
/// ```
///
/// [RFC 7644 §3.10]: https://www.rfc-editor.org/rfc/rfc7644#section-3.10
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AttributePath {
    schema: Option<SchemaUri>,
    name: AttributeName,
    sub_attribute: Option<AttributeName>,
}

/// A string that is not the path to an attribute.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not an attribute path such as `name.familyName` or `urn:…:User:userName`")]
#[non_exhaustive]
pub struct InvalidAttributePath;

impl AttributePath {
    /// The path to an attribute of the core schema.
    pub fn new(name: AttributeName) -> Self {
        Self { schema: None, name, sub_attribute: None }
    }

    /// The same path below a schema.
    #[must_use]
    pub fn with_schema(mut self, schema: SchemaUri) -> Self {
        self.schema = Some(schema);
        self
    }

    /// The path to a sub-attribute.
    #[must_use]
    pub fn with_sub_attribute(mut self, sub_attribute: AttributeName) -> Self {
        self.sub_attribute = Some(sub_attribute);
        self
    }

    /// The schema that the path begins with.
    pub fn schema(&self) -> Option<&SchemaUri> {
        self.schema.as_ref()
    }

    /// The attribute.
    pub fn name(&self) -> &AttributeName {
        &self.name
    }

    /// The sub-attribute.
    pub fn sub_attribute(&self) -> Option<&AttributeName> {
        self.sub_attribute.as_ref()
    }
}

impl FromStr for AttributePath {
    type Err = InvalidAttributePath;

    /// `attrPath = [URI ":"] ATTRNAME *1subAttr`
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (schema, rest) = match text.rsplit_once(':') {
            Some((uri, rest)) => (Some(uri.parse().map_err(|_| InvalidAttributePath)?), rest),
            None => (None, text),
        };
        let (name, sub_attribute) = match rest.split_once('.') {
            Some((name, sub)) => (name, Some(sub.parse().map_err(|_| InvalidAttributePath)?)),
            None => (rest, None),
        };
        let name = name.parse().map_err(|_| InvalidAttributePath)?;
        Ok(Self { schema, name, sub_attribute })
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
        path.to_string()
    }
}

impl From<AttributeName> for AttributePath {
    fn from(name: AttributeName) -> Self {
        Self::new(name)
    }
}

impl fmt::Display for AttributePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "{schema}:")?;
        }
        f.write_str(self.name.as_str())?;
        if let Some(sub_attribute) = &self.sub_attribute {
            write!(f, ".{sub_attribute}")?;
        }
        Ok(())
    }
}
