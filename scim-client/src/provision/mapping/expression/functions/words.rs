//! Functions that find something in a text. All count characters, and the first is 1.

use std::borrow::Cow;

use icu_normalizer::properties::CanonicalCombiningClassMapBorrowed;

use super::{Arguments, Culture, Function, Parameter, Role, Stop, Term};
use crate::provision::mapping::expression::tree::CompareType;

const SOURCE: Parameter = Parameter::required("source");
const LENGTH: Parameter = Parameter::required("length");

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "InStr",
        &[
            SOURCE,
            Parameter::required("sought"),
            Parameter::optional("start"),
            Parameter::optional("compare").of(Role::CompareType),
        ],
        in_str,
    ),
    Function::new("Left", &[SOURCE, LENGTH], left),
    Function::new("Mid", &[SOURCE, Parameter::required("start"), LENGTH], mid),
    Function::new("PCase", &[SOURCE, Parameter::optional("separators")], p_case),
    Function::new(
        "Word",
        &[SOURCE, Parameter::required("number"), Parameter::required("delimiters")],
        word,
    ),
];

/// `InStr(source, sought, start, compare)`: where a text begins in another; 0 if it is not there.
fn in_str<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    let source = arguments.text_or_empty(0)?;
    let sought = arguments.text_or_empty(1)?;
    let start = if arguments.is_given(2) { arguments.integer(2)? } else { 1 };
    let skipped = usize::try_from(start.max(1) - 1).unwrap_or(usize::MAX);
    let Some(rest) = behind(&source, skipped) else { return Ok(Term::Integer(0)) };
    let position = match arguments.compare_type(3) {
        CompareType::Binary => position(rest, &sought),
        CompareType::Text => {
            let folded = |text: &str| text.chars().map(Culture::folded).collect::<String>();
            position(&folded(rest), &folded(&sought))
        }
    };
    let position = position.map_or(0, |position| skipped + position + 1);
    Ok(Term::Integer(i64::try_from(position).unwrap_or(0)))
}

/// How many characters stand before a text.
fn position(text: &str, sought: &str) -> Option<usize> {
    let (before, _) = text.split_once(sought)?;
    Some(before.chars().count())
}

/// `Left(source, length)`: a negative length is none.
fn left<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    let length = usize::try_from(arguments.integer(1)?).unwrap_or(usize::MAX);
    Ok(part(arguments.text_or_empty(0)?, |text| slice(text, 0, length)))
}

/// `Mid(source, start, length)`: what stands before the first character counts as the first.
fn mid<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    let start = usize::try_from(arguments.integer(1)?.max(1) - 1).unwrap_or(usize::MAX);
    let length = usize::try_from(arguments.integer(2)?).unwrap_or(usize::MAX);
    Ok(part(arguments.text_or_empty(0)?, |text| slice(text, start, length)))
}

/// `Word(source, number, delimiters)`: delimiters side by side have no word between them.
fn word<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    let number = arguments.integer(1)?;
    let delimiters = arguments.text_or_empty(2)?;
    let before = usize::try_from(number.saturating_sub(1));
    Ok(part(arguments.text_or_empty(0)?, |text| {
        let mut words = text.split(|c| delimiters.contains(c)).filter(|word| !word.is_empty());
        before.ok().and_then(|before| words.nth(before)).unwrap_or_default()
    }))
}

/// A part of a text, borrowed if the text is.
fn part(text: Cow<'_, str>, cut: impl Fn(&str) -> &str) -> Term<'_> {
    Term::Text(match text {
        Cow::Borrowed(text) => Cow::Borrowed(cut(text)),
        Cow::Owned(text) => Cow::Owned(cut(&text).to_owned()),
    })
}

/// So many characters behind so many others, or as many as there are.
fn slice(text: &str, start: usize, length: usize) -> &str {
    let rest = behind(text, start).unwrap_or_default();
    let end = rest.char_indices().nth(length).map_or(rest.len(), |(end, _)| end);
    rest.get(..end).unwrap_or_default()
}

/// What stands behind so many characters; `None` if there are fewer.
fn behind(text: &str, count: usize) -> Option<&str> {
    let mut ends = text.char_indices().map(|(end, _)| end).chain([text.len()]);
    text.get(ends.nth(count)?..)
}

/// `PCase(source, separators)`: the first character of each word large, and all others small.
fn p_case<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    let Some(source) = arguments.text(0)? else { return Ok(Term::Null) };
    let separators = if arguments.is_given(1) { arguments.text(1)? } else { None };
    let is_separator = |c| match &separators {
        Some(separators) => separators.contains(c),
        None => separates(c),
    };
    let mut text = String::with_capacity(source.len());
    let mut is_first = true;
    for c in source.chars() {
        text.push(if is_first { Culture::title(c) } else { Culture::Invariant.lower(c) });
        is_first = is_separator(c);
    }
    arguments.made(text)
}

/// All but letters, numbers and marks, and the apostrophe, which .NET takes for a part of a word.
fn separates(c: char) -> bool {
    let is_mark = || CanonicalCombiningClassMapBorrowed::new().get_u8(c) != 0;
    !(c.is_alphanumeric() || c == '\'' || !c.is_ascii() && is_mark())
}
