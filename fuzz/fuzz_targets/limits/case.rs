use std::fmt;

use libfuzzer_sys::arbitrary::{Arbitrary, Result, Unstructured};
use scim_core::filter::ParseLimits;

/// A long and mostly legal text, and limits near to what it needs or far from it.
pub(crate) struct Case {
    pub(crate) text: String,
    pub(crate) limits: ParseLimits,
}

/// How often a piece is repeated: mostly about as often as the default limits allow.
const TIMES: [usize; 12] = [0, 1, 2, 3, 5, 8, 31, 32, 33, 64, 2047, 2048];

/// How often now and then; such a text takes milliseconds, and libFuzzer takes to them.
const MANY_TIMES: usize = 5_000;

/// What opens a level, and what closes it.
const LEVELS: [(&str, &str); 8] = [
    ("(", ")"),
    ("( ", " )"),
    ("not (", ")"),
    ("NOT(", ")"),
    ("a pr and (", ")"),
    ("a pr or (", ")"),
    ("(a pr or not (", ") and a pr)"),
    ("a[", "]"),
];

/// An `or` whose parentheses show only when it is printed: `a[(b pr or b eq 1) and c pr]`.
const HIDDEN_LEVEL: &str = "[b pr or b eq 1].c pr";

/// No literal holds a parenthesis, a bracket or a blank: [`Case::nesting`] counts on it.
const TERMS: [&str; 6] =
    ["a pr", "a eq 1", "a eq \"é\"", "a[b pr]", "a[b pr or b eq 1].c pr", "a[b pr].c eq 1"];

const WORDS: [&str; 4] = [" and ", " or ", " AND ", "  or  "];

/// Rarely a filter.
const DEBRIS: [&str; 12] =
    ["(", ")", "not ", "not (", "[", "]", "a[", " ", "\"", "é", " and ", "a pr"];

impl Case {
    /// How many parentheses and brackets are open at most.
    pub(crate) fn nesting(&self) -> usize {
        let mut open = 0_usize;
        let mut most = 0;
        for (place, byte) in self.text.bytes().enumerate() {
            match byte {
                b'(' | b'[' => open += 1,
                b')' | b']' => open = open.saturating_sub(1),
                _ => continue,
            }
            let hidden = self.text.as_bytes()[place..].starts_with(HIDDEN_LEVEL.as_bytes());
            most = most.max(open + usize::from(hidden));
        }
        most
    }

    /// How many comparisons, `pr` tests and value paths there are.
    pub(crate) fn nodes(&self) -> usize {
        [" pr", " eq ", "["].into_iter().map(|mark| self.text.matches(mark).count()).sum()
    }
}

impl<'a> Arbitrary<'a> for Case {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut text = part(u)?;
        for _ in 0..u.int_in_range(0..=2)? {
            text.push_str(if u.ratio(7, 8)? { u.choose(&WORDS)? } else { "" });
            text.push_str(&part(u)?);
        }
        let mut case = Self { text, limits: ParseLimits::new() };
        let length = limit(u, case.limits.length(), case.text.len())?;
        let nesting = limit(u, case.limits.nesting(), case.nesting())?;
        let nodes = limit(u, case.limits.nodes(), case.nodes())?;
        case.limits = case.limits.with_length(length).with_nesting(nesting).with_nodes(nodes);
        Ok(case)
    }
}

impl fmt::Debug for Case {
    /// Shows the beginning of the text only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let beginning: String = self.text.chars().take(200).collect();
        let Self { text, limits } = self;
        write!(f, "{limits:?}, {} bytes: {beginning}", text.len())
    }
}

fn part(u: &mut Unstructured<'_>) -> Result<String> {
    match u.int_in_range(0..=7)? {
        0..=3 => nested(u),
        4..=6 => chain(u),
        _ => debris(u),
    }
}

fn nested(u: &mut Unstructured<'_>) -> Result<String> {
    let levels = several(u, &LEVELS)?;
    let times = times(u)?;
    let mut text = String::new();
    let levels: Vec<_> = levels.into_iter().cycle().take(times).collect();
    text.extend(levels.iter().map(|(open, _)| *open));
    text.push_str(u.choose(&TERMS)?);
    let closed = if u.ratio(7, 8)? { times } else { times.saturating_sub(1) };
    text.extend(levels.iter().rev().take(closed).map(|(_, close)| *close));
    Ok(text)
}

fn chain(u: &mut Unstructured<'_>) -> Result<String> {
    let terms = several(u, &TERMS)?;
    let words = several(u, &WORDS)?;
    let times = times(u)?;
    let mut text = terms[0].to_owned();
    for (term, word) in terms.into_iter().cycle().zip(words.into_iter().cycle()).take(times) {
        text.push_str(word);
        text.push_str(term);
    }
    Ok(text)
}

fn debris(u: &mut Unstructured<'_>) -> Result<String> {
    let pieces = several(u, &DEBRIS)?;
    let times = times(u)?;
    Ok(pieces.into_iter().cycle().take(times).collect())
}

fn times(u: &mut Unstructured<'_>) -> Result<usize> {
    if u.ratio(63, 64)? { u.choose(&TIMES).copied() } else { Ok(MANY_TIMES) }
}

/// One to four of the choices.
fn several<T: Copy>(u: &mut Unstructured<'_>, choices: &[T]) -> Result<Vec<T>> {
    let count = u.int_in_range(1..=4)?;
    (0..count).map(|_| u.choose(choices).copied()).collect()
}

fn limit(u: &mut Unstructured<'_>, by_default: usize, needed: usize) -> Result<usize> {
    Ok(match u.int_in_range(0..=7)? {
        0 => by_default,
        1 => needed,
        2 => needed.saturating_sub(1),
        3 => needed.saturating_sub(u.arbitrary::<u8>()?.into()),
        4 => u.arbitrary::<u8>()?.into(),
        5 => usize::try_from(u.arbitrary::<u32>()?).unwrap_or(usize::MAX),
        _ => usize::MAX,
    })
}
