use bytes::Bytes;
use http::{HeaderValue, Method, Uri, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use scim_core::{
    PatchOp, ResourceId, ResourceVersion, SearchRequest,
    patch::{PatchOperation, PatchOperationKind},
};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    base_url::BaseUrl,
    error::{Error, ErrorKind},
    transport::{Call, Idempotency, Operation},
};

/// All but `unreserved = ALPHA / DIGIT / "-" / "." / "_" / "~"` of RFC 3986 §2.3.
pub(crate) const RESERVED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A request that knows neither the base URL nor who sends it.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    operation: Operation,
    idempotency: Idempotency,
    endpoint: String,
    id: Option<ResourceId>,
    query: String,
    if_match: Option<ResourceVersion>,
    if_none_match: Option<ResourceVersion>,
    body: Option<Bytes>,
}

/// The headers that a client sends with each request.
#[derive(Clone, Debug)]
pub(crate) struct Headers {
    pub(crate) accept: HeaderValue,
    pub(crate) content_type: HeaderValue,
    pub(crate) user_agent: HeaderValue,
}

/// An `id` that a URL normalises away, so that the request would go elsewhere.
#[derive(Debug, thiserror::Error)]
#[error("the `id` cannot stand in a url")]
struct IdIsDots;

/// A resource that is no JSON object.
#[derive(Debug, thiserror::Error)]
#[error("a resource is a JSON object")]
struct NoObject;

impl Request {
    pub(crate) fn new(operation: Operation, endpoint: &str) -> Self {
        let idempotency = match operation {
            Operation::Get | Operation::List | Operation::Search | Operation::Discover => {
                Idempotency::Safe
            }
            Operation::Replace | Operation::Delete => Idempotency::Idempotent,
            Operation::Create | Operation::Patch | Operation::Bulk => Idempotency::NotIdempotent,
        };
        Self {
            operation,
            idempotency,
            endpoint: endpoint.to_owned(),
            id: None,
            query: String::new(),
            if_match: None,
            if_none_match: None,
            body: None,
        }
    }

    pub(crate) fn with_id(mut self, id: Option<ResourceId>) -> Self {
        self.id = id;
        self
    }

    pub(crate) fn with_query(mut self, query: &SearchRequest) -> Self {
        self.query = query_string(query);
        self
    }

    pub(crate) fn with_if_match(mut self, version: Option<ResourceVersion>) -> Self {
        if version.is_some() && self.idempotency != Idempotency::Safe {
            self.idempotency = Idempotency::Guarded;
        }
        self.if_match = version;
        self
    }

    pub(crate) fn with_if_none_match(mut self, version: Option<ResourceVersion>) -> Self {
        self.if_none_match = version;
        self
    }

    /// The request with the operations of a PATCH.
    pub(crate) fn with_patch(mut self, patch: &PatchOp) -> Result<Self, Error> {
        let is_absolute = patch.operations().iter().all(is_absolute);
        if self.idempotency == Idempotency::NotIdempotent && is_absolute {
            self.idempotency = Idempotency::Idempotent;
        }
        self.with_body(patch)
    }

    /// The request with a message.
    pub(crate) fn with_body(mut self, message: &impl Serialize) -> Result<Self, Error> {
        let body = serde_json::to_vec(message).map_err(|error| self.unwritable(&error))?;
        self.body = Some(Bytes::from(body));
        Ok(self)
    }

    /// The attributes of a resource, without those that are not the client's to set.
    pub(crate) fn attributes(
        &self,
        resource: &impl Serialize,
        left_out: &[&str],
    ) -> Result<Map<String, Value>, Error> {
        match serde_json::to_value(resource).map_err(|error| self.unwritable(&error))? {
            Value::Object(mut attributes) => {
                attributes
                    .retain(|name, _| !left_out.iter().any(|out| out.eq_ignore_ascii_case(name)));
                Ok(attributes)
            }
            _ => Err(self.error(ErrorKind::Request).with_source(NoObject)),
        }
    }

    /// Whether it is about one resource rather than the collection.
    pub(crate) fn has_id(&self) -> bool {
        self.id.is_some()
    }

    pub(crate) fn operation(&self) -> Operation {
        self.operation
    }

    pub(crate) fn idempotency(&self) -> Idempotency {
        self.idempotency
    }

    pub(crate) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// What it is for, at the first attempt.
    pub(crate) fn call(&self) -> Call {
        let endpoint = self.endpoint.clone();
        Call { operation: self.operation, endpoint, idempotency: self.idempotency, attempt: 1 }
    }

    /// How long its URL is below the base.
    pub(crate) fn url_length(&self) -> usize {
        self.endpoint.len() + self.query.len() + 1
    }

    fn method(&self) -> Method {
        match self.operation {
            Operation::Create | Operation::Search | Operation::Bulk => Method::POST,
            Operation::Get | Operation::List | Operation::Discover => Method::GET,
            Operation::Replace => Method::PUT,
            Operation::Patch => Method::PATCH,
            Operation::Delete => Method::DELETE,
        }
    }

    /// An error of this request.
    pub(crate) fn error(&self, kind: ErrorKind) -> Error {
        Error::new(kind).with_request(&self.method(), &self.endpoint)
    }

    /// The request as it is sent (RFC 7644 §3.1).
    pub(crate) fn to_http(
        &self,
        base: &BaseUrl,
        headers: &Headers,
    ) -> Result<http::Request<Bytes>, Error> {
        let mut request = http::Request::new(self.body.clone().unwrap_or_default());
        *request.method_mut() = self.method();
        *request.uri_mut() = self.uri(base)?;
        let fields = request.headers_mut();
        fields.insert(header::ACCEPT, headers.accept.clone());
        fields.insert(header::USER_AGENT, headers.user_agent.clone());
        if self.body.is_some() {
            fields.insert(header::CONTENT_TYPE, headers.content_type.clone());
        }
        for (name, version) in
            [(header::IF_MATCH, &self.if_match), (header::IF_NONE_MATCH, &self.if_none_match)]
        {
            if let Some(version) = version {
                let version = HeaderValue::from_str(version.as_str())
                    .map_err(|error| self.error(ErrorKind::Request).with_source(error))?;
                fields.insert(name, version);
            }
        }
        Ok(request)
    }

    fn uri(&self, base: &BaseUrl) -> Result<Uri, Error> {
        let mut uri = format!("{base}{}", self.endpoint);
        if let Some(id) = &self.id {
            // Dots are unreserved, and `%2E` is as good as one: RFC 3986 §6.2.2.
            if matches!(id.as_str(), "." | "..") {
                return Err(self.error(ErrorKind::Request).with_source(IdIsDots));
            }
            uri.push('/');
            uri.extend(utf8_percent_encode(id.as_str(), RESERVED));
        }
        if !self.query.is_empty() {
            uri.push('?');
            uri.push_str(&self.query);
        }
        Uri::try_from(uri).map_err(|error| self.error(ErrorKind::Request).with_source(error))
    }

    fn unwritable(&self, error: &serde_json::Error) -> Error {
        self.error(ErrorKind::Request).with_detail(Some(error.to_string()))
    }
}

/// The parameters of RFC 7644 §3.4.2, Table 3, §3.4.2.3, §3.4.2.4 and §3.9.
fn query_string(query: &SearchRequest) -> String {
    let encoded = |text: &str| utf8_percent_encode(text, RESERVED).to_string();
    let names =
        |names: &Vec<String>| names.iter().map(|name| encoded(name)).collect::<Vec<_>>().join(",");
    let text = |text: &String| encoded(text);
    let parameters = [
        ("filter", query.filter.as_ref().map(text)),
        ("attributes", query.attributes.as_ref().map(names)),
        ("excludedAttributes", query.excluded_attributes.as_ref().map(names)),
        ("sortBy", query.sort_by.as_ref().map(text)),
        ("sortOrder", query.sort_order.as_ref().map(text)),
        ("startIndex", query.start_index.map(|index| index.to_string())),
        ("count", query.count.map(|count| count.to_string())),
        // Cursors of some service providers hold `+`, `/` and `=`, so they are encoded, too.
        ("cursor", query.cursor.as_ref().map(text)),
    ];
    let given =
        parameters.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", value?)));
    given.collect::<Vec<_>>().join("&")
}

/// Whether doing it twice is as good as doing it once.
///
/// An addition may double an element where a service provider does not compare; `members` are
/// compared everywhere, and a value that is no element takes the place of the one before.
fn is_absolute(operation: &PatchOperation) -> bool {
    let is_plain = |value: &Value| !value.is_object() && !value.is_array();
    match (operation.op, &operation.path, &operation.value) {
        (PatchOperationKind::Replace | PatchOperationKind::Remove, _, _) => true,
        (PatchOperationKind::Add, Some(path), value) => {
            let is_members = path
                .attribute()
                .is_some_and(|attribute| attribute.as_str().eq_ignore_ascii_case("members"));
            is_members || value.as_ref().is_some_and(is_plain)
        }
        (PatchOperationKind::Add, None, Some(Value::Object(attributes))) => {
            attributes.values().all(is_plain)
        }
        (PatchOperationKind::Add, None, _) => false,
    }
}
