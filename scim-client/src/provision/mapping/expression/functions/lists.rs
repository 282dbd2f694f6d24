//! Functions of several values.

use std::{borrow::Cow, collections::BTreeSet};

use super::{Arguments, Function, Parameter, Stop, Term};

const VALUES: Parameter = Parameter::required("values");

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("Count", &[VALUES], count),
    Function::new("Item", &[VALUES, Parameter::required("index")], item),
    Function::new("RemoveDuplicates", &[VALUES], remove_duplicates),
    Function::new(
        "Split",
        &[Parameter::required("source"), Parameter::required("delimiter")],
        split,
    ),
];

/// `Count(values)`
fn count<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    let values = arguments.term(0)?.into_list();
    Ok(Term::Integer(i64::try_from(values.len()).unwrap_or(i64::MAX)))
}

/// `Item(values, index)`: the first is 1; what is not there is no value.
fn item<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    let values = arguments.term(0)?.into_list();
    let index = usize::try_from(arguments.integer(1)?).unwrap_or(0);
    let value = index.checked_sub(1).and_then(|index| values.into_iter().nth(index));
    Ok(value.unwrap_or(Term::Null))
}

/// `RemoveDuplicates(values)`: the first of each stays.
fn remove_duplicates<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    let mut values = arguments.term(0)?.into_list();
    let mut known = BTreeSet::new();
    values.retain(|value| known.insert(value.clone().into_value().to_string()));
    Ok(Term::list(values))
}

/// `Split(source, delimiter)`: without the blanks around each part; an empty part is none.
fn split<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    let Some(source) = arguments.text(0)? else { return Ok(Term::Null) };
    let delimiter = arguments.text_or_empty(1)?;
    Ok(Term::list(match source {
        Cow::Borrowed(text) => {
            parts(text, &delimiter).map(|part| Term::Text(Cow::Borrowed(part))).collect()
        }
        Cow::Owned(text) => parts(&text, &delimiter).map(|part| part.to_owned().into()).collect(),
    }))
}

fn parts<'t>(text: &'t str, delimiter: &str) -> impl Iterator<Item = &'t str> {
    let mut rest = Some(text);
    let parts = std::iter::from_fn(move || {
        let text = rest?;
        let (part, behind) = match text.split_once(delimiter).filter(|_| !delimiter.is_empty()) {
            Some((part, behind)) => (part, Some(behind)),
            None => (text, None),
        };
        rest = behind;
        Some(part.trim())
    });
    parts.filter(|part| !part.is_empty())
}
