//! A response, held against what every response must be.

use bytes::Bytes;
use http::{HeaderMap, Request, Response, header};
use scim_core::SchemaUri;
use scim_server::ScimService;
use serde_json::Value;

/// Stands for an attribute's value in every request that is refused; no message may repeat it.
pub(crate) const MARKER: &str = "Zq7marker";
/// Stands for a password in every request; nothing may show it, ever.
pub(crate) const PASSWORD: &str = "Zq7secret";

#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    text: String,
}

impl Reply {
    pub(crate) async fn of(service: &ScimService, request: Request<Bytes>) -> Self {
        let what = format!("{} {}", request.method(), request.uri());
        let reply = Self::from(service.handle(request).await);
        reply.check(&what);
        reply
    }

    pub(crate) fn header(&self, name: header::HeaderName) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: `{}`", self.text))
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    #[track_caller]
    pub(crate) fn assert_status(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    /// Asserts the status and the detail code of an error.
    #[track_caller]
    pub(crate) fn assert_error(&self, status: u16, scim_type: Option<&str>) {
        self.assert_status(status);
        if self.text.is_empty() {
            // Only an answer to HEAD is let through without a body.
            return;
        }
        assert_eq!(self.json().get("scimType").and_then(Value::as_str), scim_type, "{}", self.text);
    }

    fn check(&self, what: &str) {
        let shown = format!("{} {:?} {}", self.status, self.headers, self.text);
        assert!(!shown.contains(PASSWORD), "{what} shows a password");
        if what.starts_with("HEAD ") {
            assert_eq!(self.text, "", "{what}");
            return;
        }
        let media_type = self.header(header::CONTENT_TYPE);
        if self.text.is_empty() {
            assert_eq!(media_type, None, "{what}");
            assert!(self.status < 400, "{what}: an error without a body");
            return;
        }
        assert_eq!(media_type, Some("application/scim+json"), "{what}");
        let body = self.json();
        assert!(!has_null(&body), "{what}: null is not a value: {body}");
        if self.status < 400 {
            return;
        }
        // RFC 7644 §3.12
        assert!(!shown.contains(MARKER), "{what} repeats a value: {shown}");
        assert_eq!(body["schemas"], serde_json::json!([SchemaUri::ERROR]), "{what}");
        assert_eq!(body["status"], self.status.to_string(), "{what}");
        let known = ["schemas", "status", "scimType", "detail"];
        assert!(body.as_object().unwrap().keys().all(|name| known.contains(&name.as_str())));
        assert!(body["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{what}");
    }
}

impl From<Response<Bytes>> for Reply {
    fn from(response: Response<Bytes>) -> Self {
        let (parts, body) = response.into_parts();
        let text = String::from_utf8(body.to_vec()).unwrap();
        Self { status: parts.status.as_u16(), headers: parts.headers, text }
    }
}

fn has_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(values) => values.iter().any(has_null),
        Value::Object(members) => members.values().any(has_null),
        _ => false,
    }
}
