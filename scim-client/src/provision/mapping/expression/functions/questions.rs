//! Functions that say yes or no.

use super::{Arguments, Function, Parameter, Stop, Term};
use crate::provision::mapping::expression::error::EvaluateErrorKind as Kind;

const SOURCE: &[Parameter] = &[Parameter::required("source")];

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("CBool", SOURCE, c_bool),
    Function::new("IsNull", SOURCE, is_null),
    Function::new("IsNullOrEmpty", SOURCE, is_null_or_empty),
    Function::new("IsPresent", SOURCE, is_present),
    Function::new("IsString", SOURCE, is_string),
    Function::new("Not", SOURCE, not),
];

/// `CBool(source)`: without a value it is no.
fn c_bool<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    let term = arguments.term(0)?;
    if let Some(value) = term.to_bool() {
        return Ok(Term::Bool(value));
    }
    let number = term.to_integer().map_err(|_| Kind::NotABoolean)?;
    Ok(Term::Bool(number.is_some_and(|number| number != 0)))
}

/// `IsNull(source)`
fn is_null<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    Ok(Term::Bool(arguments.term(0)?.is_null()))
}

/// `IsNullOrEmpty(source)`
fn is_null_or_empty<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    Ok(Term::Bool(arguments.term(0)?.is_null_or_empty()))
}

/// `IsPresent(source)`
fn is_present<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    Ok(Term::Bool(!arguments.term(0)?.is_null_or_empty()))
}

/// `IsString(source)`: dates are texts wherever they leave the language.
fn is_string<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    Ok(Term::Bool(matches!(arguments.term(0)?, Term::Text(_) | Term::Date(_))))
}

/// `Not(source)`: whatever is not true becomes true.
fn not<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    Ok(Term::Bool(arguments.term(0)?.to_bool() != Some(true)))
}
