use std::{fmt, time::Duration};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Since when and why a job sends nothing: its circuit is open.
///
/// When the time of the next attempt has come, the circuit is half open: the connection is tested,
/// and a success closes it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Quarantine {
    /// Why.
    pub reason: QuarantineReason,
    /// The same in words, without a value of an object.
    pub error: String,
    /// Since when it is for this reason.
    pub began: DateTime<Utc>,
    /// Since when it is, for whatever reason.
    pub series_began: DateTime<Utc>,
    /// How many attempts have failed.
    pub attempts: u32,
    /// When the connection is tested again; never if the job is disabled.
    pub next_attempt: Option<DateTime<Utc>>,
}

/// Why a job is stopped, by the words of Entra ID.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum QuarantineReason {
    /// Too great a share of the objects failed.
    EncounteredEscrowProportionThreshold,
    /// Too many objects failed, whatever their share.
    EncounteredTotalEscrowThreshold,
    /// The service provider cannot be used: it does not take the credentials, does not speak SCIM,
    /// or is not to be reached.
    EncounteredQuarantineException,
    /// An administrator wants it so.
    QuarantinedOnDemand,
}

/// When a job is stopped, and how it comes back.
///
/// ```
/// use scim_client::provision::state::{QuarantinePolicy, QuarantineReason};
///
/// let policy = QuarantinePolicy::default();
/// assert_eq!(policy.verdict(20, 49), None, "too few to tell");
/// let reason = QuarantineReason::EncounteredEscrowProportionThreshold;
/// assert_eq!(policy.verdict(21, 50), Some(reason));
/// assert_eq!(policy.verdict(20, 50), None);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[non_exhaustive]
pub struct QuarantinePolicy {
    /// How many objects must have been worked on before their share of failures counts.
    pub least_objects: u64,
    /// How many must have failed.
    pub least_failures: u64,
    /// The share of failures, from 0 to 1, above which the job stops.
    pub share: f64,
    /// The number of failures above which it stops in any case.
    pub most_failures: Option<u64>,
    /// How many cycles in a row may fail to reach the service provider.
    pub unreachable_cycles: u32,
    /// The time to the first attempt, in seconds; it doubles with each one.
    pub first_interval: u64,
    /// The longest time between attempts, in seconds.
    pub longest_interval: u64,
    /// After how many seconds the job is not tried again.
    pub disable_after: u64,
}

const HOUR: u64 = 60 * 60;
const DAY: u64 = 24 * HOUR;

impl QuarantinePolicy {
    /// As Entra ID does: at 5,000 failures that are more than two fifths of all, or at 60,000;
    /// tried again after 6 hours, 12 hours and then each day, for 28 days.
    pub fn entra() -> Self {
        Self {
            least_objects: 0,
            least_failures: 5_000,
            most_failures: Some(60_000),
            first_interval: 6 * HOUR,
            ..Self::default()
        }
    }

    /// Whether so many failures among so many objects stop the job.
    pub fn verdict(&self, failures: u64, objects: u64) -> Option<QuarantineReason> {
        if self.most_failures.is_some_and(|most| failures > most) {
            return Some(QuarantineReason::EncounteredTotalEscrowThreshold);
        }
        let counts = objects >= self.least_objects && failures >= self.least_failures;
        #[expect(clippy::cast_precision_loss, reason = "a share need not be exact")]
        let is_above = failures as f64 > self.share * objects as f64;
        let reason = QuarantineReason::EncounteredEscrowProportionThreshold;
        (counts && is_above).then_some(reason)
    }

    /// What the quarantine becomes when there is one more reason for it.
    pub(in crate::provision) fn entered(
        &self,
        before: Option<&Quarantine>,
        reason: QuarantineReason,
        error: String,
        now: DateTime<Utc>,
    ) -> Quarantine {
        let attempts = before.map_or(0, |before| before.attempts.saturating_add(1));
        let series_began = before.map_or(now, |before| before.series_began);
        let same = before.filter(|before| before.reason == reason && before.error == error);
        let is_disabled = now - series_began >= seconds(self.disable_after);
        Quarantine {
            reason,
            error,
            began: same.map_or(now, |same| same.began),
            series_began,
            attempts,
            next_attempt: (!is_disabled).then(|| now + self.interval(attempts)),
        }
    }

    fn interval(&self, attempts: u32) -> Duration {
        let doubled = self.first_interval.saturating_mul(1 << attempts.min(32));
        Duration::from_secs(doubled.min(self.longest_interval))
    }
}

impl Default for QuarantinePolicy {
    /// At two fifths of at least 50 objects, or when the service provider cannot be used; tried
    /// again after 5 minutes, and at intervals that double up to a day, for 28 days.
    fn default() -> Self {
        Self {
            least_objects: 50,
            least_failures: 1,
            share: 0.4,
            most_failures: None,
            unreachable_cycles: 3,
            first_interval: 5 * 60,
            longest_interval: DAY,
            disable_after: 28 * DAY,
        }
    }
}

impl Quarantine {
    /// Whether the job is not tried again by itself.
    pub fn is_disabled(&self) -> bool {
        self.next_attempt.is_none()
    }

    /// Whether the connection may be tested again.
    pub fn is_due(&self, now: DateTime<Utc>) -> bool {
        self.next_attempt.is_some_and(|next| next <= now)
    }
}

fn seconds(seconds: u64) -> chrono::TimeDelta {
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    chrono::TimeDelta::try_seconds(seconds).unwrap_or(chrono::TimeDelta::MAX)
}

impl QuarantineReason {
    /// The word of Entra ID.
    pub fn code(self) -> String {
        format!("{self:?}")
    }
}

impl fmt::Display for QuarantineReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EncounteredEscrowProportionThreshold => "too great a share of objects failed",
            Self::EncounteredTotalEscrowThreshold => "too many objects failed",
            Self::EncounteredQuarantineException => "the service provider cannot be used",
            Self::QuarantinedOnDemand => "an administrator has stopped the job",
        })
    }
}
