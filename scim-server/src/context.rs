use scim_core::DateTime;

use crate::{auth::Principal, tenant::Tenant};

/// Who asks, and in which tenant: the first argument of everything that touches a resource.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Context {
    /// The tenant.
    pub tenant: Tenant,
    /// Who asks; `None` inside the application itself.
    pub principal: Option<Principal>,
    /// When the request came.
    pub now: DateTime,
}

impl Context {
    /// The application itself asks, in 1970 unless [`with_now`](Self::with_now) says otherwise.
    pub fn new(tenant: Tenant) -> Self {
        Self { tenant, principal: None, now: DateTime::unix_epoch() }
    }

    /// The context with the time of the request.
    #[must_use]
    pub fn with_now(mut self, now: DateTime) -> Self {
        self.now = now;
        self
    }

    /// The context with the one who asks.
    #[must_use]
    pub fn with_principal(mut self, principal: Principal) -> Self {
        self.principal = Some(principal);
        self
    }
}
