use std::cell::Cell;

use compact_str::CompactString;
use nom::{
    Err, IResult, Parser,
    branch::alt,
    bytes::complete::{tag, tag_no_case, take_while, take_while_m_n, take_while1},
    character::complete::{char, digit1, one_of},
    combinator::{cut, map, not, opt, peek, recognize, value},
    sequence::{delimited, pair, preceded, terminated},
};

use super::{
    ast::{CompareOp, CompareValue, Comparison, Filter, Text, ValuePath},
    error::{Fault, ParseError, ParseErrorKind},
    limits::ParseLimits,
    number::Number,
};
use crate::attribute::{AttributeName, AttributePath};

pub(crate) type Parsed<'a, T> = IResult<&'a str, T, Fault>;

/// Where a filter stands: what is left of the limits, and whether a value path is around it.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'l> {
    nodes: &'l Cell<usize>,
    levels: usize,
    in_value_path: bool,
}

pub(crate) fn parse_filter(text: &str, limits: &ParseLimits) -> Result<Filter, ParseError> {
    run(text, limits, |scope, input| delimited(blanks, |i| or(scope, i), blanks).parse(input))
}

/// Runs a rule over the whole of a text.
pub(crate) fn run<T>(
    text: &str,
    limits: &ParseLimits,
    rule: impl for<'l, 'a> Fn(Scope<'l>, &'a str) -> Parsed<'a, T>,
) -> Result<T, ParseError> {
    if text.len() > limits.length() {
        return Err(ParseError::new(ParseErrorKind::TooLong, limits.length()));
    }
    let nodes = Cell::new(limits.nodes());
    let scope = Scope { nodes: &nodes, levels: limits.nesting(), in_value_path: false };
    let fault = match rule(scope, text) {
        Ok(("", tree)) => return Ok(tree),
        Ok((rest, _)) => Fault::at(rest, ParseErrorKind::Expected("the end")),
        Err(Err::Error(fault) | Err::Failure(fault)) => fault,
        Err(Err::Incomplete(_)) => Fault::at("", ParseErrorKind::Expected("more")),
    };
    Err(ParseError::new(fault.kind, text.len() - fault.remaining))
}

impl Scope<'_> {
    /// The scope inside one more pair of parentheses or brackets.
    fn deeper(self, input: &str) -> Result<Self, Err<Fault>> {
        let levels = self.levels.checked_sub(1);
        levels
            .map(|levels| Self { levels, ..self })
            .ok_or_else(|| Err::Failure(Fault::at(input, ParseErrorKind::TooDeep)))
    }

    fn count_node(self, input: &str) -> Result<(), Err<Fault>> {
        let left = self.nodes.get().checked_sub(1);
        left.map(|left| self.nodes.set(left))
            .ok_or_else(|| Err::Failure(Fault::at(input, ParseErrorKind::TooManyNodes)))
    }
}

/// `FILTER = logExp …` with the precedence of RFC 7644 §3.4.2.2: `or` binds weakest.
fn or<'a>(scope: Scope<'_>, input: &'a str) -> Parsed<'a, Filter> {
    chain(|i| and(scope, i), "or", Filter::Or, input)
}

/// `logExp` with `and`, which binds stronger than `or`.
fn and<'a>(scope: Scope<'_>, input: &'a str) -> Parsed<'a, Filter> {
    chain(|i| term(scope, i), "and", Filter::And, input)
}

/// `FILTER SP ("and" / "or") SP FILTER`, any number of times, as one flat list.
fn chain<'a>(
    mut operand: impl FnMut(&'a str) -> Parsed<'a, Filter>,
    word: &'static str,
    join: fn(Vec<Filter>) -> Filter,
    input: &'a str,
) -> Parsed<'a, Filter> {
    let (mut input, first) = operand(input)?;
    let mut operands = Vec::new();
    while let (rest, Some(_)) =
        opt(delimited(blank, tag_no_case(word), peek(blank_or_parenthesis))).parse(input)?
    {
        let (rest, next) = cut(preceded(blanks, &mut operand)).parse(rest)?;
        operands.push(next);
        input = rest;
    }
    if operands.is_empty() {
        return Ok((input, first));
    }
    operands.insert(0, first);
    Ok((input, join(operands)))
}

/// `attrExp / valuePath / *1"not" "(" FILTER ")"`
fn term<'a>(scope: Scope<'_>, input: &'a str) -> Parsed<'a, Filter> {
    alt((|i| group(scope, i), |i| negation(scope, i), |i| attribute_expression(scope, i)))
        .parse(input)
}

/// `"(" FILTER ")"`
fn group<'a>(scope: Scope<'_>, input: &'a str) -> Parsed<'a, Filter> {
    let (rest, _) = char('(').parse(input)?;
    let scope = scope.deeper(input)?;
    let close = preceded(blanks, expected("`)`", char(')')));
    cut(terminated(preceded(blanks, |i| or(scope, i)), close)).parse(rest)
}

/// `"not" "(" FILTER ")"`, with or without a blank (errata 7319).
fn negation<'a>(scope: Scope<'_>, input: &'a str) -> Parsed<'a, Filter> {
    let (input, _) = terminated(tag_no_case("not"), pair(blanks, peek(char('(')))).parse(input)?;
    map(|i| group(scope, i), |inner| Filter::Not(Box::new(inner))).parse(input)
}

/// `attrExp = (attrPath SP "pr") / (attrPath SP compareOp SP compValue)`, and `valuePath`.
fn attribute_expression<'a>(scope: Scope<'_>, input: &'a str) -> Parsed<'a, Filter> {
    scope.count_node(input)?;
    let (rest, path) = attribute_path(input)?;
    if rest.starts_with('[') {
        return value_path(scope, path, rest);
    }
    let (rest, ()) = cut(expected("a blank", blank)).parse(rest)?;
    cut(|i| test(path.clone(), i)).parse(rest)
}

/// What stands behind an attribute path: `pr`, or an operator and a literal.
fn test(path: AttributePath, input: &str) -> Parsed<'_, Filter> {
    let (rest, op) =
        expected("an operator", alt((map(compare_op, Some), value(None, present)))).parse(input)?;
    let Some(op) = op else {
        return Ok((rest, Filter::Present(path)));
    };
    let (rest, value) = preceded(expected("a blank", blank), compare_value).parse(rest)?;
    Ok((rest, Filter::Compare(Comparison { path, op, value })))
}

/// `valuePath = attrPath "[" valFilter "]"`
///
/// Entra ID puts a sub-attribute and a comparison behind the bracket; that reads as one more
/// condition on the same element.
fn value_path<'a>(scope: Scope<'_>, path: AttributePath, input: &'a str) -> Parsed<'a, Filter> {
    if scope.in_value_path {
        // Errata 4690: no value path inside a value path.
        let kind = ParseErrorKind::Expected("an operator");
        return Err(Err::Failure(Fault::at(input, kind)));
    }
    let (rest, filter) = bracketed(scope, input)?;
    let (rest, tail) = opt(preceded(char('.'), cut(attribute_name))).parse(rest)?;
    let Some(sub_attribute) = tail else {
        return Ok((rest, Filter::ValuePath(ValuePath { path, filter: Box::new(filter) })));
    };
    let (rest, ()) = cut(expected("a blank", blank)).parse(rest)?;
    let (rest, condition) =
        cut(|i| test(AttributePath::new(sub_attribute.clone()), i)).parse(rest)?;
    let filter = Box::new(Filter::and([filter, condition]));
    Ok((rest, Filter::ValuePath(ValuePath { path, filter })))
}

/// `"[" valFilter "]"`
pub(crate) fn bracketed<'a>(scope: Scope<'_>, input: &'a str) -> Parsed<'a, Filter> {
    let (rest, _) = char('[').parse(input)?;
    let scope = Scope { in_value_path: true, ..scope.deeper(input)? };
    let close = preceded(blanks, expected("`]`", char(']')));
    cut(terminated(preceded(blanks, |i| or(scope, i)), close)).parse(rest)
}

/// `attrPath = [URI ":"] ATTRNAME *1subAttr`
pub(crate) fn attribute_path(input: &str) -> Parsed<'_, AttributePath> {
    let what = "an attribute path";
    let (rest, text) = expected(what, take_while1(is_path_char)).parse(input)?;
    match text.parse() {
        Ok(path) => Ok((rest, path)),
        Err(_) => Err(Err::Error(Fault::at(input, ParseErrorKind::Expected(what)))),
    }
}

fn is_path_char(c: char) -> bool {
    AttributeName::is_name_char(c) || matches!(c, '.' | ':' | '$' | '%' | '/' | '~' | '+')
}

/// `ATTRNAME`
pub(crate) fn attribute_name(input: &str) -> Parsed<'_, AttributeName> {
    let what = "an attribute name";
    let is_char = |c| AttributeName::is_name_char(c) || c == '$';
    let (rest, text) = expected(what, take_while1(is_char)).parse(input)?;
    match text.parse() {
        Ok(name) => Ok((rest, name)),
        Err(_) => Err(Err::Error(Fault::at(input, ParseErrorKind::Expected(what)))),
    }
}

/// `compareOp = "eq" / "ne" / "co" / "sw" / "ew" / "gt" / "lt" / "ge" / "le"`
fn compare_op(input: &str) -> Parsed<'_, CompareOp> {
    let op = alt((
        value(CompareOp::Equal, tag_no_case("eq")),
        value(CompareOp::NotEqual, tag_no_case("ne")),
        value(CompareOp::Contains, tag_no_case("co")),
        value(CompareOp::StartsWith, tag_no_case("sw")),
        value(CompareOp::EndsWith, tag_no_case("ew")),
        value(CompareOp::GreaterThan, tag_no_case("gt")),
        value(CompareOp::GreaterOrEqual, tag_no_case("ge")),
        value(CompareOp::LessThan, tag_no_case("lt")),
        value(CompareOp::LessOrEqual, tag_no_case("le")),
    ));
    terminated(op, peek(not(name_char))).parse(input)
}

/// `"pr"`
fn present(input: &str) -> Parsed<'_, ()> {
    value((), terminated(tag_no_case("pr"), peek(not(name_char)))).parse(input)
}

fn name_char(input: &str) -> Parsed<'_, &str> {
    take_while_m_n(1, 1, AttributeName::is_name_char).parse(input)
}

/// `compValue = false / null / true / number / string`
fn compare_value(input: &str) -> Parsed<'_, CompareValue> {
    let word = alt((
        value(CompareValue::Boolean(false), tag("false")),
        value(CompareValue::Boolean(true), tag("true")),
        value(CompareValue::Null, tag("null")),
    ));
    let number = map(number, CompareValue::Number);
    let string = map(string, |text| CompareValue::String(Text(text)));
    let end = expected("a blank or the end", peek(not(name_char)));
    let literal = alt((string, terminated(word, peek(not(name_char))), terminated(number, end)));
    expected_if_untouched("a JSON string, number, `true`, `false` or `null`", literal).parse(input)
}

/// RFC 8259 §6: `number = [ minus ] int [ frac ] [ exp ]`
fn number(input: &str) -> Parsed<'_, Number> {
    // Not nom's `digit0`: at the end of the text its rest is a slice of the wrong place.
    let digits = take_while(|c: char| c.is_ascii_digit());
    let int = alt((recognize(char('0')), recognize(pair(one_of("123456789"), digits))));
    let frac = opt(pair(char('.'), digit1));
    let exp = opt((one_of("eE"), opt(one_of("+-")), digit1));
    map(recognize((opt(char('-')), int, frac, exp)), Number::from_json_text).parse(input)
}

/// RFC 8259 §7: `string = quotation-mark *char quotation-mark`
fn string(input: &str) -> Parsed<'_, CompactString> {
    let (mut rest, _) = char('"').parse(input)?;
    let mut text = CompactString::const_new("");
    loop {
        let (after, run) = take_while(is_unescaped).parse(rest)?;
        text.push_str(run);
        if let Some(after) = after.strip_prefix('"') {
            return Ok((after, text));
        }
        let (after, c) = cut(expected("an escape or a closing quote", escape)).parse(after)?;
        text.push(c);
        rest = after;
    }
}

fn is_unescaped(c: char) -> bool {
    c >= ' ' && c != '"' && c != '\\'
}

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
        _ => Err(Err::Error(Fault::at(input, ParseErrorKind::Expected("a pair of surrogates")))),
    }
}

/// `%x75 4HEXDIG`
fn code_unit(input: &str) -> Parsed<'_, u16> {
    let hex = take_while_m_n(4, 4, |c: char| c.is_ascii_hexdigit());
    let (rest, digits) = preceded(char('u'), hex).parse(input)?;
    match u16::from_str_radix(digits, 16) {
        Ok(unit) => Ok((rest, unit)),
        Err(_) => Err(Err::Error(Fault::at(input, ParseErrorKind::Expected("four hex digits")))),
    }
}

/// At least one `SP`.
fn blank(input: &str) -> Parsed<'_, ()> {
    value((), take_while1(|c| c == ' ')).parse(input)
}

/// Any number of `SP`.
fn blanks(input: &str) -> Parsed<'_, ()> {
    value((), take_while(|c| c == ' ')).parse(input)
}

fn blank_or_parenthesis(input: &str) -> Parsed<'_, ()> {
    alt((blank, value((), char('(')))).parse(input)
}

/// Names what the grammar allows where a rule fails.
pub(crate) fn expected<'a, T>(
    what: &'static str,
    mut rule: impl Parser<&'a str, Output = T, Error = Fault>,
) -> impl FnMut(&'a str) -> Parsed<'a, T> {
    move |input| {
        rule.parse(input).map_err(|error| match error {
            Err::Error(_) => Err::Error(Fault::at(input, ParseErrorKind::Expected(what))),
            decided => decided,
        })
    }
}

/// Like [`expected`], but keeps the word of a rule that got further than the first byte.
fn expected_if_untouched<'a, T>(
    what: &'static str,
    mut rule: impl Parser<&'a str, Output = T, Error = Fault>,
) -> impl FnMut(&'a str) -> Parsed<'a, T> {
    move |input| {
        rule.parse(input).map_err(|error| match error {
            Err::Error(fault) if fault.remaining == input.len() => {
                Err::Error(Fault::at(input, ParseErrorKind::Expected(what)))
            }
            other => other,
        })
    }
}
