//! How people of one language are named.

use super::name::{Name, NamePool};

/// The names of one language and how they are put together.
#[derive(Debug)]
pub(crate) struct Culture {
    /// How many of a hundred people have such a name.
    pub(super) share: usize,
    /// The tags of the languages that these people prefer.
    pub(crate) languages: &'static [&'static str],
    /// The order of the two names.
    pub(super) order: NameOrder,
    /// The names.
    pub(crate) pools: &'static [NamePool],
}

/// The order and spacing of given name and surname.
#[derive(Clone, Copy, Debug)]
pub(super) enum NameOrder {
    /// `Katharina Müller`
    GivenFirst,
    /// `佐藤 美咲`
    SurnameFirst,
    /// `王秀英`
    SurnameFirstJoined,
}

impl Culture {
    /// Puts the two names together as people of this language write them.
    pub(crate) fn display_name(&self, given_name: &str, surname: &str) -> String {
        let is_joined = is_east_asian(given_name) && is_east_asian(surname);
        match self.order {
            NameOrder::SurnameFirstJoined if is_joined => format!("{surname}{given_name}"),
            NameOrder::SurnameFirst => format!("{surname} {given_name}"),
            NameOrder::SurnameFirstJoined | NameOrder::GivenFirst => {
                format!("{given_name} {surname}")
            }
        }
    }

    /// Iterates over all names, given names and surnames alike.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static Name> {
        self.pools.iter().flat_map(|pool| pool.given.iter().chain(pool.surnames))
    }
}

/// Asks whether a name is written in Han characters, kana or Hangul throughout.
fn is_east_asian(name: &str) -> bool {
    name.chars().all(|letter| letter >= '\u{2e80}')
}
