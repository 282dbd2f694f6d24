use crate::{auth::Principal, tenant::Tenant};

/// Who asks, and in which tenant: the first argument of everything that touches a resource.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Context {
    /// The tenant.
    pub tenant: Tenant,
    /// Who asks; `None` inside the application itself.
    pub principal: Option<Principal>,
}

impl Context {
    /// The application itself asks.
    pub fn new(tenant: Tenant) -> Self {
        Self { tenant, principal: None }
    }

    /// The context with the one who asks.
    #[must_use]
    pub fn with_principal(mut self, principal: Principal) -> Self {
        self.principal = Some(principal);
        self
    }
}
