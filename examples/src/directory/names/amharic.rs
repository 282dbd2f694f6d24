//! Amharic names in Ethiopic script; the second name is the father's.

use super::culture::{Culture, NameOrder};
use super::name::{Name, NamePool};

pub(super) static AMHARIC: Culture = Culture {
    share: 4,
    languages: &["am-ET"],
    order: NameOrder::GivenFirst,
    pools: &[NamePool {
        given: &[
            Name::new("አበበ", "abebe"),
            Name::new("አልማዝ", "almaz"),
            Name::new("ተስፋዬ", "tesfaye"),
            Name::new("ሰላማዊት", "selamawit"),
            Name::new("ዳዊት", "dawit"),
            Name::new("ሐና", "hanna"),
            Name::new("ብርሃኑ", "birhanu"),
            Name::new("ማርታ", "marta"),
            Name::new("ገብረመድኅን", "gebremedhin"),
            Name::new("ሄለን", "helen"),
            Name::new("ዮሐንስ", "yohannes"),
            Name::new("ትዕግስት", "tigist"),
            Name::new("ሳሙኤል", "samuel"),
            Name::new("መሠረት", "meseret"),
            Name::new("ጌታቸው", "getachew"),
            Name::new("ሕይወት", "hiwot"),
            Name::new("ኃይሉ", "hailu"),
            Name::new("ራሔል", "rahel"),
        ],
        surnames: &[
            Name::new("ከበደ", "kebede"),
            Name::new("በቀለ", "bekele"),
            Name::new("ተክሌ", "tekle"),
            Name::new("ወልደማርያም", "woldemariam"),
            Name::new("ገብረማርያም", "gebremariam"),
            Name::new("ኃይለሚካኤል", "hailemichael"),
            Name::new("ታደሰ", "tadesse"),
            Name::new("አሰፋ", "assefa"),
            Name::new("መንግሥቱ", "mengistu"),
            Name::new("ደምሴ", "demissie"),
            Name::new("ለማ", "lemma"),
            Name::new("ጌታሁን", "getahun"),
            Name::new("ሙሉጌታ", "mulugeta"),
            Name::new("ዘውዴ", "zewde"),
            Name::new("በላይ", "belay"),
            Name::new("ካሳ", "kassa"),
            Name::new("ይልማ", "yilma"),
            Name::new("ፈቃዱ", "fekadu"),
        ],
    }],
};
