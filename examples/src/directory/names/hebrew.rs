//! Hebrew names, written from right to left.

use super::culture::{Culture, NameOrder};
use super::name::{Name, NamePool};

pub(super) static HEBREW: Culture = Culture {
    share: 4,
    languages: &["he-IL"],
    order: NameOrder::GivenFirst,
    pools: &[NamePool {
        given: &[
            Name::new("נועם", "noam"),
            Name::new("תמר", "tamar"),
            Name::new("יעל", "yael"),
            Name::new("דוד", "david"),
            Name::new("שרה", "sarah"),
            Name::new("מיכל", "michal"),
            Name::new("איתן", "eitan"),
            Name::new("רחל", "rachel"),
            Name::new("אורי", "uri"),
            Name::new("נועה", "noa"),
            Name::new("יוסף", "yosef"),
            Name::new("חנה", "hannah"),
            Name::new("עומר", "omer"),
            Name::new("שירה", "shira"),
            Name::new("גיא", "guy"),
            Name::new("אביגיל", "avigail"),
            Name::new("רוני", "roni"),
            Name::new("משה", "moshe"),
        ],
        surnames: &[
            Name::new("כהן", "cohen"),
            Name::new("לוי", "levi"),
            Name::new("מזרחי", "mizrahi"),
            Name::new("פרץ", "peretz"),
            Name::new("ביטון", "biton"),
            Name::new("דהן", "dahan"),
            Name::new("אברהם", "avraham"),
            Name::new("פרידמן", "friedman"),
            Name::new("שפירא", "shapira"),
            Name::new("אזולאי", "azoulay"),
            Name::new("גבאי", "gabbay"),
            Name::new("בן־דוד", "bendavid"),
            Name::new("חדד", "hadad"),
            Name::new("רוזנברג", "rosenberg"),
            Name::new("קליין", "klein"),
            Name::new("שלום", "shalom"),
            Name::new("ברק", "barak"),
            Name::new("עמר", "amar"),
        ],
    }],
};
