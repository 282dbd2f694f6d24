use bytes::Bytes;
use http::{HeaderValue, Method, Uri, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use scim_core::{ResourceId, ResourceVersion, SearchRequest};
use serde::Serialize;
use serde_json::Value;

use crate::{
    base_url::BaseUrl,
    error::{Error, ErrorKind},
};

/// All but `unreserved = ALPHA / DIGIT / "-" / "." / "_" / "~"` of RFC 3986 §2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A request that knows neither the base URL nor who sends it.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    method: Method,
    endpoint: String,
    id: Option<ResourceId>,
    query: String,
    if_match: Option<ResourceVersion>,
    body: Option<Bytes>,
}

/// The headers that a client sends with each request.
#[derive(Clone, Debug)]
pub(crate) struct Headers {
    pub(crate) authorization: Option<HeaderValue>,
    pub(crate) user_agent: HeaderValue,
}

/// An `id` that a URL normalises away, so that the request would go elsewhere.
#[derive(Debug, thiserror::Error)]
#[error("the `id` cannot stand in a url")]
struct IdIsDots;

impl Request {
    pub(crate) fn new(method: Method, endpoint: &str) -> Self {
        Self {
            method,
            endpoint: endpoint.to_owned(),
            id: None,
            query: String::new(),
            if_match: None,
            body: None,
        }
    }

    pub(crate) fn with_id(mut self, id: ResourceId) -> Self {
        self.id = Some(id);
        self
    }

    pub(crate) fn with_query(mut self, query: &SearchRequest) -> Self {
        self.query = query_string(query);
        self
    }

    pub(crate) fn with_if_match(mut self, version: Option<ResourceVersion>) -> Self {
        self.if_match = version;
        self
    }

    /// The request with a message.
    pub(crate) fn with_body(mut self, message: &impl Serialize) -> Result<Self, Error> {
        let body = serde_json::to_vec(message).map_err(|error| self.unwritable(&error))?;
        self.body = Some(Bytes::from(body));
        Ok(self)
    }

    /// The request with a resource, without the attributes that are not the client's to set.
    pub(crate) fn with_resource(
        self,
        resource: &impl Serialize,
        left_out: &[&str],
    ) -> Result<Self, Error> {
        let mut json = serde_json::to_value(resource).map_err(|error| self.unwritable(&error))?;
        if let Value::Object(attributes) = &mut json {
            attributes.retain(|name, _| !left_out.iter().any(|out| out.eq_ignore_ascii_case(name)));
        }
        self.with_body(&json)
    }

    /// Whether it is about one resource rather than the collection.
    pub(crate) fn has_id(&self) -> bool {
        self.id.is_some()
    }

    /// An error of this request.
    pub(crate) fn error(&self, kind: ErrorKind) -> Error {
        Error::new(kind).with_request(&self.method, &self.endpoint)
    }

    /// The request as it is sent (RFC 7644 §3.1).
    pub(crate) fn to_http(
        &self,
        base: &BaseUrl,
        headers: &Headers,
    ) -> Result<http::Request<Bytes>, Error> {
        const ACCEPT: HeaderValue =
            HeaderValue::from_static("application/scim+json, application/json;q=0.9");
        const CONTENT_TYPE: HeaderValue = HeaderValue::from_static("application/scim+json");

        let mut request = http::Request::new(self.body.clone().unwrap_or_default());
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.uri(base)?;
        let fields = request.headers_mut();
        fields.insert(header::ACCEPT, ACCEPT);
        fields.insert(header::USER_AGENT, headers.user_agent.clone());
        if let Some(authorization) = &headers.authorization {
            fields.insert(header::AUTHORIZATION, authorization.clone());
        }
        if self.body.is_some() {
            fields.insert(header::CONTENT_TYPE, CONTENT_TYPE);
        }
        if let Some(version) = &self.if_match {
            let version = HeaderValue::from_str(version.as_str())
                .map_err(|error| self.error(ErrorKind::Request).with_source(error))?;
            fields.insert(header::IF_MATCH, version);
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
        uri.parse().map_err(|error: http::uri::InvalidUri| {
            self.error(ErrorKind::Request).with_source(error)
        })
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
    ];
    let given =
        parameters.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", value?)));
    given.collect::<Vec<_>>().join("&")
}
