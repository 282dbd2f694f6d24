use std::{
    collections::BTreeSet,
    fmt,
    str::FromStr,
    sync::{Arc, PoisonError, RwLock},
};

/// The name of a tenant: a realm, a customer, an organisation.
///
/// Every key of every store begins with it, so that nothing of another tenant can be reached.
/// One to 255 letters, digits, `-`, `_`, `.` and `~`: what a path carries as it is.
///
/// ```
/// use scim_server::Tenant;
///
/// let tenant: Tenant = "clinic-1".parse()?;
/// assert!("../clinic-2".parse::<Tenant>().is_err());
/// # Ok::<(), scim_server::InvalidTenant>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Tenant(String);

/// A string that cannot be the name of a tenant.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a tenant has 1 to 255 letters, digits, `-`, `_`, `.` or `~`, and is not `.` or `..`")]
#[non_exhaustive]
pub struct InvalidTenant;

impl Tenant {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Tenant {
    type Err = InvalidTenant;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_unreserved = |b: u8| b.is_ascii_alphanumeric() || b"-_.~".contains(&b);
        let fits = (1..=255).contains(&text.len()) && text.bytes().all(is_unreserved);
        if fits && text != "." && text != ".." {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidTenant)
        }
    }
}

impl fmt::Display for Tenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The tenants that exist; clones share one set, so that tenants can be added while it serves.
#[derive(Clone, Debug, Default)]
pub struct Tenants(Arc<RwLock<BTreeSet<Tenant>>>);

impl Tenants {
    /// No tenants yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a tenant; `false` if it was there.
    pub fn insert(&self, tenant: Tenant) -> bool {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(tenant)
    }

    /// Whether there is such a tenant.
    pub fn contains(&self, tenant: &Tenant) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).contains(tenant)
    }
}
