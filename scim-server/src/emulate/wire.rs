use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, header};

use super::{Error, Exchange, IdentityProvider, Report, Transport, answer::Answer, ask::Ask};

/// Where an identity provider sends to, and all that it has sent.
pub(super) struct Wire<'t> {
    pub(super) provider: IdentityProvider,
    transport: &'t dyn Transport,
    base_url: String,
    token: String,
    headers: HeaderMap,
    exchanges: Mutex<Vec<Exchange>>,
}

/// What every body of a request is.
const MEDIA_TYPE: HeaderValue = HeaderValue::from_static("application/scim+json; charset=utf-8");

impl<'t> Wire<'t> {
    /// `headers` go with every request.
    pub(super) fn new(
        provider: IdentityProvider,
        transport: &'t dyn Transport,
        base_url: &str,
        token: String,
        headers: HeaderMap,
    ) -> Self {
        let base_url = normalised(base_url).to_owned();
        Self { provider, transport, base_url, token, headers, exchanges: Mutex::default() }
    }

    pub(super) async fn send(&self, ask: Ask) -> Result<Answer, Error> {
        self.send_as(&self.token, ask).await
    }

    /// Sends a request with a token that nobody was given.
    pub(super) async fn send_unknown(&self, ask: Ask) -> Result<Answer, Error> {
        self.send_as("unknown-0000000000000000", ask).await
    }

    /// What was sent since the place, with what came back.
    pub(super) fn report_since(&self, place: usize) -> Report {
        let exchanges = self.exchanges.lock().unwrap_or_else(PoisonError::into_inner);
        Report::new(self.provider, exchanges.iter().skip(place).cloned().collect())
    }

    /// The place behind all that was sent.
    pub(super) fn place(&self) -> usize {
        self.exchanges.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    async fn send_as(&self, token: &str, ask: Ask) -> Result<Answer, Error> {
        let Ask { method, target, shown, body } = ask;
        let unanswered = |source| Error::unanswered(self.provider, &shown, source);
        let uri = format!("{}{target}", self.base_url);
        let bytes = body.map(|body| Bytes::from(body.to_string())).unwrap_or_default();
        let mut request = Request::builder()
            .method(method.clone())
            .uri(&uri)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .body(bytes.clone())
            .map_err(|error| unanswered(error.into()))?;
        let headers = request.headers_mut();
        headers.extend(self.headers.clone());
        if !bytes.is_empty() {
            headers.insert(header::CONTENT_TYPE, MEDIA_TYPE);
        }
        let (parts, body) = self.transport.send(request).await.map_err(unanswered)?.into_parts();
        let status = parts.status.as_u16();
        let exchange = Exchange {
            line: shown.clone(),
            method,
            uri,
            request: bytes,
            status,
            response: body.clone(),
        };
        self.exchanges.lock().unwrap_or_else(PoisonError::into_inner).push(exchange);
        Ok(Answer::new(self.provider, shown, status, parts.headers, body))
    }
}

impl std::fmt::Debug for Wire<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wire")
            .field("provider", &self.provider)
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}

/// The base of a URL as people paste it: with the endpoint of users, a feature flag or slashes.
fn normalised(url: &str) -> &str {
    let url = url.split(['?', '#']).next().unwrap_or_default().trim().trim_end_matches('/');
    url.strip_suffix("/Users").unwrap_or(url).trim_end_matches('/')
}

#[test]
fn a_base_url_is_taken_as_people_paste_it() {
    for url in [
        "https://host/scim",
        "https://host/scim/",
        "https://host/scim/Users",
        "https://host/scim//Users/",
        "https://host/scim?aadOptscim062020",
        " https://host/scim/Users?aadOptscim062020",
    ] {
        assert_eq!(normalised(url), "https://host/scim", "{url}");
    }
}
