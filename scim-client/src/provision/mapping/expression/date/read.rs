use chrono::Weekday;

use super::{
    fields::{Fields, Moment},
    format::{DateFormat, Piece},
    styles::Styles,
};

/// The names of the months, of which three letters are the short form.
pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The names of the days, of which three letters are the short form.
pub(super) const WEEKDAYS: [(&str, Weekday); 7] = [
    ("Monday", Weekday::Mon),
    ("Tuesday", Weekday::Tue),
    ("Wednesday", Weekday::Wed),
    ("Thursday", Weekday::Thu),
    ("Friday", Weekday::Fri),
    ("Saturday", Weekday::Sat),
    ("Sunday", Weekday::Sun),
];

/// The last year that two digits stand for in this century.
const LAST_YEAR: u32 = 49;

/// What a rule leaves of the text, and what it read.
type Read<'t, T> = Option<(&'t str, T)>;

impl DateFormat {
    /// Reads a text that has this format, and nothing else in it.
    pub(in super::super) fn read(&self, text: &str, styles: Styles) -> Option<Moment> {
        let text = if styles.leading { text.trim_start() } else { text };
        let mut rest = if styles.trailing { text.trim_end() } else { text };
        let mut fields = Fields::default();
        for piece in &self.pieces {
            rest = if styles.inner { rest.trim_start() } else { rest };
            rest = match *piece {
                Piece::Character(c) if styles.inner && c.is_whitespace() => rest,
                Piece::Month(3..) | Piece::Day(3..) => name(*piece, rest, &mut fields)?,
                Piece::Year(_) | Piece::Month(_) | Piece::Day(_) => day(*piece, rest, &mut fields)?,
                piece => time(piece, rest, &mut fields)?,
            };
        }
        if rest.is_empty() { fields.moment() } else { None }
    }
}

/// The name of a month or a day.
fn name<'t>(piece: Piece, rest: &'t str, fields: &mut Fields) -> Option<&'t str> {
    let word = |name: &'static str, count| {
        let length = if count == 3 { 3 } else { name.len() };
        let (word, behind) = rest.split_at_checked(length)?;
        word.eq_ignore_ascii_case(name.get(..length)?).then_some(behind)
    };
    if let Piece::Month(count) = piece {
        let mut months = (1..).zip(MONTHS);
        let (month, behind) = months.find_map(|(month, name)| Some((month, word(name, count)?)))?;
        fields.month = Some(month);
        return Some(behind);
    }
    let Piece::Day(count) = piece else { return None };
    let mut weekdays = WEEKDAYS.into_iter();
    let (weekday, behind) = weekdays.find_map(|(name, day)| Some((day, word(name, count)?)))?;
    fields.weekday = Some(weekday);
    Some(behind)
}

/// A year, a month or a day by number.
fn day<'t>(piece: Piece, rest: &'t str, fields: &mut Fields) -> Option<&'t str> {
    Some(match piece {
        Piece::Year(count @ ..=2) => {
            let (rest, year) = digits(rest, count, 2)?;
            let century = if year <= LAST_YEAR { 2000 } else { 1900 };
            keep((rest, century + year), &mut fields.year)
        }
        Piece::Year(count) => keep(digits(rest, count, count)?, &mut fields.year),
        Piece::Month(count) => keep(digits(rest, count, 2)?, &mut fields.month),
        Piece::Day(count) => keep(digits(rest, count, 2)?, &mut fields.day),
        _ => return None,
    })
}

/// All that is no date.
fn time<'t>(piece: Piece, rest: &'t str, fields: &mut Fields) -> Option<&'t str> {
    Some(match piece {
        Piece::Hour(count) => keep(digits(rest, count, 2)?, &mut fields.hour),
        Piece::HalfDayHour(count) => {
            fields.has_half_days = true;
            keep(digits(rest, count, 2)?, &mut fields.hour)
        }
        Piece::HalfDay(count) => keep(half_day(rest, count)?, &mut fields.is_afternoon),
        Piece::Minute(count) => keep(digits(rest, count, 2)?, &mut fields.minute),
        Piece::Second(count) => keep(digits(rest, count, 2)?, &mut fields.second),
        Piece::Fraction(count) => keep(fraction(rest, count, count)?, &mut fields.nanosecond),
        Piece::ShortFraction { has_point: true, .. } if !rest.starts_with('.') => rest,
        Piece::ShortFraction { digits, has_point } => {
            let digits_behind = rest.get(usize::from(has_point)..)?;
            keep(fraction(digits_behind, 0, digits)?, &mut fields.nanosecond)
        }
        Piece::Zone if !rest.starts_with(['Z', '+', '-']) => rest,
        Piece::Offset(_) | Piece::Zone => keep(offset(rest)?, &mut fields.offset),
        Piece::Zulu => keep((rest.strip_prefix('Z')?, 0), &mut fields.offset),
        Piece::Era => rest.strip_prefix("A.D.")?,
        Piece::Character(c) => rest.strip_prefix(c)?,
        Piece::Year(_) | Piece::Month(_) | Piece::Day(_) => return None,
    })
}

fn keep<'t, T>((rest, value): (&'t str, T), field: &mut Option<T>) -> &'t str {
    *field = Some(value);
    rest
}

/// A number of so many digits.
pub(super) fn digits(text: &str, least: usize, most: usize) -> Read<'_, u32> {
    let count = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at_checked(count)?;
    Some((rest, (count >= least).then(|| digits.parse().ok())??))
}

/// The digits behind the point of a second, in nanoseconds.
pub(super) fn fraction(text: &str, least: usize, most: usize) -> Read<'_, u32> {
    if least == 0 && !text.starts_with(|c: char| c.is_ascii_digit()) {
        return Some((text, 0));
    }
    let (rest, number) = digits(text, least, most)?;
    let missing = 9_usize.checked_sub(text.len() - rest.len())?;
    Some((rest, number * 10_u32.pow(u32::try_from(missing).ok()?)))
}

/// `AM` or `PM`, or the first letter alone: whether it is the afternoon.
pub(super) fn half_day(text: &str, letters: usize) -> Read<'_, bool> {
    let (word, rest) = text.split_at_checked(letters)?;
    let is = |half: &str| half.get(..letters).is_some_and(|half| half.eq_ignore_ascii_case(word));
    (is("AM") || is("PM")).then(|| (rest, is("PM")))
}

/// `Z`, `+8`, `+08`, `+0800` or `+08:00`, in minutes.
pub(super) fn offset(text: &str) -> Read<'_, i32> {
    if let Some(rest) = text.strip_prefix(['Z', 'z']) {
        return Some((rest, 0));
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let (rest, hours) = digits(text.strip_prefix(['+', '-'])?, 1, 2)?;
    let behind = rest.strip_prefix(':').unwrap_or(rest);
    let (rest, minutes) = match digits(behind, 2, 2) {
        Some(minutes) => minutes,
        None if behind.len() == rest.len() => (rest, 0),
        None => return None,
    };
    let is_offset = hours <= 14 && minutes < 60;
    Some((rest, is_offset.then(|| i32::try_from(hours * 60 + minutes).ok())?? * sign))
}
