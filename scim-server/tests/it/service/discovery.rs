//! What the service provider says of itself.

use scim_core::SchemaUri;
use scim_server::Limits;
use serde_json::{Value, json};

use super::{BASE, Server, query};

#[tokio::test]
async fn the_configuration_says_what_is_switched_on() {
    let limits = Limits::default().with_default_page(7).with_largest_page(70);
    let server = Server::with(|builder| builder.with_limits(limits));
    let config = server.read("/ServiceProviderConfig").await;
    for (feature, is_on) in [
        ("patch", true),
        ("filter", true),
        ("sort", true),
        ("etag", true),
        ("bulk", true),
        ("changePassword", false),
    ] {
        assert_eq!(config[feature]["supported"], is_on, "{feature}");
    }
    assert_eq!(config["filter"]["maxResults"], 70);
    assert_eq!(config["pagination"]["index"], true);
    assert_eq!(config["pagination"]["cursor"], true);
    assert_eq!(config["pagination"]["cursorTimeout"], 3600);
    assert_eq!(config["pagination"]["defaultPageSize"], 7);
    assert_eq!(config["pagination"]["maxPageSize"], 70);
    assert_eq!(config["authenticationSchemes"][0]["type"], "oauthbearertoken");
    assert_eq!(config["schemas"], json!([SchemaUri::SERVICE_PROVIDER_CONFIG]));
    let location = format!("{BASE}/Realms/r1/ServiceProviderConfig");
    assert_eq!(config["meta"]["location"], location);
}

#[tokio::test]
async fn every_listed_document_can_be_read_by_itself() {
    let server = Server::new();
    for (endpoint, key, expected) in [
        ("/ResourceTypes", "name", &["User", "Group"][..]),
        ("/Schemas", "id", &[SchemaUri::USER, SchemaUri::GROUP, SchemaUri::ENTERPRISE_USER]),
    ] {
        let list = server.read(endpoint).await;
        assert_eq!(list["schemas"], json!([SchemaUri::LIST_RESPONSE]));
        let documents = list["Resources"].as_array().unwrap();
        assert_eq!(list["totalResults"], documents.len());
        for document in documents {
            let name = document[key].as_str().unwrap();
            assert_eq!(server.read(&format!("{endpoint}/{name}")).await, *document);
            let location = format!("{BASE}/Realms/r1{endpoint}/{name}");
            assert_eq!(document["meta"]["location"], location);
        }
        for name in expected {
            assert!(documents.iter().any(|document| document[key] == *name), "{name}");
        }
    }
}

#[tokio::test]
async fn characteristics_are_written_as_the_rfc_spells_them() {
    let server = Server::new();
    let list = server.read("/Schemas").await;
    let allowed = [
        ("mutability", &["readOnly", "readWrite", "immutable", "writeOnly"][..]),
        ("returned", &["always", "never", "default", "request"]),
        ("uniqueness", &["none", "server", "global"]),
    ];
    let mut seen = 0;
    for schema in list["Resources"].as_array().unwrap() {
        each_attribute(schema, &mut |attribute| {
            seen += 1;
            let words = allowed.map(|(name, _)| attribute[name].as_str().unwrap());
            let is_right = allowed.iter().zip(words).all(|((_, all), word)| all.contains(&word));
            assert!(is_right, "{attribute}");
            assert!(attribute["multiValued"].is_boolean() && attribute["required"].is_boolean());
        });
    }
    assert!(seen > 100, "{seen}");
}

#[tokio::test]
async fn a_filter_is_forbidden() {
    let server = Server::new();
    for path in [
        "/Schemas",
        "/ResourceTypes",
        "/ResourceTypes/User",
        "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User",
    ] {
        let reply = server.send(query(path, "filter", r#"name eq "Zq7marker""#)).await;
        reply.assert_error(403, None);
    }
    // RFC 7644 §4: the one configuration there is takes no filter, and is read all the same.
    let config = server.read("/ServiceProviderConfig").await;
    let filtered = server.send(query("/ServiceProviderConfig", "filter", "x y z")).await;
    assert_eq!(filtered.assert_status(200).json(), config);
}

fn each_attribute(parent: &Value, look: &mut impl FnMut(&Value)) {
    for name in ["attributes", "subAttributes"] {
        for attribute in parent[name].as_array().into_iter().flatten() {
            look(attribute);
            each_attribute(attribute, look);
        }
    }
}
