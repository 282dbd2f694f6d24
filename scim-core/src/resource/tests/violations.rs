use serde_json::{Value, json};

use super::{ENTERPRISE, USER, read, read_device, told};
use crate::{
    resource::{Tolerances, ViolationKind},
    scim_type::ScimType,
};

const DEVICE: &str = "urn:example:Device";
const LEASE: &str = "urn:example:Lease";

#[test]
fn nothing_hides_behind_the_first_violation() {
    let body = json!({
        "schemas": [DEVICE],
        "weight": "heavy", "ports": 1.5, "bought": "yesterday", "key": "§", "manual": 1,
        "tags": ["red", 1, "blue", 2], "shape": "round",
        "case": {"model": 1, "colour": 2, "size": 3},
        "parts": [{"value": 1, "type": 2}, {"note": "no value"}, "bare", {"value": "x", "age": 1}],
        LEASE: {"until": 7, "monthly": "a lot", "rate": 1},
    });
    let error = read_device(body).unwrap_err();
    assert_eq!(
        told(&error),
        [
            "`bought` must be a date and time",
            "`case.colour` must be a string",
            "`case.model` must be a string",
            "`case.size` is not an attribute of the schema",
            "`key` must be text in base 64",
            "`manual` must be a string",
            "`parts.type` of element 0 must be a string",
            "`parts.value` of element 0 must be a string",
            "`parts.value` of element 1 is required",
            "`parts` of element 2 must be an object",
            "`parts.age` of element 3 is not an attribute of the schema",
            "`ports` must be an integer of 64 bits",
            "`shape` is not an attribute of the schema",
            "`tags` of element 1 must be a string",
            "`tags` of element 3 must be a string",
            "`schemas` must name the schemas of the resource type",
            "`urn:example:Lease:monthly` must be an integer of 64 bits",
            "`urn:example:Lease:rate` is not an attribute of the schema",
            "`urn:example:Lease:until` must be a date and time",
            "`weight` must be a number",
            "`serial` is required",
        ]
    );
}

#[test]
fn a_value_that_does_not_fit_is_not_missing_as_well() {
    let error = read_device(json!({"schemas": [DEVICE], "serial": 7})).unwrap_err();
    assert_eq!(told(&error), ["`serial` must be a string"]);
    let error = read_device(json!({"schemas": [DEVICE], "serial": "7", LEASE: 1})).unwrap_err();
    assert_eq!(told(&error), ["`urn:example:Lease` must be an object"]);
    let body = json!({"schemas": [DEVICE, LEASE], "serial": "7", LEASE: {"monthly": 1}});
    let error = read_device(body).unwrap_err();
    assert_eq!(told(&error), ["`urn:example:Lease:until` is required"]);
}

#[test]
fn the_hundred_first_violation_is_counted_only() {
    let parts: Vec<Value> = (0..1000).map(|index| json!({"value": index})).collect();
    let body = json!({"schemas": [DEVICE], "serial": "7", "parts": parts});
    let error = read_device(body).unwrap_err();
    assert_eq!((error.violations().len(), error.left_out()), (100, 900));
    assert_eq!(error.violations()[99].element(), Some(99));
    assert!(error.to_string().ends_with("; and 990 more"), "{error}");
}

#[test]
fn schemas_is_given_once_and_blamed_once() {
    let cases = [
        (json!({"schemas": [USER], "SCHEMAS": [USER]}), ViolationKind::GivenTwice),
        (json!({"Schemas": [USER], "SCHEMAS": [USER]}), ViolationKind::GivenTwice),
        (json!({"schemas": [1, "urn:example:x", ENTERPRISE]}), ViolationKind::Schemas),
        (json!({"schemas": {}}), ViolationKind::Schemas),
        (json!({"schemas": [USER], ENTERPRISE: {"department": "x"}}), ViolationKind::Schemas),
    ];
    for (mut body, kind) in cases {
        body["userName"] = "bjensen".into();
        let error = read(body.clone(), Tolerances::strict()).unwrap_err();
        let found: Vec<_> = error.violations().iter().map(|v| (v.path(), v.kind())).collect();
        assert_eq!(found, [("schemas", kind)], "{body}");
        assert_eq!(error.scim_type(), ScimType::InvalidSyntax);
    }
    assert!(read(json!({"Schemas": [USER], "userName": "b"}), Tolerances::strict()).is_ok());
}

#[test]
fn no_value_is_in_an_error() {
    let body = json!({
        "schemas": [USER], "emails[value eq \"secret\"].type": 1, "active": "secret",
        "emails": [{"value": ["secret"], "type": {"secret": 1}}], "name": "secret",
        ENTERPRISE: "secret",
    });
    let error = read(body, Tolerances::strict()).unwrap_err();
    assert_eq!(error.violations().len(), 7);
    assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
}

#[test]
fn an_array_has_a_value_with_its_type_once() {
    let parts = |parts: Value| {
        let body = json!({"schemas": [DEVICE], "serial": "7", "parts": parts});
        let read = read_device(body).unwrap();
        read.attributes()["parts"].clone()
    };
    let cases = [
        // What one has and the other has not is put together.
        (
            json!([{"value": "a", "type": "x"}, {"value": "A", "type": "X", "note": "n", "primary": true}]),
            json!([{"value": "a", "type": "x", "note": "n", "primary": true}]),
        ),
        // The same value may have several types.
        (
            json!([{"value": "a", "type": "x"}, {"value": "a", "type": "y"}]),
            json!([{"value": "a", "type": "x"}, {"value": "a", "type": "y"}]),
        ),
        // What contradicts each other is not thrown away.
        (
            json!([{"value": "a", "note": "1"}, {"value": "a", "note": "2"}, {"value": "a", "note": "2"}]),
            json!([{"value": "a", "note": "1"}, {"value": "a", "note": "2"}]),
        ),
    ];
    for (given, kept) in cases {
        assert_eq!(parts(given), kept);
    }
}
