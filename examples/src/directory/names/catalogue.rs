//! All cultures of the house.

use super::super::random::Random;
use super::culture::Culture;
use super::fold::fold;
use super::{
    amharic::AMHARIC, arabic::ARABIC, chinese::CHINESE, czech::CZECH, french::FRENCH,
    german::GERMAN, greek::GREEK, hebrew::HEBREW, hindi::HINDI, japanese::JAPANESE, korean::KOREAN,
    nordic::NORDIC, polish::POLISH, russian::RUSSIAN, spanish::SPANISH, thai::THAI,
    turkish::TURKISH, ukrainian::UKRAINIAN, vietnamese::VIETNAMESE,
};

/// The cultures, those in Latin script first; their shares add up to a hundred.
static CULTURES: [&Culture; 19] = [
    &GERMAN,
    &FRENCH,
    &POLISH,
    &VIETNAMESE,
    &TURKISH,
    &NORDIC,
    &SPANISH,
    &CZECH,
    &RUSSIAN,
    &UKRAINIAN,
    &GREEK,
    &CHINESE,
    &JAPANESE,
    &KOREAN,
    &ARABIC,
    &HEBREW,
    &HINDI,
    &THAI,
    &AMHARIC,
];

/// Draws a culture, each according to its share.
pub(crate) fn drawn(random: &mut Random) -> &'static Culture {
    let mut ticket = random.below(100);
    for culture in CULTURES {
        if ticket < culture.share {
            return culture;
        }
        ticket -= culture.share;
    }
    &GERMAN
}

/// Finds the culture of a language tag, the German one if there is none.
pub(crate) fn of_language(tag: &str) -> &'static Culture {
    CULTURES.into_iter().find(|culture| culture.languages.contains(&tag)).unwrap_or(&GERMAN)
}

/// Writes a name in the letters `a` to `z`: as its table says, else without its diacritics.
///
/// One name is read differently in two languages (林 is Lin or Hayashi), so the tables of `home`
/// come first. The result is empty for a name in another script that no table has.
pub(crate) fn to_ascii(name: &str, home: &Culture) -> String {
    let mut tables = home.names().chain(CULTURES.into_iter().flat_map(Culture::names));
    tables
        .find(|entry| entry.native == name)
        .map_or_else(|| fold(name), |entry| entry.ascii.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shares_add_up_to_a_hundred() {
        assert_eq!(CULTURES.iter().map(|culture| culture.share).sum::<usize>(), 100);
    }

    #[test]
    fn every_entry_has_a_spelling_for_addresses() {
        for name in CULTURES.into_iter().flat_map(Culture::names) {
            assert!(!name.native.is_empty());
            assert!(!name.ascii.is_empty(), "{name:?}");
            assert!(name.ascii.bytes().all(|byte| byte.is_ascii_lowercase()), "{name:?}");
        }
    }

    #[test]
    fn a_name_is_read_in_its_own_language() {
        assert_eq!(to_ascii("林", of_language("zh-CN")), "lin");
        assert_eq!(to_ascii("林", of_language("ja-JP")), "hayashi");
        assert_eq!(to_ascii("Ковалёва", of_language("de-DE")), "kovaleva");
        assert_eq!(to_ascii("Brontë", of_language("de-DE")), "bronte");
    }

    #[test]
    fn names_stand_in_the_order_of_their_language() {
        for (tag, given_name, surname, display_name) in [
            ("de-DE", "Käthe", "Groß", "Käthe Groß"),
            ("ja-JP", "美咲", "𠮷田", "𠮷田 美咲"),
            ("zh-CN", "秀英", "王", "王秀英"),
            ("zh-CN", "秀英", "Groß", "秀英 Groß"),
            ("vi-VN", "Văn Đức", "Trần", "Trần Văn Đức"),
        ] {
            assert_eq!(of_language(tag).display_name(given_name, surname), display_name);
        }
    }
}
