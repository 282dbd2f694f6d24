use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc, Weekday};

use super::in_range;

/// What was read of a date.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Fields {
    pub(super) year: Option<u32>,
    pub(super) month: Option<u32>,
    pub(super) day: Option<u32>,
    pub(super) weekday: Option<Weekday>,
    pub(super) hour: Option<u32>,
    /// Whether hours go from 1 to 12.
    pub(super) has_half_days: bool,
    pub(super) is_afternoon: Option<bool>,
    pub(super) minute: Option<u32>,
    pub(super) second: Option<u32>,
    pub(super) nanosecond: Option<u32>,
    /// How far the clock is ahead of UTC, in minutes.
    pub(super) offset: Option<i32>,
}

/// A date, and whether its text said how far its clock is from UTC.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Moment {
    pub(in super::super) date: DateTime<Utc>,
    pub(in super::super) has_zone: bool,
}

impl Fields {
    /// The moment; what was not read is the beginning of the year 2000, and UTC.
    pub(super) fn moment(self) -> Option<Moment> {
        let year = i32::try_from(self.year.unwrap_or(2000)).ok()?;
        let (month, day) = (self.month.unwrap_or(1), self.day.unwrap_or(1));
        let date = NaiveDate::from_ymd_opt(year, month, day)?;
        if self.weekday.is_some_and(|weekday| weekday != date.weekday()) {
            return None;
        }
        let (minute, second) = (self.minute.unwrap_or(0), self.second.unwrap_or(0));
        let nanosecond = self.nanosecond.unwrap_or(0);
        let time = NaiveTime::from_hms_nano_opt(self.hour()?, minute, second, nanosecond)?;
        let offset = TimeDelta::try_minutes(self.offset.unwrap_or(0).into())?;
        let date = NaiveDateTime::new(date, time).checked_sub_signed(offset)?.and_utc();
        Some(Moment { date: in_range(date)?, has_zone: self.offset.is_some() })
    }

    /// The hour from 0 to 23.
    fn hour(self) -> Option<u32> {
        let hour = self.hour.unwrap_or(0);
        if !self.has_half_days {
            let agrees = self.is_afternoon.is_none_or(|afternoon| afternoon == (hour >= 12));
            return agrees.then_some(hour);
        }
        let afternoon = if self.is_afternoon == Some(true) { 12 } else { 0 };
        (1..=12).contains(&hour).then_some(hour % 12 + afternoon)
    }
}
