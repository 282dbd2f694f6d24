use serde_json::{Value, json};

use super::request;
use crate::{
    bulk::{BulkError, BulkMethod, BulkOperationResponse, BulkPath, BulkRequest, BulkResponse},
    scim_type::ScimType,
};

/// RFC 7644 §3.7.3, with the `data` of the PATCH as errata 5050 has it.
fn of_every_method() -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "failOnErrors": 1,
        "Operations": [
            {
                "method": "POST", "path": "/Users", "bulkId": "qwerty",
                "data": {
                    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
                    "userName": "Alice",
                },
            },
            {
                "method": "PUT", "path": "/Users/b7c14771-226c-4d05-8860-134711653041",
                "version": "W/\"3694e05e9dff591\"",
                "data": {
                    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
                    "id": "b7c14771-226c-4d05-8860-134711653041",
                    "userName": "Bob",
                },
            },
            {
                "method": "PATCH", "path": "/Users/5d8d29d3-342c-4b5f-8683-a3cb6763ffcc",
                "version": "W/\"edac3253e2c0ef2\"",
                "data": {
                    "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                    "Operations": [
                        {"op": "remove", "path": "nickName"},
                        {"op": "replace", "path": "userName", "value": "Dave"},
                    ],
                },
            },
            {
                "method": "DELETE", "path": "/Users/e9025315-6bea-44e1-899c-1e07454e468b",
                "version": "W/\"0ee8add0a938e1a\"",
            },
        ],
    })
}

#[test]
fn the_rfc_s_request_is_read_and_written_again() {
    let request: BulkRequest = serde_json::from_value(of_every_method()).unwrap();
    assert_eq!(request.fail_on_errors(), Some(1));
    let methods: Vec<_> = request.operations().iter().map(|o| o.method().as_str()).collect();
    assert_eq!(methods, ["POST", "PUT", "PATCH", "DELETE"]);
    assert_eq!(serde_json::to_value(&request).unwrap(), of_every_method());
}

#[test]
fn schemas_are_written_first() {
    let text = serde_json::to_string(&BulkRequest::new().with_fail_on_errors(1)).unwrap();
    assert!(text.starts_with(r#"{"schemas":["#), "{text}");
    let text = serde_json::to_string(&BulkResponse::new()).unwrap();
    assert!(text.starts_with(r#"{"schemas":["#), "{text}");
}

#[test]
fn a_request_is_read_liberally() {
    let odd = json!({
        "FailOnErrors": "1",
        "operations": [
            {"METHOD": "post", "Path": "/Users/", "BULKID": 7, "Data": {"userName": "a"}},
            {"method": " Patch ", "path": "/Users/1", "version": "", "data": [{"op": "remove"}]},
            {"method": "delete", "path": "/Users/1", "data": "left out", "more": true},
        ],
    });
    let request = BulkRequest::read(odd).unwrap();
    let strict = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "failOnErrors": 1,
        "Operations": [
            {"method": "POST", "path": "/Users", "bulkId": "7", "data": {"userName": "a"}},
            {"method": "PATCH", "path": "/Users/1", "data": {
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                "Operations": [{"op": "remove"}],
            }},
            {"method": "DELETE", "path": "/Users/1"},
        ],
    });
    assert_eq!(serde_json::to_value(&request).unwrap(), strict);
}

#[test]
fn fail_on_errors_below_one_is_none() {
    let operations = json!([{"method": "DELETE", "path": "/Users/1"}]);
    for (errors, expected) in [
        (json!(0), None),
        (json!(-1), None),
        (json!(null), None),
        (json!("3"), Some(3)),
        (json!(3.0), Some(3)),
    ] {
        let body = json!({"failOnErrors": errors, "Operations": operations});
        assert_eq!(BulkRequest::read(body).unwrap().fail_on_errors(), expected, "{errors}");
    }
}

#[test]
fn what_is_wrong_is_named_with_its_operation_and_no_value_is() {
    let path = "operation 0: `path` must be relative and begin with `/`, without query, fragment, \
                empty or dot segments";
    let method = "operation 0: `method` must be `POST`, `PUT`, `PATCH` or `DELETE`";
    let post = |member: &str, value: Value| {
        let mut post = json!({"method": "POST", "path": "/Users", "bulkId": "a", "data": {}});
        post[member] = value;
        json!({ "Operations": [post] })
    };
    let other =
        |method: &str, path: &str| json!({"Operations": [{"method": method, "path": path}]});
    let delete = json!({"method": "DELETE", "path": "/Users/1", "bulkId": "secret"});
    let cases = [
        (json!("secret"), "not a JSON object"),
        (json!({}), "`Operations` must be an array"),
        (json!({"Operations": {}}), "`Operations` must be an array"),
        (json!({"Operations": []}), "`Operations` must not be empty"),
        (json!({"failOnErrors": "secret"}), "`failOnErrors` must be an integer"),
        (json!({"Operations": [1]}), "operation 0: each of `Operations` must be an object"),
        (post("method", json!(null)), "operation 0: `method` is missing"),
        (post("method", json!("GET")), method),
        (post("path", json!(null)), "operation 0: `path` is missing"),
        (post("path", json!("Users")), path),
        (post("path", json!("https://secret.example/Users")), path),
        (post("path", json!("//secret.example/Users")), path),
        (post("path", json!("/Users/../Groups")), path),
        (post("path", json!("/Users?secret")), path),
        (post("path", json!("/")), path),
        (
            post("bulkId", json!("")),
            "operation 0: `bulkId`: a `bulkId` has 1 to 1020 bytes without control characters",
        ),
        (post("data", json!(null)), "operation 0: `data` is missing"),
        (post("data", json!("secret")), "operation 0: `data` must be an object"),
        (post("data", json!([])), "operation 0: `data` must be an object"),
        (other("PUT", "/Users/secret"), "operation 0: `data` is missing"),
        (other("DELETE", "/Users"), "operation 0: `path` must lead to a resource"),
        (
            json!({"Operations": [delete, delete]}),
            "operation 1: `bulkId` is that of an earlier operation",
        ),
    ];
    for (body, message) in cases {
        let error = BulkRequest::read(body.clone()).unwrap_err();
        assert_eq!(error.to_string(), message, "{body}");
        assert_eq!(error.operation().is_some(), message.starts_with("operation"), "{body}");
    }
}

#[test]
fn operations_that_cannot_be_done_are_set_aside() {
    let body = json!({"failOnErrors": 2, "Operations": [
        {"method": "GET", "path": "/Users/1", "bulkId": "a"},
        {"method": "POST", "path": "/Users", "data": {}},
        7,
        {"method": "put", "path": "/Users/1", "bulkId": "b", "data": 7},
        {"method": "POST", "path": "/Users", "bulkId": "", "data": {}},
        {"method": "DELETE", "path": "/Users/1", "bulkId": "c"},
    ]});
    let (request, unusable) = BulkRequest::read_usable(body.clone()).unwrap();
    assert_eq!(request.fail_on_errors(), Some(2));
    let usable: Vec<_> = request.operations().iter().map(|o| (o.method(), o.bulk_id())).collect();
    let c = "c".parse().unwrap();
    assert_eq!(usable, [(BulkMethod::Post, None), (BulkMethod::Delete, Some(&c))]);
    let told = unusable.iter().map(|operation| {
        let answer = BulkOperationResponse::to_unusable(operation, 400);
        (operation.index(), serde_json::to_value(&answer).unwrap(), operation.scim_type())
    });
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            (0, json!({"bulkId": "a", "status": "400"}), ScimType::InvalidValue),
            (2, json!({"status": "400"}), ScimType::InvalidSyntax),
            (3, json!({"method": "PUT", "bulkId": "b", "status": "400"}), ScimType::InvalidSyntax,),
            (4, json!({"method": "POST", "status": "400"}), ScimType::InvalidValue),
        ],
    );
    assert_eq!(BulkRequest::read(body).unwrap_err().operation(), Some(0));

    let twice = json!({"Operations": [
        {"method": "GET", "bulkId": "a"},
        {"method": "POST", "path": "/Users", "bulkId": "a", "data": {}},
    ]});
    let error = BulkRequest::read_usable(twice).unwrap_err();
    assert_eq!((error.operation(), error.scim_type()), (Some(1), ScimType::InvalidValue));
}

#[test]
fn what_is_wrong_has_a_detail_code() {
    let scim_type = |operation: Value| {
        let read = BulkRequest::read(json!({ "Operations": [operation] }));
        read.as_ref().map_err(BulkError::scim_type).unwrap_err()
    };
    assert_eq!(scim_type(json!([])), ScimType::InvalidSyntax);
    assert_eq!(scim_type(json!({"method": "GET"})), ScimType::InvalidValue);
}

#[test]
fn a_path_leads_to_an_endpoint_or_to_a_resource() {
    let cases = [
        ("/Users", None),
        ("/Users/", None),
        ("/Users/1", Some(("/Users", "1"))),
        ("/v2/Users/a%2Fb", Some(("/v2/Users", "a%2Fb"))),
        ("/Users/bulkId:a", Some(("/Users", "bulkId:a"))),
        ("/Users/bulkId:a/b", Some(("/Users", "bulkId:a/b"))),
    ];
    for (text, expected) in cases {
        let path: BulkPath = text.parse().unwrap();
        assert_eq!(path.resource(), expected, "{text}");
        assert_eq!(path.to_string().parse(), Ok(path), "{text}");
    }
}

#[test]
fn the_rfc_s_responses_are_read_and_written_with_a_status_that_is_text() {
    let body = |status: Value| {
        json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkResponse"],
            "Operations": [{
                "location": "https://example.com/v2/Users/92b725cd-9465-4e7d-8c16-01f8e146b87a",
                "method": "POST", "bulkId": "qwerty", "version": "W/\"4weymrEsh5O6cAEK\"",
                "status": status,
            }],
        })
    };
    for status in [json!("201"), json!(201), json!({"code": "201"}), json!({"Code": 201})] {
        let response: BulkResponse = serde_json::from_value(body(status)).unwrap();
        assert!(response.operations()[0].is_success());
        assert_eq!(serde_json::to_value(&response).unwrap(), body(json!("201")));
    }
}

#[test]
fn a_response_is_read_liberally() {
    let body = json!({
        "operations": [
            {
                "Method": "post", "BulkID": "qwerty",
                "status": {"code": "400", "description": "unparsable"},
            },
            {"method": "GET", "status": "gone", "location": null, "bulkId": ""},
            7,
        ],
    });
    let response: BulkResponse = serde_json::from_value(body).unwrap();
    let [failed, empty] = response.operations() else { panic!("two operations") };
    let expected = BulkOperationResponse::new(BulkMethod::Post, 400)
        .with_response(json!({"detail": "unparsable"}));
    assert_eq!((failed.method(), failed.status()), (expected.method(), Some(400)));
    assert_eq!(failed.response(), expected.response());
    assert_eq!(failed.bulk_id().unwrap().as_str(), "qwerty");
    assert!(!failed.is_success());
    assert_eq!(empty, &BulkOperationResponse::default());
    let empty: BulkResponse = serde_json::from_value(json!({})).unwrap();
    assert_eq!(empty, BulkResponse::new());
}

#[test]
fn an_answer_names_the_operation_that_it_answers() {
    let request = request(&json!([
        {"method": "POST", "path": "/Users", "bulkId": "qwerty", "data": {}},
    ]));
    let answer = BulkOperationResponse::to(&request.operations()[0], 409);
    let json = serde_json::to_value(&answer).unwrap();
    assert_eq!(json, json!({"method": "POST", "bulkId": "qwerty", "status": "409"}));
}
