//! Functions that make a text of texts.

use super::{
    Arguments, Culture, Function, Parameter, Role, Stop, Term, diacritics::without_diacritics,
};
use crate::provision::mapping::expression::error::EvaluateErrorKind as Kind;

const SOURCE: Parameter = Parameter::required("source");
const CULTURE: Parameter = Parameter::optional("culture").of(Role::Culture);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("Append", &[SOURCE, Parameter::required("suffix")], append),
    Function::new("Join", &[Parameter::required("separator"), SOURCE], join).repeating(1),
    Function::new("NormalizeDiacritics", &[SOURCE], normalize_diacritics),
    Function::new("Redact", &[SOURCE], redact),
    Function::new("StripSpaces", &[SOURCE], strip_spaces),
    Function::new("ToLower", &[SOURCE, CULTURE], to_lower),
    Function::new("ToUpper", &[SOURCE, CULTURE], to_upper),
];

/// `Append(source, suffix)`: a suffix alone is nobody's name.
fn append<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    let Some(source) = arguments.text(0)? else { return Ok(Term::Null) };
    let mut output = arguments.output();
    output.push_str(&source)?;
    output.push_str(&arguments.text_or_empty(1)?)?;
    Ok(output.finish())
}

/// `Join(separator, source, …)`: what is missing or empty has no separator.
fn join<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    let separator = arguments.text_or_empty(0)?;
    let mut output = arguments.output();
    let mut is_first = true;
    for index in 1..arguments.len() {
        for term in arguments.term(index)?.into_list() {
            let Some(text) = term.into_text()?.filter(|text| !text.is_empty()) else { continue };
            output.push_str(if is_first { "" } else { &separator })?;
            output.push_str(&text)?;
            is_first = false;
        }
    }
    Ok(if is_first { Term::Null } else { output.finish() })
}

/// `NormalizeDiacritics(source)`
fn normalize_diacritics<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    match arguments.text(0)? {
        None => Ok(Term::Null),
        Some(text) if text.is_ascii() => Ok(Term::Text(text)),
        Some(text) => arguments.made(without_diacritics(&text)),
    }
}

/// `Redact(source)`: that it is there is asked elsewhere.
fn redact<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    arguments.term(0)
}

/// `StripSpaces(source)`
fn strip_spaces<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    match arguments.text(0)? {
        None => Ok(Term::Null),
        Some(text) if !text.contains(' ') => Ok(Term::Text(text)),
        Some(text) => arguments.made(text.replace(' ', "")),
    }
}

/// `ToLower(source, culture)`
fn to_lower<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    cased(arguments, Culture::lower)
}

/// `ToUpper(source, culture)`
fn to_upper<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    cased(arguments, Culture::upper)
}

fn cased<'a>(
    arguments: &Arguments<'a>,
    case: impl Fn(Culture, char) -> char,
) -> Result<Term<'a>, Stop> {
    let Some(text) = arguments.text(0)? else { return Ok(Term::Null) };
    let culture = Culture::parse(&arguments.text_or_empty(1)?).ok_or(Kind::InvalidCulture)?;
    if text.chars().all(|c| case(culture, c) == c) {
        return Ok(Term::Text(text));
    }
    arguments.made(text.chars().map(|c| case(culture, c)).collect())
}
