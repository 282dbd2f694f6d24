//! A user roster: a service provider of SCIM 2.0 with one endpoint for each realm.

mod http_server;
mod schemas;
mod store;

use std::net::SocketAddr;

use scim_server::{
    Access, ScimService, SystemAccounts, Tenant, Tenants, Token, scim_core::SchemaRegistry,
};
use tokio::net::TcpListener;

pub use self::http_server::{HttpLimits, serve};
pub use self::schemas::{ReadSchemasError, read_registry};
pub use self::store::{InvalidStoreChoice, StoreChoice};

/// The path that the realms lie behind.
const BASE_PATH: &str = "/scim/v1";

/// A roster that listens, with one realm and a system account for it.
#[derive(Debug)]
pub struct Roster {
    listener: TcpListener,
    service: ScimService,
    http: HttpLimits,
    base_url: String,
    token: Token,
}

/// What a roster is made of.
#[derive(Debug)]
#[non_exhaustive]
pub struct RosterSettings {
    /// Where to listen; with port 0, the system chooses one.
    pub address: SocketAddr,
    /// Where the resources are kept.
    pub store: StoreChoice,
    /// The realm.
    pub realm: Tenant,
    /// The token of the system account; a new one if there is none.
    pub token: Option<Token>,
    /// The schemas and resource types.
    pub registry: SchemaRegistry,
    /// What its clients may take of connections and time.
    pub http: HttpLimits,
}

impl RosterSettings {
    /// The settings of a roster with the standard schemas and a new token.
    pub fn new(address: SocketAddr, store: StoreChoice, realm: Tenant) -> Self {
        let (registry, http) = (SchemaRegistry::standard(), HttpLimits::default());
        Self { address, store, realm, token: None, registry, http }
    }
}

impl Roster {
    /// Opens the store and begins to listen.
    ///
    /// # Errors
    /// If the address is taken or the store cannot be opened.
    pub async fn open(
        settings: RosterSettings,
    ) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let listener = TcpListener::bind(settings.address).await?;
        let root = format!("http://{}{BASE_PATH}", listener.local_addr()?);
        let realms = Tenants::new();
        realms.insert(settings.realm.clone());
        let accounts = SystemAccounts::new();
        let access = Access::to_tenant(settings.realm.clone());
        let token = match settings.token {
            Some(token) => {
                accounts.add_token("provisioning", access, &token, None)?;
                token
            }
            None => accounts.add("provisioning", access)?,
        };
        let store = settings.store.open()?;
        let service = ScimService::builder(root.as_str(), store, accounts)
            .with_tenants_in_path("Realms", realms)
            .with_registry(settings.registry)
            .build()?;
        let base_url = format!("{root}/Realms/{}", settings.realm);
        Ok(Self { listener, service, http: settings.http, base_url, token })
    }

    /// The URL of the realm.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The token of the system account.
    pub fn token(&self) -> &Token {
        &self.token
    }

    /// Answers requests until `shutdown` is over, and then those that have begun.
    pub async fn serve(self, shutdown: impl Future<Output = ()>) {
        serve(self.listener, self.service, self.http, shutdown).await;
    }
}
