use std::time::Duration;

use serde::Serialize;

/// How far a cycle has come.
///
/// ```
/// use std::time::Duration;
///
/// use scim_client::provision::report::{Phase, Progress};
///
/// let mut progress = Progress::new(Phase::Sending, 100);
/// progress.done = 25;
/// progress.elapsed = Duration::from_secs(5);
/// assert_eq!(progress.rate(), 5.0);
/// assert_eq!(progress.remaining(), Some(Duration::from_secs(15)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Progress {
    /// What is being done.
    pub phase: Phase,
    /// How many objects there are.
    pub objects: u64,
    /// How many are done with, well or badly.
    pub done: u64,
    /// How many of those failed.
    pub failed: u64,
    /// How many of those were left alone.
    pub skipped: u64,
    /// How many requests were sent.
    pub requests: u64,
    /// Since how long the cycle runs.
    #[serde(serialize_with = "seconds")]
    pub elapsed: Duration,
}

/// What a cycle is doing.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Phase {
    /// It reads the source.
    Reading,
    /// It looks for resources that are there already.
    Matching,
    /// It sends changes.
    Sending,
    /// It sends members of groups.
    Members,
    /// It is over.
    Ended,
}

impl Progress {
    /// The beginning.
    pub fn new(phase: Phase, objects: u64) -> Self {
        Self {
            phase,
            objects,
            done: 0,
            failed: 0,
            skipped: 0,
            requests: 0,
            elapsed: Duration::ZERO,
        }
    }

    /// Objects in a second.
    pub fn rate(&self) -> f64 {
        let seconds = self.elapsed.as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "an estimate need not be exact")]
        let done = self.done as f64;
        if seconds > 0.0 { done / seconds } else { 0.0 }
    }

    /// How long it still takes at the rate until now; unknown before the first object is done.
    pub fn remaining(&self) -> Option<Duration> {
        let rate = self.rate();
        #[expect(clippy::cast_precision_loss, reason = "an estimate need not be exact")]
        let left = self.objects.saturating_sub(self.done) as f64;
        (rate > 0.0).then(|| Duration::try_from_secs_f64(left / rate).ok()).flatten()
    }
}

fn seconds<S: serde::Serializer>(elapsed: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(elapsed.as_secs_f64())
}
