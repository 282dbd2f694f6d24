//! The form in which nearly all dates are written, read without a look at what else there may be.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, Timelike};
use compact_str::CompactString;
use smallvec::SmallVec;

/// Reads `YYYY-MM-DDThh:mm:ss`, up to nine digits of a fraction, and `Z`, `±hh:mm` or nothing.
///
/// `None` says nothing of the text but that another reader has to look at it.
pub(super) fn read(text: &str) -> Option<DateTime<FixedOffset>> {
    let (head, rest) = text.as_bytes().split_first_chunk::<19>()?;
    #[rustfmt::skip]
    let [y1, y2, y3, y4, b'-', mo1, mo2, b'-', d1, d2, b'T', h1, h2, b':', mi1, mi2, b':', s1, s2] =
        *head
    else {
        return None;
    };
    let year = i32::try_from(number(&[y1, y2, y3, y4])?).ok()?;
    let date = NaiveDate::from_ymd_opt(year, number(&[mo1, mo2])?, number(&[d1, d2])?)?;
    let (nanoseconds, rest) = fraction(rest)?;
    let (hours, minutes, seconds) = (number(&[h1, h2])?, number(&[mi1, mi2])?, number(&[s1, s2])?);
    let local = date.and_hms_nano_opt(hours, minutes, seconds, nanoseconds)?;
    let offset = offset(rest)?;
    Some(DateTime::from_naive_utc_and_offset(local.checked_sub_offset(offset)?, offset))
}

fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, digit| {
        let digit = digit.wrapping_sub(b'0');
        (digit < 10).then(|| number * 10 + u32::from(digit))
    })
}

/// Nanoseconds, and what stands behind them.
fn fraction(text: &[u8]) -> Option<(u32, &[u8])> {
    let Some((b'.', text)) = text.split_first() else { return Some((0, text)) };
    let count = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = text.split_at_checked(count)?;
    let missing = 9_u32.checked_sub(u32::try_from(count).ok()?)?;
    (count > 0).then_some((number(digits)? * 10_u32.pow(missing), rest))
}

fn offset(text: &[u8]) -> Option<FixedOffset> {
    let seconds = match *text {
        [] | [b'Z'] => 0,
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (number(&[h1, h2])?, number(&[m1, m2])?);
            let minutes = (minutes < 60).then_some(hours * 60 + minutes)?;
            let seconds = i32::try_from(minutes * 60).ok()?;
            if sign == b'+' { seconds } else { -seconds }
        }
        _ => return None,
    };
    FixedOffset::east_opt(seconds)
}

/// Writes an instant of the years that have four digits, with no digit of the fraction that says
/// nothing, by threes.
pub(super) fn write(instant: &DateTime<FixedOffset>) -> Option<CompactString> {
    let local = instant.naive_local();
    let year = u32::try_from(local.year()).ok().filter(|year| *year <= 9999)?;
    // A leap second has more.
    let nanoseconds =
        Some(local.nanosecond()).filter(|nanoseconds| *nanoseconds < 1_000_000_000)?;
    let offset = instant.offset().local_minus_utc();
    let minutes = Some(offset.unsigned_abs()).filter(|seconds| seconds % 60 == 0)? / 60;

    let [y1, y2] = digits(year / 100);
    let [y3, y4] = digits(year % 100);
    let [mo1, mo2] = digits(local.month());
    let [d1, d2] = digits(local.day());
    let [h1, h2] = digits(local.hour());
    let [mi1, mi2] = digits(local.minute());
    let [s1, s2] = digits(local.second());
    #[rustfmt::skip]
    let head = [
        y1, y2, y3, y4, b'-', mo1, mo2, b'-', d1, d2, b'T', h1, h2, b':', mi1, mi2, b':', s1, s2,
    ];
    let mut text: SmallVec<[u8; LONGEST]> = SmallVec::from_slice(&head);
    write_fraction(&mut text, nanoseconds);
    if offset == 0 {
        text.push(b'Z');
    } else {
        let [h1, h2] = digits(minutes / 60);
        let [m1, m2] = digits(minutes % 60);
        text.extend_from_slice(&[if offset < 0 { b'-' } else { b'+' }, h1, h2, b':', m1, m2]);
    }
    CompactString::from_utf8(text).ok()
}

/// No fewer bytes than a date has: 35, with nine digits of a fraction and an offset.
const LONGEST: usize = 36;

/// By threes, as many as say something.
fn write_fraction(text: &mut SmallVec<[u8; LONGEST]>, nanoseconds: u32) {
    let thousands = [nanoseconds / 1_000_000, nanoseconds / 1_000 % 1_000, nanoseconds % 1_000];
    let Some(last) = thousands.iter().rposition(|thousand| *thousand != 0) else { return };
    text.push(b'.');
    for thousand in thousands.iter().take(last + 1) {
        let [b, c] = digits(thousand % 100);
        text.extend_from_slice(&[digit(thousand / 100), b, c]);
    }
}

/// Two digits of a number below 100.
fn digits(number: u32) -> [u8; 2] {
    [digit(number / 10), digit(number % 10)]
}

fn digit(number: u32) -> u8 {
    u8::try_from(number % 10).map_or(b'0', |digit| b'0' + digit)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use chrono::SecondsFormat;

    use super::{super::any_form, read, write};

    /// Whether what is read here is what is read without it, to the offset.
    fn agrees(text: &str) -> bool {
        let Some(instant) = read(text) else { return true };
        any_form(text).is_some_and(|other| {
            other == instant
                && other.offset() == instant.offset()
                && other.naive_local() == instant.naive_local()
        })
    }

    #[test]
    fn the_usual_forms_are_read_here() {
        for text in [
            "2011-05-13T04:42:34Z",
            "2011-05-13T06:42:34+02:00",
            "2011-05-13T04:42:34.123-05:30",
            "2011-05-13T04:42:34.123456789",
            "0000-01-01T00:00:00+23:59",
            "9999-12-31T23:59:59-23:59",
        ] {
            assert!(read(text).is_some() && agrees(text), "{text}");
        }
    }

    #[test]
    fn any_other_form_is_left_to_others() {
        for text in [
            "2011-05-13T04:42:60Z",
            "2011-05-13T04:42:34z",
            "2011-05-13T04:42:34.Z",
            "2011-05-13T04:42:34.0123456789Z",
            "2011-02-29T04:42:34Z",
            "2011-05-13T24:00:00Z",
            "2011-05-13T04:42:34+24:00",
            "2011-05-13T04:42:34+02:60",
            "2011-05-13T04:42:34+0200",
            "2011-05-13",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    /// Whether an instant is written as `chrono` writes it.
    fn is_written_alike(instant: &chrono::DateTime<chrono::FixedOffset>) -> bool {
        let expected = instant.to_rfc3339_opts(SecondsFormat::AutoSi, true);
        write(instant).is_none_or(|text| text == expected)
    }

    #[test]
    fn the_usual_instants_are_written_here() {
        for text in [
            "2011-05-13T04:42:34Z",
            "2011-05-13T06:42:34.120+02:00",
            "2011-05-13T04:42:34.000001-05:30",
            "0000-01-01T00:00:00.123456789Z",
        ] {
            let instant = read(text).unwrap();
            assert_eq!(write(&instant).unwrap(), text);
            assert!(is_written_alike(&instant), "{text}");
        }
        let leap_second = any_form("2016-12-31T23:59:60Z").unwrap();
        assert_eq!(write(&leap_second), None);
    }

    proptest! {
        #[test]
        fn any_instant_is_written_as_without(
            seconds in -70_000_000_000_i64..260_000_000_000,
            nanoseconds in 0_u32..1_000_000_000,
            zeros in 0_u32..10,
            offset in -86_399_i32..86_400,
        ) {
            let scale = 10_u32.pow(zeros);
            let instant = chrono::DateTime::from_timestamp(seconds, nanoseconds / scale * scale);
            let instant = instant.unwrap().with_timezone(&chrono::FixedOffset::east_opt(offset).unwrap());
            prop_assert!(is_written_alike(&instant), "{}", instant);
            let whole_minutes = chrono::FixedOffset::east_opt(offset / 60 * 60).unwrap();
            prop_assert!(is_written_alike(&instant.with_timezone(&whole_minutes)), "{}", instant);
        }

        #[test]
        fn what_is_read_here_is_what_is_read_without(
            date in "[0-9]{3}[0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9]",
            fraction in prop_oneof![Just(String::new()), "\\.[0-9]{0,10}"],
            offset in "Z|[+-][0-3][0-9]:[0-6][0-9]|",
        ) {
            let text = format!("{date}{fraction}{offset}");
            prop_assert!(agrees(&text), "{}", text);
        }

        #[test]
        fn no_other_text_is_read_in_another_way(text in "[-0-9T:.Z+]{17,30}") {
            prop_assert!(agrees(&text), "{}", text);
        }
    }
}
