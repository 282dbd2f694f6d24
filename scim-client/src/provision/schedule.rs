use std::{future::poll_fn, pin::pin, task::Poll, time::Duration};

use super::{Control, CycleError, CycleKind, CycleReport, Provisioner};
use crate::{random, transport::Timer};

/// When cycles follow each other.
///
/// ```
/// use std::time::Duration;
///
/// use scim_client::provision::Schedule;
///
/// let schedule = Schedule::every(Duration::from_mins(40));
/// assert_eq!(schedule.interval(), Duration::from_mins(40));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    interval: Duration,
    jitter: f64,
    debounce: Duration,
}

impl Schedule {
    /// A cycle begins that long after the last one has ended, a tenth more at most, or two seconds
    /// after somebody has [woken](Control::wake) the job.
    pub fn every(interval: Duration) -> Self {
        Self { interval, jitter: 0.1, debounce: Duration::from_secs(2) }
    }

    /// The schedule with another share of the interval, from 0 to 1, by which it may be longer: so
    /// that jobs do not all come at once.
    #[must_use]
    pub fn with_jitter(mut self, jitter: f64) -> Self {
        self.jitter = jitter.clamp(0.0, 1.0);
        self
    }

    /// The schedule with how long to wait after somebody has woken the job: what changes
    /// meanwhile goes into the same cycle.
    #[must_use]
    pub fn with_debounce(mut self, debounce: Duration) -> Self {
        self.debounce = debounce;
        self
    }

    /// The time between cycles, at least.
    pub fn interval(&self) -> Duration {
        self.interval
    }

    fn next(&self) -> Duration {
        self.interval + self.interval.mul_f64(self.jitter * random::fraction())
    }
}

impl Provisioner {
    /// Runs cycle after cycle until [`Control::stop`], and tells how each one went.
    ///
    /// A cycle that fails does not end it: the next one comes at its time. It spawns nothing, and
    /// waits by the timer alone.
    pub async fn watch(
        &self,
        schedule: &Schedule,
        timer: &dyn Timer,
        mut told: impl FnMut(&Result<CycleReport, CycleError>),
    ) {
        let control = self.control();
        while control.while_paused().await {
            control.take_wake();
            let outcome = self.run(CycleKind::Incremental).await;
            // A pause is not worth a word: it was asked for.
            if !matches!(outcome, Err(CycleError::Paused)) {
                told(&outcome);
            }
            if !control.is_halted() {
                control.wait(timer, schedule.next()).await;
            }
            if control.is_woken() && !control.is_halted() {
                control.wait_regardless(timer, schedule.debounce).await;
            }
        }
    }
}

impl Control {
    /// Waits for the end of a pause; `false` if there is to be no further cycle.
    async fn while_paused(&self) -> bool {
        loop {
            let changed = self.listen();
            if self.is_stopped() {
                return false;
            }
            if !self.is_paused() {
                return true;
            }
            changed.await;
        }
    }

    /// Waits that long, or until somebody wants something.
    async fn wait(&self, timer: &dyn Timer, duration: Duration) {
        let changed = self.listen();
        if self.is_woken() || self.is_halted() {
            return;
        }
        first(timer.sleep(duration), changed).await;
    }

    /// Waits that long, or until the job is to stop.
    async fn wait_regardless(&self, timer: &dyn Timer, duration: Duration) {
        let mut sleep = pin!(timer.sleep(duration));
        loop {
            let changed = self.listen();
            if self.is_halted() || first(sleep.as_mut(), changed).await {
                return;
            }
        }
    }
}

/// Whether the one ends before the other.
async fn first(one: impl Future<Output = ()>, other: impl Future<Output = ()>) -> bool {
    let (mut one, mut other) = (pin!(one), pin!(other));
    poll_fn(|cx| {
        if one.as_mut().poll(cx).is_ready() {
            return Poll::Ready(true);
        }
        other.as_mut().poll(cx).map(|()| false)
    })
    .await
}
