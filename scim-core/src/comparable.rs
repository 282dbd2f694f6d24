use std::{borrow::Cow, cmp::Ordering};

use crate::fold::{fold, with_folded};

/// A text in the form in which it compares with others: as it is, or folded where case does not
/// count.
///
/// It compares byte by byte, which is code point by code point.
#[derive(Debug)]
pub(crate) enum Comparable<'t> {
    /// ASCII text of which case does not count: its letters compare as if they were small.
    Letters(&'t [u8]),
    /// A text as it is, or one that was folded.
    Bytes(Cow<'t, [u8]>),
}

/// How long a text is at most for which a search is not worth its preparation.
const SHORT: usize = 64;

impl<'t> Comparable<'t> {
    pub(crate) fn exact(text: &'t str) -> Self {
        Self::Bytes(Cow::Borrowed(text.as_bytes()))
    }

    pub(crate) fn folded(text: &'t str) -> Self {
        if text.is_ascii() {
            return Self::Letters(text.as_bytes());
        }
        Self::Bytes(match fold(text) {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(text) => Cow::Owned(text.into_bytes()),
        })
    }

    /// Whether it is the other one, which is in the form to compare.
    pub(crate) fn is(&self, other: &str) -> bool {
        match self {
            Self::Letters(text) => text.eq_ignore_ascii_case(other.as_bytes()),
            Self::Bytes(text) => **text == *other.as_bytes(),
        }
    }

    pub(crate) fn starts_with(&self, other: &str) -> bool {
        let other = other.as_bytes();
        match self {
            Self::Letters(text) => {
                let start = text.get(..other.len());
                start.is_some_and(|start| start.eq_ignore_ascii_case(other))
            }
            Self::Bytes(text) => text.starts_with(other),
        }
    }

    pub(crate) fn ends_with(&self, other: &str) -> bool {
        let other = other.as_bytes();
        match self {
            Self::Letters(text) => {
                let start = text.len().checked_sub(other.len());
                let end = start.and_then(|start| text.get(start..));
                end.is_some_and(|end| end.eq_ignore_ascii_case(other))
            }
            Self::Bytes(text) => text.ends_with(other),
        }
    }

    pub(crate) fn contains(&self, part: &str) -> bool {
        let Some((first, rest)) = part.as_bytes().split_first() else { return true };
        match self {
            Self::Letters(text) if text.len() <= SHORT => {
                let starts = |byte: &u8| byte.to_ascii_lowercase() == *first;
                finds(text, starts, rest.len(), |behind| behind.eq_ignore_ascii_case(rest))
            }
            Self::Bytes(text) if text.len() <= SHORT => {
                finds(text, |byte| byte == first, rest.len(), |behind| behind == rest)
            }
            // What is long may be searched for in vain at each of its places.
            Self::Letters(text) => with_text(text, |text| with_folded(text, |t| t.contains(part))),
            Self::Bytes(text) => with_text(text, |text| text.contains(part)),
        }
    }

    pub(crate) fn compare(&self, other: &str) -> Ordering {
        in_order(self, &Comparable::exact(other))
    }
}

/// Whether somewhere a byte starts what is looked for and so many bytes behind it are the rest.
#[inline]
fn finds(
    text: &[u8],
    starts: impl Fn(&u8) -> bool,
    behind: usize,
    is_rest: impl Fn(&[u8]) -> bool,
) -> bool {
    let mut text = text;
    while let Some(place) = text.iter().position(&starts) {
        text = text.get(place + 1..).unwrap_or_default();
        let Some(rest) = text.get(..behind) else { return false };
        if is_rest(rest) {
            return true;
        }
    }
    false
}

fn with_text(bytes: &[u8], look: impl FnOnce(&str) -> bool) -> bool {
    std::str::from_utf8(bytes).is_ok_and(look)
}

fn small_letters(text: &[u8]) -> impl Iterator<Item = u8> {
    text.iter().map(u8::to_ascii_lowercase)
}

fn in_order(ours: &Comparable<'_>, theirs: &Comparable<'_>) -> Ordering {
    use Comparable::{Bytes, Letters};
    match (ours, theirs) {
        (Letters(ours), Letters(theirs)) => small_letters(ours).cmp(small_letters(theirs)),
        (Letters(ours), Bytes(theirs)) => small_letters(ours).cmp(theirs.iter().copied()),
        (Bytes(ours), Letters(theirs)) => ours.iter().copied().cmp(small_letters(theirs)),
        (Bytes(ours), Bytes(theirs)) => ours.cmp(theirs),
    }
}

impl Ord for Comparable<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        in_order(self, other)
    }
}

impl PartialOrd for Comparable<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Comparable<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Comparable<'_> {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn compares_alike(text: &Comparable<'_>, whole: &str, part: &str) {
        assert_eq!(text.is(part), whole == part);
        assert!(text.is(whole));
        assert_eq!(text.starts_with(part), whole.starts_with(part));
        assert_eq!(text.ends_with(part), whole.ends_with(part));
        assert_eq!(text.contains(part), whole.contains(part));
        assert_eq!(text.compare(part), whole.cmp(part));
    }

    proptest! {
        #[test]
        fn a_text_compares_as_what_is_written_out_does(
            text in prop_oneof!["[abABéÉ@]{0,6}", "[abAB]{0,6}", "[abABéÉ]{60,80}", "[aA]{60,80}"],
            part in "[abABéÉ@]{0,3}",
        ) {
            compares_alike(&Comparable::exact(&text), &text, &part);
            compares_alike(&Comparable::folded(&text), &fold(&text), &fold(&part));
            let (ours, theirs) = (Comparable::folded(&text), Comparable::folded(&part));
            prop_assert_eq!(ours.cmp(&theirs), fold(&text).cmp(&fold(&part)));
            prop_assert_eq!(theirs.cmp(&ours), fold(&part).cmp(&fold(&text)));
        }
    }
}
