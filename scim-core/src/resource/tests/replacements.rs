use serde_json::{Value, json};

use super::{ENTERPRISE, USER, devices, read, read_device, resource, told};
use crate::{
    resource::{InvalidResource, Resource, Tolerances},
    schema::SchemaRegistry,
};

const DEVICE: &str = "urn:example:Device";

/// The device after a PUT with these attributes besides its serial.
fn put(attributes: &Value) -> Result<Value, InvalidResource> {
    let stored = resource(&json!({
        "schemas": [DEVICE], "id": "1", "serial": "s1", "pin": "hash",
        "case": {"model": "m1", "colour": "red", "checked": "today"},
        "parts": [{"value": "a", "seen": "monday"}, {"value": "b", "seen": "tuesday"}],
    }));
    let mut body = attributes.clone();
    body["schemas"] = json!([DEVICE]);
    body["serial"] = body.get("serial").cloned().unwrap_or_else(|| "s1".into());
    let next =
        stored.replaced_by(read_device(body)?, devices().resource_type("Device").unwrap())?;
    let mut next = next.into_attributes();
    for same in ["schemas", "id", "serial", "pin"] {
        assert!(next.remove(same).is_some(), "{same}");
    }
    Ok(Value::Object(next))
}

#[test]
fn a_put_keeps_what_clients_cannot_set_inside_of_attributes() {
    let cases = [
        (json!({}), json!({})),
        (
            json!({"case": {"colour": "blue", "checked": "never"}}),
            json!({"case": {"model": "m1", "colour": "blue", "checked": "today"}}),
        ),
        (json!({"case": {"model": "m1"}}), json!({"case": {"model": "m1", "checked": "today"}})),
        (
            json!({"parts": [{"value": "b", "note": "n", "seen": "x"}, {"value": "c"}]}),
            json!({"parts": [{"value": "b", "note": "n", "seen": "tuesday"}, {"value": "c"}]}),
        ),
    ];
    for (body, next) in cases {
        assert_eq!(put(&body).unwrap(), next, "{body}");
    }
}

#[test]
fn a_put_tells_of_every_immutable_attribute_that_it_changes() {
    let error = put(&json!({"serial": "S1", "case": {"model": "m2"}})).unwrap_err();
    assert_eq!(
        told(&error),
        ["`serial` is immutable and has a value", "`case.model` is immutable and has a value"]
    );
}

#[test]
fn another_manager_does_not_inherit_the_name_of_the_old_one() {
    let registry = SchemaRegistry::standard();
    let users = registry.resource_type("User").unwrap();
    let stored = resource(&json!({
        "userName": "a", ENTERPRISE: {"manager": {"value": "1", "displayName": "Ann"}},
    }));
    let manager = |id: &str| {
        let body = json!({
            "schemas": [USER, ENTERPRISE], "userName": "a", ENTERPRISE: {"manager": {"value": id}},
        });
        let put = read(body, Tolerances::strict()).unwrap();
        let next: Resource = stored.replaced_by(put, users).unwrap();
        next.attributes()[ENTERPRISE]["manager"].clone()
    };
    assert_eq!(manager("1"), json!({"value": "1", "displayName": "Ann"}));
    assert_eq!(manager("2"), json!({"value": "2"}));
}
