use chrono::{DateTime, Utc};

/// A number that grows with each change of who runs a job; a commit with an old one is refused.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub struct Fence(pub(super) u64);

/// Somebody's wish to run a job until a moment.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct LeaseRequest {
    /// Who asks.
    pub holder: String,
    /// The fence of the lease that the same one has had before, which it then keeps.
    pub fence: Option<Fence>,
    /// The time now.
    pub now: DateTime<Utc>,
    /// Until when.
    pub until: DateTime<Utc>,
}

/// Who runs a job, for a store that keeps it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Lease {
    /// Who.
    pub holder: String,
    /// The number of this lease.
    pub fence: Fence,
    /// Until when.
    pub until: DateTime<Utc>,
}

impl Fence {
    /// The fence of that number.
    pub fn new(number: u64) -> Self {
        Self(number)
    }

    /// The number.
    pub fn number(self) -> u64 {
        self.0
    }
}

impl Lease {
    /// What the lease becomes; nothing if another one still holds it.
    ///
    /// Who asks under the name of the holder, as after a restart, need not wait.
    ///
    /// ```
    /// use chrono::{DateTime, TimeDelta};
    /// use scim_client::provision::state::{Lease, LeaseRequest};
    ///
    /// let now = DateTime::UNIX_EPOCH;
    /// let ask = |holder: &str| LeaseRequest::new(holder, now, now + TimeDelta::minutes(5));
    /// let first = Lease::default().granted(&ask("a")).ok_or("it is free")?;
    /// assert_eq!(first.granted(&ask("b")), None);
    /// assert!(first.granted(&ask("a")).is_some_and(|again| again.fence > first.fence));
    /// # Ok::<(), &str>(())
    /// ```
    pub fn granted(&self, request: &LeaseRequest) -> Option<Self> {
        let is_same = request.fence == Some(self.fence);
        let is_free = self.until <= request.now || self.holder == request.holder;
        let fence = if is_same { self.fence } else { Fence(self.fence.0.saturating_add(1)) };
        let lease = Self { holder: request.holder.clone(), fence, until: request.until };
        (is_same || is_free).then_some(lease)
    }
}

impl LeaseRequest {
    /// A first request.
    pub fn new(holder: impl Into<String>, now: DateTime<Utc>, until: DateTime<Utc>) -> Self {
        Self { holder: holder.into(), fence: None, now, until }
    }

    /// A request to go on with a lease.
    #[must_use]
    pub fn with_fence(mut self, fence: Option<Fence>) -> Self {
        self.fence = fence;
        self
    }
}
