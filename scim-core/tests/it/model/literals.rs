//! Few values, near to each other, with what they mean written beside them.

/// Text, and the form in which it compares where case does not count: composed, and each
/// character in lower case, unless Unicode's simple folding knows no lower case for it.
pub(super) const TEXTS: [(&str, &str); 27] = [
    ("", ""),
    ("a", "a"),
    ("A", "a"),
    ("Ab", "ab"),
    ("aB@x.y", "ab@x.y"),
    ("b@X", "b@x"),
    ("ab\u{e9}", "ab\u{e9}"),
    ("abe\u{301}", "ab\u{e9}"),
    ("AB\u{c9}", "ab\u{e9}"),
    ("ABE\u{301}t", "ab\u{e9}t"),
    ("abe", "abe"),
    ("stra\u{df}e", "stra\u{df}e"),
    ("STRA\u{1e9e}E", "stra\u{df}e"),
    ("STRASSE", "strasse"),
    ("\u{17f}tra", "stra"),
    ("\u{130}", "\u{130}"),
    ("I\u{307}", "\u{130}"),
    ("i\u{307}", "i\u{307}"),
    ("\u{131}", "\u{131}"),
    ("I", "i"),
    ("\u{212a}", "k"),
    ("K", "k"),
    ("\u{3a3}\u{3c2}", "\u{3c3}\u{3c3}"),
    ("\u{1f600}\u{fffd}", "\u{1f600}\u{fffd}"),
    ("work", "work"),
    ("WORK", "work"),
    ("home", "home"),
];

/// The texts of a sub-attribute that is called `type`.
pub(super) const TYPES: [&str; 3] = ["work", "WORK", "home"];

/// Dates and times, and the milliseconds between them and the first.
pub(super) const DATES: [(&str, Option<i64>); 10] = [
    ("2024-05-13T12:00:00Z", Some(0)),
    ("2024-05-13T14:00:00+02:00", Some(0)),
    ("2024-05-13T06:30:00-05:30", Some(0)),
    ("2024-05-13T12:00:00.000000", Some(0)),
    ("2024-05-13T12:00:00.001Z", Some(1)),
    ("2024-05-13T11:59:59.999Z", Some(-1)),
    ("2024-05-14T00:00:00+14:00", Some(-7_200_000)),
    ("2024-05-13T12:00:00-00:01", Some(60_000)),
    ("1969-12-31T23:59:59Z", Some(-1_715_601_601_000)),
    ("13 May 2024", None),
];

/// Parts of dates, as `co`, `sw` and `ew` look for them.
pub(super) const PARTS_OF_DATES: [&str; 6] = ["2024-05", "t12:", "Z", "z", "+02:00", ""];

pub(super) const INTEGERS: [i64; 8] =
    [0, 1, 2, -1, 9_007_199_254_740_993, 9_007_199_254_740_992, i64::MAX, i64::MIN];

pub(super) const DECIMALS: [f64; 8] = [0.0, 1.0, 1.5, -1.0, 0.1, 2.0, 1e300, -2.5e-3];

pub(super) const NUMBERS: [&str; 17] = [
    "0",
    "-0",
    "0.0",
    "1",
    "1.0",
    "10e-1",
    "1.5",
    "-1",
    "2",
    "0.1",
    "1E+300",
    "-0.0025",
    "9007199254740993",
    "9223372036854775807",
    "-9223372036854775808",
    "1e400",
    "-1e400",
];

pub(super) const BINARIES: [&str; 5] = ["", "aGVsbG8=", "aGVs", "AGVS", "bG8="];

pub(super) const REFERENCES: [&str; 5] =
    ["", "https://x.y/a", "https://X.y/A", "https://x.y", "/a"];

/// The form in which a text of the table compares where case does not count.
pub(super) fn folded(text: &str) -> &'static str {
    TEXTS.iter().find(|(written, _)| *written == text).unwrap().1
}

/// When a date of the table was, if it is one.
pub(super) fn instant(text: &str) -> Option<i64> {
    DATES.iter().find(|(written, _)| *written == text).unwrap().1
}
