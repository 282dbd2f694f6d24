use std::borrow::Cow;

use compact_str::CompactString;
use icu_casemap::CaseMapper;
use icu_normalizer::ComposingNormalizerBorrowed;

/// The one case folding: how text compares where an attribute's `caseExact` is false.
///
/// Full-width forms of ASCII become ASCII, which they look like; then characters are composed (NFC)
/// and folded one by one (Unicode simple case folding), so that `fold(a + b)` starts with `fold(a)`
/// for ASCII and for any text cut between characters that do not compose. ASCII text takes a short
/// way. Stores index the folded text, and so agree with the evaluator whatever their own idea of
/// lower case is.
///
/// ```
/// use scim_core::fold;
///
/// assert_eq!(fold("BJensen"), "bjensen");
/// assert_eq!(fold("ΟΔΟΣ"), fold("οδος"));
/// assert_eq!(fold("E\u{301}mile"), fold("émile"));
/// assert_eq!(fold("Ｂｏｂ"), "bob");
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
    if text.chars().any(|c| narrow(c) != c) {
        let narrowed: String = text.chars().map(narrow).collect();
        return Cow::Owned(fold(&narrowed).into_owned());
    }
    let mapper = CaseMapper::new();
    let composed = ComposingNormalizerBorrowed::new_nfc().normalize(text);
    if composed.chars().all(|c| mapper.simple_fold(c) == c) {
        return composed;
    }
    Cow::Owned(composed.chars().map(|c| mapper.simple_fold(c)).collect())
}

/// The ASCII character that a character is the full-width form of, or the character itself
/// ([RFC 8265 §3.3.1](https://www.rfc-editor.org/rfc/rfc8265#section-3.3.1): the width mapping).
fn narrow(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(c) - 0xff01 + u32::from(b'!')).unwrap_or(c)
        }
        c => c,
    }
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

/// The hash of a text: of an even distribution, not one that withstands an attack.
pub(crate) fn hash(text: &str) -> u32 {
    // FNV-1a.
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::{fold, with_folded};
    use crate::comparable::Comparable;

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
            ("ｂｏｂ＠ｅｘａｍｐｌｅ．ｏｒｇ", "BOB@example.org", true),
            ("ＺＯ\u{308}Ｅ", "zöe", true),
            ("Ａ\u{3000}～", "a ~", true),
            // The first and the last that are none.
            ("\u{ff00}", " ", false),
            ("\u{ff5f}", "\u{7f}", false),
        ];
        for (a, b, equal) in cases {
            assert_eq!(fold(a) == fold(b), equal, "{a} {b}");
            assert_eq!(Comparable::folded(a).is(&fold(b)), equal, "{a} {b}");
            assert_eq!(Comparable::folded(b).is(&fold(a)), equal, "{a} {b}");
        }
    }

    #[test]
    fn a_text_that_is_only_looked_at_folds_alike() {
        let long = "Ab".repeat(40);
        for text in ["", "bjensen", "BJensen", "ÉMILE", "E\u{301}mile", long.as_str()] {
            assert_eq!(with_folded(text, str::to_owned), fold(text), "{text}");
        }
    }
}
