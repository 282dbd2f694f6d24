use std::sync::Arc;

use scim_core::SchemaRegistry;

use super::{
    Inner, Limits, Policy, ScimService, TenantHosts,
    rate::RateLimiter,
    tenancy::{BaseUrl, Tenancy},
};
use crate::{
    audit::AuditSink,
    auth::{AccessOnly, Authenticator, Authorizer},
    clock::{Clock, SystemClock},
    cursor::CursorSeal,
    operation::Operations,
    store::ResourceStore,
    tenant::{Tenant, Tenants},
};

/// Puts a [`ScimService`] together.
#[must_use]
pub struct ScimServiceBuilder {
    base_url: String,
    settings: Settings,
    authenticator: Box<dyn Authenticator>,
    audit: Option<Arc<dyn AuditSink>>,
    tenancy: Option<Tenancy>,
    cursor_key: Option<[u8; 32]>,
}

/// What the operations will work with.
struct Settings {
    /// The standard one, if none is given.
    registry: Option<SchemaRegistry>,
    store: Arc<dyn ResourceStore>,
    authorizer: Arc<dyn Authorizer>,
    clock: Arc<dyn Clock>,
    policy: Policy,
    limits: Limits,
}

/// A service that cannot be built.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidConfiguration {
    /// The base URL is not `http://host/path` or `https://host/path`.
    #[error("the base URL must have the form `https://host/path`")]
    BaseUrl,
    /// Nothing was said about tenants.
    #[error("say which tenant there is, or where a request tells it")]
    Tenancy,
    /// The operating system gives no random numbers to seal cursors with.
    #[error("no random numbers for the key of cursors")]
    Random,
}

impl ScimService {
    /// Begins with what every service needs: the URL that clients know it by (never taken from a
    /// request), the store, and who may ask.
    pub fn builder(
        base_url: impl Into<String>,
        store: impl ResourceStore,
        authenticator: impl Authenticator,
    ) -> ScimServiceBuilder {
        ScimServiceBuilder {
            base_url: base_url.into(),
            settings: Settings {
                registry: None,
                store: Arc::new(store),
                authorizer: Arc::new(AccessOnly),
                clock: Arc::new(SystemClock),
                policy: Policy::default(),
                limits: Limits::default(),
            },
            authenticator: Box::new(authenticator),
            audit: None,
            tenancy: None,
            cursor_key: None,
        }
    }
}

impl ScimServiceBuilder {
    /// Serves one tenant, whose endpoints lie right behind the base URL.
    pub fn with_tenant(mut self, tenant: Tenant) -> Self {
        self.tenancy = Some(Tenancy::Single(tenant));
        self
    }

    /// Serves many tenants, each at `/{collection}/{tenant}` behind the base URL.
    pub fn with_tenants_in_path(mut self, collection: impl Into<String>, tenants: Tenants) -> Self {
        self.tenancy = Some(Tenancy::Path { collection: collection.into(), tenants });
        self
    }

    /// Serves many tenants, each behind a URL of its own that the host of a request selects.
    ///
    /// The base URL of the service itself is not used then.
    pub fn with_tenants_in_host(mut self, hosts: TenantHosts) -> Self {
        self.tenancy = Some(Tenancy::Host(hosts));
        self
    }

    /// Serves many tenants behind the base URL, each to the principals that reach it alone.
    ///
    /// A principal that reaches more than one tenant, or all, is refused.
    pub fn with_tenants_of_token(mut self) -> Self {
        self.tenancy = Some(Tenancy::Token);
        self
    }

    /// The schemas and resource types; those of RFC 7643 by default.
    pub fn with_registry(mut self, registry: SchemaRegistry) -> Self {
        self.settings.registry = Some(registry);
        self
    }

    /// The policy; [`Policy::interoperable`] by default.
    pub fn with_policy(mut self, policy: Policy) -> Self {
        self.settings.policy = policy;
        self
    }

    /// Who may do what, beyond what [`Access`](crate::Access) says; without one, nothing is.
    pub fn with_authorizer(mut self, authorizer: impl Authorizer) -> Self {
        self.settings.authorizer = Arc::new(authorizer);
        self
    }

    /// Where every write is taken down; nowhere by default.
    pub fn with_audit(mut self, sink: impl AuditSink) -> Self {
        self.audit = Some(Arc::new(sink));
        self
    }

    /// The limits.
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.settings.limits = limits;
        self
    }

    /// The key that seals cursors ([RFC 9865](https://www.rfc-editor.org/rfc/rfc9865)), for a
    /// service provider of several processes, or whose cursors outlive a restart; without it, each
    /// service has a random one of its own.
    pub fn with_cursor_key(mut self, key: [u8; 32]) -> Self {
        self.cursor_key = Some(key);
        self
    }

    /// The clock that gives `meta.created` and `meta.lastModified`.
    pub fn with_clock(mut self, clock: impl Clock) -> Self {
        self.settings.clock = Arc::new(clock);
        self
    }

    /// Builds the service.
    ///
    /// # Errors
    /// If the base URL is malformed, nothing was said about tenants, or the operating system gives no
    /// random numbers.
    pub fn build(self) -> Result<ScimService, InvalidConfiguration> {
        let base = BaseUrl::read(&self.base_url)?;
        let tenancy = self.tenancy.ok_or(InvalidConfiguration::Tenancy)?;
        let rate = self.settings.limits.rate.map(RateLimiter::new);
        let cursors = match self.cursor_key {
            Some(key) => CursorSeal::new(key),
            None => CursorSeal::random().map_err(|_| InvalidConfiguration::Random)?,
        };
        let Settings { registry, store, authorizer, clock, policy, limits } = self.settings;
        let registry = registry.unwrap_or_else(SchemaRegistry::standard);
        let cursors = Arc::new(cursors);
        Ok(ScimService(Arc::new(Inner {
            operations: Operations { registry, store, authorizer, clock, policy, limits, cursors },
            authenticator: self.authenticator,
            audit: self.audit,
            base,
            tenancy,
            rate,
        })))
    }
}

impl std::fmt::Debug for ScimServiceBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ScimServiceBuilder")
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}
