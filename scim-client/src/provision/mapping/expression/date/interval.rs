use chrono::{DateTime, Datelike, Months, TimeDelta, Utc};

use super::in_range;

/// What is added to a date, or counted between two.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in super::super) enum Interval {
    Year,
    Month,
    Week,
    Day,
    Hour,
    Minute,
    Second,
}

impl Interval {
    /// The interval of this name, if there is one.
    pub(in super::super) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "yyyy" => Self::Year,
            "m" => Self::Month,
            "ww" => Self::Week,
            "d" => Self::Day,
            "h" => Self::Hour,
            "n" => Self::Minute,
            "s" => Self::Second,
            _ => return None,
        })
    }

    /// The date so many intervals later; a month that is too short ends with its last day.
    pub(in super::super) fn add(self, count: i64, date: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let later = match self {
            Self::Year => months(date, count.checked_mul(12)?),
            Self::Month => months(date, count),
            interval => {
                let seconds = count.checked_mul(interval.seconds())?;
                date.checked_add_signed(TimeDelta::try_seconds(seconds)?)
            }
        };
        in_range(later?)
    }

    /// How many intervals lie between two dates: full ones, or changes of the year, of the month
    /// and of the week, which begins on Sunday.
    pub(in super::super) fn between(self, from: DateTime<Utc>, to: DateTime<Utc>) -> i64 {
        match self {
            Self::Year => i64::from(to.year()) - i64::from(from.year()),
            Self::Month => month(to) - month(from),
            Self::Week => week(to) - week(from),
            interval => (to - from).num_seconds() / interval.seconds(),
        }
    }

    fn seconds(self) -> i64 {
        match self {
            Self::Year | Self::Month | Self::Week => 7 * 24 * 60 * 60,
            Self::Day => 24 * 60 * 60,
            Self::Hour => 60 * 60,
            Self::Minute => 60,
            Self::Second => 1,
        }
    }
}

fn months(date: DateTime<Utc>, count: i64) -> Option<DateTime<Utc>> {
    let months = Months::new(u32::try_from(count.unsigned_abs()).ok()?);
    if count < 0 { date.checked_sub_months(months) } else { date.checked_add_months(months) }
}

/// The months since the beginning of the years.
fn month(date: DateTime<Utc>) -> i64 {
    i64::from(date.year()) * 12 + i64::from(date.month0())
}

/// The weeks since the beginning of the years; its first day was a Monday, the day before a Sunday.
fn week(date: DateTime<Utc>) -> i64 {
    i64::from(date.num_days_from_ce()).div_euclid(7)
}
