//! The resource that the principal is.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use http::{
    HeaderName, Request,
    header::{ALLOW, ETAG, IF_MATCH, IF_NONE_MATCH, LOCATION},
    request::Parts,
};
use scim_core::ResourceId;
use scim_server::{
    Access, Authenticator, Principal, ScimService, Tenants, auth::AuthenticationError,
    store::MemoryStore,
};
use serde_json::json;

use super::{BASE, REALMS, delete, get, group, patch, post, put, request, user, with};
use crate::reply::Reply;

/// Lets everybody in, as the resource that was said last.
#[derive(Clone, Default)]
struct Door(Arc<Mutex<Option<(&'static str, ResourceId)>>>);

#[async_trait]
impl Authenticator for Door {
    async fn authenticate(&self, request: &Parts) -> Result<Principal, AuthenticationError> {
        let access = Access::to_all_tenants();
        let reads = request.headers.contains_key("read-only");
        let access = if reads { access.read_only() } else { access };
        let principal = Principal::new("somebody", access);
        Ok(match self.0.lock().unwrap().clone() {
            Some((resource_type, id)) => principal.with_resource(resource_type, id),
            None => principal,
        })
    }
}

struct House {
    service: ScimService,
    door: Door,
}

impl House {
    fn new() -> Self {
        let door = Door::default();
        let tenants = Tenants::new();
        for realm in REALMS {
            tenants.insert(realm.parse().unwrap());
        }
        let service = ScimService::builder(BASE, MemoryStore::new(), door.clone())
            .with_tenants_in_path("Realms", tenants)
            .build()
            .unwrap();
        Self { service, door }
    }

    async fn send(&self, request: Request<bytes::Bytes>) -> Reply {
        Reply::of(&self.service, request).await
    }

    /// Creates a resource, whose id whoever asks from now on has.
    async fn enter(&self, resource_type: &'static str, body: &serde_json::Value) -> String {
        let created = self.send(post(&format!("/{resource_type}s"), body)).await;
        let id = created.assert_status(201).json()["id"].as_str().unwrap().to_owned();
        *self.door.0.lock().unwrap() = Some((resource_type, id.parse().unwrap()));
        format!("/{resource_type}s/{id}")
    }
}

#[tokio::test]
async fn one_reads_and_changes_what_one_is() {
    let house = House::new();
    for (resource_type, first, second, name) in [
        ("User", user("bjensen"), user("barbara"), "userName"),
        ("Group", group("Ward 4"), group("Ward 5"), "displayName"),
    ] {
        let path = house.enter(resource_type, &first).await;
        let location = format!("{BASE}/Realms/r1{path}");
        let asked = |path: &str| with(get(path), HeaderName::from_static("x-request-id"), "1");
        let at_home = || async { house.send(asked(&path)).await };
        let read = house.send(get("/Me?attributes=meta")).await;
        assert_eq!(read.json()["meta"]["location"], location);
        let head = house.send(request("HEAD", "/Me", "")).await;
        assert_eq!((head.status, head.header(LOCATION)), (200, Some(location.as_str())));
        let read = house.send(asked("/Me")).await;
        assert_eq!(
            (read.json(), &read.headers),
            (at_home().await.json(), &at_home().await.headers)
        );
        let version = read.header(ETAG).unwrap();
        let replaced = house.send(with(put("/Me", &second), IF_MATCH, version)).await;
        assert_eq!(replaced.assert_status(200).json()[name], second[name]);
        let rename = json!([{ "op": "replace", "path": name, "value": "x" }]);
        let patched = house.send(patch("/Me", &rename)).await;
        assert_eq!(at_home().await.json()[name], "x");
        let stale = house.send(with(delete("/Me"), IF_MATCH, version)).await;
        stale.assert_error(412, None);
        let known = with(get("/Me"), IF_NONE_MATCH, patched.header(ETAG).unwrap());
        let known = house.send(known).await;
        known.assert_status(304);
        let deleted = house.send(delete("/Me")).await;
        deleted.assert_status(204);
        let gone = house.send(get("/Me")).await;
        gone.assert_error(404, None);
        for reply in [read, replaced, patched, stale, known, deleted, gone] {
            assert_eq!(reply.header(LOCATION), Some(location.as_str()), "{reply:?}");
        }
    }
}

#[tokio::test]
async fn who_is_no_resource_has_no_me() {
    let house = House::new();
    let all = || {
        ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"].map(|method| request(method, "/Me", "{}"))
    };
    for request in all() {
        let reply = house.send(request).await;
        reply.assert_error(501, None);
        assert_eq!(reply.header(LOCATION), None);
    }
    let path = house.enter("User", &user("bjensen")).await;
    // Nobody becomes something by asking for it.
    house.send(post("/Me", &user("other"))).await.assert_error(501, None);
    let reply = house.send(request("TRACE", "/Me", "")).await;
    reply.assert_error(405, None);
    assert_eq!(reply.header(ALLOW), Some("GET, HEAD, PUT, PATCH, DELETE"));
    house.send(get("/Me/more")).await.assert_error(404, None);
    house.send(get(&path)).await.assert_status(200);
}

#[tokio::test]
async fn one_is_held_to_what_one_may() {
    let house = House::new();
    house.enter("User", &user("bjensen")).await;
    let read_only = |request| with(request, HeaderName::from_static("read-only"), "true");
    house.send(read_only(get("/Me"))).await.assert_status(200);
    house.send(read_only(delete("/Me"))).await.assert_error(403, None);
    let mut elsewhere = get("/Me");
    *elsewhere.uri_mut() = "/scim/v1/Realms/r2/Me".parse().unwrap();
    house.send(elsewhere).await.assert_error(404, None);
    let other = json!({ "schemas": user("x")["schemas"], "userName": "x", "id": "other" });
    house.send(put("/Me", &other)).await.assert_error(400, Some("invalidValue"));
    // A type that the service provider does not have.
    *house.door.0.lock().unwrap() = Some(("Device", "1".parse().unwrap()));
    house.send(get("/Me")).await.assert_error(404, None);
}
