use std::fmt;

use nom::{
    IResult,
    error::{ErrorKind, ParseError as NomParseError},
};

/// A text that is not a filter or not a PATCH path.
///
/// It says where and what was expected there, and never repeats a literal of the text.
///
/// ```
/// use scim_core::Filter;
///
/// let text = r#"userName eq "bjensen" an active eq true"#;
/// let error = text.parse::<Filter>().unwrap_err();
/// assert_eq!(error.offset(), 22);
/// assert_eq!(error.to_string(), "expected `and`, `or` or the end at byte 22");
/// assert_eq!(error.render(text), r#"userName eq "…" ^ expected `and`, `or` or the end"#);
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
    /// The text is longer than the limit, in bytes.
    TooLong(usize),
    /// Parentheses or brackets are nested deeper than the limit, in levels.
    TooDeep(usize),
    /// There are more comparisons, `pr` tests and value paths together than the limit.
    TooManyNodes(usize),
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

    /// One line for a person: what was read of `text`, a caret where it went wrong, and why.
    ///
    /// Literals are replaced by `…`, and what stands behind the fault is left out, so that the
    /// line can go into a log. `text` is the text that was parsed.
    pub fn render(&self, text: &str) -> String {
        let read = match self.kind {
            // Nothing was read.
            ParseErrorKind::TooLong(_) => "",
            _ => text.get(..self.offset).unwrap_or_default(),
        };
        let shown = without_literals(read);
        let cut = shown.chars().count().saturating_sub(RENDERED);
        let tail: String = shown.chars().skip(cut).collect();
        let dots = if cut > 0 { "…" } else { "" };
        format!("{dots}{tail}^ {}", self.kind)
    }
}

/// How many characters before the fault a rendering shows at most.
const RENDERED: usize = 60;

/// Puts `…` in place of what strings and numbers hold.
fn without_literals(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let begins_word = shown.is_empty() || shown.ends_with(' ');
        shown.push(c);
        if c == '"' {
            shown.push('…');
            let mut escaped = false;
            let ends = |c: &char| {
                let ends = *c == '"' && !escaped;
                escaped = *c == '\\' && !escaped;
                ends
            };
            shown.extend(chars.by_ref().find(ends));
        } else if begins_word && (c == '-' || c.is_ascii_digit()) {
            shown.pop();
            shown.push('…');
            while chars.next_if(|c| !matches!(c, ' ' | ')' | ']')).is_some() {}
        }
    }
    shown
}

impl fmt::Display for ParseErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expected(what) => write!(f, "expected {what}"),
            Self::TooLong(bytes) => write!(f, "longer than the limit of {bytes} bytes"),
            Self::TooDeep(levels) => write!(f, "nested deeper than the limit of {levels} levels"),
            Self::TooManyNodes(nodes) => write!(f, "more than the limit of {nodes} comparisons"),
        }
    }
}

/// What a rule of the grammar gives: the rest of the text, and what it read.
pub(super) type Parsed<'a, T> = IResult<&'a str, T, Fault>;

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

    pub(crate) fn expected(rest: &str, what: &'static str) -> Self {
        Self::at(rest, ParseErrorKind::Expected(what))
    }
}

impl NomParseError<&str> for Fault {
    fn from_error_kind(input: &str, _: ErrorKind) -> Self {
        Self::expected(input, "something else")
    }

    fn append(_: &str, _: ErrorKind, other: Self) -> Self {
        other
    }
}
