//! Czech names, whose surnames have a form for each gender.

use super::culture::{Culture, NameOrder};
use super::name::{Name, NamePool};

pub(super) static CZECH: Culture = Culture {
    share: 5,
    languages: &["cs-CZ"],
    order: NameOrder::GivenFirst,
    pools: &[
        NamePool {
            given: &[
                Name::new("Věra", "vera"),
                Name::new("Zdeňka", "zdenka"),
                Name::new("Růžena", "ruzena"),
                Name::new("Alžběta", "alzbeta"),
                Name::new("Božena", "bozena"),
                Name::new("Jiřina", "jirina"),
                Name::new("Kateřina", "katerina"),
                Name::new("Markéta", "marketa"),
                Name::new("Šárka", "sarka"),
                Name::new("Žofie", "zofie"),
            ],
            surnames: &[
                Name::new("Nováková", "novakova"),
                Name::new("Dvořáková", "dvorakova"),
                Name::new("Černá", "cerna"),
                Name::new("Procházková", "prochazkova"),
                Name::new("Kučerová", "kucerova"),
                Name::new("Veselá", "vesela"),
                Name::new("Růžičková", "ruzickova"),
                Name::new("Němcová", "nemcova"),
                Name::new("Křížová", "krizova"),
                Name::new("Šťastná", "stastna"),
                Name::new("Řezníčková", "reznickova"),
                Name::new("Ježková", "jezkova"),
            ],
        },
        NamePool {
            given: &[
                Name::new("Jiří", "jiri"),
                Name::new("Ondřej", "ondrej"),
                Name::new("Tomáš", "tomas"),
                Name::new("Václav", "vaclav"),
                Name::new("Matěj", "matej"),
                Name::new("Luboš", "lubos"),
                Name::new("Zdeněk", "zdenek"),
                Name::new("Řehoř", "rehor"),
                Name::new("Šimon", "simon"),
                Name::new("Bořivoj", "borivoj"),
            ],
            surnames: &[
                Name::new("Novák", "novak"),
                Name::new("Dvořák", "dvorak"),
                Name::new("Černý", "cerny"),
                Name::new("Procházka", "prochazka"),
                Name::new("Kučera", "kucera"),
                Name::new("Veselý", "vesely"),
                Name::new("Růžička", "ruzicka"),
                Name::new("Němec", "nemec"),
                Name::new("Kříž", "kriz"),
                Name::new("Šťastný", "stastny"),
                Name::new("Řezníček", "reznicek"),
                Name::new("Ježek", "jezek"),
            ],
        },
    ],
};
