use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    provision::{report::ErrorCode, source::SourceId},
    random,
};

/// An object that failed, and when it is tried again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Escrow {
    /// The object.
    pub source_id: SourceId,
    /// What went wrong.
    pub code: ErrorCode,
    /// The same in words, without a value of the object.
    pub reason: String,
    /// When it failed first.
    pub since: DateTime<Utc>,
    /// How often it has failed.
    pub attempts: u32,
    /// When it is tried again, unless it changes before.
    pub retry_at: DateTime<Utc>,
    /// What the object looked like; another look wakes it.
    pub fingerprint: u64,
}

/// When an object that failed is tried again: at growing intervals, and at once when it changes.
///
/// ```
/// use std::time::Duration;
///
/// use scim_client::provision::state::EscrowPolicy;
///
/// let policy = EscrowPolicy::default();
/// assert_eq!(policy.interval(1), Duration::ZERO, "in the next cycle");
/// assert_eq!(policy.interval(3), Duration::from_hours(1));
/// assert_eq!(policy.interval(100), Duration::from_hours(24));
/// ```
/// As a document it is a list of seconds.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(from = "Vec<u64>", into = "Vec<u64>")]
pub struct EscrowPolicy {
    intervals: Vec<Duration>,
}

impl EscrowPolicy {
    /// After the first failure that long, after the second the next interval, and so on; the last
    /// one stays.
    pub fn new(intervals: impl IntoIterator<Item = Duration>) -> Self {
        Self { intervals: intervals.into_iter().collect() }
    }

    /// How long to wait after so many failures.
    pub fn interval(&self, attempts: u32) -> Duration {
        let place = usize::try_from(attempts.saturating_sub(1)).unwrap_or(usize::MAX);
        let interval = self.intervals.get(place).or_else(|| self.intervals.last());
        interval.copied().unwrap_or_default()
    }

    /// When to try again, a tenth later at most, so that not all come at once.
    pub(in crate::provision) fn retry_at(
        &self,
        now: DateTime<Utc>,
        attempts: u32,
    ) -> DateTime<Utc> {
        let interval = self.interval(attempts);
        now + interval + interval.mul_f64(random::fraction() / 10.0)
    }
}

impl From<Vec<u64>> for EscrowPolicy {
    fn from(seconds: Vec<u64>) -> Self {
        Self::new(seconds.into_iter().map(Duration::from_secs))
    }
}

impl From<EscrowPolicy> for Vec<u64> {
    fn from(policy: EscrowPolicy) -> Self {
        policy.intervals.iter().map(Duration::as_secs).collect()
    }
}

impl Default for EscrowPolicy {
    /// In the next cycle, then after 10 minutes, an hour, 6 hours, and each day.
    fn default() -> Self {
        Self::new([
            Duration::ZERO,
            Duration::from_mins(10),
            Duration::from_hours(1),
            Duration::from_hours(6),
            Duration::from_hours(24),
        ])
    }
}

impl Escrow {
    /// Whether its time has come.
    pub fn is_due(&self, now: DateTime<Utc>) -> bool {
        self.retry_at <= now
    }
}
