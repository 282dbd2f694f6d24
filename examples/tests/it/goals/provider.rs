//! What a service provider in this process is like.

use scim_client::{
    scim_core::{SchemaRegistry, SchemaUri, schema::Uniqueness},
    target::Profile,
};
use scim_server::{Access, Limits, ScimService, SystemAccounts, store::MemoryStore};

use super::ways::Ways;

/// What the service provider is like.
#[derive(Clone)]
pub(super) struct Provider {
    /// How many operations a bulk request may have; none if there is no bulk.
    pub(super) bulk: usize,
    /// Whether it sees to it that no `userName` is taken twice.
    pub(super) is_unique: bool,
    pub(super) page: u64,
    pub(super) ways: Ways,
    /// What clients are told of it.
    pub(super) profile: Profile,
}

impl Default for Provider {
    fn default() -> Self {
        let (bulk, ways, profile) = (1_000, Ways::default(), Profile::rfc());
        Self { bulk, is_unique: true, page: 500, ways, profile }
    }
}

impl Provider {
    pub(super) fn without_bulk() -> Self {
        Self { bulk: 0, ..Self::default() }
    }

    /// A service with nobody in it, and a token for it.
    pub(super) fn service(&self) -> (ScimService, String) {
        let tenant: scim_server::Tenant = "clinic".parse().unwrap();
        let accounts = SystemAccounts::new();
        let token = accounts.add("provisioning", Access::to_tenant(tenant.clone())).unwrap();
        let limits = Limits::default().with_bulk_operations(self.bulk).with_largest_page(self.page);
        let service =
            ScimService::builder("https://roster.example/scim", MemoryStore::new(), accounts)
                .with_registry(self.registry())
                .with_limits(limits)
                .with_tenant(tenant)
                .build()
                .unwrap();
        (service, token.reveal().to_owned())
    }

    fn registry(&self) -> SchemaRegistry {
        let standard = SchemaRegistry::standard();
        if self.is_unique {
            return standard;
        }
        let mut users = standard.schema(SchemaUri::USER).unwrap().clone();
        let name = users.attributes.iter_mut().find(|one| one.name == "userName").unwrap();
        name.uniqueness = Uniqueness::None;
        let resource_type = standard.resource_type("User").unwrap().resource_type().clone();
        let registry = standard.without_resource_type("User").with_schema(users);
        registry.with_resource_type(resource_type).unwrap()
    }
}
