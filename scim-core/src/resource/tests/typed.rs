use serde_json::{Value, json};

use super::resource;
use crate::resource::{Group, Resource, TypedResource, User};

fn there_and_back<T: TypedResource>(value: &Value) -> Value {
    let typed: T = resource(value).to_typed().unwrap();
    Value::Object(Resource::from_typed(&typed).unwrap().into_attributes())
}

#[test]
fn a_typed_resource_keeps_what_it_does_not_know() {
    let user = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:example:Badge"],
        "id": "1", "userName": "bjensen", "shoeSize": 42,
        "name": {"familyName": "Jensen", "suffix": {"deep": [1, 2.5, null]}},
        "emails": [{"value": "b@example.com", "verified": true}],
        "addresses": [{"locality": "Hollywood", "floor": 3}],
        "groups": [{"value": "g", "since": "2020"}],
        "meta": {"resourceType": "User", "etag": "x"},
        "urn:example:Badge": {"number": "4711"},
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
            "department": "Ops", "level": 7, "manager": {"value": "2", "mail": "m@example.com"},
        },
    });
    assert_eq!(there_and_back::<User>(&user), user);
    let group = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Guides",
        "members": [{"value": "1", "type": "User", "since": "2020"}], "urn:example:Team": {"x": 1},
    });
    assert_eq!(there_and_back::<Group>(&group), group);
}

#[test]
fn what_does_not_fit_a_type_is_named_without_its_value() {
    let cases = [
        (json!({"userName": 12345}), "userName"),
        (
            json!({"emails": [{"value": "a"}, {"value": "b", "primary": "12345"}]}),
            "emails[1].primary",
        ),
        (json!({"name": {"givenName": ["12345"]}}), "name.givenName"),
        (json!({"meta": {"created": "12345"}}), "meta.created"),
    ];
    for (value, path) in cases {
        let error = resource(&value).to_typed::<User>().unwrap_err();
        assert_eq!(error.path(), path);
        assert!(!format!("{error} {error:?}").contains("12345"), "{error:?}");
    }
}

#[test]
fn schemas_are_filled_in_where_a_struct_has_none() {
    let mut user = User::new("bjensen");
    user.schemas.clear();
    user.other.insert("urn:example:Badge".to_owned(), json!({"number": "4711"}));
    let resource = Resource::from_typed(&user).unwrap();
    assert_eq!(resource.attributes()["schemas"], json!([User::SCHEMA, "urn:example:Badge"]));
}
