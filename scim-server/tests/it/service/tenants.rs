//! How a request tells its tenant, and that it reaches no other.

use http::header::{AUTHORIZATION, HOST};
use scim_server::{
    Access, Policy, ScimService, SystemAccounts, Token, service::TenantHosts, store::MemoryStore,
};
use serde_json::Value;

use super::{Server, get, request, user, with};
use crate::reply::Reply;

fn ask(method: &str, uri: &str, host: &[&str], token: &Token) -> http::Request<bytes::Bytes> {
    let body = if method == "POST" { user("bjensen").to_string() } else { String::new() };
    let request = http::Request::builder().method(method).uri(uri).body(body.into()).unwrap();
    let request = with(request, AUTHORIZATION, &format!("Bearer {}", token.reveal()));
    host.iter().fold(request, |request, host| with(request, HOST, host))
}

#[tokio::test]
async fn a_host_selects_among_those_that_are_known() {
    let accounts = SystemAccounts::new();
    let [one, two] = ["one", "two"]
        .map(|name| accounts.add(name, Access::to_tenant(name.parse().unwrap())).unwrap());
    let both = accounts.add("operator", Access::to_all_tenants()).unwrap();
    let hosts = TenantHosts::new();
    hosts.insert("one.example", "one".parse().unwrap(), "https://one.example/scim/").unwrap();
    let service = ScimService::builder("https://host/", MemoryStore::new(), accounts)
        .with_tenants_in_host(hosts.clone())
        .build()
        .unwrap();
    // One more while it serves, known to its clients by another name.
    let base = "https://public.example:8443/v1/two";
    assert!(hosts.insert("Two.Example:8080", "two".parse().unwrap(), base).unwrap());
    assert!(hosts.insert("x", "two".parse().unwrap(), "public.example").is_err());

    for (uri, host, token, location) in [
        ("/scim/Users", "one.example", &one, "https://one.example/scim/Users/"),
        ("/v1/two/Users", "TWO.example:8080", &two, "https://public.example:8443/v1/two/Users/"),
    ] {
        let created = Reply::of(&service, ask("POST", uri, &[host], token)).await;
        created.assert_status(201);
        let created = created.json();
        assert!(created["meta"]["location"].as_str().unwrap().starts_with(location), "{created}");
        let list = Reply::of(&service, ask("GET", uri, &[host], token)).await.json();
        assert_eq!(list["totalResults"], 1);
        let uri = format!("{uri}/{}", created["id"].as_str().unwrap());
        Reply::of(&service, ask("GET", &uri, &[host], token)).await.assert_status(200);
    }
    // What the target of the request says counts, as in RFC 9112 §3.2.2.
    let whole = ask("GET", "http://one.example/scim/Users", &["two.example:8080"], &one);
    Reply::of(&service, whole).await.assert_status(200);

    let nowhere: [(&str, &[&str], &Token); 10] = [
        ("/scim/Users", &[], &both),
        ("/scim/Users", &[""], &both),
        ("/scim/Users", &["other.example"], &both),
        ("/scim/Users", &["one.example:443"], &both),
        ("/scim/Users", &["one.example.evil"], &both),
        ("/scim/Users", &["one.example, one.example"], &both),
        ("/scim/Users", &["one.example", "one.example"], &both),
        ("/scim/Users", &["one.example@evil"], &both),
        ("/v1/two/Users", &["one.example"], &both),
        ("/scim/Users", &["one.example"], &two),
    ];
    let mut bodies = Vec::new();
    for (uri, host, token) in nowhere {
        let reply = Reply::of(&service, ask("GET", uri, host, token)).await;
        reply.assert_error(404, None);
        bodies.push(reply.text().to_owned());
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "one answer for all of them");
}

#[tokio::test]
async fn a_token_may_tell_the_tenant() {
    let accounts = SystemAccounts::new();
    let [one, two] = ["one", "two"]
        .map(|name| accounts.add(name, Access::to_tenant(name.parse().unwrap())).unwrap());
    let all = accounts.add("operator", Access::to_all_tenants()).unwrap();
    let several = Access::to_tenant("one".parse().unwrap()).and_tenant("two".parse().unwrap());
    let several = accounts.add("several", several).unwrap();
    let service = ScimService::builder("https://host/scim", MemoryStore::new(), accounts)
        .with_tenants_of_token()
        .build()
        .unwrap();
    let mut ids = Vec::new();
    for token in [&one, &two] {
        let created = Reply::of(&service, ask("POST", "/scim/Users", &[], token)).await;
        created.assert_status(201);
        let created = created.json();
        assert!(
            created["meta"]["location"].as_str().unwrap().starts_with("https://host/scim/Users/")
        );
        ids.push(created["id"].as_str().unwrap().to_owned());
    }
    for (token, own, other) in [(&one, 0, 1), (&two, 1, 0)] {
        let list = Reply::of(&service, ask("GET", "/scim/Users", &[], token)).await.json();
        assert_eq!(
            (&list["totalResults"], &list["Resources"][0]["id"]),
            (&Value::from(1), &Value::from(ids[own].as_str()))
        );
        let foreign = format!("/scim/Users/{}", ids[other]);
        Reply::of(&service, ask("GET", &foreign, &[], token)).await.assert_status(404);
    }
    for token in [&all, &several] {
        Reply::of(&service, ask("GET", "/scim/Users", &[], token)).await.assert_error(403, None);
    }
}

#[tokio::test]
async fn discovery_may_be_open_and_nothing_else() {
    let closed = Server::new();
    let policy = Policy::default().with_anonymous_discovery();
    let open = Server::with(|builder| builder.with_policy(policy));
    for path in ["/ServiceProviderConfig", "/ResourceTypes", "/Schemas", "/ResourceTypes/User"] {
        closed.send_bare(get(path)).await.assert_status(401);
        let reply = open.send_bare(get(path)).await;
        reply.assert_status(200);
        assert_eq!(reply.text(), open.send(get(path)).await.text());
        // Wrong credentials are not the same as none.
        let wrong = with(get(path), AUTHORIZATION, "Bearer wrong-token");
        open.send_bare(wrong).await.assert_status(401);
    }
    for (method, path) in [
        ("GET", "/Users"),
        ("POST", "/Users"),
        ("GET", "/Users/1"),
        ("GET", "/Me"),
        ("POST", "/Bulk"),
        ("POST", "/Schemas"),
        ("GET", "/Nothing"),
        ("GET", ""),
    ] {
        open.send_bare(request(method, path, "{}")).await.assert_error(401, None);
    }
    let mut elsewhere = get("/Schemas");
    *elsewhere.uri_mut() = "/scim/v1/Realms/nowhere/Schemas".parse().unwrap();
    open.send_bare(elsewhere).await.assert_error(401, None);
}
