//! Code of the application that panics.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use http::request::Parts;
use scim_core::DateTime;
use scim_server::{
    Authenticator, Authorizer, Context, Principal, ResourceStore, ScimService,
    auth::{AccessRequest, AuthenticationError, AuthorizationError, Permission},
    store::{
        Expected, MemoryStore, NewResource, Page, ResourceKey, StoreError, StoreQuery,
        StoredResource, Update, Wanted,
    },
};
use serde_json::json;

use super::{BASE, Server, delete, get, patch, post, put, user};
use crate::reply::{MARKER, Reply};

/// Panics as long as it is switched on.
#[derive(Clone, Default)]
struct Switch(Arc<AtomicBool>);

impl Switch {
    fn look(&self) {
        assert!(!self.0.load(Ordering::Relaxed), "{MARKER} is broken");
    }

    fn turn(&self, on: bool) {
        self.0.store(on, Ordering::Relaxed);
    }
}

/// A store that panics in the middle of what it does.
struct Breaking(Switch, MemoryStore);

#[async_trait]
impl ResourceStore for Breaking {
    async fn create(&self, cx: &Context, new: NewResource) -> Result<StoredResource, StoreError> {
        tokio::task::yield_now().await;
        self.0.look();
        self.1.create(cx, new).await
    }

    async fn get(
        &self,
        cx: &Context,
        key: &ResourceKey,
        wanted: Wanted,
    ) -> Result<StoredResource, StoreError> {
        self.0.look();
        self.1.get(cx, key, wanted).await
    }

    async fn list(&self, cx: &Context, query: &StoreQuery) -> Result<Page, StoreError> {
        let page = self.1.list(cx, query).await;
        self.0.look();
        page
    }

    async fn update(&self, cx: &Context, update: Update) -> Result<StoredResource, StoreError> {
        self.0.look();
        self.1.update(cx, update).await
    }

    async fn delete(
        &self,
        cx: &Context,
        key: &ResourceKey,
        expected: Expected,
    ) -> Result<(), StoreError> {
        self.0.look();
        self.1.delete(cx, key, expected).await
    }
}

#[async_trait]
impl Authorizer for Switch {
    async fn authorize(
        &self,
        _: &Context,
        _: &AccessRequest<'_>,
    ) -> Result<Permission, AuthorizationError> {
        self.look();
        Ok(Permission::full())
    }
}

#[async_trait]
impl Authenticator for Switch {
    async fn authenticate(&self, _: &Parts) -> Result<Principal, AuthenticationError> {
        self.look();
        Ok(Principal::new("one", scim_server::Access::to_all_tenants()))
    }
}

fn requests(path: &str) -> [http::Request<bytes::Bytes>; 6] {
    let title = json!([{ "op": "add", "path": "title", "value": "x" }]);
    [
        get(path),
        get("/Users"),
        post("/Users", &user("other")),
        put(path, &user("bjensen")),
        patch(path, &title),
        delete(path),
    ]
}

#[tokio::test]
async fn a_panic_in_the_store_or_the_authorizer_ends_one_request_alone() {
    let (store, authorizer) = (Switch::default(), Switch::default());
    let breaking = Arc::new(Breaking(store.clone(), MemoryStore::new()));
    let server = Server::over(breaking, |b| b.with_authorizer(authorizer.clone()));
    let path = server.user("bjensen").await;
    for switch in [&store, &authorizer] {
        for request in requests(&path) {
            switch.turn(true);
            let reply = server.send(request).await;
            switch.turn(false);
            // `Reply` looks for the marker that the panic told.
            reply.assert_error(500, None);
            server.send(get(&path)).await.assert_status(200);
        }
    }
    assert_eq!(server.contents().await.len(), 1);
    for request in requests(&path) {
        assert!(server.send(request).await.status < 300);
    }
}

#[tokio::test]
async fn a_panic_in_the_authenticator_or_the_clock_ends_one_request_alone() {
    let (authenticator, clock) = (Switch::default(), Switch::default());
    let look = clock.clone();
    let service = ScimService::builder(BASE, MemoryStore::new(), authenticator.clone())
        .with_tenants_in_path("Realms", {
            let tenants = scim_server::Tenants::new();
            tenants.insert("r1".parse().unwrap());
            tenants
        })
        .with_clock(move || {
            look.look();
            DateTime::unix_epoch()
        })
        .build()
        .unwrap();
    for (switch, request) in [
        (&authenticator, get("/Users")),
        (&authenticator, get("/Schemas")),
        (&authenticator, post("/Users", &user("bjensen"))),
        (&clock, post("/Users", &user("bjensen"))),
    ] {
        switch.turn(true);
        Reply::of(&service, request).await.assert_error(500, None);
        switch.turn(false);
        Reply::of(&service, get("/Users")).await.assert_status(200);
    }
    Reply::of(&service, post("/Users", &user("bjensen"))).await.assert_status(201);
}

/// A store that panics at users whose name begins with an `x`.
struct Picky(MemoryStore);

#[async_trait]
impl ResourceStore for Picky {
    async fn create(&self, cx: &Context, new: NewResource) -> Result<StoredResource, StoreError> {
        let name = new.resource.attributes().get("userName").and_then(|name| name.as_str());
        assert!(!name.is_some_and(|name| name.starts_with('x')), "{MARKER} is broken");
        self.0.create(cx, new).await
    }

    async fn get(
        &self,
        cx: &Context,
        key: &ResourceKey,
        wanted: Wanted,
    ) -> Result<StoredResource, StoreError> {
        self.0.get(cx, key, wanted).await
    }

    async fn list(&self, cx: &Context, query: &StoreQuery) -> Result<Page, StoreError> {
        self.0.list(cx, query).await
    }

    async fn update(&self, cx: &Context, update: Update) -> Result<StoredResource, StoreError> {
        self.0.update(cx, update).await
    }

    async fn delete(
        &self,
        cx: &Context,
        key: &ResourceKey,
        expected: Expected,
    ) -> Result<(), StoreError> {
        self.0.delete(cx, key, expected).await
    }
}

#[tokio::test]
async fn a_panic_ends_one_operation_of_a_bulk_request_alone() {
    let server = Server::over(Arc::new(Picky(MemoryStore::new())), |builder| builder);
    let names = ["anna", "xaver", "bert"];
    let operations =
        names.map(|name| json!({ "method": "POST", "path": "/Users", "data": user(name) }));
    let reply = server.send(post("/Bulk", &json!({ "Operations": operations }))).await;
    assert!(!reply.assert_status(200).text().contains(MARKER));
    let answers = reply.json()["Operations"].clone();
    let statuses = answers.as_array().unwrap().iter().map(|answer| answer["status"].clone());
    assert_eq!(statuses.collect::<Vec<_>>(), ["201", "500", "201"]);
}
