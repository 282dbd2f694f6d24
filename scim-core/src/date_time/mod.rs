mod fixed_form;

use std::{cmp::Ordering, fmt, str::FromStr};

use chrono::{DateTime as ChronoDateTime, FixedOffset, NaiveDateTime, SecondsFormat, Utc};
use compact_str::CompactString;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::text_visitor;

/// An instant as SCIM writes it, with the offset it was written in ([RFC 7643 §2.3.5]).
///
/// Two values compare as instants: `2011-05-13T04:42:34Z` equals `2011-05-13T06:42:34+02:00`. A
/// text without an offset is read as UTC.
///
/// ```
/// use scim_core::DateTime;
///
/// let utc: DateTime = "2011-05-13T04:42:34Z".parse()?;
/// let local: DateTime = "2011-05-13T06:42:34+02:00".parse()?;
/// assert_eq!(utc, local);
/// assert_eq!(local.to_string(), "2011-05-13T06:42:34+02:00");
/// # Ok::<(), scim_core::InvalidDateTime>(())
/// ```
///
/// [RFC 7643 §2.3.5]: https://www.rfc-editor.org/rfc/rfc7643#section-2.3.5
#[derive(Clone, Copy, Debug)]
pub struct DateTime(ChronoDateTime<FixedOffset>);

/// A string that is not a date and time.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a date and time such as `2011-05-13T04:42:34Z`")]
#[non_exhaustive]
pub struct InvalidDateTime;

/// An instant to about two minutes, in half the space: of two instants whose coarse ones differ,
/// that of the smaller coarse one is earlier.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct CoarseInstant(pub(crate) u32);

/// Seconds from the year 0 to 1970: what is written with four digits is not before that.
const YEAR_0: i64 = 62_167_219_200;

/// The first power of two by which the year 9999 fits.
const COARSE_SECONDS: i64 = 128;

impl DateTime {
    /// 1970-01-01T00:00:00Z
    pub fn unix_epoch() -> Self {
        Self(ChronoDateTime::UNIX_EPOCH.fixed_offset())
    }

    /// The instant that many microseconds after 1970-01-01T00:00:00Z, in UTC.
    ///
    /// ```
    /// use scim_core::DateTime;
    ///
    /// let instant = DateTime::from_unix_micros(1_305_261_754_000_000);
    /// assert_eq!(instant.map(|i| i.to_string()).as_deref(), Some("2011-05-13T04:42:34Z"));
    /// ```
    pub fn from_unix_micros(micros: i64) -> Option<Self> {
        ChronoDateTime::<Utc>::from_timestamp_micros(micros).map(|utc| Self(utc.fixed_offset()))
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    pub fn unix_micros(&self) -> i64 {
        self.0.timestamp_micros()
    }

    /// This instant, or the one that follows `earlier` if that is later: a `lastModified` that
    /// never goes back, whatever the clock does.
    ///
    /// ```
    /// use scim_core::DateTime;
    ///
    /// let [noon, later]: [DateTime; 2] =
    ///     ["2020-01-01T12:00:00Z".parse()?, "2020-01-01T13:00:00Z".parse()?];
    /// assert_eq!(later.after(noon), later);
    /// assert_eq!(noon.after(later), "2020-01-01T13:00:00.000001Z".parse()?);
    /// # Ok::<(), scim_core::InvalidDateTime>(())
    /// ```
    #[must_use]
    pub fn after(self, earlier: Self) -> Self {
        let next = earlier.unix_micros().saturating_add(1);
        if self.unix_micros() >= next {
            return self;
        }
        Self::from_unix_micros(next).unwrap_or(earlier)
    }

    /// What decides most comparisons with another instant.
    pub(crate) fn coarse(&self) -> Option<CoarseInstant> {
        let seconds = self.0.timestamp().checked_add(YEAR_0)?;
        u32::try_from(seconds / COARSE_SECONDS).ok().filter(|_| seconds >= 0).map(CoarseInstant)
    }

    /// The text, which short as it is takes nothing of the heap.
    fn written(&self) -> CompactString {
        fixed_form::write(&self.0)
            .unwrap_or_else(|| self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true).into())
    }
}

impl FromStr for DateTime {
    type Err = InvalidDateTime;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // xsd:dateTime separates with `T` alone and may leave the offset out.
        if text.as_bytes().get(10) != Some(&b'T') {
            return Err(InvalidDateTime);
        }
        fixed_form::read(text).or_else(|| any_form(text)).map(Self).ok_or(InvalidDateTime)
    }
}

/// RFC 3339 and `xsd:dateTime` with all that they leave room for.
fn any_form(text: &str) -> Option<ChronoDateTime<FixedOffset>> {
    let local = || {
        let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").ok()?;
        Some(local.and_utc().fixed_offset())
    };
    ChronoDateTime::parse_from_rfc3339(text).ok().or_else(local)
}

impl Serialize for DateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.written())
    }
}

impl<'de> Deserialize<'de> for DateTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text_visitor::deserialize(deserializer)
    }
}

impl TryFrom<String> for DateTime {
    type Error = InvalidDateTime;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<DateTime> for String {
    fn from(instant: DateTime) -> Self {
        instant.written().into()
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written())
    }
}

impl PartialEq for DateTime {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Eq for DateTime {}

impl PartialOrd for DateTime {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for DateTime {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}
