//! `Replace`, which is five functions in one.

use super::{Arguments, Function, Kind as ParseKind, Parameter, Role, Stop, Term};
use crate::provision::mapping::expression::{
    error::EvaluateErrorKind as Kind,
    tree::{Literal, Node, Prepared},
};

pub(super) const REPLACE: &str = "Replace";

pub(super) const FUNCTIONS: &[Function] = &[Function::new(
    REPLACE,
    &[
        Parameter::required("source"),
        Parameter::optional("old value"),
        Parameter::optional("pattern").of(Role::Pattern),
        Parameter::optional("group"),
        Parameter::optional("new value"),
        Parameter::optional("other source"),
        Parameter::optional("template"),
    ],
    replace,
)];

const SOURCE: usize = 0;
const OLD: usize = 1;
const PATTERN: usize = 2;
const GROUP: usize = 3;
const NEW: usize = 4;
const OTHER: usize = 5;
const TEMPLATE: usize = 6;

/// Which of the five is meant: what is given says it, whatever its value is.
#[derive(Clone, Copy)]
enum Mode {
    /// A text in the source.
    Text,
    /// A text in a template, for which the source is put.
    Template,
    /// All that matches.
    Pattern,
    /// A group of all that matches.
    Group,
    /// Nothing, but another source is looked at if the first has no value.
    Other,
}

impl Mode {
    fn of(is_given: impl Fn(usize) -> bool) -> Option<Self> {
        match [OLD, PATTERN, GROUP, NEW, OTHER, TEMPLATE].map(is_given) {
            [true, false, false, true, false, false] => Some(Self::Text),
            [true, false, false, false, false, true] => Some(Self::Template),
            [false, true, false, true, false, false] => Some(Self::Pattern),
            [false, true, true, true, false, false] => Some(Self::Group),
            [false, true, true, false, true, false] => Some(Self::Other),
            _ => None,
        }
    }
}

/// Whether the arguments have a meaning together, and the group is one of the pattern.
pub(super) fn check(arguments: &[Option<Node>]) -> Result<(), ParseKind> {
    let argument = |index: usize| arguments.get(index).and_then(Option::as_ref);
    if Mode::of(|index| argument(index).is_some()).is_none() {
        return Err(ParseKind::MeaninglessArguments(REPLACE));
    }
    match (argument(PATTERN), argument(GROUP)) {
        (
            Some(Node::Text(Literal { prepared: Prepared::Pattern(pattern), .. })),
            Some(Node::Text(group)),
        ) if pattern.group(&group.text).is_none() => Err(ParseKind::UnknownGroup),
        _ => Ok(()),
    }
}

/// `Replace(source, old value, pattern, group, new value, other source, template)`
fn replace<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    match Mode::of(|index| arguments.is_given(index)) {
        Some(Mode::Text) => text(arguments),
        Some(Mode::Template) => template(arguments),
        Some(Mode::Pattern) => pattern(arguments),
        Some(Mode::Group) => group(arguments),
        Some(Mode::Other) => other(arguments),
        None => Ok(Term::Null),
    }
}

fn text<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    let Some(source) = arguments.text(SOURCE)? else { return Ok(Term::Null) };
    let old = arguments.text_or_empty(OLD)?;
    if old.is_empty() || !source.contains(&*old) {
        return Ok(Term::Text(source));
    }
    substitute(arguments, &source, &old, &arguments.text_or_empty(NEW)?)
}

/// Without a source the template is nobody's.
fn template<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    let Some(source) = arguments.text(SOURCE)?.filter(|source| !source.is_empty()) else {
        return Ok(Term::Null);
    };
    let template = arguments.text_or_empty(TEMPLATE)?;
    substitute(arguments, &template, &arguments.text_or_empty(OLD)?, &source)
}

fn substitute<'a>(
    arguments: &Arguments<'a>,
    text: &str,
    old: &str,
    new: &str,
) -> Result<Term<'a>, Stop> {
    let mut output = arguments.output();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once(old).filter(|_| !old.is_empty()) {
        output.push_str(before)?;
        output.push_str(new)?;
        rest = behind;
    }
    output.push_str(rest)?;
    Ok(output.finish())
}

fn pattern<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    let Some(source) = arguments.text(SOURCE)? else { return Ok(Term::Null) };
    let pattern = arguments.pattern(PATTERN)?;
    if !pattern.is_match(&source) {
        return Ok(Term::Text(source));
    }
    let new = arguments.text_or_empty(NEW)?;
    let mut output = arguments.output();
    pattern.replace(&source, 0, &mut output, |captures, output| {
        pattern.expand(captures, &new, output)
    })?;
    Ok(output.finish())
}

fn group<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    let Some(source) = arguments.text(SOURCE)? else { return Ok(Term::Null) };
    let pattern = arguments.pattern(PATTERN)?;
    let group = pattern.group(&arguments.text_or_empty(GROUP)?).ok_or(Kind::UnknownGroup)?;
    let new = arguments.text_or_empty(NEW)?;
    let mut output = arguments.output();
    pattern.replace(&source, group, &mut output, |_, output| output.push_str(&new))?;
    Ok(output.finish())
}

fn other<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    let source = arguments.term(SOURCE)?;
    if !source.is_null_or_empty() {
        return Ok(source);
    }
    let Some(other) = arguments.text(OTHER)? else { return Ok(Term::Null) };
    let pattern = arguments.pattern(PATTERN)?;
    let group = pattern.group(&arguments.text_or_empty(GROUP)?).ok_or(Kind::UnknownGroup)?;
    Ok(pattern.find(&other, group).map_or(Term::Null, |found| found.to_owned().into()))
}
