mod replacements;
mod responses;
mod typed;
mod violations;

use serde_json::{Value, json};

use super::{InvalidResource, Resource, Tolerances, ViolationKind};
use crate::schema::{ResourceType, SchemaDefinition, SchemaRegistry};

/// A resource type that has every characteristic that those of the RFC lack.
fn devices() -> SchemaRegistry {
    let sub = |name: &str, mutability: &str| json!({"name": name, "mutability": mutability});
    let schema = json!({"id": "urn:example:Device", "attributes": [
        {"name": "serial", "required": true, "caseExact": true, "mutability": "immutable"},
        {"name": "pin", "mutability": "writeOnly"},
        {"name": "weight", "type": "decimal"}, {"name": "ports", "type": "integer"},
        {"name": "bought", "type": "dateTime"}, {"name": "key", "type": "binary"},
        {"name": "manual", "type": "reference", "referenceTypes": ["external"]},
        {"name": "tags", "multiValued": true, "canonicalValues": ["red", "blue"]},
        {"name": "case", "type": "complex", "subAttributes": [
            sub("model", "immutable"), sub("colour", "readWrite"), sub("checked", "readOnly"),
        ]},
        {"name": "parts", "type": "complex", "multiValued": true, "subAttributes": [
            {"name": "value", "required": true}, {"name": "type"}, {"name": "note"},
            {"name": "primary", "type": "boolean"}, sub("seen", "readOnly"),
        ]},
    ]});
    let extension = json!({"id": "urn:example:Lease", "attributes": [
        {"name": "until", "type": "dateTime", "required": true}, {"name": "monthly", "type": "integer"},
    ]});
    let resource_type = json!({
        "name": "Device", "endpoint": "/Devices", "schema": "urn:example:Device",
        "schemaExtensions": [{"schema": "urn:example:Lease", "required": false}],
    });
    SchemaRegistry::new()
        .with_schema(SchemaDefinition::read(schema).unwrap())
        .with_schema(SchemaDefinition::read(extension).unwrap())
        .with_resource_type(ResourceType::read(resource_type).unwrap())
        .unwrap()
}

fn read_device(body: Value) -> Result<Resource, InvalidResource> {
    let registry = devices();
    Resource::read(body, registry.resource_type("Device").unwrap(), Tolerances::strict())
}

fn resource(value: &Value) -> Resource {
    Resource::from_canonical(value.as_object().unwrap().clone())
}

/// The paths of what is wrong, with the elements, and the words for it.
fn told(error: &InvalidResource) -> Vec<String> {
    error.violations().iter().map(ToString::to_string).collect()
}

fn read(body: Value, tolerances: Tolerances) -> Result<Resource, InvalidResource> {
    let registry = SchemaRegistry::standard();
    Resource::read(body, registry.resource_type("User").unwrap(), tolerances)
}

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

#[test]
fn what_identity_providers_send_is_read_in_the_schema_s_spelling() {
    let body = json!({
        "schemas": ["urn:scim:schemas:core:2.0:User", "urn:scim:schemas:extension:enterprise:2.0"],
        "UserName": "bjensen", "active": "True", "emails": {"Value": "b@example.com", "type": "corporate", "primary": "true"},
        "roles": [], "title": null, "meta": {"resourceType": "User"}, "groups": [{"value": "g"}],
        "phoneNumbers": [{"value": "1", "type": "work"}, {"value": "1", "type": "WORK"}],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department": "Ops",
        "urn:scim:schemas:extension:enterprise:2.0": {"manager": "26118915", "unknown": null},
    });
    let user = read(body, Tolerances::default()).unwrap();
    assert_eq!(
        Value::Object(user.into_attributes()),
        json!({
            "schemas": [USER, ENTERPRISE],
            "userName": "bjensen", "active": true,
            "emails": [{"value": "b@example.com", "type": "corporate", "primary": true}],
            "phoneNumbers": [{"value": "1", "type": "work"}],
            ENTERPRISE: {"department": "Ops", "manager": {"value": "26118915"}},
        })
    );
}

#[test]
fn every_violation_is_reported_and_no_value_is() {
    let body = json!({
        "schemas": [USER], "active": "secret", "nickName": 7, "secretKey": "x",
        "emails": [{"value": "a", "primary": true}, {"value": "b", "primary": true}],
        "title": "x\u{0}y",
    });
    let error = read(body, Tolerances::default()).unwrap_err();
    let found: Vec<_> = error.violations().iter().map(|v| (v.path(), v.kind())).collect();
    assert_eq!(
        found,
        [
            ("active", ViolationKind::Type("a boolean")),
            ("emails", ViolationKind::SeveralPrimary),
            ("nickName", ViolationKind::Type("a string")),
            ("secretKey", ViolationKind::Unknown),
            ("title", ViolationKind::Text),
            ("userName", ViolationKind::Required),
        ]
    );
    assert!(!error.to_string().contains("\"secret\""), "{error}");
}

#[test]
fn the_strict_policy_takes_the_rfc_s_forms_only() {
    let refused = [
        json!({"schemas": [USER], "userName": "a", "active": "True"}),
        json!({"schemas": [USER], "userName": "a", "emails": {"value": "x"}}),
        json!({"schemas": [USER], "userName": "a", ENTERPRISE: {"department": "x"}}),
        json!({"schemas": ["urn:scim:schemas:core:2.0:User"], "userName": "a"}),
        json!({"userName": "a"}),
        json!({"schemas": [USER], "userName": "a", "shoeSize": null}),
    ];
    for body in refused {
        assert!(read(body.clone(), Tolerances::strict()).is_err(), "{body}");
        assert!(read(body.clone(), Tolerances::default()).is_ok(), "{body}");
    }
    let body = json!({"schemas": [USER], "USERNAME": "a"});
    assert!(read(body, Tolerances::strict()).is_ok());
}

#[test]
fn a_put_without_active_enables_nobody_and_keeps_what_clients_cannot_set() {
    let registry = SchemaRegistry::standard();
    let users = registry.resource_type("User").unwrap();
    let stored = json!({
        "id": "1", "userName": "a", "active": false, "password": "hash", "title": "old",
        "groups": [{"value": "g"}], "meta": {"resourceType": "User"}, ENTERPRISE: {"department": "x"},
    });
    let stored = Resource::from_canonical(stored.as_object().unwrap().clone());
    let put = read(json!({"schemas": [USER], "userName": "b"}), Tolerances::default()).unwrap();
    let next = stored.replaced_by(put, users).unwrap();
    assert_eq!(
        Value::Object(next.into_attributes()),
        json!({
            "schemas": [USER], "id": "1", "userName": "b", "active": false, "password": "hash",
            "groups": [{"value": "g"}], "meta": {"resourceType": "User"},
        })
    );
}
