use std::fmt::{self, Write};

use chrono::{Datelike, Timelike};

use super::{
    fields::Moment,
    format::{DateFormat, Piece},
    read::{MONTHS, WEEKDAYS},
};

impl DateFormat {
    /// Writes a date in UTC.
    pub(in super::super) fn write(&self, moment: Moment) -> String {
        let mut text = String::new();
        for piece in &self.pieces {
            // Writing to a text cannot fail.
            let _ = match piece {
                Piece::Year(_) | Piece::Month(_) | Piece::Day(_) | Piece::Era => {
                    day(*piece, moment, &mut text)
                }
                piece => time(*piece, moment, &mut text),
            };
        }
        text
    }
}

fn day(piece: Piece, Moment { date, .. }: Moment, text: &mut String) -> fmt::Result {
    let name = |name: &'static str, count| if count == 3 { name.get(..3) } else { Some(name) };
    match piece {
        Piece::Year(count @ ..=2) => write!(text, "{:0count$}", date.year() % 100),
        Piece::Year(count) => write!(text, "{:0count$}", date.year()),
        Piece::Month(count @ ..=2) => write!(text, "{:0count$}", date.month()),
        Piece::Month(count) => {
            let month = usize::try_from(date.month0()).ok().and_then(|month| MONTHS.get(month));
            text.write_str(month.and_then(|month| name(month, count)).unwrap_or_default())
        }
        Piece::Day(count @ ..=2) => write!(text, "{:0count$}", date.day()),
        Piece::Day(count) => {
            let weekday = WEEKDAYS.into_iter().find(|(_, weekday)| *weekday == date.weekday());
            text.write_str(weekday.and_then(|(day, _)| name(day, count)).unwrap_or_default())
        }
        Piece::Era => text.write_str("A.D."),
        _ => Ok(()),
    }
}

fn time(piece: Piece, Moment { date, has_zone }: Moment, text: &mut String) -> fmt::Result {
    let (is_afternoon, half_day_hour) = date.hour12();
    match piece {
        Piece::Character(c) => text.write_char(c),
        Piece::Hour(count) => write!(text, "{:0count$}", date.hour()),
        Piece::HalfDayHour(count) => write!(text, "{half_day_hour:0count$}"),
        Piece::HalfDay(count) => {
            let half_day = if is_afternoon { "PM" } else { "AM" };
            text.write_str(half_day.get(..count).unwrap_or(half_day))
        }
        Piece::Minute(count) => write!(text, "{:0count$}", date.minute()),
        Piece::Second(count) => write!(text, "{:0count$}", date.second()),
        Piece::Fraction(count) => {
            let digits = format!("{:09}", date.nanosecond());
            text.write_str(digits.get(..count).unwrap_or_default())
        }
        Piece::ShortFraction { digits, has_point } => {
            let all = format!("{:09}", date.nanosecond());
            let short = all.get(..digits).unwrap_or_default().trim_end_matches('0');
            text.write_str(if has_point && !short.is_empty() { "." } else { "" })?;
            text.write_str(short)
        }
        Piece::Offset(1) => text.write_str("+0"),
        Piece::Offset(2) => text.write_str("+00"),
        Piece::Offset(_) => text.write_str("+00:00"),
        Piece::Zone if has_zone => text.write_char('Z'),
        Piece::Zulu => text.write_char('Z'),
        _ => Ok(()),
    }
}
