use std::str::FromStr;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use super::{Number, ParseError, ParseLimits, parser, tree::Nodes};
use crate::attribute::AttributePath;

/// A filter ([RFC 7644 §3.4.2.2]): a tree of `and`, `or`, `not`, value paths and conditions.
///
/// `and` and `or` have any number of operands. Printing gives canonical text, and parsing that
/// text gives an equal filter. [`expression`](Self::expression) shows the tree,
/// [`visit`](Self::visit) translates it.
///
/// The nodes lie in one list, and no method calls itself: however deep a filter is, reading,
/// cloning, comparing, printing and dropping it take no more of the stack. A filter of one
/// condition with a short name and literal takes nothing of the heap.
///
/// ```
/// use scim_core::Filter;
///
/// let filter: Filter = r#"title PR and (a EQ 1 or a EQ 2)"#.parse()?;
/// assert_eq!(filter.to_string(), r#"title pr and (a eq 1 or a eq 2)"#);
/// # Ok::<(), scim_core::filter::ParseError>(())
/// ```
///
/// [RFC 7644 §3.4.2.2]: https://www.rfc-editor.org/rfc/rfc7644#section-3.4.2.2
#[derive(Clone, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Filter {
    pub(super) nodes: Nodes,
}

/// A comparison of an attribute with a literal.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub struct Comparison {
    /// The attribute.
    pub path: AttributePath,
    /// The operator.
    pub op: CompareOp,
    /// The literal.
    pub value: CompareValue,
}

/// The operators that compare ([RFC 7644 §3.4.2.2], Table 3).
///
/// [RFC 7644 §3.4.2.2]: https://www.rfc-editor.org/rfc/rfc7644#section-3.4.2.2
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "RFC 7644 closes the set")]
pub enum CompareOp {
    /// `eq`
    Equal,
    /// `ne`
    NotEqual,
    /// `co`
    Contains,
    /// `sw`
    StartsWith,
    /// `ew`
    EndsWith,
    /// `gt`
    GreaterThan,
    /// `ge`
    GreaterOrEqual,
    /// `lt`
    LessThan,
    /// `le`
    LessOrEqual,
}

/// The literal of a comparison: a JSON string, number, `true`, `false` or `null`.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "RFC 7644 closes the set")]
pub enum CompareValue {
    /// A string.
    String(Text),
    /// A number, with every digit it was written with.
    Number(Number),
    /// `true` or `false`
    Boolean(bool),
    /// `null`
    Null,
}

/// The text of a string literal.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Text(pub(super) CompactString);

impl Filter {
    /// Parses a filter under limits of one's own.
    ///
    /// ```
    /// use scim_core::filter::{Filter, ParseLimits};
    ///
    /// let limits = ParseLimits::new().with_nesting(2);
    /// assert!(Filter::parse("((a pr))", &limits).is_ok());
    /// assert!(Filter::parse("(((a pr)))", &limits).is_err());
    /// ```
    ///
    /// # Errors
    /// The offset and what was expected there, or the limit that was passed.
    pub fn parse(text: &str, limits: &ParseLimits) -> Result<Self, ParseError> {
        parser::parse_filter(text, limits)
    }
}

impl CompareOp {
    /// The operator as the RFC writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "eq",
            Self::NotEqual => "ne",
            Self::Contains => "co",
            Self::StartsWith => "sw",
            Self::EndsWith => "ew",
            Self::GreaterThan => "gt",
            Self::GreaterOrEqual => "ge",
            Self::LessThan => "lt",
            Self::LessOrEqual => "le",
        }
    }
}

impl Text {
    /// The characters, without quotes and escapes.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(CompactString::new(text))
    }
}

impl From<&str> for CompareValue {
    fn from(text: &str) -> Self {
        Self::String(Text::from(text))
    }
}

impl From<String> for CompareValue {
    fn from(text: String) -> Self {
        Self::String(Text(CompactString::from(text)))
    }
}

impl From<bool> for CompareValue {
    fn from(boolean: bool) -> Self {
        Self::Boolean(boolean)
    }
}

impl From<Number> for CompareValue {
    fn from(number: Number) -> Self {
        Self::Number(number)
    }
}

impl From<i32> for CompareValue {
    fn from(integer: i32) -> Self {
        Self::from(i64::from(integer))
    }
}

impl From<i64> for CompareValue {
    fn from(integer: i64) -> Self {
        Self::Number(Number::from(integer))
    }
}

impl FromStr for Filter {
    type Err = ParseError;

    /// Parses a filter under the default [`ParseLimits`].
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text, &ParseLimits::default())
    }
}

impl TryFrom<String> for Filter {
    type Error = ParseError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Filter> for String {
    fn from(filter: Filter) -> Self {
        filter.to_string()
    }
}
