//! One function for each rule of RFC 7644 Figures 1 and 7.
//!
//! The rules that nest are read by one loop that keeps the open levels in a list: a filter of any
//! depth takes no more of the stack than a flat one.

use std::mem;

use compact_str::CompactString;
use nom::{
    Err, IResult, Parser,
    branch::alt,
    bytes::complete::{take_while, take_while_m_n},
    character::complete::{char, digit1, one_of},
    combinator::{cut, map, opt, recognize, value},
    sequence::{pair, preceded},
};
use smallvec::SmallVec;

use super::{
    ast::{CompareOp, CompareValue, Comparison, Filter, Text},
    error::{Fault, ParseError, ParseErrorKind},
    limits::ParseLimits,
    number::Number,
    tree::{Chain, Connective, NodeKind, Nodes},
};
use crate::{
    attribute::{AttributeName, AttributePath, PathText},
    byte_set::ByteSet,
};

pub(crate) type Parsed<'a, T> = IResult<&'a str, T, Fault>;

/// A filter while it is read: what was read, and the levels around the place.
struct Reader<'l> {
    limits: &'l ParseLimits,
    nodes: Nodes,
    conditions: usize,
    level: Level,
    outer: SmallVec<[Level; 2]>,
}

/// What is open: a pair of parentheses or brackets, or the whole.
struct Level {
    opening: Opening,
    /// Parentheses and brackets around the place.
    depth: usize,
    in_value_path: bool,
    and: Chain,
    or: Chain,
}

#[derive(Clone)]
enum Opening {
    /// It goes to the end of the text.
    Text,
    /// It goes to the bracket that the caller closes.
    Brackets,
    Group,
    Not,
    ValuePath(AttributePath),
}

/// A condition where it was found: a node that owns nothing yet.
enum Condition<'a> {
    Present(PathText<'a>),
    Compare(PathText<'a>, CompareOp, Literal<'a>),
}

/// A literal where it was found.
enum Literal<'a> {
    Plain(&'a str),
    Escaped(CompactString),
    Number(&'a str),
    Boolean(bool),
    Null,
}

/// `FILTER`
pub(crate) fn parse_filter(text: &str, limits: &ParseLimits) -> Result<Filter, ParseError> {
    run(text, limits, |input| read(Reader::new(limits, Opening::Text), input))
}

/// Runs a rule over the whole of a text.
pub(crate) fn run<'a, T>(
    text: &'a str,
    limits: &ParseLimits,
    rule: impl FnOnce(&'a str) -> Parsed<'a, T>,
) -> Result<T, ParseError> {
    if text.len() > limits.length() {
        let kind = ParseErrorKind::TooLong(limits.length());
        return Err(ParseError::new(kind, text.floor_char_boundary(limits.length())));
    }
    let fault = match rule(text) {
        Ok(("", tree)) => return Ok(tree),
        Ok((rest, _)) => Fault::expected(rest, "the end"),
        Err(Err::Error(fault) | Err::Failure(fault)) => fault,
        Err(Err::Incomplete(_)) => Fault::expected("", "more"),
    };
    Err(ParseError::new(fault.kind, text.len() - fault.remaining))
}

/// `"[" valFilter "]"`
pub(crate) fn bracketed<'a>(limits: &ParseLimits, input: &'a str) -> Parsed<'a, Filter> {
    let (rest, _) = char('[').parse(input)?;
    let mut reader = Reader::new(limits, Opening::Text);
    reader.open(Opening::Brackets, input)?;
    let (rest, filter) = read(reader, rest)?;
    let (rest, _) = char(']').parse(rest)?;
    Ok((rest, filter))
}

/// `FILTER = attrExp / logExp / valuePath / *1"not" "(" FILTER ")"`
fn read<'a>(mut reader: Reader<'_>, input: &'a str) -> Parsed<'a, Filter> {
    let mut input = blanks(input);
    loop {
        input = reader.operand(input)?;
        let (rest, goes_on) = reader.behind_operand(input)?;
        if !goes_on {
            return Ok((rest, Filter { nodes: reader.nodes }));
        }
        input = rest;
    }
}

impl<'l> Reader<'l> {
    fn new(limits: &'l ParseLimits, opening: Opening) -> Self {
        let level = Level::new(opening, 0, false);
        Self { limits, nodes: Nodes::default(), conditions: 0, level, outer: SmallVec::new() }
    }

    /// Opens levels until an `attrExp` stands there, and reads that.
    fn operand<'a>(&mut self, mut input: &'a str) -> Result<&'a str, Err<Fault>> {
        loop {
            if let Ok((rest, opening)) = opening(input) {
                self.open(opening, input)?;
                input = blanks(rest);
                continue;
            }
            self.count(input)?;
            let (rest, path) = attribute_path(input)?;
            if !rest.starts_with('[') {
                let (rest, condition) = attribute_expression(path, rest)?;
                self.nodes.push(condition.into());
                return Ok(rest);
            }
            if self.level.in_value_path {
                // Errata 4690: no value path inside a value path.
                return Err(failure(rest, ParseErrorKind::Expected("a blank")));
            }
            self.open(Opening::ValuePath(path.into()), rest)?;
            input = blanks(rest.strip_prefix('[').unwrap_or(rest));
        }
    }

    /// Closes levels until `and` or `or` stands there, and reads that; or until all are closed.
    fn behind_operand<'a>(&mut self, mut input: &'a str) -> Parsed<'a, bool> {
        loop {
            let rest = blanks(input);
            match (rest.as_bytes().first(), &self.level.opening) {
                (None, Opening::Text) | (Some(b']'), Opening::Brackets) => {
                    self.level.close(&mut self.nodes);
                    return Ok((rest, false));
                }
                (Some(b')'), Opening::Group | Opening::Not)
                | (Some(b']'), Opening::ValuePath(_)) => {
                    (input, ()) = self.close(rest)?;
                }
                _ if rest.len() == input.len() => return Err(self.level.fault(rest)),
                _ => return self.connective(rest).map(|rest| (rest, true)),
            }
        }
    }

    /// `("and" / "or") SP`, where the blank may be left out before a parenthesis.
    fn connective<'a>(&mut self, input: &'a str) -> Result<&'a str, Err<Fault>> {
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

    fn count(&mut self, input: &str) -> Result<(), Err<Fault>> {
        self.conditions += 1;
        if self.conditions > self.limits.nodes() {
            return Err(failure(input, ParseErrorKind::TooManyNodes(self.limits.nodes())));
        }
        Ok(())
    }

    fn open(&mut self, opening: Opening, input: &str) -> Result<(), Err<Fault>> {
        let depth = self.level.depth + 1;
        if depth > self.limits.nesting() {
            return Err(failure(input, ParseErrorKind::TooDeep(self.limits.nesting())));
        }
        let in_value_path = self.level.in_value_path
            || matches!(opening, Opening::Brackets | Opening::ValuePath(_));
        let level = Level::new(opening, depth, in_value_path);
        self.outer.push(mem::replace(&mut self.level, level));
        Ok(())
    }

    /// `")"`, or `"]"` and what Entra ID puts behind it: a sub-attribute and a condition, which
    /// read as one more condition on the same element.
    fn close<'a>(&mut self, input: &'a str) -> Parsed<'a, ()> {
        let (rest, _) = one_of(")]").parse(input)?;
        let outer = self.outer.pop().unwrap_or_else(|| Level::new(Opening::Text, 0, false));
        let mut level = mem::replace(&mut self.level, outer);
        let (rest, condition) = match level.opening {
            Opening::ValuePath(_) => opt(condition_behind_bracket).parse(rest)?,
            _ => (rest, None),
        };
        if let Some(condition) = condition {
            self.count(rest)?;
            level.add(&mut self.nodes, condition.into());
        }
        level.close(&mut self.nodes);
        match level.opening {
            Opening::Not => self.nodes.push(NodeKind::Not),
            Opening::ValuePath(path) => self.nodes.push(NodeKind::ValuePath(path)),
            Opening::Text | Opening::Brackets | Opening::Group => {}
        }
        Ok((rest, ()))
    }
}

impl Level {
    fn new(opening: Opening, depth: usize, in_value_path: bool) -> Self {
        Self { opening, depth, in_value_path, and: Chain::default(), or: Chain::default() }
    }

    /// The operand that was read goes into `and`, which binds stronger, or with it into `or`.
    fn join(&mut self, nodes: &mut Nodes, connective: Connective) {
        if connective == Connective::Or {
            nodes.close(mem::take(&mut self.and), Connective::And);
            return nodes.join(&mut self.or, Connective::Or);
        }
        nodes.join(&mut self.and, Connective::And);
    }

    /// One more condition on top of all that was read.
    fn add(&mut self, nodes: &mut Nodes, condition: NodeKind) {
        if !self.or.is_empty() {
            self.close(nodes);
        }
        self.join(nodes, Connective::And);
        nodes.push(condition);
    }

    fn close(&mut self, nodes: &mut Nodes) {
        nodes.close(mem::take(&mut self.and), Connective::And);
        nodes.close(mem::take(&mut self.or), Connective::Or);
    }

    /// Something else stands where an operator or the end of the level belongs.
    fn fault(&self, rest: &str) -> Err<Fault> {
        failure(
            rest,
            ParseErrorKind::Expected(match self.opening {
                Opening::Text => "`and`, `or` or the end",
                Opening::Group | Opening::Not => "`and`, `or` or `)`",
                Opening::Brackets | Opening::ValuePath(_) => "`and`, `or` or `]`",
            }),
        )
    }
}

/// `*1"not" "("`, with or without a blank between them (errata 7319).
fn opening(input: &str) -> Parsed<'_, Opening> {
    if let Some(rest) = input.strip_prefix('(') {
        return Ok((rest, Opening::Group));
    }
    let (word, rest) = AttributeName::split_word(input);
    match blanks(rest).strip_prefix('(') {
        Some(rest) if word.eq_ignore_ascii_case("not") => Ok((rest, Opening::Not)),
        _ => Err(Err::Error(Fault::expected(input, "`(`"))),
    }
}

/// `attrExp = (attrPath SP "pr") / (attrPath SP compareOp SP compValue)`, behind its `attrPath`
fn attribute_expression<'a>(path: PathText<'a>, input: &'a str) -> Parsed<'a, Condition<'a>> {
    let (input, ()) = blank(input)?;
    let (rest, op) = operator(input)?;
    let Some(op) = op else { return Ok((rest, Condition::Present(path))) };
    let (rest, value) = preceded(blank, compare_value).parse(rest)?;
    Ok((rest, Condition::Compare(path, op, value)))
}

/// `subAttr SP compareOp SP compValue`
fn condition_behind_bracket(input: &str) -> Parsed<'_, Condition<'_>> {
    let (rest, sub_attribute) = preceded(char('.'), cut(attribute_name)).parse(input)?;
    cut(|i| attribute_expression(PathText::of_name(sub_attribute), i)).parse(rest)
}

/// `attrPath = [URI ":"] ATTRNAME *1subAttr`
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

/// `compValue = false / null / true / number / string`
fn compare_value(input: &str) -> Parsed<'_, Literal<'_>> {
    if input.starts_with('"') {
        return string(input);
    }
    let what = "a JSON string, number, `true`, `false` or `null`";
    let number = map(number, Literal::Number);
    let (rest, value) = expected(what, alt((word, number))).parse(input)?;
    if !AttributeName::split_word(rest).0.is_empty() {
        return Err(Err::Error(Fault::expected(rest, "a blank or the end")));
    }
    Ok((rest, value))
}

/// `false / null / true`
fn word(input: &str) -> Parsed<'_, Literal<'_>> {
    let (word, rest) = AttributeName::split_word(input);
    let value = match word {
        "true" => Literal::Boolean(true),
        "false" => Literal::Boolean(false),
        "null" => Literal::Null,
        _ => return Err(Err::Error(Fault::expected(input, "`true`, `false` or `null`"))),
    };
    Ok((rest, value))
}

/// RFC 8259 §6: `number = [ minus ] int [ frac ] [ exp ]`
pub(super) fn number(input: &str) -> Parsed<'_, &str> {
    // Not nom's `digit0`: at the end of the text its rest is a slice of the wrong place.
    let digits = take_while(|c: char| c.is_ascii_digit());
    let int = alt((recognize(char('0')), recognize(pair(one_of("123456789"), digits))));
    let frac = opt(pair(char('.'), digit1));
    let exp = opt((one_of("eE"), opt(one_of("+-")), digit1));
    recognize((opt(char('-')), int, frac, exp)).parse(input)
}

/// RFC 8259 §7: `string = quotation-mark *char quotation-mark`
fn string(input: &str) -> Parsed<'_, Literal<'_>> {
    let (rest, _) = char('"').parse(input)?;
    let (run, rest) = unescaped(rest);
    match rest.strip_prefix('"') {
        Some(rest) => Ok((rest, Literal::Plain(run))),
        None => map(|i| escaped(run, i), Literal::Escaped).parse(rest),
    }
}

/// The rest of a string behind its first run without escapes.
fn escaped<'a>(run: &str, mut input: &'a str) -> Parsed<'a, CompactString> {
    let mut text = CompactString::new(run);
    loop {
        let (rest, c) = expected("an escape or a closing quote", escape).parse(input)?;
        let (run, rest) = unescaped(rest);
        text.push(c);
        text.push_str(run);
        if let Some(rest) = rest.strip_prefix('"') {
            return Ok((rest, text));
        }
        input = rest;
    }
}

/// `*unescaped`: anything but quotes, backslashes and control characters
fn unescaped(input: &str) -> (&str, &str) {
    UNESCAPED.split(input)
}

static UNESCAPED: ByteSet = ByteSet::new(&[b' '..=b'!', b'#'..=b'[', b']'..=0xff]);

/// `escape ( %x22 / %x5C / … / %x75 4HEXDIG )`, where a surrogate comes in a pair or not at all.
fn escape(input: &str) -> Parsed<'_, char> {
    let short = alt((
        value('"', char('"')),
        value('\\', char('\\')),
        value('/', char('/')),
        value('\u{8}', char('b')),
        value('\u{c}', char('f')),
        value('\n', char('n')),
        value('\r', char('r')),
        value('\t', char('t')),
    ));
    preceded(char('\\'), alt((short, unicode_escape))).parse(input)
}

fn unicode_escape(input: &str) -> Parsed<'_, char> {
    let (rest, high) = code_unit(input)?;
    if let Some(c) = char::from_u32(u32::from(high)) {
        return Ok((rest, c));
    }
    let (rest, low) = preceded(char('\\'), code_unit).parse(rest)?;
    match char::decode_utf16([high, low]).next() {
        Some(Ok(c)) => Ok((rest, c)),
        _ => Err(Err::Error(Fault::expected(input, "a pair of surrogates"))),
    }
}

/// `%x75 4HEXDIG`
fn code_unit(input: &str) -> Parsed<'_, u16> {
    let hex = take_while_m_n(4, 4, |c: char| c.is_ascii_hexdigit());
    let (rest, digits) = preceded(char('u'), hex).parse(input)?;
    match u16::from_str_radix(digits, 16) {
        Ok(unit) => Ok((rest, unit)),
        Err(_) => Err(Err::Error(Fault::expected(input, "four hex digits"))),
    }
}

/// At least one `SP`.
fn blank(input: &str) -> Parsed<'_, ()> {
    match input.strip_prefix(' ') {
        Some(rest) => Ok((blanks(rest), ())),
        None => Err(Err::Error(Fault::expected(input, "a blank"))),
    }
}

/// Any number of `SP`.
fn blanks(input: &str) -> &str {
    input.trim_start_matches(' ')
}

fn failure(input: &str, kind: ParseErrorKind) -> Err<Fault> {
    Err::Failure(Fault::at(input, kind))
}

/// Names what the grammar allows where a rule fails.
fn expected<'a, T>(
    what: &'static str,
    mut rule: impl Parser<&'a str, Output = T, Error = Fault>,
) -> impl FnMut(&'a str) -> Parsed<'a, T> {
    move |input| {
        rule.parse(input).map_err(|error| match error {
            Err::Error(_) => Err::Error(Fault::expected(input, what)),
            decided => decided,
        })
    }
}

impl From<Condition<'_>> for NodeKind {
    #[inline]
    fn from(condition: Condition<'_>) -> Self {
        match condition {
            Condition::Present(path) => Self::Present(path.into()),
            Condition::Compare(path, op, value) => {
                Self::Compare(Comparison { path: path.into(), op, value: value.into() })
            }
        }
    }
}

impl From<Literal<'_>> for CompareValue {
    #[inline]
    fn from(literal: Literal<'_>) -> Self {
        match literal {
            Literal::Plain(text) => Self::String(text.into()),
            Literal::Escaped(text) => Self::String(Text(text)),
            Literal::Number(text) => Self::Number(Number::from_json_text(text)),
            Literal::Boolean(boolean) => Self::Boolean(boolean),
            Literal::Null => Self::Null,
        }
    }
}
