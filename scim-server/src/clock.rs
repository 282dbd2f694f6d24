use scim_core::DateTime;

/// Where the time comes from.
pub trait Clock: Send + Sync + 'static {
    /// The time now.
    fn now(&self) -> DateTime;
}

/// The clock of the operating system.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime {
        let micros = chrono::Utc::now().timestamp_micros();
        DateTime::from_unix_micros(micros).unwrap_or_else(DateTime::unix_epoch)
    }
}

impl<F: Fn() -> DateTime + Send + Sync + 'static> Clock for F {
    fn now(&self) -> DateTime {
        self()
    }
}
