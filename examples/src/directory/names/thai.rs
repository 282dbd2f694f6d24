//! Thai names, with vowels and tones above and below the line.

use super::culture::{Culture, NameOrder};
use super::name::{Name, NamePool};

pub(super) static THAI: Culture = Culture {
    share: 4,
    languages: &["th-TH"],
    order: NameOrder::GivenFirst,
    pools: &[NamePool {
        given: &[
            Name::new("สมชาย", "somchai"),
            Name::new("สมหญิง", "somying"),
            Name::new("มาลี", "mali"),
            Name::new("ประเสริฐ", "prasoet"),
            Name::new("นภา", "napha"),
            Name::new("วิชัย", "wichai"),
            Name::new("พิมพ์ชนก", "phimchanok"),
            Name::new("ธนกร", "thanakon"),
            Name::new("สุดารัตน์", "sudarat"),
            Name::new("อนุชา", "anucha"),
            Name::new("กมลวรรณ", "kamonwan"),
            Name::new("ศักดิ์ชัย", "sakchai"),
            Name::new("ณัฐพล", "natthaphon"),
            Name::new("จันทร์เพ็ญ", "chanphen"),
            Name::new("ปรียา", "priya"),
            Name::new("วีระ", "wira"),
            Name::new("ชลธิชา", "chonthicha"),
            Name::new("อรุณ", "arun"),
        ],
        surnames: &[
            Name::new("ศรีสุข", "srisuk"),
            Name::new("ทองดี", "thongdi"),
            Name::new("แก้วมณี", "kaeomani"),
            Name::new("วงศ์สวัสดิ์", "wongsawat"),
            Name::new("จันทร์ดี", "chandi"),
            Name::new("บุญมี", "bunmi"),
            Name::new("สุวรรณ", "suwan"),
            Name::new("รัตนพันธ์", "rattanaphan"),
            Name::new("ชัยวัฒน์", "chaiwat"),
            Name::new("พงษ์ไพบูลย์", "phongphaibun"),
            Name::new("สายทอง", "saithong"),
            Name::new("เจริญสุข", "charoensuk"),
            Name::new("นาคสุวรรณ", "naksuwan"),
            Name::new("อินทรประเสริฐ", "inthraprasoet"),
            Name::new("มีชัย", "michai"),
            Name::new("พรหมมา", "phromma"),
            Name::new("ใจดี", "chaidi"),
            Name::new("ธรรมรักษ์", "thammarak"),
        ],
    }],
};
