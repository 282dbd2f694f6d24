use bytes::Bytes;
use http::{Request, Response};
use scim_client::{
    Client, Error, ErrorKind, TransportError,
    target::ProbeOutcome,
    transport::{FunctionTransport, TransportErrorKind},
};
use serde_json::json;

use crate::script::{Script, answer, json};

#[tokio::test]
async fn a_probe_says_how_far_it_came() {
    let empty = json(200, &json!({"totalResults": 0, "Resources": []}));
    let everybody = json(200, &json!({"totalResults": 1, "Resources": [{"id": "1"}]}));
    let invalid = json(400, &json!({"status": "400", "scimType": "invalidFilter"}));
    let rows = [
        (
            empty,
            ProbeOutcome::Ready,
            "the service provider is ready: it knows the token and filters by `externalId`",
        ),
        (
            everybody,
            ProbeOutcome::NotFilterable,
            "the service provider does not filter users by `externalId`",
        ),
        (
            invalid,
            ProbeOutcome::NotFilterable,
            "the service provider does not filter users by `externalId` (`GET /Users`: the \
             service provider refuses the request (400, `invalidFilter`))",
        ),
        (
            answer(404, "<html>"),
            ProbeOutcome::NotScim,
            "no SCIM service provider is at the base url (`GET /Users`: the answer does not come \
             from a SCIM service provider (404))",
        ),
        (
            answer(401, ""),
            ProbeOutcome::Unauthorized,
            "the service provider does not accept the token (`GET /Users`: the token is missing, \
             wrong or expired (401))",
        ),
        (
            answer(503, ""),
            ProbeOutcome::Failing,
            "the service provider answers that it failed (`GET /Users`: the service provider \
             failed (503))",
        ),
    ];
    for (answer, outcome, text) in rows {
        let script = Script::new([answer]);
        let probe = script.client().probe("externalId").await.unwrap();
        assert_eq!(probe.outcome(), outcome);
        assert_eq!(probe.to_string(), text);
        assert!(probe.is_reachable());
        assert_eq!(probe.is_ready(), outcome == ProbeOutcome::Ready);
        let uri = script.uris().remove(0);
        assert!(uri.starts_with("/Users?filter=externalId%20eq%20%22"), "{uri}");
        assert_eq!(uri.len(), "/Users?filter=externalId%20eq%20%22%22".len() + 36, "{uri}");
    }
}

#[tokio::test]
async fn a_probe_tells_nobody_from_too_much() {
    let rows = [
        (TransportErrorKind::Connect, ProbeOutcome::Unreachable),
        (TransportErrorKind::BodyTooLarge, ProbeOutcome::NotFilterable),
    ];
    for (kind, outcome) in rows {
        let transport = FunctionTransport::new(move |_: Request<Bytes>| async move {
            Err::<Response<Bytes>, _>(TransportError::new(kind, "test"))
        });
        let builder = Client::builder("https://scim.example.com").transport(transport);
        let probe = builder.build().unwrap().probe("userName").await.unwrap();
        assert_eq!(probe.outcome(), outcome);
        assert_eq!(probe.error().map(Error::kind), Some(ErrorKind::Transport));
    }
}

#[tokio::test]
async fn a_probe_needs_an_attribute() {
    let error = Script::default().client().probe("user name").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
}
