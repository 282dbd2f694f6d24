use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode, header};

use super::{
    Idempotency, Timer, TransportError, TransportErrorKind,
    middleware::Call,
    timer::{http_date, until_date},
};
use crate::random;

/// When a request is sent again, and after how long.
///
/// - Where no connection came about, nothing was sent: any request is repeated.
/// - Where the answer is missing or says that the service provider failed (408, 425, 500, 502, 503,
///   504), a request is repeated that is safe, idempotent or guarded by `If-Match`.
/// - Where there were too many requests (429), the same; whatever else is sent to that service
///   provider waits, too. `Retry-After` is obeyed, as seconds and as a date.
/// - A POST that may have been read is repeated by nobody but the caller; see
///   [`with_throttled_posts`](Self::with_throttled_posts).
///
/// Waits are random between nothing and a limit that doubles. A budget that all requests of a
/// client share keeps a service provider that is down from being asked many times as often.
///
/// ```
/// use std::time::Duration;
/// use scim_client::transport::RetryPolicy;
///
/// let patient = RetryPolicy::new().with_max_attempts(8).with_max_wait(Duration::from_secs(120));
/// assert_eq!(patient.max_attempts(), 8);
/// assert_eq!(RetryPolicy::never().max_attempts(), 1);
/// ```
#[derive(Clone, Debug)]
pub struct RetryPolicy {
    max_attempts: u32,
    base: Duration,
    max_wait: Duration,
    max_pause: Duration,
    throttled_posts: bool,
}

impl RetryPolicy {
    /// Four attempts, waits of up to 0.5, 1 and 2 s, and 10 minutes for what `Retry-After` asks.
    pub fn new() -> Self {
        Self {
            max_attempts: 4,
            base: Duration::from_millis(500),
            max_wait: Duration::from_secs(30),
            max_pause: Duration::from_mins(10),
            throttled_posts: false,
        }
    }

    /// One attempt for each request.
    pub fn never() -> Self {
        Self::new().with_max_attempts(1)
    }

    /// The policy with another number of attempts, at least one.
    #[must_use]
    pub fn with_max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// The policy with another limit for the first wait; it doubles with each attempt.
    #[must_use]
    pub fn with_base_wait(mut self, wait: Duration) -> Self {
        self.base = wait;
        self
    }

    /// The policy with another limit for all waits that no `Retry-After` asks for.
    #[must_use]
    pub fn with_max_wait(mut self, wait: Duration) -> Self {
        self.max_wait = wait;
        self
    }

    /// The policy with the longest wait that a `Retry-After` can ask for; a longer one is an error
    /// at once.
    #[must_use]
    pub fn with_max_pause(mut self, pause: Duration) -> Self {
        self.max_pause = pause;
        self
    }

    /// The policy that repeats a POST, too, where the service provider has answered that there were
    /// too many requests (429), and so that it has done nothing.
    #[must_use]
    pub fn with_throttled_posts(mut self) -> Self {
        self.throttled_posts = true;
        self
    }

    /// How often a request is sent at most.
    pub fn max_attempts(&self) -> u32 {
        self.max_attempts
    }

    /// Whether the request may be sent again after what came of it.
    pub(super) fn allows(
        &self,
        call: &Call,
        outcome: &Result<Response<Bytes>, TransportError>,
    ) -> bool {
        let may_be_read = call.idempotency != Idempotency::NotIdempotent;
        match outcome {
            Err(error) => match error.kind() {
                TransportErrorKind::Connect => true,
                TransportErrorKind::Timeout | TransportErrorKind::Interrupted => may_be_read,
                _ => false,
            },
            Ok(answer) if answer.status() == StatusCode::TOO_MANY_REQUESTS => {
                may_be_read || self.throttled_posts
            }
            Ok(answer) => {
                may_be_read && matches!(answer.status().as_u16(), 408 | 425 | 500 | 502..=504)
            }
        }
    }

    /// A wait before the attempt after this one.
    pub(super) fn backoff(&self, attempt: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(attempt.saturating_sub(1));
        let limit = self.base.saturating_mul(doubled).min(self.max_wait);
        limit.mul_f64(random::fraction())
    }

    /// The wait that an answer asks for; `Err` if it is too long to be waited for.
    pub(super) fn pause(&self, asked: Option<Duration>) -> Result<Option<Duration>, TooLong> {
        match asked {
            Some(pause) if pause > self.max_pause => Err(TooLong),
            asked => Ok(asked),
        }
    }
}

/// A service provider that asks for a longer wait than anyone has.
#[derive(Debug)]
pub(super) struct TooLong;

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::new()
    }
}

/// How many retries all requests together still have: a retry costs ten times what an answer earns.
#[derive(Debug)]
pub(super) struct Budget(Mutex<u32>);

impl Budget {
    const FULL: u32 = 500;
    const RETRY: u32 = 10;

    pub(super) fn new() -> Self {
        Self(Mutex::new(Self::FULL))
    }

    /// Takes a retry, if there is one.
    pub(super) fn take(&self) -> bool {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match left.checked_sub(Self::RETRY) {
            Some(rest) => {
                *left = rest;
                true
            }
            None => false,
        }
    }

    /// A request was answered.
    pub(super) fn earn(&self) {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *left = left.saturating_add(1).min(Self::FULL);
    }
}

/// How long an answer asks to wait ([RFC 9110 §10.2.3]): in seconds, or until a date, which is
/// measured by the `Date` of the same answer where there is one, since clocks differ.
///
/// [RFC 9110 §10.2.3]: https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
pub(crate) fn retry_after(headers: &HeaderMap, timer: Option<&dyn Timer>) -> Option<Duration> {
    let text = |name: header::HeaderName| headers.get(name)?.to_str().ok().map(str::trim);
    let asked = text(header::RETRY_AFTER)?;
    if !asked.is_empty() && asked.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(asked.parse().unwrap_or(u64::MAX)));
    }
    let now = text(header::DATE).and_then(http_date);
    let now = now.or_else(|| Some(timer?.time_of_day()))?;
    until_date(asked, now)
}
