//! Letters without what is put to them.

use icu_normalizer::{
    ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed,
    properties::CanonicalCombiningClassMapBorrowed,
};

/// The text without the marks of Latin letters, and with letters of ASCII for those that are a
/// Latin letter with a stroke or two of them in one.
///
/// In other scripts a mark often makes another letter, as `й` is not `и`: they stay as they are.
pub(super) fn without_diacritics(text: &str) -> String {
    let decomposed = DecomposingNormalizerBorrowed::new_nfd().normalize(text);
    let classes = CanonicalCombiningClassMapBorrowed::new();
    let mut plain = String::with_capacity(text.len());
    let mut is_latin = false;
    for c in decomposed.chars() {
        let is_mark = classes.get_u8(c) != 0;
        if is_mark && is_latin {
            continue;
        }
        if !is_mark {
            is_latin = c.is_ascii_alphabetic() || matches!(c, '\u{c0}'..='\u{24f}');
        }
        match replacement(c) {
            Some(letters) => plain.push_str(letters),
            None => plain.push(c),
        }
    }
    ComposingNormalizerBorrowed::new_nfc().normalize(&plain).into_owned()
}

/// Letters that decomposition leaves whole.
fn replacement(c: char) -> Option<&'static str> {
    Some(match c {
        'æ' => "ae",
        'Æ' => "AE",
        'ø' | 'œ' => "oe",
        'Ø' | 'Œ' => "OE",
        'ß' => "ss",
        'ẞ' => "SS",
        'ı' => "i",
        'ł' => "l",
        'Ł' => "L",
        'đ' => "d",
        'Đ' => "D",
        'ħ' => "h",
        'Ħ' => "H",
        'ŧ' => "t",
        'Ŧ' => "T",
        _ => return None,
    })
}
