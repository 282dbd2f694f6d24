use std::collections::BTreeSet;

use crate::tenant::Tenant;

/// What a principal may reach.
///
/// ```
/// use scim_server::Access;
///
/// let access = Access::to_tenant("clinic".parse()?).only_types(["User"]).read_only();
/// assert!(access.reaches_type("user") && !access.reaches_type("Group"));
/// assert!(!access.writes());
/// # Ok::<(), scim_server::InvalidTenant>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Access {
    tenants: Option<Vec<Tenant>>,
    /// The names of resource types in lower case.
    types: Option<BTreeSet<String>>,
    read_only: bool,
}

impl Access {
    /// Reads and writes in one tenant.
    pub fn to_tenant(tenant: Tenant) -> Self {
        Self { tenants: Some(vec![tenant]), types: None, read_only: false }
    }

    /// Reads and writes in every tenant.
    pub fn to_all_tenants() -> Self {
        Self { tenants: None, types: None, read_only: false }
    }

    /// The same in one more tenant.
    #[must_use]
    pub fn and_tenant(mut self, tenant: Tenant) -> Self {
        if let Some(tenants) = &mut self.tenants {
            tenants.push(tenant);
        }
        self
    }

    /// The same for resources of some types only, of those that it had.
    #[must_use]
    pub fn only_types<N: AsRef<str>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        let names = names.into_iter().map(|name| name.as_ref().to_ascii_lowercase());
        let names = names.filter(|name| self.reaches_type(name)).collect();
        self.types = Some(names);
        self
    }

    /// The same without writing.
    #[must_use]
    pub fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    /// Whether the tenant may be reached.
    pub fn reaches(&self, tenant: &Tenant) -> bool {
        self.tenants.as_ref().is_none_or(|tenants| tenants.contains(tenant))
    }

    /// Whether resources of the type may be reached, by its name.
    pub fn reaches_type(&self, resource_type: &str) -> bool {
        let name = resource_type.to_ascii_lowercase();
        self.types.as_ref().is_none_or(|types| types.contains(&name))
    }

    /// The tenant, if it is one and no other.
    pub fn only_tenant(&self) -> Option<&Tenant> {
        let mut tenants = self.tenants.as_ref()?.iter();
        let first = tenants.next()?;
        tenants.all(|other| other == first).then_some(first)
    }

    /// Whether writing is allowed.
    pub fn writes(&self) -> bool {
        !self.read_only
    }
}
