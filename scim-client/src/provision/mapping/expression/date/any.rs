use chrono::{DateTime, Utc};

use super::{
    fields::Fields,
    in_range,
    read::{digits, fraction, half_day, offset},
};

/// A date in one of the forms that need no format: `2020-03-16`, `2020/03/16` or `3/16/2020`; then
/// perhaps a time, `T01:45`, ` 01:45:30.5` or ` 1:45:30 AM`; then perhaps a zone, `Z`, `-07:00` or
/// ` -7`. Or as mails have it, `Mon, 15 Jun 2009 20:45:30 GMT`.
///
/// Without a zone it is UTC.
pub(in super::super) fn read(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    match day(text).and_then(|(rest, fields)| time(rest, fields)) {
        Some(fields) => Some(fields.moment()?.date),
        None => in_range(DateTime::parse_from_rfc2822(text).ok()?.to_utc()),
    }
}

/// The date alone.
fn day(text: &str) -> Option<(&str, Fields)> {
    let (rest, first) = digits(text, 1, 4)?;
    let separator = rest.chars().next().filter(|c| matches!(c, '-' | '/'))?;
    let is_year_first = text.find(separator) == Some(4);
    let (rest, second) = digits(rest.strip_prefix(separator)?, 1, 2)?;
    let rest = rest.strip_prefix(separator)?;
    let (rest, year, month, day) = if is_year_first {
        let (rest, third) = digits(rest, 1, 2)?;
        (rest, first, second, third)
    } else {
        let (rest, third) = digits(rest, 4, 4).filter(|_| separator == '/')?;
        (rest, third, first, second)
    };
    let (year, month, day) = (Some(year), Some(month), Some(day));
    Some((rest, Fields { year, month, day, ..Fields::default() }))
}

/// The time and the zone, if there are any.
fn time(rest: &str, mut fields: Fields) -> Option<Fields> {
    let clock = rest.strip_prefix(['T', 't', ' ']).map(str::trim_start);
    let mut rest = rest;
    if let Some((behind, hour)) = clock.and_then(|clock| digits(clock, 1, 2)) {
        let (behind, minute) = digits(behind.strip_prefix(':')?, 2, 2)?;
        (fields.hour, fields.minute, rest) = (Some(hour), Some(minute), behind);
        if let Some(behind) = rest.strip_prefix(':') {
            let (behind, second) = digits(behind, 2, 2)?;
            (fields.second, rest) = (Some(second), behind);
        }
        if let Some(behind) = rest.strip_prefix('.') {
            let (behind, nanosecond) = fraction(behind, 1, 9)?;
            (fields.nanosecond, rest) = (Some(nanosecond), behind);
        }
        if let Some((behind, is_afternoon)) = half_day(rest.trim_start(), 2) {
            (fields.is_afternoon, fields.has_half_days, rest) = (Some(is_afternoon), true, behind);
        }
    }
    rest = rest.trim_start();
    if !rest.is_empty() {
        let (behind, minutes) = offset(rest)?;
        (fields.offset, rest) = (Some(minutes), behind);
    }
    rest.is_empty().then_some(fields)
}
