use std::fmt;

use nom::{
    IResult,
    error::{ErrorKind, ParseError},
};

use super::functions::Function;

/// A text that is not an expression.
///
/// It says where and what was expected there, and never repeats a literal of the text.
///
/// ```
/// use scim_client::provision::mapping::expression::Expression;
///
/// let error = r#"Left([mail], 3, "x")"#.parse::<Expression>().unwrap_err();
/// assert_eq!(error.offset(), 0);
/// assert_eq!(error.to_string(), "wrong number of arguments for `Left(source, length)` at byte 0");
/// ```
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{kind} at byte {offset}")]
pub struct ParseExpressionError {
    kind: ParseExpressionErrorKind,
    offset: usize,
}

/// Why a text is not an expression.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum ParseExpressionErrorKind {
    /// Something else was expected.
    Expected(&'static str),
    /// The text is longer than the limit, in characters.
    TooLong(usize),
    /// Calls are nested deeper than the limit, in levels.
    TooDeep(usize),
    /// A call has more arguments than the limit.
    TooManyArguments(usize),
    /// There is no function of this name.
    UnknownFunction(String),
    /// The function takes another number of arguments.
    WrongArgumentCount(&'static str),
    /// The function cannot do without an argument that was left out.
    MissingArgument {
        /// The function.
        function: &'static str,
        /// What its argument is called.
        argument: &'static str,
    },
    /// The arguments have no meaning together.
    MeaninglessArguments(&'static str),
    /// The function calls others, and none calls it.
    NotTopLevel(&'static str),
    /// The text is not a regular expression.
    InvalidPattern,
    /// The regular expression has something that takes more than linear time.
    UnsupportedPattern(&'static str),
    /// The regular expression takes too much memory.
    PatternTooLarge,
    /// The regular expression has no group of this name.
    UnknownGroup,
    /// The text is not a format of dates.
    InvalidFormat,
    /// The text is not an interval of dates.
    InvalidInterval,
    /// The text is not a list of styles of dates.
    InvalidStyles,
    /// The text is not the name of a culture.
    InvalidCulture,
}

impl ParseExpressionError {
    pub(super) fn new(kind: ParseExpressionErrorKind, offset: usize) -> Self {
        Self { kind, offset }
    }

    /// Why the text was refused.
    pub fn kind(&self) -> &ParseExpressionErrorKind {
        &self.kind
    }

    /// How many bytes of the text precede the fault.
    pub fn offset(&self) -> usize {
        self.offset
    }
}

impl fmt::Display for ParseExpressionErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expected(what) => write!(f, "expected {what}"),
            Self::TooLong(limit) => write!(f, "longer than the limit of {limit} characters"),
            Self::TooDeep(limit) => write!(f, "nested deeper than the limit of {limit} calls"),
            Self::TooManyArguments(limit) => write!(f, "more than the limit of {limit} arguments"),
            Self::UnknownFunction(name) => unknown_function(name, f),
            Self::WrongArgumentCount(name) => wrong_argument_count(name, f),
            Self::MissingArgument { function, argument } => {
                write!(f, "no argument `{argument}` for `{function}`")
            }
            Self::MeaninglessArguments(name) => {
                write!(f, "arguments of `{name}` that have no meaning together")
            }
            Self::NotTopLevel(name) => write!(f, "`{name}` inside another call"),
            Self::InvalidPattern => f.write_str("not a regular expression"),
            Self::UnsupportedPattern(what) => write!(f, "a regular expression with {what}"),
            Self::PatternTooLarge => f.write_str("a regular expression that is too large"),
            Self::UnknownGroup => f.write_str("no such group in the regular expression"),
            Self::InvalidFormat => f.write_str("not a format of dates"),
            Self::InvalidInterval => {
                f.write_str("none of the intervals `yyyy`, `m`, `d`, `ww`, `h`, `n`, `s`")
            }
            Self::InvalidStyles => f.write_str("not a list of styles of dates"),
            Self::InvalidCulture => f.write_str("not the name of a culture"),
        }
    }
}

/// Case is all that is wrong with most unknown names.
fn unknown_function(name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "unknown function `{name}`")?;
    match Function::similar(name) {
        Some(function) => write!(f, ", did you mean `{}`", function.name),
        None => Ok(()),
    }
}

fn wrong_argument_count(name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("wrong number of arguments for `")?;
    match Function::named(name) {
        Some(function) => write!(f, "{function}`"),
        None => write!(f, "{name}`"),
    }
}

/// An expression that gives nothing for an object.
///
/// Its text names the function and never a value.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{function}` {kind}")]
pub struct EvaluateError {
    kind: EvaluateErrorKind,
    function: &'static str,
}

/// Why an expression gives nothing for an object.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EvaluateErrorKind {
    /// Several values, or a complex one, where a text is needed.
    #[error("needs a single text")]
    NotText,
    /// A text that is no whole number, where one is needed.
    #[error("needs a whole number")]
    NotANumber,
    /// A text that says neither yes nor no.
    #[error("needs a truth value")]
    NotABoolean,
    /// A text that is no date, or none in the format.
    #[error("needs a date")]
    NotADate,
    /// A date outside the years 1 to 9999.
    #[error("gives a date outside the years 1 to 9999")]
    DateOutOfRange,
    /// More text than an evaluation may make.
    #[error("gives too much text")]
    TooLarge,
    /// A text that is not a regular expression, or not one that is supported.
    #[error("needs a regular expression")]
    InvalidPattern,
    /// A regular expression without the group.
    #[error("needs the name of a group")]
    UnknownGroup,
    /// A text that is not a format of dates.
    #[error("needs a format of dates")]
    InvalidFormat,
    /// A text that is not an interval of dates.
    #[error("needs an interval of dates")]
    InvalidInterval,
    /// A text that is not a list of styles of dates.
    #[error("needs styles of dates")]
    InvalidStyles,
    /// A text that is not the name of a culture.
    #[error("needs the name of a culture")]
    InvalidCulture,
    /// Numbers of characters that no random text can have.
    #[error("needs numbers of characters that go together")]
    ImpossibleLength,
}

impl EvaluateError {
    pub(super) fn new(kind: EvaluateErrorKind, function: &'static str) -> Self {
        Self { kind, function }
    }

    /// Why there is no value.
    pub fn kind(&self) -> EvaluateErrorKind {
        self.kind
    }

    /// The function that could not go on.
    pub fn function(&self) -> &'static str {
        self.function
    }
}

/// What a rule of the grammar gives: the rest of the text, and what it read.
pub(super) type Parsed<'a, T> = IResult<&'a str, T, Fault>;

/// A fault inside the parser: the place is counted from the end, as nom sees the rest of the text.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) kind: ParseExpressionErrorKind,
    pub(super) remaining: usize,
}

impl Fault {
    pub(super) fn at(rest: &str, kind: ParseExpressionErrorKind) -> Self {
        Self { kind, remaining: rest.len() }
    }

    pub(super) fn expected(rest: &str, what: &'static str) -> Self {
        Self::at(rest, ParseExpressionErrorKind::Expected(what))
    }
}

impl ParseError<&str> for Fault {
    fn from_error_kind(input: &str, _: ErrorKind) -> Self {
        Self::expected(input, "something else")
    }

    fn append(_: &str, _: ErrorKind, other: Self) -> Self {
        other
    }
}
