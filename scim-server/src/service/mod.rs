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
mod respond;
mod route;
mod search;

use std::sync::Arc;

use bytes::Bytes;
use http::{Method, Request, Response, request::Parts};
use tracing::{Instrument, field};

pub use builder::{InvalidConfiguration, ScimServiceBuilder};
pub use limits::Limits;
pub use policy::{PatchAnswer, Policy};

use crate::{
    auth::{Authenticator, Principal},
    operation::Operations,
    tenant::{Tenant, Tenants},
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
    /// The base URL without a slash at its end.
    base_url: String,
    /// The path of the base URL, without a slash at its end.
    base_path: String,
    tenancy: Tenancy,
}

/// How a request tells its tenant.
enum Tenancy {
    /// There is one.
    Single(Tenant),
    /// By two segments behind the base path, such as `/Realms/clinic`.
    Path { collection: String, tenants: Tenants },
}

impl ScimService {
    /// Answers a request; every failure is an answer too.
    pub async fn handle(&self, request: Request<Bytes>) -> Response<Bytes> {
        let span = tracing::info_span!(
            "scim",
            method = %request.method(),
            resource_type = field::Empty,
            tenant = field::Empty,
            principal = field::Empty,
            status = field::Empty,
        );
        let handled = async {
            let response = self.answer(request).await;
            tracing::Span::current().record("status", response.status().as_u16());
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
        let limit = self.body_limit(request);
        respond::error(&crate::error::Error::BodyTooLarge { limit })
    }

    async fn answer(&self, request: Request<Bytes>) -> Response<Bytes> {
        let (mut parts, body) = request.into_parts();
        let is_head = parts.method == Method::HEAD;
        let outcome = async {
            let principal = self.0.authenticator.authenticate(&parts).await?;
            record_principal(&principal);
            if is_head {
                // RFC 7231 §4.3.2: the same answer, but for its body.
                parts.method = Method::GET;
            }
            self.dispatch(&parts, &body, principal).await
        };
        let response = outcome.await.unwrap_or_else(|error| respond::error(&error));
        if is_head { respond::without_body(response) } else { response }
    }
}

fn record_principal(principal: &Principal) {
    tracing::Span::current().record("principal", principal.name.as_str());
}

impl std::fmt::Debug for ScimService {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ScimService").field("base_url", &self.0.base_url).finish_non_exhaustive()
    }
}
