//! Russian names in Cyrillic, whose surnames have a form for each gender.

use super::culture::{Culture, NameOrder};
use super::name::{Name, NamePool};

pub(super) static RUSSIAN: Culture = Culture {
    share: 2,
    languages: &["ru-RU"],
    order: NameOrder::GivenFirst,
    pools: &[
        NamePool {
            given: &[
                Name::new("Анна", "anna"),
                Name::new("Екатерина", "ekaterina"),
                Name::new("Наталья", "natalya"),
                Name::new("Ольга", "olga"),
                Name::new("Юлия", "yuliya"),
                Name::new("Светлана", "svetlana"),
                Name::new("Татьяна", "tatyana"),
                Name::new("Елена", "elena"),
                Name::new("Ксения", "kseniya"),
                Name::new("Людмила", "lyudmila"),
            ],
            surnames: &[
                Name::new("Иванова", "ivanova"),
                Name::new("Смирнова", "smirnova"),
                Name::new("Кузнецова", "kuznetsova"),
                Name::new("Щербакова", "shcherbakova"),
                Name::new("Ковалёва", "kovaleva"),
                Name::new("Жукова", "zhukova"),
                Name::new("Цветкова", "tsvetkova"),
                Name::new("Чайкина", "chaykina"),
                Name::new("Воробьёва", "vorobyeva"),
                Name::new("Хорошилова", "khoroshilova"),
            ],
        },
        NamePool {
            given: &[
                Name::new("Алексей", "aleksey"),
                Name::new("Дмитрий", "dmitriy"),
                Name::new("Михаил", "mikhail"),
                Name::new("Сергей", "sergey"),
                Name::new("Юрий", "yuriy"),
                Name::new("Фёдор", "fedor"),
                Name::new("Евгений", "evgeniy"),
                Name::new("Кирилл", "kirill"),
                Name::new("Артём", "artem"),
                Name::new("Андрей", "andrey"),
            ],
            surnames: &[
                Name::new("Иванов", "ivanov"),
                Name::new("Смирнов", "smirnov"),
                Name::new("Кузнецов", "kuznetsov"),
                Name::new("Щербаков", "shcherbakov"),
                Name::new("Ковалёв", "kovalev"),
                Name::new("Жуков", "zhukov"),
                Name::new("Цветков", "tsvetkov"),
                Name::new("Чайкин", "chaykin"),
                Name::new("Воробьёв", "vorobyev"),
                Name::new("Хорошилов", "khoroshilov"),
            ],
        },
    ],
};
