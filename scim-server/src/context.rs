use scim_core::DateTime;

use crate::{audit::Trail, auth::Principal, request_id::RequestId, tenant::Tenant};

/// Who asks, and in which tenant: the first argument of everything that touches a resource.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Context {
    /// The tenant.
    pub tenant: Tenant,
    /// Who asks; `None` inside the application itself.
    pub principal: Option<Principal>,
    /// The request; a new identifier inside the application itself.
    pub request_id: RequestId,
    pub(crate) trail: Trail,
    /// When the request came.
    pub now: DateTime,
}

impl Context {
    /// The application itself asks, in 1970 unless [`with_now`](Self::with_now) says otherwise.
    pub fn new(tenant: Tenant) -> Self {
        Self::of_request(tenant, Trail::new(RequestId::generate(), None))
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

    pub(crate) fn of_request(tenant: Tenant, trail: Trail) -> Self {
        let now = DateTime::unix_epoch();
        Self { tenant, principal: None, request_id: trail.request_id().clone(), now, trail }
    }
}
