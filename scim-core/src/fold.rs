use std::{borrow::Cow, cmp::Ordering};

use compact_str::CompactString;
use icu_casemap::CaseMapper;
use icu_normalizer::ComposingNormalizerBorrowed;

/// The one case folding: how text compares where an attribute's `caseExact` is false.
///
/// Characters are composed (NFC) and then folded one by one (Unicode simple case folding), so that
/// `fold(a + b)` starts with `fold(a)` for ASCII and for any text cut between characters that do
/// not compose. ASCII text takes a short way. Stores index the folded text, and so agree with the
/// evaluator whatever their own idea of lower case is.
///
/// ```
/// use scim_core::fold;
///
/// assert_eq!(fold("BJensen"), "bjensen");
/// assert_eq!(fold("ΟΔΟΣ"), fold("οδος"));
/// assert_eq!(fold("E\u{301}mile"), fold("émile"));
/// assert_ne!(fold("straße"), fold("strasse"));
/// ```
pub fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return if text.bytes().any(|b| b.is_ascii_uppercase()) {
            Cow::Owned(text.to_ascii_lowercase())
        } else {
            Cow::Borrowed(text)
        };
    }
    let mapper = CaseMapper::new();
    let composed = ComposingNormalizerBorrowed::new_nfc().normalize(text);
    if composed.chars().all(|c| mapper.simple_fold(c) == c) {
        return composed;
    }
    Cow::Owned(composed.chars().map(|c| mapper.simple_fold(c)).collect())
}

/// [`fold`] for as long as it is looked at: short ASCII text takes nothing of the heap.
pub(crate) fn with_folded<T>(text: &str, look: impl FnOnce(&str) -> T) -> T {
    if !text.is_ascii() {
        look(&fold(text))
    } else if text.bytes().any(|b| b.is_ascii_uppercase()) {
        let mut folded = CompactString::new(text);
        folded.make_ascii_lowercase();
        look(&folded)
    } else {
        look(text)
    }
}

/// A text in a form that compares where case does not count.
pub(crate) enum Folded<'t> {
    /// ASCII text as it was written: its letters compare as if they were small.
    Ascii(&'t str),
    /// A text that was folded.
    Text(Cow<'t, str>),
}

impl<'t> Folded<'t> {
    pub(crate) fn of(text: &'t str) -> Self {
        if text.is_ascii() { Self::Ascii(text) } else { Self::Text(fold(text)) }
    }

    /// Whether it is a text that was folded.
    pub(crate) fn is(&self, folded: &str) -> bool {
        match self {
            Self::Ascii(text) => text.eq_ignore_ascii_case(folded),
            Self::Text(text) => text == folded,
        }
    }

    pub(crate) fn starts_with(&self, folded: &str) -> bool {
        match self {
            Self::Ascii(text) => text
                .as_bytes()
                .split_at_checked(folded.len())
                .is_some_and(|(start, _)| start.eq_ignore_ascii_case(folded.as_bytes())),
            Self::Text(text) => text.starts_with(folded),
        }
    }

    pub(crate) fn ends_with(&self, folded: &str) -> bool {
        match self {
            Self::Ascii(text) => text
                .len()
                .checked_sub(folded.len())
                .and_then(|start| text.as_bytes().get(start..))
                .is_some_and(|end| end.eq_ignore_ascii_case(folded.as_bytes())),
            Self::Text(text) => text.ends_with(folded),
        }
    }

    /// Compares by code point, which is by byte.
    pub(crate) fn compare(&self, folded: &str) -> Ordering {
        match self {
            Self::Ascii(text) => small_letters(text).cmp(folded.bytes()),
            Self::Text(text) => text.as_ref().cmp(folded),
        }
    }
}

fn small_letters(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().map(|byte| byte.to_ascii_lowercase())
}

impl PartialEq for Folded<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Folded<'_> {}

impl PartialOrd for Folded<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Folded<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Ascii(ours), Self::Ascii(theirs)) => small_letters(ours).cmp(small_letters(theirs)),
            (ours, Self::Text(theirs)) => ours.compare(theirs),
            (Self::Text(ours), theirs) => theirs.compare(ours).reverse(),
        }
    }
}

/// The hash of a text: of an even distribution, not one that withstands an attack.
pub(crate) fn hash(text: &str) -> u32 {
    // FNV-1a.
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use proptest::prelude::*;

    use super::{Folded, fold, with_folded};

    #[test]
    fn names_fold_as_documented() {
        let cases = [
            ("\u{212A}ate", "kate", true),
            ("ſam", "sam", true),
            ("ΟΔΟΣ", "οδοσ", true),
            ("ÉMILE", "émile", true),
            ("İzmir", "izmir", false),
            ("straße", "STRASSE", false),
            ("раypal", "paypal", false),
        ];
        for (a, b, equal) in cases {
            assert_eq!(fold(a) == fold(b), equal, "{a} {b}");
            assert_eq!(Folded::of(a).is(&fold(b)), equal, "{a} {b}");
            assert_eq!(Folded::of(b).is(&fold(a)), equal, "{a} {b}");
        }
    }

    #[test]
    fn a_text_that_is_only_looked_at_folds_alike() {
        let long = "Ab".repeat(40);
        for text in ["", "bjensen", "BJensen", "ÉMILE", "E\u{301}mile", long.as_str()] {
            assert_eq!(with_folded(text, str::to_owned), fold(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_text_compares_as_its_fold_does(text in "[abABéÉ@]{0,6}", part in "[abABéÉ@]{0,3}") {
            let written = part;
            let (looked_at, whole, part) = (Folded::of(&text), fold(&text), fold(&written));
            prop_assert_eq!(looked_at.is(&part), whole == part);
            prop_assert_eq!(looked_at.starts_with(&part), whole.starts_with(&*part));
            prop_assert_eq!(looked_at.ends_with(&part), whole.ends_with(&*part));
            prop_assert_eq!(looked_at.compare(&part), Ord::cmp(&*whole, &*part));
            prop_assert_eq!(looked_at.compare(&whole), Ordering::Equal);
            for (other, folded) in [(Folded::of(&written), &part), (Folded::of(&text), &whole)] {
                prop_assert_eq!(looked_at.cmp(&other), Ord::cmp(&whole, folded));
            }
        }
    }
}
