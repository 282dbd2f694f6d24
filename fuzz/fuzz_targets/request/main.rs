//! Whole HTTP requests, one after the other, to a service over `MemoryStore`.
//!
//! The input is a text such as `POST /Users - {"userName":"x"} >>> GET /Users/@U if-none-match=*`:
//! method, target, headers and body, where `@U` and `@G` stand for the identifiers of a user and a
//! group that are there. What does not make a request of the `http` crate ends the input.

#![no_main]

mod reply;

use std::{pin::pin, sync::LazyLock, task};

use bytes::Bytes;
use http::{
    HeaderName, HeaderValue, Method, Request, Response, StatusCode, Uri,
    header::{AUTHORIZATION, CONTENT_TYPE, LOCATION},
};
use libfuzzer_sys::fuzz_target;
use scim_server::{
    Access, Policy, ScimService, SystemAccounts, Tenants, Token, scim_core::SchemaRegistry,
    store::MemoryStore,
};
use serde_json::{Value, json};

const BASE: &str = "/scim/v1/Realms/clinic";
const TOKEN: &str = "a-token-for-the-fuzzer";
const REQUESTS: usize = 8;

static REGISTRY: LazyLock<SchemaRegistry> = LazyLock::new(SchemaRegistry::standard);

fuzz_target!(|text: &str| {
    let server = Server::new(text.len().is_multiple_of(4));
    for line in text.split(" >>> ").take(REQUESTS) {
        let Some(request) = server.request(line) else { break };
        server.check(request);
    }
    server.is_whole();
});

struct Server {
    service: ScimService,
    user: String,
    group: String,
}

impl Server {
    fn new(is_strict: bool) -> Self {
        let accounts = SystemAccounts::new();
        let access = Access::to_all_tenants();
        let token: Token = TOKEN.parse().expect("the token is well-formed");
        accounts.add_token("fuzzer", access, &token, None).expect("there is no other");
        let tenants = Tenants::new();
        tenants.insert("clinic".parse().expect("a name"));
        let policy = if is_strict { Policy::strict() } else { Policy::default() };
        let service = ScimService::builder("https://host/scim/v1", MemoryStore::new(), accounts)
            .with_tenants_in_path("Realms", tenants)
            .with_registry(REGISTRY.clone())
            .with_policy(policy)
            .build()
            .expect("the configuration is whole");
        let mut server = Self { service, user: String::new(), group: String::new() };
        server.user = server.create(
            "Users",
            &json!({
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "babs",
                "title": "Guide", "emails": [{ "value": "b@example.com", "type": "work" }],
            }),
        );
        server.group = server.create(
            "Groups",
            &json!({
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Ward 4",
                "members": [{ "value": server.user }],
            }),
        );
        server
    }

    fn create(&self, endpoint: &str, body: &Value) -> String {
        let request = self.request(&format!("POST /{endpoint} - {body}")).expect("a request");
        let created: Value =
            serde_json::from_slice(self.check(request).body()).expect("an answer with a body");
        created["id"].as_str().expect("it is created").to_owned()
    }

    /// The request that a line says, if it says one.
    fn request(&self, line: &str) -> Option<Request<Bytes>> {
        let line = line.replace("@U", &self.user).replace("@G", &self.group);
        let mut words = line.splitn(4, ' ');
        let method = Method::from_bytes(words.next()?.as_bytes()).ok()?;
        let target = words.next()?;
        let target: Uri = match target.strip_prefix('!') {
            Some(elsewhere) => elsewhere.parse().ok()?,
            None => format!("{BASE}{target}").parse().ok()?,
        };
        let headers = words.next().unwrap_or_default();
        let body = Bytes::copy_from_slice(words.next().unwrap_or_default().as_bytes());
        let mut request = Request::new(body);
        *request.method_mut() = method;
        *request.uri_mut() = target;
        let token = HeaderValue::from_static("Bearer a-token-for-the-fuzzer");
        request.headers_mut().insert(AUTHORIZATION, token);
        let json = HeaderValue::from_static("application/scim+json");
        request.headers_mut().insert(CONTENT_TYPE, json);
        for header in headers.split(';') {
            let Some((name, value)) = header.split_once('=') else { continue };
            let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
            request.headers_mut().append(name, HeaderValue::from_str(value).ok()?);
        }
        Some(request)
    }

    /// Holds what is true of every answer.
    fn check(&self, request: Request<Bytes>) -> Response<Bytes> {
        let is_head = request.method() == Method::HEAD;
        let mut anonymous = request.clone();
        anonymous.headers_mut().remove(AUTHORIZATION);
        let refused = self.handle(anonymous);
        assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
        reply::is_well_formed(&refused, is_head);

        let what = format!("{request:?}");
        let response = self.handle(request);
        assert!(!response.status().is_server_error() || response.status() == 501, "{what}");
        reply::is_well_formed(&response, is_head);
        if response.status() == StatusCode::CREATED {
            let location = response.headers()[LOCATION].to_str().expect("a URL is text");
            let path = location.strip_prefix("https://host/scim/v1/Realms/clinic");
            let read = self.request(&format!("GET {}", path.expect("it lies behind the base URL")));
            assert_eq!(self.handle(read.expect("a request")).status(), StatusCode::OK, "{what}");
        }
        response
    }

    /// Whatever happened, all resources can be listed, and each of them read.
    fn is_whole(&self) {
        for endpoint in ["/Users", "/Groups"] {
            let list = self.handle(self.request(&format!("GET {endpoint}")).expect("a request"));
            assert_eq!(list.status(), StatusCode::OK);
            let list: Value = serde_json::from_slice(list.body()).expect("JSON");
            let resources = list.get("Resources").and_then(Value::as_array);
            for resource in resources.into_iter().flatten() {
                let id = resource["id"].as_str().expect("every resource has an id");
                let read = self.request(&format!("GET {endpoint}/{id}")).expect("a request");
                let read = self.handle(read);
                let read: Value = serde_json::from_slice(read.body()).expect("JSON");
                assert_eq!(read, *resource);
            }
        }
    }

    /// The answer; nothing has to be waited for in memory.
    fn handle(&self, request: Request<Bytes>) -> Response<Bytes> {
        let mut answer = pin!(self.service.handle(request));
        let mut context = task::Context::from_waker(task::Waker::noop());
        loop {
            if let task::Poll::Ready(response) = answer.as_mut().poll(&mut context) {
                return response;
            }
        }
    }
}
