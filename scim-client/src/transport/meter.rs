use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use super::Idempotency;

/// Counts the requests of the clients that were given it; clones count together.
///
/// Each attempt counts, so that it agrees with what the service provider has seen.
///
/// ```
/// # use bytes::Bytes;
/// # use http::{Request, Response};
/// use scim_client::{
///     Client, User,
///     transport::{InProcessTransport, Meter},
/// };
///
/// # let service = InProcessTransport::new(async |_: Request<Bytes>| {
/// #     Response::new(Bytes::from_static(br#"{"totalResults": 0, "Resources": []}"#))
/// # });
/// # let client = Client::builder("https://scim.example.com/v2").transport(service).build()?;
/// let meter = Meter::new();
/// let metered = client.with_meter(meter.clone());
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// metered.api::<User>().list().all().await?;
/// assert_eq!((meter.reads(), meter.writes()), (1, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Meter(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    reads: AtomicU64,
    writes: AtomicU64,
    waited_ms: AtomicU64,
}

impl Meter {
    /// Counts from zero.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many requests were sent that change nothing.
    pub fn reads(&self) -> u64 {
        self.0.reads.load(Ordering::Relaxed)
    }

    /// How many other requests were sent.
    pub fn writes(&self) -> u64 {
        self.0.writes.load(Ordering::Relaxed)
    }

    /// How long requests have waited for their turn, or to be repeated.
    pub fn waited(&self) -> Duration {
        Duration::from_millis(self.0.waited_ms.load(Ordering::Relaxed))
    }

    pub(super) fn count(&self, idempotency: Idempotency) {
        let count = match idempotency {
            Idempotency::Safe => &self.0.reads,
            _ => &self.0.writes,
        };
        count.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn wait(&self, duration: Duration) {
        let ms = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        self.0.waited_ms.fetch_add(ms, Ordering::Relaxed);
    }
}
