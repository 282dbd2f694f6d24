use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::Quarantine;
use crate::provision::{report::CycleSummary, source::Watermark};

/// What is remembered about a job as a whole.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct JobRecord {
    /// How far the source has been read.
    pub watermark: Option<Watermark>,
    /// The mappings and the scope that the links were made with, as a fingerprint.
    pub configuration: Option<String>,
    /// The removals that an administrator lets happen, by the fingerprint of all of them.
    pub approval: Option<String>,
    /// The removals that were told to be held back, by the fingerprint of all of them.
    pub told: Option<String>,
    /// The removals of the last hours.
    pub removals: Vec<Removals>,
    /// Since when and why the job is stopped.
    pub quarantine: Option<Quarantine>,
    /// How many cycles in a row could not use the service provider.
    pub failed_cycles: u32,
    /// How many could not read the source.
    pub failed_reads: u32,
    /// The last cycle.
    pub last_cycle: Option<CycleSummary>,
    /// When a cycle ended well for the last time.
    pub last_success: Option<DateTime<Utc>>,
    /// When one that sent something did.
    pub last_success_with_writes: Option<DateTime<Utc>>,
    /// When a cycle found everything in order for the first time.
    pub steady_since: Option<DateTime<Utc>>,
    /// When one did for the last time.
    pub steady_last: Option<DateTime<Utc>>,
}

/// How many resources were disabled or deleted from a moment on, for an hour.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Removals {
    /// The moment.
    pub from: DateTime<Utc>,
    /// How many.
    pub count: u64,
}

const HOUR: TimeDelta = TimeDelta::hours(1);

impl JobRecord {
    /// How many removals there were in a time that ends now.
    pub fn removals_within(&self, window: TimeDelta, now: DateTime<Utc>) -> u64 {
        let is_within = |removals: &&Removals| removals.from + HOUR + window > now;
        self.removals.iter().filter(is_within).map(|removals| removals.count).sum()
    }

    /// Takes note of removals, and forgets those before the window.
    pub(in crate::provision) fn count_removals(
        &mut self,
        count: u64,
        window: TimeDelta,
        now: DateTime<Utc>,
    ) {
        self.removals.retain(|removals| removals.from + HOUR + window > now);
        match self.removals.last_mut() {
            Some(last) if last.from + HOUR > now => last.count = last.count.saturating_add(count),
            _ => self.removals.push(Removals { from: now, count }),
        }
    }
}
