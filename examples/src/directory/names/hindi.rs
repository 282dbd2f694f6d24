//! Hindi names in Devanagari, with vowel signs and conjuncts.

use super::culture::{Culture, NameOrder};
use super::name::{Name, NamePool};

pub(super) static HINDI: Culture = Culture {
    share: 4,
    languages: &["hi-IN"],
    order: NameOrder::GivenFirst,
    pools: &[NamePool {
        given: &[
            Name::new("आरव", "aarav"),
            Name::new("अनन्या", "ananya"),
            Name::new("प्रिया", "priya"),
            Name::new("राहुल", "rahul"),
            Name::new("दीपिका", "deepika"),
            Name::new("विकास", "vikas"),
            Name::new("सुनीता", "sunita"),
            Name::new("अर्जुन", "arjun"),
            Name::new("कविता", "kavita"),
            Name::new("संजय", "sanjay"),
            Name::new("नेहा", "neha"),
            Name::new("अमित", "amit"),
            Name::new("ईशा", "isha"),
            Name::new("रोहन", "rohan"),
            Name::new("मीरा", "meera"),
            Name::new("श्रेया", "shreya"),
            Name::new("कृष्णा", "krishna"),
            Name::new("लक्ष्मी", "lakshmi"),
            Name::new("मनोज", "manoj"),
            Name::new("पूजा", "pooja"),
        ],
        surnames: &[
            Name::new("शर्मा", "sharma"),
            Name::new("वर्मा", "verma"),
            Name::new("गुप्ता", "gupta"),
            Name::new("सिंह", "singh"),
            Name::new("पटेल", "patel"),
            Name::new("कुमार", "kumar"),
            Name::new("मिश्रा", "mishra"),
            Name::new("जोशी", "joshi"),
            Name::new("यादव", "yadav"),
            Name::new("चौधरी", "chaudhary"),
            Name::new("त्रिपाठी", "tripathi"),
            Name::new("मेहता", "mehta"),
            Name::new("अग्रवाल", "agrawal"),
            Name::new("पाण्डेय", "pandey"),
            Name::new("श्रीवास्तव", "shrivastava"),
            Name::new("देशपांडे", "deshpande"),
            Name::new("कुलकर्णी", "kulkarni"),
            Name::new("भट्ट", "bhatt"),
        ],
    }],
};
