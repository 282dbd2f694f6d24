use std::fmt;

use nom::error::{ErrorKind, ParseError as NomParseError};

/// A text that is not a filter or not a PATCH path.
///
/// It says where and what was expected there, and never repeats a literal of the text.
///
/// ```
/// use scim_core::Filter;
///
/// let error = "userName eq".parse::<Filter>().unwrap_err();
/// assert_eq!(error.offset(), 11);
/// assert_eq!(error.to_string(), "expected a blank at byte 11");
/// ```
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{kind} at byte {offset}")]
pub struct ParseError {
    kind: ParseErrorKind,
    offset: usize,
}

/// Why a text was refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum ParseErrorKind {
    /// Something else was expected.
    Expected(&'static str),
    /// The text is longer than the limit.
    TooLong,
    /// Parentheses or brackets are nested deeper than the limit.
    TooDeep,
    /// There are more comparisons than the limit.
    TooManyNodes,
}

impl ParseError {
    pub(crate) fn new(kind: ParseErrorKind, offset: usize) -> Self {
        Self { kind, offset }
    }

    /// Why the text was refused.
    pub fn kind(&self) -> ParseErrorKind {
        self.kind
    }

    /// How many bytes of the text precede the fault.
    pub fn offset(&self) -> usize {
        self.offset
    }
}

impl fmt::Display for ParseErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expected(what) => write!(f, "expected {what}"),
            Self::TooLong => f.write_str("longer than the limit"),
            Self::TooDeep => f.write_str("nested deeper than the limit"),
            Self::TooManyNodes => f.write_str("more comparisons than the limit"),
        }
    }
}

/// A fault inside the parser: the place is counted from the end, as nom sees the rest of the text.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(super) kind: ParseErrorKind,
    pub(super) remaining: usize,
}

impl Fault {
    pub(super) fn at(rest: &str, kind: ParseErrorKind) -> Self {
        Self { kind, remaining: rest.len() }
    }
}

impl NomParseError<&str> for Fault {
    fn from_error_kind(input: &str, _: ErrorKind) -> Self {
        Self::at(input, ParseErrorKind::Expected("something else"))
    }

    fn append(_: &str, _: ErrorKind, other: Self) -> Self {
        other
    }
}
