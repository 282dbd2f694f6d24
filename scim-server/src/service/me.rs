use bytes::Bytes;
use http::{Method, Response};

use super::{ScimService, location::location, respond, route::Routed};
use crate::error::Error;

impl ScimService {
    /// Answers requests for the resource that the principal is (RFC 7644 §3.11).
    pub(super) async fn me(&self, routed: &Routed<'_>) -> Result<Response<Bytes>, Error> {
        let principal = routed.cx.principal.as_ref();
        let resource = principal.and_then(|principal| principal.resource());
        // Whoever is a resource cannot create it, and nobody else is let in to.
        let resource = resource.filter(|_| routed.parts.method != Method::POST);
        let (resource_type, id) = resource.ok_or(Error::NotImplemented)?;
        let registry = &self.0.operations.registry;
        let schema = registry.resource_type(resource_type).ok_or(Error::NotFound)?;
        let answered = self.resource(routed, schema, id.as_str()).await;
        let response = answered.unwrap_or_else(|error| respond::error(&error));
        // Any answer says where the resource is for good, and not where it was asked for.
        respond::with_location(response, &location(&routed.base, schema, id.as_str()))
    }
}
