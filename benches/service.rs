//! Whole requests, in process: everything but the socket.
#![allow(missing_docs, reason = "criterion's macros make undocumented functions")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a bench reports by panicking")]

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use bytes::Bytes;
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use http::{Request, Response};
use scim_server::{
    Access, ResourceStore, ScimService, SystemAccounts,
    store::{MemoryStore, SqliteStore},
};
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};

const USERS: usize = 1000;
const TOKEN: &str = "a-token-for-the-bench";

struct Bench {
    service: ScimService,
    runtime: Runtime,
    ids: Vec<String>,
}

fn user(number: usize) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": format!("user{number}@example.com"), "externalId": format!("ext-{number}"),
        "name": {"givenName": "Barbara", "familyName": "Jensen"}, "active": true,
        "emails": [{"value": format!("user{number}@example.com"), "type": "work", "primary": true}],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "Ops"},
    })
}

impl Bench {
    fn new(store: Arc<dyn ResourceStore>) -> Self {
        let accounts = SystemAccounts::new();
        let access = Access::to_all_tenants();
        accounts.add_token("bench", access, &TOKEN.parse().unwrap(), None).unwrap();
        let service = ScimService::builder("http://localhost/scim", store, accounts)
            .with_tenant("bench".parse().unwrap())
            .build()
            .unwrap();
        let runtime = Builder::new_current_thread().build().unwrap();
        let mut bench = Self { service, runtime, ids: Vec::new() };
        for number in 0..USERS {
            let created: Value = serde_json::from_slice(bench.create(number).body()).unwrap();
            bench.ids.push(created["id"].as_str().unwrap().to_owned());
        }
        bench
    }

    fn send(&self, method: &str, path: &str, body: Bytes) -> Response<Bytes> {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {TOKEN}"))
            .body(body)
            .unwrap();
        self.runtime.block_on(self.service.handle(request))
    }

    fn create(&self, number: usize) -> Response<Bytes> {
        let response = self.send("POST", "/scim/Users", user(number).to_string().into());
        assert_eq!(response.status(), 201);
        response
    }
}

fn requests(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let sqlite = SqliteStore::open(folder.path().join("bench.sqlite")).unwrap();
    let stores: [(&str, Arc<dyn ResourceStore>); 2] =
        [("memory", Arc::new(MemoryStore::new())), ("sqlite", Arc::new(sqlite))];
    let mut group = criterion.benchmark_group("service");
    for (name, store) in stores {
        let bench = Bench::new(store);
        let next = AtomicUsize::new(0);
        let number = || next.fetch_add(1, Ordering::Relaxed);
        group.bench_function(BenchmarkId::new("get", name), |b| {
            b.iter(|| {
                let path = format!("/scim/Users/{}", bench.ids[number() % USERS]);
                assert_eq!(bench.send("GET", &path, Bytes::new()).status(), 200);
            });
        });
        group.bench_function(BenchmarkId::new("filter userName", name), |b| {
            b.iter(|| {
                let query = format!("userName%20eq%20%22user{}%40example.com%22", number() % USERS);
                let path = format!("/scim/Users?filter={query}");
                assert_eq!(bench.send("GET", &path, Bytes::new()).status(), 200);
            });
        });
        group.bench_function(BenchmarkId::new("create", name), |b| {
            b.iter(|| bench.create(USERS + number()));
        });
    }
}

criterion_group!(benches, requests);
criterion_main!(benches);
