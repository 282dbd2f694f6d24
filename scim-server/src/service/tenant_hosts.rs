use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
};

use super::{InvalidConfiguration, tenancy::BaseUrl};
use crate::tenant::Tenant;

/// The tenants by the host that their clients ask; clones share one map, so that tenants can be
/// added while it serves.
///
/// What a request says of its host selects one of these, or nothing: no part of it ever becomes
/// part of a URL.
///
/// ```
/// use scim_server::service::TenantHosts;
///
/// let hosts = TenantHosts::new();
/// let base = "https://clinic.example.com/scim/v1";
/// assert!(hosts.insert("clinic.example.com", "clinic".parse()?, base)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct TenantHosts(Arc<RwLock<BTreeMap<String, (Tenant, BaseUrl)>>>);

impl TenantHosts {
    /// No tenants yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a host, with the port where clients name one, its tenant, and the URL that the
    /// tenant's endpoints lie behind; `false` if the host was there, and now stands for these.
    ///
    /// # Errors
    /// [`InvalidConfiguration::BaseUrl`] if the URL is malformed.
    pub fn insert(
        &self,
        host: &str,
        tenant: Tenant,
        base_url: &str,
    ) -> Result<bool, InvalidConfiguration> {
        let base = BaseUrl::read(base_url)?;
        let mut hosts = self.0.write().unwrap_or_else(PoisonError::into_inner);
        Ok(hosts.insert(host.to_ascii_lowercase(), (tenant, base)).is_none())
    }

    /// What a host stands for; its letters may have any case.
    pub(super) fn find(&self, host: &str) -> Option<(Tenant, BaseUrl)> {
        let hosts = self.0.read().unwrap_or_else(PoisonError::into_inner);
        hosts.get(&host.to_ascii_lowercase()).cloned()
    }
}
