use std::{
    future::poll_fn,
    pin::pin,
    sync::Arc,
    task::Poll,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use async_trait::async_trait;

/// Tells the time and waits, for a client that repeats requests, keeps to a rate or to a deadline.
///
/// The executor belongs to the application, so the application brings the timer of its executor;
/// the feature `tokio` has `TokioTimer`. A client without a timer never waits.
///
/// ```
/// use std::time::{Duration, Instant};
///
/// use async_trait::async_trait;
/// use scim_client::transport::Timer;
///
/// /// A timer for a program that does one thing at a time.
/// #[derive(Debug)]
/// struct Blocking(Instant);
///
/// #[async_trait]
/// impl Timer for Blocking {
///     fn now(&self) -> Duration {
///         self.0.elapsed()
///     }
///
///     async fn sleep(&self, duration: Duration) {
///         std::thread::sleep(duration);
///     }
/// }
///
/// assert!(Blocking(Instant::now()).now() < Duration::from_secs(60));
/// ```
#[async_trait]
pub trait Timer: Send + Sync + 'static {
    /// How long ago a moment was that stays the same; it never goes back.
    fn now(&self) -> Duration;

    /// Waits that long, and lets other tasks run meanwhile.
    async fn sleep(&self, duration: Duration);

    /// The time of day, which tells how far away a date is that a service provider names.
    #[expect(clippy::disallowed_methods, reason = "a timer is the clock that the caller gives")]
    fn time_of_day(&self) -> SystemTime {
        SystemTime::now()
    }
}

#[async_trait]
impl<T: Timer + ?Sized> Timer for Arc<T> {
    fn now(&self) -> Duration {
        T::now(self)
    }

    async fn sleep(&self, duration: Duration) {
        T::sleep(self, duration).await;
    }

    fn time_of_day(&self) -> SystemTime {
        T::time_of_day(self)
    }
}

/// The timer of [Tokio](https://docs.rs/tokio), which stands still where Tokio's clock is paused.
#[cfg(feature = "tokio")]
#[derive(Clone, Copy, Debug)]
pub struct TokioTimer {
    start: tokio::time::Instant,
}

#[cfg(feature = "tokio")]
impl TokioTimer {
    /// A timer that counts from now.
    pub fn new() -> Self {
        Self { start: tokio::time::Instant::now() }
    }
}

#[cfg(feature = "tokio")]
impl Default for TokioTimer {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(feature = "tokio")]
#[async_trait]
impl Timer for TokioTimer {
    fn now(&self) -> Duration {
        self.start.elapsed()
    }

    #[expect(clippy::disallowed_methods, reason = "the application has chosen this timer")]
    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

/// What the future gives, or nothing if it takes longer.
pub(super) async fn within<T>(
    timer: &dyn Timer,
    limit: Duration,
    future: impl Future<Output = T>,
) -> Option<T> {
    let mut future = pin!(future);
    let mut end = timer.sleep(limit);
    poll_fn(|cx| {
        if let Poll::Ready(value) = future.as_mut().poll(cx) {
            return Poll::Ready(Some(value));
        }
        end.as_mut().poll(cx).map(|()| None)
    })
    .await
}

/// How far away a date is in the future, as `HTTP-date` of RFC 9110 §5.6.7 writes it.
pub(super) fn until_date(text: &str, now: SystemTime) -> Option<Duration> {
    let date = http_date(text)?;
    Some(date.duration_since(now).unwrap_or_default())
}

/// The date; all three forms of RFC 9110 §5.6.7 are read.
pub(super) fn http_date(text: &str) -> Option<SystemTime> {
    httpdate::parse_http_date(text.trim()).ok().filter(|date| *date >= UNIX_EPOCH)
}
