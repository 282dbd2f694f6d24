use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// How many resources a job may disable and delete before somebody has to agree.
///
/// What a cycle would do counts together with what was done in the time before. Removals beyond
/// are held back, all of them, until they are approved or are no longer wanted; the rest of the
/// cycle goes on.
///
/// ```
/// use scim_client::provision::plan::Guard;
///
/// let guard = Guard::default();
/// assert!(guard.allows(10, 12), "a few are always allowed");
/// assert!(guard.allows(100, 1_000));
/// assert!(!guard.allows(101, 1_000));
/// assert!(!guard.allows(501, 1_000_000));
/// assert!(Guard::off().allows(1_000, 1_000));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Guard {
    /// So many are allowed whatever their share.
    pub always: u64,
    /// The share of all links, from 0 to 1.
    pub share: f64,
    /// So many at most, if there is a limit.
    pub most: Option<u64>,
    /// For how many hours removals count.
    pub window_hours: u32,
    /// A source that is empty is an error where there were more objects in it than this.
    pub empty_source: Option<usize>,
}

impl Guard {
    /// No limit.
    pub fn off() -> Self {
        Self { share: 1.0, most: None, always: u64::MAX, empty_source: None, ..Self::default() }
    }

    /// Whether so many removals are allowed among so many links.
    pub fn allows(&self, removals: u64, links: u64) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "a share need not be exact")]
        let is_within_share = removals as f64 <= self.share * links as f64;
        let is_within_most = self.most.is_none_or(|most| removals <= most);
        removals <= self.always || is_within_share && is_within_most
    }

    pub(in crate::provision) fn window(&self) -> TimeDelta {
        TimeDelta::hours(i64::from(self.window_hours))
    }
}

impl Default for Guard {
    /// A tenth of all links, 500 at most, within 24 hours; 10 are always allowed, and no source
    /// of more than 10 becomes empty.
    fn default() -> Self {
        Self { always: 10, share: 0.1, most: Some(500), window_hours: 24, empty_source: Some(10) }
    }
}
