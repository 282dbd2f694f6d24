use bytes::Bytes;
use http::{
    Response, StatusCode,
    header::{CONTENT_LENGTH, CONTENT_TYPE},
};
use serde_json::Value;

/// Holds that an answer has the form that RFC 7644 gives it, its errors (§3.12) in particular.
pub(crate) fn is_well_formed(response: &Response<Bytes>, is_head: bool) {
    let (status, headers) = (response.status(), response.headers());
    assert!(headers.contains_key("x-request-id"));
    if is_head {
        assert!(response.body().is_empty());
        return;
    }
    assert!(!headers.contains_key(CONTENT_LENGTH), "that is the server's to say");
    if response.body().is_empty() {
        assert!(matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED), "{status}");
        assert!(!headers.contains_key(CONTENT_TYPE));
        return;
    }
    assert_eq!(headers[CONTENT_TYPE], "application/scim+json");
    let body: Value = serde_json::from_slice(response.body()).expect("a body is JSON");
    holds_no_null(&body);
    if status.is_client_error() || status.is_server_error() {
        assert_eq!(body["schemas"][0], "urn:ietf:params:scim:api:messages:2.0:Error");
        assert_eq!(body["status"], status.as_str());
        assert!(body["detail"].as_str().is_some_and(|detail| !detail.is_empty()));
    }
    if status == StatusCode::UNAUTHORIZED {
        assert!(headers.contains_key("www-authenticate"));
    }
}

/// RFC 7643 §2.5: null is no value, so nobody is answered with it.
fn holds_no_null(value: &Value) {
    match value {
        Value::Null => panic!("an answer holds null"),
        Value::Array(values) => values.iter().for_each(holds_no_null),
        Value::Object(members) => members.values().for_each(holds_no_null),
        _ => {}
    }
}
