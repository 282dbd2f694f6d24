use std::{fmt, str::FromStr};

use nom::{
    Parser,
    character::complete::char,
    combinator::{cut, opt},
    sequence::preceded,
};
use serde::{Deserialize, Serialize};

use crate::{
    attribute::{AttributeName, AttributePath},
    filter::{Filter, ParseError, ParseLimits, parser},
    schema_uri::SchemaUri,
};

/// The `path` of a PATCH operation ([RFC 7644 §3.5.2], Figure 7).
///
/// ```
/// use scim_core::patch::PatchPath;
///
/// let path: PatchPath = r#"addresses[type EQ "work"].streetAddress"#.parse()?;
/// assert_eq!(path.to_string(), r#"addresses[type eq "work"].streetAddress"#);
/// assert_eq!(path.sub_attribute().map(|sub| sub.as_str()), Some("streetAddress"));
/// # Ok::<(), scim_core::filter::ParseError>(())
/// ```
///
/// [RFC 7644 §3.5.2]: https://www.rfc-editor.org/rfc/rfc7644#section-3.5.2
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PatchPath(Form);

#[derive(Clone, Debug, Eq, Hash, PartialEq)]
enum Form {
    /// `attrPath / valuePath [subAttr]`
    Attribute { path: AttributePath, filter: Option<Filter>, sub_attribute: Option<AttributeName> },
    /// The URI of an extension whose last part cannot be the name of an attribute.
    Schema(SchemaUri),
}

impl PatchPath {
    /// Parses a path under limits of one's own.
    ///
    /// # Errors
    /// The offset and what was expected there, or the limit that was passed.
    pub fn parse(text: &str, limits: &ParseLimits) -> Result<Self, ParseError> {
        // `PATH = attrPath / valuePath [subAttr]`
        let form = parser::run(text, limits, |scope, input| {
            let (rest, path) = parser::attribute_path(input)?;
            let (rest, filter) = opt(|i| parser::bracketed(scope, i)).parse(rest)?;
            if filter.is_none() {
                return Ok((rest, Form::Attribute { path, filter, sub_attribute: None }));
            }
            let name = preceded(char('.'), cut(parser::attribute_name));
            let (rest, sub_attribute) = opt(name).parse(rest)?;
            Ok((rest, Form::Attribute { path, filter, sub_attribute }))
        });
        form.map(Self).or_else(|error| Self::schema_uri(text).ok_or(error))
    }

    /// `urn:…:2.0`, the whole of which is the URI of a schema.
    fn schema_uri(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once(':')?;
        let (_, last) = rest.rsplit_once(':')?;
        let is_uri =
            scheme.eq_ignore_ascii_case("urn") && last.starts_with(|c: char| c.is_ascii_digit());
        if !is_uri {
            return None;
        }
        text.parse().ok().map(|uri| Self(Form::Schema(uri)))
    }

    /// The attribute, with a sub-attribute that no filter stands before; `None` for a path that
    /// can only be the URI of an extension.
    pub fn attribute(&self) -> Option<&AttributePath> {
        match &self.0 {
            Form::Attribute { path, .. } => Some(path),
            Form::Schema(_) => None,
        }
    }

    /// The filter in brackets.
    pub fn filter(&self) -> Option<&Filter> {
        match &self.0 {
            Form::Attribute { filter, .. } => filter.as_ref(),
            Form::Schema(_) => None,
        }
    }

    /// The sub-attribute, with or without a filter before it.
    pub fn sub_attribute(&self) -> Option<&AttributeName> {
        match &self.0 {
            Form::Attribute { path, sub_attribute, .. } => {
                sub_attribute.as_ref().or_else(|| path.sub_attribute())
            }
            Form::Schema(_) => None,
        }
    }
}

impl FromStr for PatchPath {
    type Err = ParseError;

    /// Parses a path under the default [`ParseLimits`].
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text, &ParseLimits::default())
    }
}

impl From<AttributePath> for PatchPath {
    fn from(path: AttributePath) -> Self {
        Self(Form::Attribute { path, filter: None, sub_attribute: None })
    }
}

impl TryFrom<String> for PatchPath {
    type Error = ParseError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<PatchPath> for String {
    fn from(path: PatchPath) -> Self {
        path.to_string()
    }
}

impl fmt::Display for PatchPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (path, filter, sub_attribute) = match &self.0 {
            Form::Schema(uri) => return write!(f, "{uri}"),
            Form::Attribute { path, filter, sub_attribute } => (path, filter, sub_attribute),
        };
        write!(f, "{path}")?;
        if let Some(filter) = filter {
            write!(f, "[{filter}]")?;
        }
        if let Some(sub_attribute) = sub_attribute {
            write!(f, ".{sub_attribute}")?;
        }
        Ok(())
    }
}
