//! The literals of comparisons, which are those of JSON.

use std::borrow::Cow;

use nom::{
    Err, Parser,
    branch::alt,
    bytes::complete::{take_while, take_while_m_n},
    character::complete::{char, digit1, one_of},
    combinator::{map, opt, recognize, value},
    sequence::{pair, preceded},
};

use super::{
    ast::{CompareValue, Text},
    error::{Fault, Parsed},
    number::Number,
};
use crate::{attribute::AttributeName, byte_set::ByteSet};

/// A literal where it was found.
pub(super) enum Literal<'a> {
    String(Cow<'a, str>),
    Number(&'a str),
    Boolean(bool),
    Null,
}

impl From<Literal<'_>> for CompareValue {
    #[inline]
    fn from(literal: Literal<'_>) -> Self {
        match literal {
            Literal::String(text) => Self::String(Text(text.into())),
            Literal::Number(text) => Self::Number(Number::from_json_text(text)),
            Literal::Boolean(boolean) => Self::Boolean(boolean),
            Literal::Null => Self::Null,
        }
    }
}

/// `compValue = false / null / true / number / string`
pub(super) fn compare_value(input: &str) -> Parsed<'_, Literal<'_>> {
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
    let (run, rest) = unescaped(input.strip_prefix('"').unwrap_or(input));
    match rest.strip_prefix('"') {
        Some(rest) => Ok((rest, Literal::String(Cow::Borrowed(run)))),
        None => map(|i| escaped(run, i), |text| Literal::String(Cow::Owned(text))).parse(rest),
    }
}

/// The rest of a string behind its first run without escapes.
fn escaped<'a>(run: &str, mut input: &'a str) -> Parsed<'a, String> {
    let mut text = run.to_owned();
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

/// What may stand in a string as it is.
static UNESCAPED: ByteSet = ByteSet::new(&[b' '..=b'!', b'#'..=b'[', b']'..=0xff]);

/// `*unescaped`: anything but quotes, backslashes and control characters
fn unescaped(input: &str) -> (&str, &str) {
    UNESCAPED.split(input)
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
