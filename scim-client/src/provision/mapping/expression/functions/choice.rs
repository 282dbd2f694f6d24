//! Functions that choose among values. What is not chosen is not evaluated.

use super::{Arguments, Function, Parameter, Stop, Term};

/// The function that no other may call.
pub(super) const SELECT_UNIQUE_VALUE: &str = "SelectUniqueValue";

const SOURCE: Parameter = Parameter::required("source");
const RULE: Parameter = Parameter::required("rule");

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("Coalesce", &[SOURCE], coalesce).repeating(1),
    Function::new("IgnoreFlowIfNullOrEmpty", &[SOURCE], ignore_flow),
    Function::new(
        "IIF",
        &[
            Parameter::required("condition"),
            Parameter::required("value if true"),
            Parameter::required("value if false"),
        ],
        iif,
    ),
    Function::new(SELECT_UNIQUE_VALUE, &[RULE, RULE], select_unique_value).repeating(1),
    Function::new(
        "Switch",
        &[
            SOURCE,
            Parameter::optional("default"),
            Parameter::required("key"),
            Parameter::required("value"),
        ],
        switch,
    )
    .repeating(2),
];

/// `Coalesce(source, …)`: the first that has a value, be it the empty text.
fn coalesce<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    for index in 0..arguments.len() {
        let term = arguments.term(index)?;
        if !term.is_null() {
            return Ok(term);
        }
    }
    Ok(Term::Null)
}

/// `IgnoreFlowIfNullOrEmpty(source)`: without a value nothing goes on.
fn ignore_flow<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    let term = arguments.term(0)?;
    if term.is_null_or_empty() { Err(Stop::Ignore) } else { Ok(term) }
}

/// `IIF(condition, value if true, value if false)`: what says neither yes nor no is no.
fn iif<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    let holds = arguments.term(0)?.to_bool() == Some(true);
    arguments.term(if holds { 1 } else { 2 })
}

/// `SelectUniqueValue(rule, rule, …)`: what has a value, as texts.
fn select_unique_value<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    let mut candidates = Vec::with_capacity(arguments.len());
    for index in 0..arguments.len() {
        let text = arguments.text(index)?.filter(|text| !text.is_empty());
        candidates.extend(text.map(Term::Text));
    }
    Ok(Term::list(candidates))
}

/// `Switch(source, default, key, value, …)`: a source without a value has the empty text's key.
fn switch<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    let source = arguments.text_or_empty(0)?;
    for key in (2..arguments.len()).step_by(2) {
        if arguments.text_or_empty(key)? == source {
            return arguments.term(key + 1);
        }
    }
    arguments.term(1)
}
