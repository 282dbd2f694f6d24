//! The protocol over HTTP, without a framework.

mod body;
mod builder;
mod bulk;
mod limits;
mod list_writer;
mod location;
mod me;
mod policy;
mod query;
mod rate;
mod respond;
mod route;
mod search;
mod tenancy;
mod tenant_hosts;

use std::{sync::Arc, time::Instant};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, Response, request::Parts};
use tracing::{Instrument, field};

pub use builder::{InvalidConfiguration, ScimServiceBuilder};
pub use limits::Limits;
pub use policy::{PatchAnswer, Policy, UnknownMembers};
pub use tenant_hosts::TenantHosts;

use self::{
    rate::RateLimiter,
    tenancy::{BaseUrl, Tenancy},
};
use crate::{
    audit::{AuditSink, Trail, Write},
    auth::{AuthenticationError, Authenticator},
    catch_panic::catch_panic,
    error::Error,
    operation::Operations,
    request_id::RequestId,
};

/// A service provider: one request in, one response out ([RFC 7644]).
///
/// It needs no framework and no runtime of its own. Cloning is cheap.
///
/// [RFC 7644]: https://www.rfc-editor.org/rfc/rfc7644
#[derive(Clone)]
pub struct ScimService(Arc<Inner>);

struct Inner {
    operations: Operations,
    authenticator: Box<dyn Authenticator>,
    audit: Option<Arc<dyn AuditSink>>,
    base: BaseUrl,
    tenancy: Tenancy,
    rate: Option<RateLimiter>,
}

impl ScimService {
    /// Answers a request; every failure is an answer too, a panic of the application included.
    ///
    /// A span at level `info` goes around it, with the fields `request_id`, `method`, `operation`,
    /// `type`, `tenant`, `principal`, `status` and `duration` in seconds. Neither it nor any event
    /// holds a value of a resource, a filter or a token.
    pub async fn handle(&self, request: Request<Bytes>) -> Response<Bytes> {
        let began = Instant::now();
        let (request_id, header) = RequestId::of(request.headers());
        let span = tracing::info_span!(
            "scim",
            request_id = request_id.as_str(),
            method = %request.method(),
            operation = field::Empty,
            "type" = field::Empty,
            tenant = field::Empty,
            principal = field::Empty,
            status = field::Empty,
            duration = field::Empty,
        );
        let handled = async {
            let trail = Trail::new(request_id, self.0.audit.clone());
            let response = self.answer(request, &trail).await;
            let response = with_request_id(response, trail.request_id(), header);
            let span = tracing::Span::current();
            span.record("status", response.status().as_u16());
            span.record("duration", began.elapsed().as_secs_f64());
            response
        };
        handled.instrument(span).await
    }

    /// The most bytes that the body of a request with that head may have.
    pub fn body_limit(&self, request: &Parts) -> usize {
        let limits = &self.0.operations.limits;
        if bulk::is_bulk(request) { limits.bulk_body } else { limits.body }
    }

    /// The answer to a request whose body is longer than [`ScimService::body_limit`].
    pub fn body_too_large(&self, request: &Parts) -> Response<Bytes> {
        let (request_id, header) = RequestId::of(&request.headers);
        let response = respond::error(&Error::BodyTooLarge { limit: self.body_limit(request) });
        with_request_id(response, &request_id, header)
    }

    async fn answer(&self, request: Request<Bytes>, trail: &Trail) -> Response<Bytes> {
        let (mut parts, body) = request.into_parts();
        let is_head = parts.method == Method::HEAD;
        let outcome = catch_panic(async {
            let principal = match self.0.authenticator.authenticate(&parts).await {
                Err(AuthenticationError::Missing)
                    if self.0.operations.policy.anonymous_discovery =>
                {
                    return self.discover_anonymously(&parts, trail);
                }
                outcome => outcome?,
            };
            tracing::Span::current().record("principal", principal.name.as_str());
            trail.note_principal(&principal.name);
            if let Some(rate) = &self.0.rate {
                rate.take(&principal.name, self.0.operations.clock.now())?;
            }
            if is_head {
                // RFC 7231 §4.3.2: the same answer, but for its body.
                parts.method = Method::GET;
            }
            self.dispatch(&parts, &body, principal, trail).await
        });
        let outcome = outcome.await.unwrap_or(Err(Error::Panicked));
        let response = outcome.unwrap_or_else(|error| {
            if is_write(&parts) && !trail.has_recorded() {
                // It got no further than this.
                trail.record(Write::default(), Err(&error));
            }
            respond::error(&error)
        });
        if is_head { respond::without_body(response) } else { response }
    }
}

fn with_request_id(
    mut response: Response<Bytes>,
    request_id: &RequestId,
    header: HeaderName,
) -> Response<Bytes> {
    if let Ok(value) = HeaderValue::from_str(request_id.as_str()) {
        response.headers_mut().insert(header, value);
    }
    response
}

fn is_write(parts: &Parts) -> bool {
    let reads = matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
    // RFC 7644 §3.4.3: a query by POST.
    !reads && !parts.uri.path().trim_end_matches('/').ends_with("/.search")
}

impl std::fmt::Debug for ScimService {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ScimService").field("base_url", &self.0.base.url).finish_non_exhaustive()
    }
}
