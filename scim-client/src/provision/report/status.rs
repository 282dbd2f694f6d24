use chrono::{DateTime, Utc};
use serde::Serialize;

use super::CycleSummary;
use crate::provision::state::Quarantine;

/// How a job stands, in the shape of Entra ID's synchronization status.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct JobStatus {
    /// In a word.
    pub code: StatusCode,
    /// How many cycles in a row could not use the service provider.
    pub count_successive_complete_failures: u32,
    /// The last cycle.
    pub last_execution: Option<CycleSummary>,
    /// When a cycle ended well for the last time.
    pub last_successful_execution: Option<DateTime<Utc>>,
    /// When one that sent something did.
    pub last_successful_execution_with_exports: Option<DateTime<Utc>>,
    /// Since when and why the job is stopped.
    pub quarantine: Option<Quarantine>,
    /// When a cycle found everything in order for the first time.
    pub steady_state_first_achieved_time: Option<DateTime<Utc>>,
    /// When one did for the last time.
    pub steady_state_last_achieved_time: Option<DateTime<Utc>>,
    /// How many users are linked.
    pub users: usize,
    /// How many groups are linked.
    pub groups: usize,
    /// How many objects failed and are to be tried again.
    pub escrows: usize,
}

/// How a job stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub enum StatusCode {
    /// No cycle has run yet.
    NotRun,
    /// It runs from time to time.
    Active,
    /// Somebody has paused it.
    Paused,
    /// It is stopped.
    Quarantine,
    /// It was stopped for so long that it is not tried again by itself.
    Disabled,
}
