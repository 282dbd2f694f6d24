use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use serde::{Deserialize, Serialize};

/// How many requests a client sends in which time.
///
/// ```
/// use std::time::Duration;
/// use scim_client::transport::Rate;
///
/// let rate = Rate::new(180, Duration::from_secs(60)).with_burst(20);
/// assert_eq!(rate.interval(), Duration::from_secs(60) / 180);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Rate {
    requests: u32,
    milliseconds: u64,
    burst: u32,
}

/// The rates of a service provider; what writes counts for both.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RateLimit {
    /// All requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub all: Option<Rate>,
    /// Those that write.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub writes: Option<Rate>,
}

impl Rate {
    /// That many requests in that time, all at once if need be.
    pub fn new(requests: u32, time: Duration) -> Self {
        let milliseconds = u64::try_from(time.as_millis()).unwrap_or(u64::MAX).max(1);
        let requests = requests.max(1);
        Self { requests, milliseconds, burst: requests }
    }

    /// The rate with no more than that many requests at once.
    #[must_use]
    pub fn with_burst(self, burst: u32) -> Self {
        Self { burst: burst.max(1), ..self }
    }

    /// The time between two requests in the long run.
    pub fn interval(&self) -> Duration {
        Duration::from_millis(self.milliseconds) / self.requests.max(1)
    }
}

impl RateLimit {
    /// A rate for all requests together.
    pub fn of_all(rate: Rate) -> Self {
        Self { all: Some(rate), writes: None }
    }

    /// The rate limit with a rate for what writes.
    #[must_use]
    pub fn with_writes(self, rate: Rate) -> Self {
        Self { writes: Some(rate), ..self }
    }
}

/// Gives each request the moment when it may be sent.
#[derive(Debug, Default)]
pub(super) struct Turns {
    all: Option<Bucket>,
    writes: Option<Bucket>,
}

/// The moment when the bucket would be full again; a request moves it by one interval.
#[derive(Debug)]
struct Bucket {
    rate: Rate,
    full_at: Mutex<Duration>,
}

impl Turns {
    pub(super) fn new(limit: RateLimit) -> Self {
        let bucket = |rate| Bucket { rate, full_at: Mutex::new(Duration::ZERO) };
        Self { all: limit.all.map(bucket), writes: limit.writes.map(bucket) }
    }

    /// Takes the next turn, and tells how long it is away.
    pub(super) fn take(&self, now: Duration, writes: bool) -> Duration {
        let all = self.all.as_ref().map(|bucket| bucket.take(now)).unwrap_or_default();
        let of_writes = self.writes.as_ref().filter(|_| writes);
        all.max(of_writes.map(|bucket| bucket.take(now)).unwrap_or_default())
    }
}

impl Bucket {
    fn take(&self, now: Duration) -> Duration {
        let interval = self.rate.interval();
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        *full_at = (*full_at).max(now).saturating_add(interval);
        let allowed = interval.saturating_mul(self.rate.burst);
        full_at.saturating_sub(allowed).saturating_sub(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_goes_at_once_and_the_rest_by_the_rate() {
        let rate = Rate::new(10, Duration::from_secs(1)).with_burst(3);
        let turns = Turns::new(RateLimit::of_all(rate));
        let now = Duration::from_secs(100);
        let waits: Vec<u128> = (0..6).map(|_| turns.take(now, false).as_millis()).collect();
        assert_eq!(waits, [0, 0, 0, 100, 200, 300]);
        // After a rest the burst is there again, and no more than that.
        let later = Duration::from_secs(200);
        let waits: Vec<u128> = (0..4).map(|_| turns.take(later, false).as_millis()).collect();
        assert_eq!(waits, [0, 0, 0, 100]);
    }

    #[test]
    fn a_rate_is_kept_to_however_high_it_is() {
        let second = Duration::from_secs(1);
        for requests in [7, 700, 1500, 5_000] {
            let rate = Rate::new(requests, second).with_burst(1);
            let turns = Turns::new(RateLimit::of_all(rate));
            let last = (0..=requests).map(|_| turns.take(second, false)).last();
            let error = last.map(|last| last.abs_diff(second));
            assert!(error.is_some_and(|error| error < second / 10_000), "{requests} {last:?}");
        }
    }

    #[test]
    fn writes_keep_to_both_rates() {
        let second = Duration::from_secs(1);
        let all = Rate::new(100, second).with_burst(1);
        let writes = Rate::new(2, second).with_burst(1);
        let turns = Turns::new(RateLimit::of_all(all).with_writes(writes));
        assert_eq!(turns.take(second, true), Duration::ZERO);
        assert_eq!(turns.take(second, false), Duration::from_millis(10));
        assert_eq!(turns.take(second, true), Duration::from_millis(500));
    }
}
