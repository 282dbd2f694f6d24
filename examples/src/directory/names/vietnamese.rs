//! Vietnamese names, written with the surname first.

use super::culture::{Culture, NameOrder};
use super::name::{Name, NamePool};

pub(super) static VIETNAMESE: Culture = Culture {
    share: 5,
    languages: &["vi-VN"],
    order: NameOrder::SurnameFirst,
    pools: &[NamePool {
        given: &[
            Name::new("Thị Hương", "thihuong"),
            Name::new("Văn Đức", "vanduc"),
            Name::new("Thùy Dương", "thuyduong"),
            Name::new("Quốc Bảo", "quocbao"),
            Name::new("Ngọc Ánh", "ngocanh"),
            Name::new("Hữu Phước", "huuphuoc"),
            Name::new("Thanh Thảo", "thanhthao"),
            Name::new("Mỹ Linh", "mylinh"),
            Name::new("Đình Trọng", "dinhtrong"),
            Name::new("Kim Yến", "kimyen"),
            Name::new("Xuân Trường", "xuantruong"),
            Name::new("Thị Tuyết", "thituyet"),
            Name::new("Bích Ngọc", "bichngoc"),
            Name::new("Hoàng Long", "hoanglong"),
            Name::new("Khánh Vy", "khanhvy"),
            Name::new("Gia Huy", "giahuy"),
            Name::new("Phương Thảo", "phuongthao"),
            Name::new("Tuấn Kiệt", "tuankiet"),
        ],
        surnames: &[
            Name::new("Nguyễn", "nguyen"),
            Name::new("Trần", "tran"),
            Name::new("Lê", "le"),
            Name::new("Phạm", "pham"),
            Name::new("Huỳnh", "huynh"),
            Name::new("Vũ", "vu"),
            Name::new("Võ", "vo"),
            Name::new("Đặng", "dang"),
            Name::new("Bùi", "bui"),
            Name::new("Đỗ", "do"),
            Name::new("Hồ", "ho"),
            Name::new("Ngô", "ngo"),
            Name::new("Dương", "duong"),
            Name::new("Lý", "ly"),
            Name::new("Đoàn", "doan"),
            Name::new("Phùng", "phung"),
        ],
    }],
};
