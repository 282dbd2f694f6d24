use serde_json::{Value, json};

use super::{object, request, resolve};
use crate::bulk::{BulkId, BulkOperation, BulkRequest};

fn only(operation: &Value) -> BulkOperation {
    request(&json!([operation])).into_operations().remove(0)
}

/// An operation, what it refers to, and what it is once that is resolved.
type Case = (Value, &'static [&'static str], Value);

fn in_data() -> Vec<Case> {
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    let post = |data| json!({"method": "POST", "path": "/Users", "bulkId": "own", "data": data});
    vec![
        // RFC 7644 §3.7.2
        (
            post(json!({"members": [{"type": "User", "value": "bulkId:qwerty"}]})),
            &["qwerty"],
            post(json!({"members": [{"type": "User", "value": "id-qwerty"}]})),
        ),
        (
            post(json!({enterprise: {"manager": {"value": "bulkId:qwerty"}}})),
            &["qwerty"],
            post(json!({enterprise: {"manager": {"value": "id-qwerty"}}})),
        ),
        (post(json!({"a": [["bulkId:a"]]})), &["a"], post(json!({"a": [["id-a"]]}))),
        (
            post(json!({"a": "bulkId:a", "b": ["bulkId:b", "bulkId:a"]})),
            &["a", "b"],
            post(json!({"a": "id-a", "b": ["id-b", "id-a"]})),
        ),
        // What is no reference.
        (
            post(json!({"a": "see bulkId:a", "b": "bulkId:", "c": "bulkid:c", "bulkId:d": 1})),
            &[],
            post(json!({"a": "see bulkId:a", "b": "bulkId:", "c": "bulkid:c", "bulkId:d": 1})),
        ),
        (
            post(json!({"path": "a[value eq \"bulkId:a\"]"})),
            &[],
            post(json!({"path": "a[value eq \"bulkId:a\"]"})),
        ),
    ]
}

fn in_paths() -> Vec<Case> {
    let patch = |operation| {
        let data = json!({"schemas": [], "Operations": [operation]});
        json!({"method": "PATCH", "path": "/Groups/1", "data": data})
    };
    let delete = |path| json!({"method": "DELETE", "path": path});
    let by_path = |path| patch(json!({"op": "remove", "path": path}));
    let add = |value| patch(json!({"op": "add", "path": "members", "value": value}));
    vec![
        (add(json!([{"value": "bulkId:a"}])), &["a"], add(json!([{"value": "id-a"}]))),
        (by_path("members[value eq \"bulkId:a\"]"), &["a"], by_path("members[value eq \"id-a\"]")),
        (
            by_path("members[value eq \"bulkId:a\" or value eq \"x\" or value eq \"bulkId:b\"]"),
            &["a", "b"],
            by_path("members[value eq \"id-a\" or value eq \"x\" or value eq \"id-b\"]"),
        ),
        (
            by_path("members[display eq \"\\\"bulkId:a\" or value eq \"bulkId\\u003aé\"]"),
            &["é"],
            by_path("members[display eq \"\\\"bulkId:a\" or value eq \"id-é\"]"),
        ),
        (
            by_path("members[value eq \"bulkId:\\\"\"]"),
            &["\""],
            by_path("members[value eq \"id-\\\"\"]"),
        ),
        (by_path("members[value eq \"bulkId:a"), &[], by_path("members[value eq \"bulkId:a")),
        (delete("/Users/bulkId:a"), &["a"], delete("/Users/id-a")),
        (delete("/Users/bulkId:"), &[], delete("/Users/bulkId:")),
        (
            json!({"method": "PUT", "path": "/Users/bulkId:a", "data": {"b": "bulkId:b"}}),
            &["a", "b"],
            json!({"method": "PUT", "path": "/Users/id-a", "data": {"b": "id-b"}}),
        ),
    ]
}

#[test]
fn references_are_found_and_replaced_wherever_they_stand() {
    for (operation, references, resolved) in in_data().into_iter().chain(in_paths()) {
        let mut read = only(&operation);
        let found: Vec<String> = read.references().into_iter().map(String::from).collect();
        assert_eq!(found, references, "{operation}");
        resolve(&mut read);
        assert_eq!(serde_json::to_value(&read).unwrap(), resolved, "{operation}");
    }
}

#[test]
fn an_operation_with_an_unknown_reference_stays_as_it_is() {
    let operation = json!({
        "method": "PUT", "path": "/Users/bulkId:a", "data": {"x": "bulkId:a", "y": "bulkId:secret"},
    });
    let mut read = only(&operation);
    let id = "id-a".parse().unwrap();
    let error = read.resolve(|bulk_id| (bulk_id.as_str() == "a").then_some(&id)).unwrap_err();
    assert_eq!(error.bulk_id().as_str(), "secret");
    assert!(!error.to_string().contains("secret"));
    assert_eq!(serde_json::to_value(&read).unwrap(), operation);
}

#[test]
fn what_is_postponed_is_whole_values() {
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    let cases = [
        (
            json!({
                "userName": "a",
                "members": [{"value": "bulkId:b", "type": "User"}, {"value": "bulkId:c"}],
                enterprise: {"employeeNumber": "1", "manager": {"value": "bulkId:b"}},
                "single": "bulkId:b",
                "name": {"familyName": "x", "givenName": "bulkId:b"},
            }),
            json!({
                "userName": "a",
                "members": [{"value": "bulkId:c"}],
                enterprise: {"employeeNumber": "1"},
            }),
            json!({
                "members": [{"value": "bulkId:b", "type": "User"}],
                enterprise: {"manager": {"value": "bulkId:b"}},
                "single": "bulkId:b",
                "name": {"familyName": "x", "givenName": "bulkId:b"},
            }),
        ),
        (
            json!({"members": ["bulkId:b"], "empty": []}),
            json!({"empty": []}),
            json!({"members": ["bulkId:b"]}),
        ),
    ];
    for (data, now, later) in cases {
        let bulk_id = |text: &str| text.parse::<BulkId>().unwrap();
        let endpoint = "/Users".parse().unwrap();
        let mut operation = BulkOperation::post(endpoint, bulk_id("own"), object(data));
        let rest = operation.postpone(&[bulk_id("b")]);
        assert_eq!(json!(operation.data()), now);
        let add = json!([{"op": "add", "value": later}]);
        assert_eq!(rest.data().unwrap()["Operations"], add);
        assert_eq!(rest.references(), [bulk_id("own"), bulk_id("b")]);
    }
}

#[test]
fn a_completion_is_a_patch_that_can_be_read() {
    let data = object(json!({"manager": {"value": "bulkId:own"}}));
    let mut operation =
        BulkOperation::post("/Users".parse().unwrap(), "own".parse().unwrap(), data);
    let rest = operation.postpone(&["own".parse().unwrap()]);
    let json = serde_json::to_value(BulkRequest::new().with_operation(rest.clone())).unwrap();
    assert_eq!(BulkRequest::read(json).unwrap().operations(), std::slice::from_ref(&rest));
    let body = Value::Object(rest.into_data().unwrap());
    assert!(serde_json::from_value::<crate::PatchOp>(body).is_ok());
}
