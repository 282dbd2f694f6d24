//! Ukrainian names in Cyrillic.

use super::culture::{Culture, NameOrder};
use super::name::{Name, NamePool};

pub(super) static UKRAINIAN: Culture = Culture {
    share: 2,
    languages: &["uk-UA"],
    order: NameOrder::GivenFirst,
    pools: &[NamePool {
        given: &[
            Name::new("Олена", "olena"),
            Name::new("Оксана", "oksana"),
            Name::new("Ганна", "hanna"),
            Name::new("Катерина", "kateryna"),
            Name::new("Софія", "sofiia"),
            Name::new("Тарас", "taras"),
            Name::new("Володимир", "volodymyr"),
            Name::new("Олексій", "oleksii"),
            Name::new("Андрій", "andrii"),
            Name::new("Юрій", "yurii"),
            Name::new("Ілля", "illia"),
            Name::new("Євген", "yevhen"),
        ],
        surnames: &[
            Name::new("Шевченко", "shevchenko"),
            Name::new("Бондаренко", "bondarenko"),
            Name::new("Ткаченко", "tkachenko"),
            Name::new("Кравчук", "kravchuk"),
            Name::new("Мельник", "melnyk"),
            Name::new("Лисенко", "lysenko"),
            Name::new("Поліщук", "polishchuk"),
            Name::new("Гриценко", "hrytsenko"),
            Name::new("Савчук", "savchuk"),
            Name::new("Коваль", "koval"),
            Name::new("Мороз", "moroz"),
            Name::new("Єфименко", "yefymenko"),
        ],
    }],
};
