//! Exchanges of identity providers with a service provider, in `tests/data`, replayed.

mod expected;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use bytes::Bytes;
use http::{HeaderName, Request};
use scim_core::{
    AttributeName, Resource, SchemaRegistry, SchemaUri, Tolerances, fold,
    schema::{AttributeDefinition, AttributeType, SchemaDefinition},
};
use scim_server::{
    Access, Context, ResourceStore, ScimService, SystemAccounts, Tenant, Tenants, Token,
    store::{MemoryStore, NewResource, ResourceKey, SqliteStore, UniqueKey},
};
use serde::Deserialize;
use serde_json::Value;
use tempfile::TempDir;

use self::expected::{After, Expected};
use crate::reply::Reply;

/// What is not replayed yet, and why.
const LEFT_OUT: [(&str, &str); 9] = [
    ("cerner-016", "SCIM 1.1"),
    ("cerner-017", "SCIM 1.1"),
    ("cerner-018", "SCIM 1.1"),
    ("cerner-019", "SCIM 1.1"),
    ("cerner-020", "SCIM 1.1"),
    ("cerner-022", "SCIM 1.1"),
    ("cerner-023", "SCIM 1.1"),
    ("cerner-024", "SCIM 1.1"),
    ("cerner-025", "a draft of SCIM 2.0"),
];

/// A file of exchanges; `conventions` in it says how to read it.
#[derive(Deserialize)]
struct Transcript {
    base_url: String,
    default_headers: BTreeMap<String, String>,
    fixtures: BTreeMap<String, Value>,
    exchanges: Vec<Exchange>,
}

#[derive(Deserialize)]
struct Exchange {
    id: String,
    title: String,
    #[serde(default)]
    given: Vec<String>,
    request: Ask,
    response: Expected,
    after: Option<After>,
}

#[derive(Default, Deserialize)]
struct Ask {
    method: String,
    path: String,
    base_url: Option<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    body: Option<Value>,
}

#[tokio::test]
async fn entra_default_is_served() {
    replay(include_str!("../../data/entra-default.json"), 48).await;
}

#[tokio::test]
async fn entra_compliant_is_served() {
    replay(include_str!("../../data/entra-compliant.json"), 20).await;
}

#[tokio::test]
async fn okta_is_served() {
    replay(include_str!("../../data/okta.json"), 25).await;
}

#[tokio::test]
async fn cerner_is_served() {
    replay(include_str!("../../data/cerner.json"), 18).await;
}

/// Replays every exchange over both stores and names those that go another way.
async fn replay(text: &str, count: usize) {
    let transcript: Transcript = serde_json::from_str(text).unwrap();
    let ids: BTreeSet<_> = transcript.exchanges.iter().map(|exchange| &exchange.id).collect();
    assert_eq!(ids.len(), count);
    let directory = TempDir::new().unwrap();
    let mut other_way = Vec::new();
    for exchange in &transcript.exchanges {
        let file = directory.path().join(&exchange.id);
        let stores: [Arc<dyn ResourceStore>; 2] =
            [Arc::new(MemoryStore::new()), Arc::new(SqliteStore::open(file).unwrap())];
        for store in stores {
            let outcome = transcript.hold(exchange, store).await;
            let reason = LEFT_OUT.iter().find(|(id, _)| *id == exchange.id);
            match (outcome, reason) {
                (Err(fault), None) => {
                    other_way.push(format!("{} ({}): {fault}", exchange.id, exchange.title));
                }
                (Ok(()), Some((_, reason))) => {
                    other_way.push(format!("{} works, though it is {reason}", exchange.id));
                }
                _ => {}
            }
        }
    }
    assert!(other_way.is_empty(), "{}", other_way.join("\n"));
}

impl Transcript {
    async fn hold(&self, exchange: &Exchange, store: Arc<dyn ResourceStore>) -> Result<(), String> {
        for name in &exchange.given {
            load(store.as_ref(), &self.tenant(), &self.fixtures[name]).await;
        }
        let service = self.service(store);
        let reply = Reply::of(&service, self.request(&exchange.request)).await;
        assert!(!reply.text().contains("n0t-a-real-Secret"), "a password is shown");
        exchange
            .response
            .hold(&reply)
            .map_err(|fault| format!("{fault}; answered with {} {}", reply.status, reply.text()))?;
        let Some(after) = &exchange.after else { return Ok(()) };
        let ask = Ask { method: "GET".to_owned(), path: after.path.clone(), ..Ask::default() };
        let reply = Reply::of(&service, self.request(&ask)).await;
        after.hold(&reply).map_err(|fault| format!("{fault}; now there is {}", reply.text()))
    }

    fn service(&self, store: Arc<dyn ResourceStore>) -> ScimService {
        let tenant = self.tenant();
        let accounts = SystemAccounts::new();
        let authorization = &self.default_headers["Authorization"];
        let token: Token = authorization.trim_start_matches("Bearer ").parse().unwrap();
        let access = Access::to_tenant(tenant.clone());
        accounts.add_token("client", access, &token, None).unwrap();
        let tenants = Tenants::new();
        tenants.insert(tenant.clone());
        let builder = match self.base_url.split_once("/Realms/") {
            Some((base, _)) => {
                ScimService::builder(base, store, accounts).with_tenants_in_path("Realms", tenants)
            }
            None => ScimService::builder(&self.base_url, store, accounts).with_tenant(tenant),
        };
        builder.with_registry(registry()).build().unwrap()
    }

    fn tenant(&self) -> Tenant {
        self.base_url.split_once("/Realms/").map_or("hospital", |(_, realm)| realm).parse().unwrap()
    }

    fn request(&self, ask: &Ask) -> Request<Bytes> {
        let base_url = ask.base_url.as_ref().unwrap_or(&self.base_url);
        let body = ask.body.as_ref().map(ToString::to_string).unwrap_or_default();
        let mut request = Request::builder()
            .method(ask.method.as_str())
            .uri(format!("{base_url}{}", ask.path))
            .body(Bytes::from(body))
            .unwrap();
        for (name, value) in self.default_headers.iter().chain(&ask.headers) {
            let only_with_body = " (only with a body)";
            if value.ends_with(only_with_body) && ask.body.is_none() {
                continue;
            }
            let name: HeaderName = name.parse().unwrap();
            let value = value.trim_end_matches(only_with_body).parse().unwrap();
            request.headers_mut().insert(name, value);
        }
        request
    }
}

/// The standard schemas and the extension that the exchanges name.
fn registry() -> SchemaRegistry {
    let uri: SchemaUri =
        "urn:ietf:params:scim:schemas:extension:ClinicStaff:2.0:User".parse().unwrap();
    let badge_colour: AttributeName = "badgeColour".parse().unwrap();
    let staff = SchemaDefinition::new(uri.clone(), "Clinic staff")
        .with_attribute(AttributeDefinition::new(badge_colour, AttributeType::String));
    let standard = SchemaRegistry::standard().with_schema(staff);
    let users = standard.resource_type("User").unwrap().resource_type().clone();
    let users = users.with_extension(uri, false);
    standard.without_resource_type("User").with_resource_type(users).unwrap()
}

/// Puts a fixture into a store as the service would have, with its own `id` and `meta`.
async fn load(store: &dyn ResourceStore, tenant: &Tenant, fixture: &Value) {
    let registry = registry();
    let resource_type = fixture["meta"]["resourceType"].as_str().unwrap();
    let schema = registry.resource_type(resource_type).unwrap();
    let mut resource = Resource::read(fixture.clone(), schema, Tolerances::strict()).unwrap();
    for name in ["id", "meta"] {
        resource.attributes_mut().insert(name.to_owned(), fixture[name].clone());
    }
    let key = ResourceKey::new(resource_type, resource.id().unwrap().parse().unwrap());
    let user_name = resource.text("userName").map(|name| UniqueKey::new("userName", fold(name)));
    let membership = schema.membership().map(|attribute| attribute.name.to_string());
    let new = NewResource::new(key, resource)
        .with_unique(user_name.into_iter().collect())
        .with_membership(membership);
    store.create(&Context::new(tenant.clone()), new).await.unwrap();
}
