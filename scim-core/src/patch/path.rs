use std::{fmt, str::FromStr};

use nom::{
    Parser,
    character::complete::char,
    combinator::{cut, opt},
    sequence::{preceded, terminated},
};
use serde::{Deserialize, Serialize};

use crate::{
    attribute::{AttributeName, AttributePath, PathText},
    filter::{Fault, Filter, InvalidValuePath, ParseError, ParseLimits, parser},
    schema_uri::SchemaUri,
};

/// The `path` of a PATCH operation ([RFC 7644 §3.5.2], Figure 7).
///
/// ```
/// use scim_core::patch::PatchPath;
///
/// let path: PatchPath = r#"addresses[type EQ "work"].streetAddress"#.parse()?;
/// assert_eq!(path.to_string(), r#"addresses[type eq "work"].streetAddress"#);
/// assert_eq!(path.sub_attribute(), Some("streetAddress"));
/// # Ok::<(), scim_core::filter::ParseError>(())
/// ```
///
/// [RFC 7644 §3.5.2]: https://www.rfc-editor.org/rfc/rfc7644#section-3.5.2
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PatchPath(Form);

#[derive(Clone, Debug, Eq, Hash, PartialEq)]
enum Form {
    Attribute(AttributePath),
    ValuePath(Box<Elements>),
    /// The URI of an extension whose last part cannot be the name of an attribute.
    Schema(SchemaUri),
}

/// `valuePath [subAttr]`
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
struct Elements {
    path: AttributePath,
    filter: Filter,
    sub_attribute: Option<AttributeName>,
}

impl Form {
    /// `PATH = attrPath / valuePath [subAttr]`
    #[inline]
    fn take(input: &str, limits: &ParseLimits) -> Result<Self, nom::Err<Fault>> {
        let (rest, path) = parser::attribute_path(input)?;
        if rest.is_empty() {
            Ok(Self::Attribute(path.into()))
        } else {
            Self::elements(path, rest, limits)
        }
    }

    /// `"[" valFilter "]" [subAttr]`
    fn elements(
        path: PathText<'_>,
        input: &str,
        limits: &ParseLimits,
    ) -> Result<Self, nom::Err<Fault>> {
        if !input.starts_with('[') {
            return Err(nom::Err::Error(Fault::expected(input, "`[` or the end")));
        }
        let (rest, filter) = parser::bracketed(path, limits, input)?;
        let name = preceded(char('.'), cut(parser::attribute_name));
        let (_, sub_attribute) = terminated(opt(name), parser::end).parse(rest)?;
        let sub_attribute = sub_attribute.map(AttributeName::of_valid);
        Ok(Self::ValuePath(Box::new(Elements { path: path.into(), filter, sub_attribute })))
    }
}

impl PatchPath {
    /// Parses a path under limits of one's own.
    ///
    /// # Errors
    /// The offset and what was expected there, or the limit that was passed.
    pub fn parse(text: &str, limits: &ParseLimits) -> Result<Self, ParseError> {
        parser::check_length(text, limits)?;
        match AttributeName::take(text) {
            // Most paths are a name alone, and a name alone needs little.
            Some(("", name)) => Ok(Self(Form::Attribute(PathText::of_name(name).into()))),
            _ => Self::parse_parts(text, limits),
        }
    }

    #[inline(never)]
    fn parse_parts(text: &str, limits: &ParseLimits) -> Result<Self, ParseError> {
        match Form::take(text, limits) {
            Ok(form) => Ok(Self(form)),
            Err(error) => Self::schema_uri(text, error),
        }
    }

    /// `path[filter]`, the elements of `path` that match.
    ///
    /// ```
    /// use scim_core::{AttributeName, Filter, patch::PatchPath};
    ///
    /// let street: AttributeName = "streetAddress".parse()?;
    /// let path = PatchPath::value_path("addresses", Filter::eq("type", "work")?)?;
    /// assert_eq!(path.to_string(), r#"addresses[type eq "work"]"#);
    /// let path = path.with_sub_attribute(street);
    /// assert_eq!(path.to_string(), r#"addresses[type eq "work"].streetAddress"#);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If `path` is not an attribute path, or `filter` has a value path in it.
    pub fn value_path(path: &str, filter: Filter) -> Result<Self, InvalidValuePath> {
        let path = path.parse()?;
        if filter.has_value_path() {
            return Err(InvalidValuePath::Nested);
        }
        Ok(Self(Form::ValuePath(Box::new(Elements { path, filter, sub_attribute: None }))))
    }

    /// The same path, gone on to a sub-attribute. The URI of an extension has none, and stays.
    #[must_use]
    pub fn with_sub_attribute(self, sub_attribute: AttributeName) -> Self {
        Self(match self.0 {
            Form::Attribute(path) => Form::Attribute(path.with_sub_attribute(&sub_attribute)),
            Form::ValuePath(mut elements) => {
                elements.sub_attribute = Some(sub_attribute);
                Form::ValuePath(elements)
            }
            Form::Schema(uri) => Form::Schema(uri),
        })
    }

    /// `urn:…:2.0`, the whole of which is the URI of a schema; or the error for a fault.
    #[cold]
    fn schema_uri(text: &str, fault: nom::Err<Fault>) -> Result<Self, ParseError> {
        let ends_in_version = text.rsplit_once(':').is_some_and(|(before, last)| {
            before.contains(':') && last.starts_with(|c: char| c.is_ascii_digit())
        });
        let is_urn = text.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("urn:"));
        match text.parse() {
            Ok(uri) if is_urn && ends_in_version => Ok(Self(Form::Schema(uri))),
            _ => Err(parser::parse_error(text, fault)),
        }
    }

    /// The attribute, with a sub-attribute that no filter stands before; `None` for a path that
    /// can only be the URI of an extension.
    pub fn attribute(&self) -> Option<&AttributePath> {
        match &self.0 {
            Form::Attribute(path) => Some(path),
            Form::ValuePath(elements) => Some(&elements.path),
            Form::Schema(_) => None,
        }
    }

    /// The filter in brackets.
    pub fn filter(&self) -> Option<&Filter> {
        match &self.0 {
            Form::ValuePath(elements) => Some(&elements.filter),
            Form::Attribute(_) | Form::Schema(_) => None,
        }
    }

    /// The name of the sub-attribute, with or without a filter before it.
    pub fn sub_attribute(&self) -> Option<&str> {
        match &self.0 {
            Form::Attribute(path) => path.sub_attribute(),
            Form::ValuePath(elements) => {
                let behind = elements.sub_attribute.as_ref().map(AttributeName::as_str);
                behind.or_else(|| elements.path.sub_attribute())
            }
            Form::Schema(_) => None,
        }
    }
}

impl FromStr for PatchPath {
    type Err = ParseError;

    /// Parses a path under the default [`ParseLimits`].
    #[inline]
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text, &ParseLimits::default())
    }
}

impl From<AttributePath> for PatchPath {
    fn from(path: AttributePath) -> Self {
        Self(Form::Attribute(path))
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
        match &self.0 {
            Form::Attribute(path) => path.fmt(f),
            Form::Schema(uri) => uri.fmt(f),
            Form::ValuePath(elements) => {
                write!(f, "{}[{}]", elements.path, elements.filter)?;
                match &elements.sub_attribute {
                    Some(sub_attribute) => write!(f, ".{sub_attribute}"),
                    None => Ok(()),
                }
            }
        }
    }
}
