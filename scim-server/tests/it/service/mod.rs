//! `ScimService` over HTTP, without a network.

#[cfg(all(feature = "tower", feature = "axum"))]
mod adapters;
mod audit;
mod authentication;
mod authorisation;
mod bodies;
mod bulk;
mod configuration;
mod cursors;
mod discovery;
mod failures;
mod fit;
mod logs;
mod me;
mod membership;
mod panics;
mod password;
mod policies;
mod queries;
mod races;
mod rates;
mod routes;
mod search;
mod strictness;
mod suites;
mod tenants;
mod tolerance;
mod uniqueness;
mod versions;

use std::sync::Arc;

use bytes::Bytes;
use http::{
    HeaderName, HeaderValue, Method, Request,
    header::{AUTHORIZATION, CONTENT_TYPE},
};
use scim_core::SchemaUri;
use scim_server::{
    Access, Context, ResourceStore, ScimService, ScimServiceBuilder, SystemAccounts, Tenants,
    Token,
    store::{MemoryStore, SqliteStore, StoreQuery, StoredResource},
};
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use crate::reply::Reply;

pub(crate) const BASE: &str = "https://host.example/scim/v1";
pub(crate) const REALMS: [&str; 2] = ["r1", "r2"];

/// A service of two realms, with an account for each of them and one that only reads.
pub(crate) struct Server {
    pub(crate) service: ScimService,
    pub(crate) store: Arc<dyn ResourceStore>,
    pub(crate) accounts: SystemAccounts,
    pub(crate) writer: Token,
    pub(crate) reader: Token,
    pub(crate) stranger: Token,
}

impl Server {
    pub(crate) fn new() -> Self {
        Self::with(|builder| builder)
    }

    pub(crate) fn with(change: impl FnOnce(ScimServiceBuilder) -> ScimServiceBuilder) -> Self {
        Self::over(Arc::new(MemoryStore::new()), change)
    }

    pub(crate) fn over(
        store: Arc<dyn ResourceStore>,
        change: impl FnOnce(ScimServiceBuilder) -> ScimServiceBuilder,
    ) -> Self {
        let [r1, r2] = REALMS.map(|realm| Access::to_tenant(realm.parse().unwrap()));
        let accounts = SystemAccounts::new();
        let writer = accounts.add("writer", r1.clone()).unwrap();
        let reader = accounts.add("reader", r1.read_only()).unwrap();
        let stranger = accounts.add("stranger", r2).unwrap();
        let tenants = Tenants::new();
        for realm in REALMS {
            tenants.insert(realm.parse().unwrap());
        }
        let builder = ScimService::builder(BASE, Arc::clone(&store), accounts.clone())
            .with_tenants_in_path("Realms", tenants);
        let service = change(builder).build().unwrap();
        Self { service, store, accounts, writer, reader, stranger }
    }

    /// Sends a request with the token of the realm's writer.
    pub(crate) async fn send(&self, request: Request<Bytes>) -> Reply {
        self.send_as(&self.writer, request).await
    }

    pub(crate) async fn send_as(&self, token: &Token, request: Request<Bytes>) -> Reply {
        self.send_bare(with(request, AUTHORIZATION, &format!("Bearer {}", token.reveal()))).await
    }

    pub(crate) async fn send_bare(&self, request: Request<Bytes>) -> Reply {
        Reply::of(&self.service, request).await
    }

    /// Sends a request that is refused and must change nothing.
    pub(crate) async fn refuse(
        &self,
        request: Request<Bytes>,
        status: u16,
        scim_type: Option<&str>,
    ) -> Reply {
        let before = self.contents().await;
        let body = request.body().slice(..request.body().len().min(200));
        let what = format!("{} {} {body:?}", request.method(), request.uri());
        let reply = self.send(request).await;
        let error = reply.json();
        let outcome = (reply.status, error.get("scimType").and_then(Value::as_str));
        assert_eq!(outcome, (status, scim_type), "{what}: {}", reply.text());
        assert_eq!(self.contents().await, before, "{what}");
        reply
    }

    /// Creates something and gives what was answered.
    pub(crate) async fn create(&self, path: &str, body: &Value) -> Value {
        let reply = self.send(post(path, body)).await;
        reply.assert_status(201);
        reply.json()
    }

    /// Creates a user of that name and gives the path to it.
    pub(crate) async fn user(&self, user_name: &str) -> String {
        let created = self.create("/Users", &user(user_name)).await;
        path_to(&created)
    }

    pub(crate) async fn read(&self, path: &str) -> Value {
        let reply = self.send(get(path)).await;
        reply.assert_status(200);
        reply.json()
    }

    /// Everything that the store holds, with versions.
    pub(crate) async fn contents(&self) -> Vec<(Map<String, Value>, String)> {
        let mut contents = Vec::new();
        for realm in REALMS {
            for resource_type in ["User", "Group"] {
                let cx = Context::new(realm.parse().unwrap());
                let page = self.store.list(&cx, &StoreQuery::new(resource_type)).await.unwrap();
                contents.extend(page.resources.into_iter().map(document_and_version));
            }
        }
        contents
    }
}

/// A server over each of the stores, and what its store lies in.
pub(crate) fn stores() -> [(Server, Option<TempDir>); 2] {
    let directory = TempDir::new().unwrap();
    let file = SqliteStore::open(directory.path().join("scim.db")).unwrap();
    let over = |store| Server::over(store, |builder| builder);
    [(over(Arc::new(MemoryStore::new())), None), (over(Arc::new(file)), Some(directory))]
}

fn document_and_version(stored: StoredResource) -> (Map<String, Value>, String) {
    let version = stored.version().to_string();
    (stored.into_resource().unwrap().into_attributes(), version)
}

/// The path behind the realm, as `meta.location` tells it.
pub(crate) fn path_to(created: &Value) -> String {
    let location = created["meta"]["location"].as_str().unwrap();
    let realm = location.strip_prefix(BASE).unwrap();
    REALMS.iter().find_map(|r| realm.strip_prefix(&format!("/Realms/{r}"))).unwrap().to_owned()
}

pub(crate) fn request(method: &str, path: &str, body: impl Into<Bytes>) -> Request<Bytes> {
    let uri = format!("/scim/v1/Realms/r1{path}");
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    Request::builder().method(method).uri(uri).body(body.into()).unwrap()
}

pub(crate) fn with_json(method: &str, path: &str, body: &Value) -> Request<Bytes> {
    with(request(method, path, body.to_string()), CONTENT_TYPE, "application/scim+json")
}

pub(crate) fn get(path: &str) -> Request<Bytes> {
    request("GET", path, "")
}

pub(crate) fn post(path: &str, body: &Value) -> Request<Bytes> {
    with_json("POST", path, body)
}

pub(crate) fn put(path: &str, body: &Value) -> Request<Bytes> {
    with_json("PUT", path, body)
}

/// A PATCH of some operations.
pub(crate) fn patch(path: &str, operations: &Value) -> Request<Bytes> {
    let body = json!({ "schemas": [SchemaUri::PATCH_OP], "Operations": operations });
    with_json("PATCH", path, &body)
}

pub(crate) fn delete(path: &str) -> Request<Bytes> {
    request("DELETE", path, "")
}

/// The request with one more field in its head.
pub(crate) fn with(mut request: Request<Bytes>, name: HeaderName, value: &str) -> Request<Bytes> {
    let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
    request.headers_mut().append(name, value);
    request
}

pub(crate) fn user(user_name: &str) -> Value {
    json!({ "schemas": [SchemaUri::USER], "userName": user_name })
}

/// A user with some more members.
pub(crate) fn user_with(more: Value) -> Value {
    let mut body = user("bjensen");
    let (Value::Object(members), Value::Object(more)) = (&mut body, more) else { panic!("{body}") };
    members.extend(more);
    body
}

pub(crate) fn group(name: &str) -> Value {
    json!({ "schemas": [SchemaUri::GROUP], "displayName": name })
}

/// A query with one parameter, encoded.
pub(crate) fn query(path: &str, name: &str, value: &str) -> Request<Bytes> {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair(name, value);
    get(&format!("{path}?{}", query.finish()))
}
