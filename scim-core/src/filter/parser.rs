//! One function for each rule of RFC 7644 Figures 1 and 7.
//!
//! The rules that nest are read by one loop that keeps the open levels in a list: a filter of any
//! depth takes no more of the stack than a flat one.

use std::mem;

use nom::{Err, Parser, character::complete::char, sequence::preceded};
use smallvec::SmallVec;

use super::{
    ast::{CompareOp, Comparison, Filter},
    error::{Fault, ParseError, ParseErrorKind, Parsed},
    limits::ParseLimits,
    literal::compare_value,
    tree::{Chain, Connective, NodeKind, Nodes},
};
use crate::attribute::{AttributeName, PathText};

/// A filter while it is read: what was read, and the levels around the place.
struct Reader<'l, 'a> {
    limits: &'l ParseLimits,
    nodes: Nodes,
    conditions: usize,
    level: Level,
    outer: SmallVec<[Level; 4]>,
    /// The attribute of the value path that is open; they do not nest.
    value_path: Option<PathText<'a>>,
}

/// What is open: a pair of parentheses or brackets, or the whole.
struct Level {
    opening: Opening,
    and: Chain,
    or: Chain,
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Opening {
    /// It goes to the end of the text.
    Text,
    /// It goes to the bracket that the caller closes.
    Brackets,
    Group,
    Not,
    ValuePath,
}

/// `FILTER`
pub(crate) fn parse_filter(text: &str, limits: &ParseLimits) -> Result<Filter, ParseError> {
    check_length(text, limits)?;
    let mut reader = Reader::new(limits);
    match reader.read(text) {
        Ok(_) => Ok(Filter { nodes: reader.nodes }),
        Err(error) => Err(parse_error(text, error)),
    }
}

/// Refuses a text that is too long to be looked at.
#[inline]
pub(crate) fn check_length(text: &str, limits: &ParseLimits) -> Result<(), ParseError> {
    if text.len() <= limits.length() {
        return Ok(());
    }
    let kind = ParseErrorKind::TooLong(limits.length());
    Err(ParseError::new(kind, text.floor_char_boundary(limits.length())))
}

/// The error for a fault in a text.
#[cold]
pub(crate) fn parse_error(text: &str, error: Err<Fault>) -> ParseError {
    let fault = match error {
        Err::Error(fault) | Err::Failure(fault) => fault,
        Err::Incomplete(_) => Fault::expected("", "more"),
    };
    ParseError::new(fault.kind, text.len() - fault.remaining)
}

/// The end of a text.
#[inline]
pub(crate) fn end(input: &str) -> Parsed<'_, ()> {
    if input.is_empty() {
        Ok((input, ()))
    } else {
        Err(Err::Error(Fault::expected(input, "the end")))
    }
}

/// `"[" valFilter "]"`, behind its `attrPath`
pub(crate) fn bracketed<'a>(
    path: PathText<'a>,
    limits: &ParseLimits,
    input: &'a str,
) -> Parsed<'a, Filter> {
    let (rest, _) = char('[').parse(input)?;
    let mut reader = Reader { value_path: Some(path), ..Reader::new(limits) };
    reader.open(Opening::Brackets, input)?;
    let rest = reader.read(rest)?;
    let (rest, _) = char(']').parse(rest)?;
    Ok((rest, Filter { nodes: reader.nodes }))
}

impl<'l, 'a> Reader<'l, 'a> {
    fn new(limits: &'l ParseLimits) -> Self {
        let (nodes, level, outer) = (Nodes::default(), Level::new(Opening::Text), SmallVec::new());
        Self { limits, nodes, conditions: 0, level, outer, value_path: None }
    }

    /// `FILTER = attrExp / logExp / valuePath / *1"not" "(" FILTER ")"`
    fn read(&mut self, input: &'a str) -> Result<&'a str, Err<Fault>> {
        let mut input = blanks(input);
        loop {
            input = self.operand(input)?;
            let (rest, goes_on) = self.behind_operand(input)?;
            if !goes_on {
                return Ok(rest);
            }
            input = rest;
        }
    }

    /// Opens levels until an `attrExp` stands there, and reads that.
    fn operand(&mut self, mut input: &'a str) -> Result<&'a str, Err<Fault>> {
        loop {
            if let Ok((rest, opening)) = opening(input) {
                self.open(opening, input)?;
                input = blanks(rest);
                continue;
            }
            self.count(input)?;
            let (rest, path) = attribute_path(input)?;
            if !rest.starts_with('[') {
                return self.attribute_expression(path, rest);
            }
            if self.value_path.is_some() {
                // Errata 4690: no value path inside a value path.
                return Err(failure(rest, ParseErrorKind::Expected("a blank")));
            }
            self.open(Opening::ValuePath, rest)?;
            self.value_path = Some(path);
            input = blanks(rest.strip_prefix('[').unwrap_or(rest));
        }
    }

    /// Closes levels until `and` or `or` stands there, and reads that; or until all are closed.
    fn behind_operand(&mut self, mut input: &'a str) -> Parsed<'a, bool> {
        loop {
            let rest = blanks(input);
            match (rest.as_bytes().first(), &self.level.opening) {
                (None, Opening::Text) | (Some(b']'), Opening::Brackets) => {
                    self.level.close(&mut self.nodes);
                    return Ok((rest, false));
                }
                (Some(b')'), Opening::Group | Opening::Not) | (Some(b']'), Opening::ValuePath) => {
                    input = self.close(rest)?;
                }
                _ if rest.len() == input.len() => return Err(self.level.fault(rest)),
                _ => return self.connective(rest).map(|rest| (rest, true)),
            }
        }
    }

    /// `("and" / "or") SP`, where the blank may be left out before a parenthesis.
    fn connective(&mut self, input: &'a str) -> Result<&'a str, Err<Fault>> {
        let (word, rest) = AttributeName::split_word(input);
        let connective = match word {
            _ if word.eq_ignore_ascii_case("and") => Connective::And,
            _ if word.eq_ignore_ascii_case("or") => Connective::Or,
            _ => return Err(self.level.fault(input)),
        };
        let rest = if rest.starts_with('(') { rest } else { blank(rest)?.0 };
        if self.nodes.is_inline() {
            // One allocation for most filters: a condition takes some thirty bytes of text.
            self.nodes.reserve(rest.len() / 32 + 3);
        }
        self.level.join(&mut self.nodes, connective);
        Ok(rest)
    }

    /// `attrExp = (attrPath SP "pr") / (attrPath SP compareOp SP compValue)`, behind its `attrPath`
    fn attribute_expression(
        &mut self,
        path: PathText<'a>,
        input: &'a str,
    ) -> Result<&'a str, Err<Fault>> {
        let (rest, op) = preceded(blank, operator).parse(input)?;
        let Some(op) = op else {
            self.nodes.push(NodeKind::Present(path.into()));
            return Ok(rest);
        };
        let (rest, value) = preceded(blank, compare_value).parse(rest)?;
        let comparison = Comparison { path: path.into(), op, value: value.into() };
        self.nodes.push(NodeKind::Compare(comparison));
        Ok(rest)
    }

    fn count(&mut self, input: &str) -> Result<(), Err<Fault>> {
        self.conditions += 1;
        if self.conditions > self.limits.nodes() {
            return Err(failure(input, ParseErrorKind::TooManyNodes(self.limits.nodes())));
        }
        Ok(())
    }

    fn open(&mut self, opening: Opening, input: &str) -> Result<(), Err<Fault>> {
        if self.outer.len() >= self.limits.nesting() {
            return Err(failure(input, ParseErrorKind::TooDeep(self.limits.nesting())));
        }
        self.outer.push(mem::replace(&mut self.level, Level::new(opening)));
        Ok(())
    }

    /// `")"`, or `"]"` and what Entra ID puts behind it: a sub-attribute and a condition, which
    /// read as one more condition on the same element.
    fn close(&mut self, input: &'a str) -> Result<&'a str, Err<Fault>> {
        let mut rest = input.strip_prefix([')', ']']).unwrap_or(input);
        let outer = self.outer.pop().unwrap_or_else(|| Level::new(Opening::Text));
        let mut level = mem::replace(&mut self.level, outer);
        let value_path = self.value_path.take_if(|_| level.opening == Opening::ValuePath);
        if let (Some(_), Some(behind)) = (value_path, rest.strip_prefix('.')) {
            self.count(behind)?;
            if !level.or.is_empty() && self.outer.len() + 2 > self.limits.nesting() {
                // Written the usual way, it takes one more pair of parentheses.
                return Err(failure(rest, ParseErrorKind::TooDeep(self.limits.nesting())));
            }
            let (behind, sub_attribute) = attribute_name(behind)?;
            level.and_also(&mut self.nodes);
            rest = self.attribute_expression(PathText::of_name(sub_attribute), behind)?;
        }
        level.close(&mut self.nodes);
        match (level.opening, value_path) {
            (_, Some(path)) => self.nodes.push(NodeKind::ValuePath(path.into())),
            (Opening::Not, None) => self.nodes.push(NodeKind::Not),
            _ => {}
        }
        Ok(rest)
    }
}

impl Level {
    fn new(opening: Opening) -> Self {
        Self { opening, and: Chain::default(), or: Chain::default() }
    }

    /// The operand that was read goes into `and`, which binds stronger, or with it into `or`.
    fn join(&mut self, nodes: &mut Nodes, connective: Connective) {
        if connective == Connective::Or {
            nodes.close(mem::take(&mut self.and), Connective::And);
            return nodes.join(&mut self.or, Connective::Or);
        }
        nodes.join(&mut self.and, Connective::And);
    }

    /// One more condition comes on top of all that was read.
    fn and_also(&mut self, nodes: &mut Nodes) {
        if !self.or.is_empty() {
            self.close(nodes);
        }
        self.join(nodes, Connective::And);
    }

    fn close(&mut self, nodes: &mut Nodes) {
        nodes.close(mem::take(&mut self.and), Connective::And);
        nodes.close(mem::take(&mut self.or), Connective::Or);
    }

    /// Something else stands where an operator or the end of the level belongs.
    fn fault(&self, rest: &str) -> Err<Fault> {
        let what = match self.opening {
            Opening::Text => "`and`, `or` or the end",
            Opening::Group | Opening::Not => "`and`, `or` or `)`",
            Opening::Brackets | Opening::ValuePath => "`and`, `or` or `]`",
        };
        failure(rest, ParseErrorKind::Expected(what))
    }
}

/// `*1"not" "("`, with or without a blank between them (errata 7319).
fn opening(input: &str) -> Parsed<'_, Opening> {
    if let Some(rest) = input.strip_prefix('(') {
        return Ok((rest, Opening::Group));
    }
    let negation = input.split_at_checked(3).filter(|(word, _)| word.eq_ignore_ascii_case("not"));
    match negation.and_then(|(_, rest)| blanks(rest).strip_prefix('(')) {
        Some(rest) => Ok((rest, Opening::Not)),
        None => Err(Err::Error(Fault::expected(input, "`(`"))),
    }
}

/// `attrPath = [URI ":"] ATTRNAME *1subAttr`
#[inline]
pub(crate) fn attribute_path(input: &str) -> Parsed<'_, PathText<'_>> {
    let fault = || Err::Error(Fault::expected(input, "an attribute path"));
    PathText::take(input).ok_or_else(fault)
}

/// `ATTRNAME`
pub(crate) fn attribute_name(input: &str) -> Parsed<'_, &str> {
    let fault = || Err::Error(Fault::expected(input, "an attribute name"));
    AttributeName::take(input).ok_or_else(fault)
}

/// `"pr"`, or `compareOp = "eq" / "ne" / "co" / "sw" / "ew" / "gt" / "lt" / "ge" / "le"`
fn operator(input: &str) -> Parsed<'_, Option<CompareOp>> {
    let (word, rest) = AttributeName::split_word(input);
    let letters = <[u8; 2]>::try_from(word.as_bytes()).unwrap_or_default();
    let op = match &letters.map(|letter| letter.to_ascii_lowercase()) {
        b"pr" => None,
        b"eq" => Some(CompareOp::Equal),
        b"ne" => Some(CompareOp::NotEqual),
        b"co" => Some(CompareOp::Contains),
        b"sw" => Some(CompareOp::StartsWith),
        b"ew" => Some(CompareOp::EndsWith),
        b"gt" => Some(CompareOp::GreaterThan),
        b"ge" => Some(CompareOp::GreaterOrEqual),
        b"lt" => Some(CompareOp::LessThan),
        b"le" => Some(CompareOp::LessOrEqual),
        _ => return Err(Err::Error(Fault::expected(input, "an operator"))),
    };
    Ok((rest, op))
}

/// At least one `SP`.
fn blank(input: &str) -> Parsed<'_, ()> {
    match input.strip_prefix(' ') {
        Some(rest) => Ok((blanks(rest), ())),
        None => Err(Err::Error(Fault::expected(input, "a blank"))),
    }
}

/// Any number of `SP`.
#[inline]
fn blanks(mut input: &str) -> &str {
    while let Some(rest) = input.strip_prefix(' ') {
        input = rest;
    }
    input
}

fn failure(input: &str, kind: ParseErrorKind) -> Err<Fault> {
    Err::Failure(Fault::at(input, kind))
}
