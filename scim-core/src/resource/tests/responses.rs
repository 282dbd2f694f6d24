use serde_json::{Value, json};

use super::{ENTERPRISE, USER, devices, resource, told};
use crate::{
    resource::{InvalidResource, Tolerance, Tolerances},
    schema::SchemaRegistry,
};

fn user(more: &Value) -> Value {
    let mut user = json!({
        "schemas": [USER, ENTERPRISE], "id": "2819c223", "userName": "bjensen",
        "meta": {"resourceType": "User", "created": "2010-01-23T04:56:22Z", "version": "W/\"3\""},
        "emails": [{"value": "b@example.com", "type": "work"}, {"value": "b@example.com"}],
        "groups": [{"value": "g", "$ref": "../Groups/g", "display": "Guides"}],
        "nickName": null, "roles": [],
        ENTERPRISE: {"department": "Ops", "manager": {"value": "1", "displayName": "Ann"}},
    });
    for (name, value) in more.as_object().unwrap() {
        user[name] = value.clone();
    }
    user
}

fn check(answer: &Value, tolerances: Tolerances) -> Result<(), InvalidResource> {
    let registry = SchemaRegistry::standard();
    resource(answer).check_response(registry.resource_type("User").unwrap(), tolerances)
}

#[test]
fn what_a_service_provider_answers_is_held_against_the_schema() {
    check(&user(&json!({})), Tolerances::strict()).unwrap();
    let cases = [
        (json!({"id": null}), "`id` is required"),
        (json!({"id": ""}), "`id` must be a resource id"),
        (json!({"meta": {}}), "`meta` is required"),
        (
            json!({"meta": {"resourceType": "Group"}}),
            "`meta.resourceType` must be the name of the resource type",
        ),
        (json!({"userName": null}), "`userName` is required"),
        (json!({"password": "x"}), "`password` must not be returned"),
        (json!({"NickName": "Babs"}), "`NickName` is not spelt as the schema spells it"),
        (
            json!({"emails": [{"Value": "x"}]}),
            "`emails.Value` of element 0 is not spelt as the schema spells it",
        ),
        (json!({"shoeSize": 7}), "`shoeSize` is not an attribute of the schema"),
        (json!({"active": "True"}), "`active` must be a boolean"),
        (json!({"emails": {"value": "x"}}), "`emails` must be an array"),
        (json!({"title": ["x"]}), "`title` must be a single value"),
        (json!({"name": "Babs"}), "`name` must be an object"),
        (json!({"profileUrl": "my page"}), "`profileUrl` must be a URI"),
        (
            json!({"roles": [{"value": "a"}, {"value": "A"}]}),
            "`roles` has the same `value` and `type` more than once",
        ),
        (
            json!({"roles": [{"value": "a", "primary": true}, {"value": "b", "primary": true}]}),
            "`roles` has more than one primary value",
        ),
        (json!({"schemas": [USER]}), "`schemas` must name the schemas of the resource type"),
        (json!({"schemas": [ENTERPRISE]}), "`schemas` must name the schemas of the resource type"),
        (json!({ENTERPRISE: []}), &format!("`{ENTERPRISE}` must be an object")),
        (
            json!({ENTERPRISE: {"manager": {"name": "Ann"}}}),
            &format!("`{ENTERPRISE}:manager.name` is not an attribute of the schema"),
        ),
    ];
    for (more, text) in cases {
        let error = check(&user(&more), Tolerances::strict()).unwrap_err();
        assert_eq!(told(&error), [text], "{more}");
    }
}

#[test]
fn all_that_an_answer_does_wrong_is_told() {
    let error =
        check(&json!({"password": "x", "name": {"x": 1, "givenName": 2}}), Tolerances::strict());
    assert_eq!(
        told(&error.unwrap_err()),
        [
            "`schemas` must name the schemas of the resource type",
            "`name.givenName` must be a string",
            "`name.x` is not an attribute of the schema",
            "`password` must not be returned",
            "`id` is required",
            "`meta` is required",
            "`userName` is required",
        ]
    );
}

#[test]
fn a_tolerance_lets_through_in_an_answer_what_it_does_in_a_request() {
    let cases = [
        (json!({"shoeSize": 7}), Tolerance::UnknownAttributeIgnored),
        (json!({"shoeSize": null}), Tolerance::UnknownNullAttribute),
        (json!({"active": "True"}), Tolerance::BooleanFromString),
        (json!({"emails": {"value": "x"}}), Tolerance::ArrayFromSingle),
        (json!({"schemas": [ENTERPRISE]}), Tolerance::MissingSchemas),
        (json!({"schemas": [USER]}), Tolerance::ExtensionNotDeclaredInSchemas),
        (json!({"schemas": [USER, ENTERPRISE, "urn:example:x"]}), Tolerance::UnknownSchemaUrn),
    ];
    for (more, tolerance) in cases {
        let answer = user(&more);
        assert!(check(&answer, Tolerances::strict()).is_err(), "{more}");
        check(&answer, Tolerances::strict().with(tolerance)).unwrap();
    }
}

#[test]
fn a_partial_answer_has_at_least_what_is_always_returned() {
    let registry = SchemaRegistry::standard();
    let users = registry.resource_type("User").unwrap();
    let partial =
        |answer: Value| resource(&answer).check_partial_response(users, Tolerances::strict());
    partial(json!({"schemas": [USER], "id": "1", "title": "Guide"})).unwrap();
    let error = partial(json!({"schemas": [USER], "password": "x"})).unwrap_err();
    assert_eq!(told(&error), ["`password` must not be returned", "`id` is required"]);
}

#[test]
fn every_characteristic_counts_in_an_answer() {
    let answer = json!({
        "schemas": ["urn:example:Device"], "id": "1", "meta": {"resourceType": "Device"},
        "serial": "s", "pin": "1234", "parts": [{"value": "a"}, {"note": "x"}],
        "tags": ["green", "Green"],
    });
    let registry = devices();
    let devices = registry.resource_type("Device").unwrap();
    let error = resource(&answer).check_response(devices, Tolerances::strict()).unwrap_err();
    assert_eq!(
        told(&error),
        [
            "`parts.value` of element 1 is required",
            "`pin` must not be returned",
            "`tags` has the same `value` and `type` more than once",
        ]
    );
}
