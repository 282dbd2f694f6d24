use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use scim_core::DateTime;

use crate::error::Error;

/// So many principals are kept apart at a time.
const MOST: usize = 10_000;

/// How many requests each principal may send: a bucket of `burst` tokens that fills up at a
/// steady rate, of which each request takes one.
///
/// Of a bucket only the time is kept at which it will be full again.
pub(super) struct RateLimiter {
    /// Microseconds in which a token comes back.
    interval: i64,
    /// Microseconds in which a whole bucket comes back.
    whole: i64,
    full_at: Mutex<HashMap<String, i64>>,
}

/// So many requests in a second, and so many at once.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Rate {
    pub(crate) requests_per_second: u32,
    pub(crate) burst: u32,
}

impl RateLimiter {
    pub(super) fn new(rate: Rate) -> Self {
        let interval = 1_000_000 / i64::from(rate.requests_per_second.max(1));
        let whole = interval * i64::from(rate.burst.max(1));
        Self { interval, whole, full_at: Mutex::default() }
    }

    /// Takes a token of the principal's.
    pub(super) fn take(&self, principal: &str, now: DateTime) -> Result<(), Error> {
        let now = now.unix_micros();
        let mut buckets = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let full_at = buckets.get(principal).copied().unwrap_or(now);
        // A clock that was set back must not lock anybody out.
        let full_at = if full_at.saturating_sub(now) > self.whole { now } else { full_at.max(now) };
        let next = full_at.saturating_add(self.interval);
        let missing = next.saturating_sub(now).saturating_sub(self.whole);
        if missing > 0 {
            let retry_after = Duration::from_micros(missing.unsigned_abs());
            return Err(Error::TooManyRequests { retry_after });
        }
        if let Some(known) = buckets.get_mut(principal) {
            *known = next;
        } else {
            make_room(&mut buckets, now);
            buckets.insert(principal.to_owned(), next);
        }
        Ok(())
    }
}

/// Forgets the buckets that are full, and all of them where that does not help: a burst more for
/// each costs less than memory without bound.
fn make_room(buckets: &mut HashMap<String, i64>, now: i64) {
    if buckets.len() >= MOST {
        buckets.retain(|_, full_at| *full_at > now);
    }
    if buckets.len() >= MOST {
        buckets.clear();
    }
}

#[cfg(test)]
mod tests {
    use scim_core::DateTime;

    use super::{MOST, Rate, RateLimiter};

    fn at(micros: i64) -> DateTime {
        DateTime::from_unix_micros(micros).unwrap()
    }

    #[test]
    fn a_bucket_empties_and_fills_again() {
        let limiter = RateLimiter::new(Rate { requests_per_second: 10, burst: 3 });
        let take = |micros| limiter.take("one", at(micros)).is_ok();
        assert_eq!([take(0), take(0), take(0), take(0)], [true, true, true, false]);
        assert_eq!([take(99_999), take(100_000), take(100_000)], [false, true, false]);
        // However long nobody asks, there are no more than three.
        let late = 60_000_000;
        assert_eq!([take(late), take(late), take(late), take(late)], [true, true, true, false]);
        assert!(limiter.take("two", at(late)).is_ok());
        // The clock goes back.
        assert!(take(0));
    }

    #[test]
    fn memory_is_bounded() {
        let limiter = RateLimiter::new(Rate { requests_per_second: 1, burst: 1 });
        for place in 0..3 * MOST {
            let _ = limiter.take(&place.to_string(), at(0));
        }
        assert!(limiter.full_at.lock().unwrap().len() <= MOST);
    }
}
