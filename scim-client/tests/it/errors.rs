use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use scim_client::{
    Client, Error, ErrorKind, ResourceId, ResourceVersion, TransportError, User,
    scim_core::ScimType,
    transport::{FunctionTransport, TransportErrorKind},
};
use serde_json::json;

use crate::script::{Script, answer, json, with_header};

const HTML: &str = "\r\n<!doctype html><title>Sign in</title>";

fn id() -> ResourceId {
    "2819".parse().unwrap()
}

async fn get(answer: Response<Bytes>) -> Error {
    Script::new([answer]).client().api::<User>().get(&id()).await.unwrap_err()
}

async fn create(answer: Response<Bytes>) -> Error {
    let client = Script::new([answer]).client();
    client.api::<User>().create(&User::new("bjensen")).await.unwrap_err()
}

async fn list(answer: Response<Bytes>) -> Error {
    Script::new([answer]).client().api::<User>().list().first_page().await.unwrap_err()
}

#[tokio::test]
async fn each_status_has_its_kind() {
    let scim = r#"{"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "detail": "no"}"#;
    let rows = [
        (302, "", ErrorKind::NotScim, false),
        (400, scim, ErrorKind::Invalid, false),
        (400, r#"{"scimType": "uniqueness"}"#, ErrorKind::Conflict, false),
        (400, HTML, ErrorKind::NotScim, false),
        (401, "", ErrorKind::Unauthorized, false),
        (401, HTML, ErrorKind::Unauthorized, false),
        (403, scim, ErrorKind::Forbidden, false),
        (404, scim, ErrorKind::NotFound, false),
        (404, "", ErrorKind::NotFound, false),
        (404, HTML, ErrorKind::NotScim, false),
        (404, "404 page not found", ErrorKind::NotScim, false),
        (405, "", ErrorKind::Unsupported, false),
        (408, "", ErrorKind::Server, true),
        (409, "", ErrorKind::Conflict, false),
        (409, HTML, ErrorKind::Conflict, false),
        (410, "", ErrorKind::NotFound, false),
        (412, scim, ErrorKind::Precondition, false),
        (413, "", ErrorKind::TooLarge, false),
        (415, scim, ErrorKind::Invalid, false),
        (422, r#"{"scimType": "Uniqueness"}"#, ErrorKind::Conflict, false),
        (425, "", ErrorKind::Server, true),
        (428, "", ErrorKind::Precondition, false),
        (429, "slow down", ErrorKind::Throttled, true),
        (500, scim, ErrorKind::Server, true),
        (501, scim, ErrorKind::Unsupported, false),
        (502, HTML, ErrorKind::Server, true),
        (503, "", ErrorKind::Server, true),
        (505, "", ErrorKind::Server, false),
    ];
    for (status, body, kind, is_transient) in rows {
        let error = get(answer(status, body)).await;
        assert_eq!(error.kind(), kind, "{status} {body}");
        assert_eq!(error.is_transient(), is_transient, "{status} {body}");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
    }
}

#[tokio::test]
async fn a_missing_collection_is_not_a_missing_resource() {
    let error = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": 404});
    assert!(list(json(404, &error)).await.is_not_scim());
    assert!(create(json(404, &error)).await.is_not_scim());
    assert!(get(json(404, &error)).await.is_not_found());
}

#[tokio::test]
async fn a_success_that_is_no_answer_is_an_error() {
    assert_eq!(create(answer(201, "")).await.kind(), ErrorKind::Decode);
    assert_eq!(create(answer(204, "")).await.kind(), ErrorKind::Decode);
    assert_eq!(create(answer(200, "[]")).await.kind(), ErrorKind::Decode);
    assert_eq!(
        get(answer(200, r#"{"id": "1", "userName": true}"#)).await.kind(),
        ErrorKind::Decode
    );
    let failed = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "detail": "x"});
    let rows = [HTML, "{}", r#"{"message": "welcome"}"#, &failed.to_string()].map(str::to_owned);
    for body in rows {
        assert!(get(answer(200, body.clone())).await.is_not_scim(), "{body}");
        assert!(list(answer(200, body.clone())).await.is_not_scim(), "{body}");
    }
    let deleted = Script::new([answer(200, HTML)]).client().api::<User>().delete(&id()).await;
    assert!(deleted.unwrap_err().is_not_scim());
}

#[tokio::test]
async fn an_error_says_what_the_answer_said() {
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "scimType": "uniqueness",
        "detail": "bjensen@example.com is taken",
        "status": "409",
    });
    let refused = with_header(json(409, &body), "x-request-id", "r-17");
    let error = create(with_header(refused, "retry-after", "120")).await;
    assert!(error.is_conflict());
    assert_eq!(error.scim_type(), Some(&ScimType::Uniqueness));
    assert_eq!(error.detail(), Some("bjensen@example.com is taken"));
    assert_eq!(error.request_id(), Some("r-17"));
    assert_eq!(error.retry_after(), Some(Duration::from_mins(2)));
    assert_eq!(error.method().map(http::Method::as_str), Some("POST"));
    assert_eq!(error.endpoint(), Some("/Users"));
    assert_eq!(
        error.to_string(),
        "`POST /Users`: a value that must be unique is taken (409, `uniqueness`)",
    );
    assert!(!format!("{error:?}").contains("bjensen"));
}

#[tokio::test]
async fn an_error_names_neither_the_id_nor_a_word_of_the_peer() {
    let error = get(answer(400, r#"{"scimType": "bjensen", "detail": "bjensen"}"#)).await;
    assert_eq!(error.scim_type(), Some(&ScimType::Other("bjensen".to_owned())));
    assert_eq!(error.to_string(), "`GET /Users`: the service provider refuses the request (400)");
    let error = get(answer(200, r#"{"id": "1", "active": "bjensen"}"#)).await;
    assert_eq!(error.to_string(), "`GET /Users`: the answer cannot be read (200)");
    assert!(error.detail().is_some());
    assert!(!format!("{error:?}").contains("bjensen"));
    assert!(std::error::Error::source(&error).is_none());
}

#[tokio::test]
async fn a_passed_version_is_told_apart() {
    let client = Script::new([answer(412, "")]).client();
    let version = ResourceVersion::from_counter(1);
    let error = client.api::<User>().delete(&id()).if_match(version).await.unwrap_err();
    assert!(error.is_precondition_failed());
}

#[tokio::test]
async fn a_request_without_an_answer_keeps_its_cause() {
    let rows = [
        (TransportErrorKind::Connect, true),
        (TransportErrorKind::Timeout, true),
        (TransportErrorKind::Interrupted, true),
        (TransportErrorKind::BodyTooLarge, false),
        (TransportErrorKind::Other, false),
    ];
    for (kind, is_transient) in rows {
        let transport = FunctionTransport::new(move |_: Request<Bytes>| async move {
            Err(TransportError::new(kind, "the cable is out"))
        });
        let builder = Client::builder("https://scim.example.com/v2").transport(transport);
        let error = builder.build().unwrap().api::<User>().list().all().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transport);
        assert_eq!(error.is_transient(), is_transient, "{kind:?}");
        assert_eq!(error.transport_error().map(TransportError::kind), Some(kind));
        assert_eq!(error.to_string(), "`GET /Users`: there is no answer");
    }
}
