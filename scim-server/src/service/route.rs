//! From a path and a method to an operation.

use bytes::Bytes;
use http::{HeaderMap, Method, Response, header, request::Parts};
use scim_core::{
    ResourceSchema,
    resource::{InvalidPrecondition, Precondition},
};

use super::{
    ScimService, body, query,
    respond::{self, Answer},
    tenancy::Located,
};
use crate::{
    audit::Trail,
    auth::{Access, AuthenticationError, Principal},
    context::Context,
    error::Error,
    operation::{Preconditions, Target, Write, get::Read},
};

/// A request that has found its tenant.
pub(super) struct Routed<'r> {
    pub(super) cx: Context,
    /// The URL that the tenant's endpoints lie behind.
    pub(super) base: String,
    pub(super) parts: &'r Parts,
    pub(super) body: &'r Bytes,
}

impl ScimService {
    pub(super) async fn dispatch(
        &self,
        parts: &Parts,
        body: &Bytes,
        principal: Principal,
        trail: &Trail,
    ) -> Result<Response<Bytes>, Error> {
        let limits = &self.0.operations.limits;
        let uri_length = parts.uri.path_and_query().map_or(0, |text| text.as_str().len());
        if uri_length > limits.uri {
            return Err(Error::UriTooLong { limit: limits.uri });
        }
        let Located { tenant, base, segments } = self.locate(parts, &principal)?;
        tracing::Span::current().record("tenant", tenant.as_str());
        trail.note_tenant(&tenant);
        let segments: Vec<&str> = segments.iter().map(|segment| &**segment).collect();
        // RFC 7644 §3.4.3: a POST that only reads.
        let searches = matches!(segments.as_slice(), [".search"] | [_, ".search"]);
        let reads = parts.method == Method::GET || parts.method == Method::POST && searches;
        if !reads && !principal.access.writes() {
            return Err(Error::InsufficientScope);
        }
        let now = self.0.operations.clock.now();
        let cx = Context::of_request(tenant, trail.clone()).with_principal(principal).with_now(now);
        let routed = Routed { cx, base, parts, body };
        // What is seldom or long stands on the heap, so that a read carries no room for it.
        match segments.as_slice() {
            [name, rest @ ..] if is_discovery(name) => self.discovery(&routed, name, rest),
            ["Bulk"] => Box::pin(self.bulk(&routed)).await,
            ["Me"] => Box::pin(self.me(&routed)).await,
            [] => Box::pin(self.root(&routed)).await,
            [".search"] => Box::pin(self.search(&routed, None)).await,
            [endpoint, ".search"] => {
                Box::pin(self.search(&routed, Some(self.schema(endpoint)?))).await
            }
            [endpoint] => self.collection(&routed, self.schema(endpoint)?).await,
            [endpoint, id] => self.resource(&routed, self.schema(endpoint)?, id).await,
            _ => Err(Error::NotFound),
        }
    }

    /// Discovery for somebody without credentials, to whom nothing else is there.
    pub(super) fn discover_anonymously(
        &self,
        parts: &Parts,
        trail: &Trail,
    ) -> Result<Response<Bytes>, Error> {
        let missing = || Error::Authentication(AuthenticationError::Missing);
        let nobody = Principal::new("anonymous", Access::to_all_tenants().read_only());
        let located = self.locate(parts, &nobody).map_err(|_| missing())?;
        let segments: Vec<&str> = located.segments.iter().map(|segment| &**segment).collect();
        let cx = Context::of_request(located.tenant, trail.clone());
        let routed = Routed { cx, base: located.base, parts, body: &Bytes::new() };
        match segments.as_slice() {
            [name, rest @ ..] if is_discovery(name) && parts.method == Method::GET => {
                self.discovery(&routed, name, rest)
            }
            _ => Err(missing()),
        }
    }

    fn schema(&self, endpoint: &str) -> Result<&ResourceSchema, Error> {
        let schema = self.0.operations.registry.endpoint(endpoint).ok_or(Error::NotFound)?;
        tracing::Span::current().record("type", schema.name());
        Ok(schema)
    }

    async fn collection(
        &self,
        routed: &Routed<'_>,
        schema: &ResourceSchema,
    ) -> Result<Response<Bytes>, Error> {
        let operations = &self.0.operations;
        let parameters = routed.parts.uri.query();
        match routed.parts.method {
            Method::GET => {
                let request = query::list_query(parameters, &operations.limits)?;
                self.list(routed, schema, &request).await
            }
            Method::POST => {
                let projection = query::projection(parameters, &operations.limits)?;
                let write = Write::Create { schema, projection, body: routed.json(self)? };
                let written = Box::pin(operations.write(&routed.cx, write)).await?;
                self.answer_about(schema, &routed.base).written(&written)
            }
            _ => Err(Error::MethodNotAllowed { allow: "GET, HEAD, POST" }),
        }
    }

    pub(super) async fn resource(
        &self,
        routed: &Routed<'_>,
        schema: &ResourceSchema,
        id: &str,
    ) -> Result<Response<Bytes>, Error> {
        let operations = &self.0.operations;
        let projection = query::projection(routed.parts.uri.query(), &operations.limits)?;
        let preconditions = preconditions(&routed.parts.headers)?;
        let target = Target { schema, id, preconditions, projection, is_shown: true };
        let (cx, answer) = (&routed.cx, self.answer_about(schema, &routed.base));
        let write = match routed.parts.method {
            Method::GET => {
                return match operations.get(cx, target).await? {
                    Read::Found(shown) => answer.resource(&shown),
                    Read::NotModified(shown) => respond::not_modified(&shown),
                };
            }
            Method::PUT => Write::Replace { target, body: routed.json(self)? },
            Method::PATCH => Write::Patch { target, body: routed.json(self)? },
            Method::DELETE => Write::Delete { target },
            _ => return Err(Error::MethodNotAllowed { allow: "GET, HEAD, PUT, PATCH, DELETE" }),
        };
        answer.written(&Box::pin(operations.write(cx, write)).await?)
    }

    pub(super) fn answer_about<'r>(
        &'r self,
        schema: &'r ResourceSchema,
        base: &'r str,
    ) -> Answer<'r> {
        Answer { schema, registry: &self.0.operations.registry, base }
    }

    /// RFC 7644 §4: discovery is read alone, and takes no filter.
    fn discovery(
        &self,
        routed: &Routed<'_>,
        name: &str,
        rest: &[&str],
    ) -> Result<Response<Bytes>, Error> {
        tracing::Span::current().record("operation", "discover");
        let operations = &self.0.operations;
        let base = routed.base.as_str();
        if routed.parts.method != Method::GET {
            return Err(Error::MethodNotAllowed { allow: "GET, HEAD" });
        }
        let has_filter = query::has_filter(routed.parts.uri.query());
        match (name, rest) {
            ("ServiceProviderConfig", []) => {
                respond::document(&operations.service_provider_config(base)?)
            }
            ("ResourceTypes" | "Schemas", _) if has_filter => Err(Error::FilterForbidden),
            ("ResourceTypes", []) => respond::documents(operations.resource_types(base)?),
            ("ResourceTypes", [name]) => respond::document(&operations.resource_type(name, base)?),
            ("Schemas", []) => respond::documents(operations.schemas(base)?),
            ("Schemas", [uri]) => respond::document(&operations.schema(uri, base)?),
            _ => Err(Error::NotFound),
        }
    }
}

impl Routed<'_> {
    pub(super) fn json(&self, service: &ScimService) -> Result<serde_json::Value, Error> {
        body::read(&self.parts.headers, self.body, &service.0.operations.limits)
    }
}

fn is_discovery(name: &str) -> bool {
    matches!(name, "ServiceProviderConfig" | "ResourceTypes" | "Schemas")
}

/// RFC 7232 says what the fields mean, and not what to do with others: a condition that cannot be
/// read is refused, and never taken as met.
fn preconditions(headers: &HeaderMap) -> Result<Preconditions, Error> {
    type Read = fn(&str) -> Result<Precondition, InvalidPrecondition>;
    let field = |name: header::HeaderName, field, read: Read| {
        let values = headers.get_all(name).iter();
        let values: Vec<_> = values.map(|value| value.to_str().unwrap_or_default()).collect();
        let condition = (!values.is_empty()).then(|| read(&values.join(", ")));
        condition.transpose().map_err(|source| Error::PreconditionSyntax { field, source })
    };
    Ok(Preconditions {
        if_match: field(header::IF_MATCH, "If-Match", Precondition::if_match)?,
        if_none_match: field(header::IF_NONE_MATCH, "If-None-Match", Precondition::if_none_match)?,
    })
}
