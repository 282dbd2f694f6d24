//! A store and an authenticator that fail.

use std::sync::Arc;

use async_trait::async_trait;
use http::{
    header::{IF_MATCH, RETRY_AFTER, WWW_AUTHENTICATE},
    request::Parts,
};
use scim_core::ResourceVersion;
use scim_server::{
    Authenticator, Context, Principal, ResourceStore, ScimService,
    auth::AuthenticationError,
    store::{
        Expected, MemoryStore, NewResource, Page, ResourceKey, StoreError, StoreQuery,
        StoredResource, Update, Wanted,
    },
};
use serde_json::json;

use super::{BASE, Server, delete, get, patch, post, put, user, with};
use crate::reply::{MARKER, Reply};

/// A store that fails in one way.
struct Failing(fn() -> StoreError);

/// A store in which another write always comes first.
struct Contended;

#[async_trait]
impl ResourceStore for Failing {
    async fn create(&self, _: &Context, _: NewResource) -> Result<StoredResource, StoreError> {
        Err(self.0())
    }

    async fn get(
        &self,
        _: &Context,
        _: &ResourceKey,
        _: Wanted,
    ) -> Result<StoredResource, StoreError> {
        Err(self.0())
    }

    async fn list(&self, _: &Context, _: &StoreQuery) -> Result<Page, StoreError> {
        Err(self.0())
    }

    async fn update(&self, _: &Context, _: Update) -> Result<StoredResource, StoreError> {
        Err(self.0())
    }

    async fn delete(&self, _: &Context, _: &ResourceKey, _: Expected) -> Result<(), StoreError> {
        Err(self.0())
    }
}

#[async_trait]
impl ResourceStore for Contended {
    async fn create(&self, _: &Context, _: NewResource) -> Result<StoredResource, StoreError> {
        Err(StoreError::VersionMismatch)
    }

    async fn get(
        &self,
        _: &Context,
        _: &ResourceKey,
        _: Wanted,
    ) -> Result<StoredResource, StoreError> {
        Ok(found())
    }

    async fn list(&self, _: &Context, _: &StoreQuery) -> Result<Page, StoreError> {
        Ok(Page::default())
    }

    async fn update(&self, _: &Context, _: Update) -> Result<StoredResource, StoreError> {
        Err(StoreError::VersionMismatch)
    }

    async fn delete(&self, _: &Context, _: &ResourceKey, _: Expected) -> Result<(), StoreError> {
        Err(StoreError::VersionMismatch)
    }
}

/// The user that a contended store holds.
fn found() -> StoredResource {
    let user = json!({ "id": "1", "userName": "bjensen", "meta": { "resourceType": "User" } });
    let attributes = user.as_object().unwrap().clone();
    let resource = scim_core::Resource::from_canonical(attributes);
    StoredResource::new(resource, ResourceVersion::from_counter(1))
}

#[tokio::test]
async fn a_store_that_fails_is_answered_without_its_secrets() {
    let unavailable = || StoreError::unavailable(format!("no route to {MARKER}"));
    let internal = || StoreError::internal(format!("no table {MARKER}"));
    let unsupported = || StoreError::Unsupported { attribute: "title".to_owned() };
    let rows: [(Failing, u16, Option<&str>); 5] = [
        (Failing(unsupported), 400, Some("invalidValue")),
        (Failing(unavailable), 503, None),
        (Failing(internal), 500, None),
        (Failing(|| StoreError::TooMany), 400, Some("tooMany")),
        (Failing(|| StoreError::NotFound), 404, None),
    ];
    let title = json!([{ "op": "add", "path": "title", "value": "x" }]);
    for (store, status, scim_type) in rows {
        let server = Server::over(Arc::new(store), |builder| builder);
        for request in [
            get("/Users"),
            get("/Users/1"),
            post("/Users", &user("bjensen")),
            put("/Users/1", &user("bjensen")),
            patch("/Users/1", &title),
            delete("/Users/1"),
        ] {
            // `Reply` looks for the marker.
            let reply = server.send(request).await;
            reply.assert_error(status, scim_type);
            assert_eq!(reply.header(RETRY_AFTER).is_some(), status == 503);
        }
    }
}

#[tokio::test]
async fn a_write_that_others_always_precede_is_given_up() {
    let server = Server::over(Arc::new(Contended), |builder| builder);
    let title = json!([{ "op": "add", "path": "title", "value": "x" }]);
    for request in [put("/Users/1", &user("other")), patch("/Users/1", &title)] {
        let reply = server.send(request.clone()).await;
        reply.assert_error(503, None);
        assert!(reply.header(RETRY_AFTER).is_some());
        // Whoever names a version is told at once.
        let reply = server.send(with(request, IF_MATCH, "W/\"1\"")).await;
        reply.assert_error(412, None);
    }
}

/// An authenticator whose directory is down.
struct Down;

#[async_trait]
impl Authenticator for Down {
    async fn authenticate(&self, _: &Parts) -> Result<Principal, AuthenticationError> {
        Err(AuthenticationError::Unavailable(format!("no route to {MARKER}").into()))
    }
}

#[tokio::test]
async fn credentials_that_cannot_be_checked_are_not_the_client_s_fault() {
    let service = ScimService::builder(BASE, MemoryStore::new(), Down)
        .with_tenant("r1".parse().unwrap())
        .build()
        .unwrap();
    let reply = Reply::of(&service, get("/Users")).await;
    reply.assert_error(503, None);
    assert_eq!(reply.header(WWW_AUTHENTICATE), None);
    assert!(reply.header(RETRY_AFTER).is_some());
}
