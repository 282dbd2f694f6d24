//! Dates: read from what sources write, read and written by format, and reckoned with.

mod any;
mod fields;
mod format;
mod interval;
mod read;
mod styles;
mod write;

use chrono::{DateTime, Datelike, Timelike, Utc};

pub(super) use any::read;
pub(super) use fields::Moment;
pub(super) use format::DateFormat;
pub(super) use interval::Interval;
pub(super) use styles::Styles;

/// `M/d/yyyy h:mm:ss tt`: how a date looks where a text is needed.
pub(super) fn to_text(date: DateTime<Utc>) -> String {
    let (is_afternoon, hour) = date.hour12();
    format!(
        "{}/{}/{:04} {hour}:{:02}:{:02} {}",
        date.month(),
        date.day(),
        date.year(),
        date.minute(),
        date.second(),
        if is_afternoon { "PM" } else { "AM" }
    )
}

/// The date, if its year is one of those that can be written.
pub(super) fn in_range(date: DateTime<Utc>) -> Option<DateTime<Utc>> {
    (1..=9999).contains(&date.year()).then_some(date)
}
