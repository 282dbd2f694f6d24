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
}

impl Context {
    /// The application itself asks.
    pub fn new(tenant: Tenant) -> Self {
        Self::of_request(tenant, Trail::new(RequestId::generate(), None))
    }

    /// The context with the one who asks.
    #[must_use]
    pub fn with_principal(mut self, principal: Principal) -> Self {
        self.principal = Some(principal);
        self
    }

    pub(crate) fn of_request(tenant: Tenant, trail: Trail) -> Self {
        Self { tenant, principal: None, request_id: trail.request_id().clone(), trail }
    }
}
