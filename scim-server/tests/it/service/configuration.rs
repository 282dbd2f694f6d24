//! How a service is put together.

use bytes::Bytes;
use http::{Request, header::AUTHORIZATION};
use scim_server::{
    Access, ScimService, SystemAccounts, Tenants, service::InvalidConfiguration, store::MemoryStore,
};

use crate::reply::Reply;

#[test]
fn a_base_url_has_a_scheme_and_a_host() {
    let build = |base_url: &str| {
        ScimService::builder(base_url, MemoryStore::new(), SystemAccounts::new())
            .with_tenant("clinic".parse().unwrap())
            .build()
    };
    for base_url in ["https://host", "http://host:8080/scim", "https://host/scim/v1/"] {
        assert!(build(base_url).is_ok(), "{base_url}");
    }
    for base_url in
        ["", "/", "host", "host/scim", "/scim", "ftp://host/", "https://", "https://h/?x=1"]
    {
        assert_eq!(build(base_url).unwrap_err(), InvalidConfiguration::BaseUrl, "{base_url}");
    }
}

#[test]
fn tenants_must_be_spoken_of() {
    let builder = ScimService::builder("https://host", MemoryStore::new(), SystemAccounts::new());
    assert_eq!(builder.build().unwrap_err(), InvalidConfiguration::Tenancy);
}

#[tokio::test]
async fn a_single_tenant_lies_right_behind_the_base_url() {
    for (base_url, path) in [
        ("https://host", "/Users"),
        ("https://host/", "/Users"),
        ("https://host/scim/v2/", "/scim/v2/Users"),
        ("http://host:8080/scim", "/scim/Users/"),
    ] {
        let accounts = SystemAccounts::new();
        let token = accounts.add("writer", Access::to_tenant("clinic".parse().unwrap())).unwrap();
        let service = ScimService::builder(base_url, MemoryStore::new(), accounts)
            .with_tenant("clinic".parse().unwrap())
            .build()
            .unwrap();
        let request = Request::post(path)
            .header(AUTHORIZATION, format!("Bearer {}", token.reveal()))
            .body(Bytes::from(r#"{"userName": "bjensen"}"#))
            .unwrap();
        let reply = Reply::of(&service, request).await;
        reply.assert_status(201);
        let created = reply.json();
        let endpoint = format!("{}/Users/", base_url.trim_end_matches('/'));
        let location = format!("{endpoint}{}", created["id"].as_str().unwrap());
        assert_eq!(created["meta"]["location"], location);
    }
}

#[tokio::test]
async fn a_realm_can_open_while_it_serves() {
    let accounts = SystemAccounts::new();
    let token = accounts.add("operator", Access::to_all_tenants()).unwrap();
    let tenants = Tenants::new();
    let service = ScimService::builder("https://host", MemoryStore::new(), accounts)
        .with_tenants_in_path("Realms", tenants.clone())
        .build()
        .unwrap();
    let status = async || {
        let request = Request::get("/Realms/new/Users")
            .header(AUTHORIZATION, format!("Bearer {}", token.reveal()))
            .body(Bytes::new())
            .unwrap();
        Reply::of(&service, request).await.status
    };
    assert_eq!(status().await, 404);
    assert!(tenants.insert("new".parse().unwrap()) && !tenants.insert("new".parse().unwrap()));
    assert_eq!(status().await, 200);
}
