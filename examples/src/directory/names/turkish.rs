//! Turkish names, with dotted and dotless i.

use super::culture::{Culture, NameOrder};
use super::name::{Name, NamePool};

pub(super) static TURKISH: Culture = Culture {
    share: 7,
    languages: &["tr-TR"],
    order: NameOrder::GivenFirst,
    pools: &[NamePool {
        given: &[
            Name::new("Ayşe", "ayse"),
            Name::new("Gülşen", "gulsen"),
            Name::new("Çağla", "cagla"),
            Name::new("Şule", "sule"),
            Name::new("İbrahim", "ibrahim"),
            Name::new("Özge", "ozge"),
            Name::new("Oğuz", "oguz"),
            Name::new("Ümit", "umit"),
            Name::new("Işıl", "isil"),
            Name::new("Gökhan", "gokhan"),
            Name::new("Tuğba", "tugba"),
            Name::new("Çetin", "cetin"),
            Name::new("Zeynep", "zeynep"),
            Name::new("Ömer", "omer"),
            Name::new("Şükrü", "sukru"),
            Name::new("Büşra", "busra"),
            Name::new("İlknur", "ilknur"),
            Name::new("Yağız", "yagiz"),
        ],
        surnames: &[
            Name::new("Yılmaz", "yilmaz"),
            Name::new("Şahin", "sahin"),
            Name::new("Öztürk", "ozturk"),
            Name::new("Çelik", "celik"),
            Name::new("Aydın", "aydin"),
            Name::new("Yıldız", "yildiz"),
            Name::new("Kılıç", "kilic"),
            Name::new("Güneş", "gunes"),
            Name::new("Koç", "koc"),
            Name::new("Özdemir", "ozdemir"),
            Name::new("Doğan", "dogan"),
            Name::new("Çakır", "cakir"),
            Name::new("Işık", "isik"),
            Name::new("Ateş", "ates"),
            Name::new("Bozkurt", "bozkurt"),
            Name::new("Ünal", "unal"),
            Name::new("Gümüş", "gumus"),
            Name::new("İnan", "inan"),
        ],
    }],
};
