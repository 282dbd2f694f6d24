//! One function for each rule of the grammar:
//!
//! ```text
//! expression = operand
//! operand    = attribute / literal / number / call
//! attribute  = "[" 1*(any character but "[" and "]") "]"
//! literal    = DQUOTE *(any character but DQUOTE and "\" / "\" (DQUOTE / "\")) DQUOTE
//! number     = ["-"] 1*DIGIT / "&H" 1*8HEXDIG
//! call       = name "(" [argument *("," argument)] ")"
//! argument   = [operand [operator operand]] / "vbBinaryCompare" / "vbTextCompare"
//! operator   = "=" / "<>" / "<=" / "<" / ">=" / ">"
//! ```
//!
//! Blanks and line ends may stand around everything. Depth is bounded by an argument, so that
//! whatever calls itself, here and later on, is too.

use nom::{
    Err, Parser,
    branch::alt,
    bytes::complete::{tag, take_while, take_while1},
    character::complete::{char, digit1, multispace0},
    combinator::{cut, not, opt, peek, recognize, value},
    sequence::{delimited, pair, preceded, terminated},
};

use super::{
    error::{Fault, ParseExpressionError, ParseExpressionErrorKind as Kind, Parsed},
    functions::{Function, Parameter, Role},
    tree::{Call, CompareType, Comparison, Literal, Node, Operator, Prepared},
};

/// How many characters an expression may have.
const LENGTH: usize = 10_000;

/// How many calls may be nested.
const DEPTH: usize = 64;

/// How many arguments a call may have.
const ARGUMENTS: usize = 1_000;

/// How much of an unknown name is repeated in the error.
const NAME: usize = 64;

/// `expression = operand`
pub(super) fn parse(text: &str) -> Result<Node, ParseExpressionError> {
    if let Some((offset, _)) = text.char_indices().nth(LENGTH) {
        return Err(ParseExpressionError::new(Kind::TooLong(LENGTH), offset));
    }
    let end = |input| match input {
        "" => Ok((input, ())),
        _ => Err(Err::Error(Fault::expected(input, "the end"))),
    };
    match delimited(multispace0, |i| operand(0, i), (multispace0, end)).parse(text) {
        Ok((_, node)) => Ok(node),
        Err(Err::Error(fault) | Err::Failure(fault)) => {
            Err(ParseExpressionError::new(fault.kind, text.len() - fault.remaining))
        }
        Err(Err::Incomplete(_)) => {
            Err(ParseExpressionError::new(Kind::Expected("more"), text.len()))
        }
    }
}

/// `operand = attribute / literal / number / call`
fn operand(depth: usize, input: &str) -> Parsed<'_, Node> {
    match input.chars().next() {
        Some('[') => attribute.map(Node::Attribute).parse(input),
        Some('"') => {
            let (rest, text) = literal(input)?;
            Ok((rest, Node::Text(Literal { text, prepared: Prepared::Nothing })))
        }
        Some('-' | '&' | '0'..='9') => number.map(Node::Number).parse(input),
        Some('a'..='z' | 'A'..='Z') => call(depth, input),
        _ => {
            Err(Err::Error(Fault::expected(input, "a function, an attribute, a text or a number")))
        }
    }
}

/// `attribute = "[" 1*(any character but "[" and "]") "]"`
fn attribute(input: &str) -> Parsed<'_, String> {
    let name = take_while1(|c: char| !matches!(c, '[' | ']') && !c.is_control());
    let name = cut(expected("the name of an attribute", name));
    let close = cut(expected("`]`", char(']')));
    delimited(char('['), name, close).map(str::to_owned).parse(input)
}

/// `literal = DQUOTE *(any character but DQUOTE and "\" / "\" (DQUOTE / "\")) DQUOTE`
fn literal(input: &str) -> Parsed<'_, String> {
    let mut text = String::new();
    let (mut input, _) = char('"').parse(input)?;
    loop {
        let (rest, plain) = take_while(|c| !matches!(c, '"' | '\\')).parse(input)?;
        text.push_str(plain);
        if let Some(rest) = rest.strip_prefix('"') {
            return Ok((rest, text));
        }
        let escape =
            preceded(char('\\'), cut(expected(r#"`\"` or `\\`"#, alt((char('"'), char('\\'))))));
        let (rest, escaped) = cut(expected("`\"`", escape)).parse(rest)?;
        text.push(escaped);
        input = rest;
    }
}

/// `number = ["-"] 1*DIGIT / "&H" 1*8HEXDIG`
fn number(input: &str) -> Parsed<'_, i64> {
    let hex = preceded(tag("&H"), take_while1(|c: char| c.is_ascii_hexdigit()));
    let hex = hex.map_opt(|digits: &str| u32::from_str_radix(digits, 16).ok().map(i64::from));
    let decimal = recognize(pair(opt(char('-')), digit1));
    let decimal = decimal.map_opt(|digits: &str| digits.parse().ok());
    let (rest, number) =
        cut(expected("a whole number of 64 bits", alt((hex, decimal)))).parse(input)?;
    let behind = not(take_while1(|c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_')));
    let (rest, ()) = cut(expected("the end of the number", peek(behind))).parse(rest)?;
    Ok((rest, number))
}

/// `call = name "(" [argument *("," argument)] ")"`
fn call(depth: usize, input: &str) -> Parsed<'_, Node> {
    let (mut rest, function) = opening(depth, input)?;
    let mut arguments = Vec::new();
    while !(arguments.is_empty() && rest.starts_with(')')) {
        let parameter = next_parameter(function, arguments.len(), input)?;
        let (behind, argument) = argument(depth + 1, parameter, rest)?;
        arguments.push(argument);
        rest = behind;
        match opt(terminated(char(','), multispace0)).parse(rest)? {
            (behind, Some(_)) => rest = behind,
            (_, None) => break,
        }
    }
    let (rest, _) = cut(expected("`,` or `)`", char(')'))).parse(rest)?;
    function.check(&arguments).map_err(|kind| failure(input, kind))?;
    Ok((rest, Node::Call(Call { function, arguments })))
}

/// `name "("`
fn opening(depth: usize, input: &str) -> Parsed<'_, &'static Function> {
    let (rest, name) = take_while1(|c: char| c.is_ascii_alphanumeric()).parse(input)?;
    let open = expected("`(`", delimited(multispace0, char('('), multispace0));
    let (rest, _) = cut(open).parse(rest)?;
    let unknown = || Kind::UnknownFunction(name.chars().take(NAME).collect());
    let function = Function::named(name).ok_or_else(|| failure(input, unknown()))?;
    if depth >= DEPTH {
        return Err(failure(input, Kind::TooDeep(DEPTH)));
    }
    if depth > 0 && function.is_top_level() {
        return Err(failure(input, Kind::NotTopLevel(function.name)));
    }
    Ok((rest, function))
}

/// What the function takes behind so many arguments.
fn next_parameter(
    function: &Function,
    count: usize,
    input: &str,
) -> Result<&'static Parameter, Err<Fault>> {
    if count >= ARGUMENTS {
        return Err(failure(input, Kind::TooManyArguments(ARGUMENTS)));
    }
    let too_many = || failure(input, Kind::WrongArgumentCount(function.name));
    function.parameter(count).ok_or_else(too_many)
}

/// `argument = [operand [operator operand]] / "vbBinaryCompare" / "vbTextCompare"`, and the blanks
/// behind it
fn argument<'a>(depth: usize, parameter: &Parameter, input: &'a str) -> Parsed<'a, Option<Node>> {
    if input.starts_with([',', ')']) {
        return Ok((input, None));
    }
    if parameter.role == Role::CompareType {
        let compare_type = compare_type.map(|compare| Some(Node::CompareType(compare)));
        return terminated(compare_type, multispace0).parse(input);
    }
    let (rest, left) = operand(depth, input)?;
    let (rest, operator) = delimited(multispace0, opt(operator), multispace0).parse(rest)?;
    let Some(operator) = operator else {
        let node = parameter.role.prepare(left).map_err(|kind| failure(input, kind))?;
        return Ok((rest, Some(node)));
    };
    let (rest, right) = operand(depth, rest)?;
    let comparison = Box::new(Comparison { left, operator, right });
    Ok((multispace0(rest)?.0, Some(Node::Comparison(comparison))))
}

/// `"vbBinaryCompare" / "vbTextCompare"`, with or without quotes
fn compare_type(input: &str) -> Parsed<'_, CompareType> {
    let (rest, word) = alt((
        delimited(char('"'), take_while(|c: char| c.is_ascii_alphabetic()), char('"')),
        take_while(|c: char| c.is_ascii_alphabetic()),
    ))
    .parse(input)?;
    let compare = CompareType::ALL.into_iter().find(|compare| compare.as_str() == word);
    let fault = || failure(input, Kind::Expected("`vbBinaryCompare` or `vbTextCompare`"));
    Ok((rest, compare.ok_or_else(fault)?))
}

/// `operator = "=" / "<>" / "<=" / "<" / ">=" / ">"`
fn operator(input: &str) -> Parsed<'_, Operator> {
    alt((
        value(Operator::Equal, tag("=")),
        value(Operator::NotEqual, tag("<>")),
        value(Operator::LessOrEqual, tag("<=")),
        value(Operator::Less, tag("<")),
        value(Operator::GreaterOrEqual, tag(">=")),
        value(Operator::Greater, tag(">")),
    ))
    .parse(input)
}

/// The rule, where its fault says what the grammar allows there.
fn expected<'a, T>(
    what: &'static str,
    mut rule: impl Parser<&'a str, Output = T, Error = Fault>,
) -> impl Parser<&'a str, Output = T, Error = Fault> {
    move |input: &'a str| {
        rule.parse(input).map_err(|error| match error {
            Err::Error(_) => Err::Error(Fault::expected(input, what)),
            error => error,
        })
    }
}

fn failure(input: &str, kind: Kind) -> Err<Fault> {
    Err::Failure(Fault::at(input, kind))
}
