//! From a path and a method to an operation.

use bytes::Bytes;
use http::{HeaderMap, Method, Response, header, request::Parts};
use scim_core::ResourceSchema;

use super::{
    ScimService, body,
    query::Parameters,
    respond::{self, Answer},
    tenancy::Located,
};
use crate::{
    audit::Trail,
    auth::{Access, AuthenticationError, Principal},
    context::Context,
    error::Error,
    operation::{Preconditions, Target, get::Read},
    service::PatchAnswer,
};

/// A request that has found its tenant.
pub(super) struct Routed<'r> {
    pub(super) cx: Context,
    /// The URL that the tenant's endpoints lie behind.
    pub(super) base: String,
    parts: &'r Parts,
    body: &'r Bytes,
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
        let writes = !matches!(parts.method, Method::GET | Method::HEAD);
        if writes && !principal.access.writes() {
            return Err(Error::InsufficientScope);
        }
        let now = self.0.operations.clock.now();
        let cx = Context::of_request(tenant, trail.clone()).with_principal(principal).with_now(now);
        let routed = Routed { cx, base, parts, body };
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        match segments.as_slice() {
            [name, rest @ ..] if is_discovery(name) => self.discovery(&routed, name, rest),
            ["Me" | "Bulk" | ".search"] | [_, ".search"] | [] => Err(Error::NotImplemented),
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
        let segments: Vec<&str> = located.segments.iter().map(String::as_str).collect();
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
        let parameters = Parameters::read(routed.parts.uri.query())?;
        match routed.parts.method {
            Method::GET => {
                let request = parameters.list_request(&operations.limits)?;
                let listed = operations.list(&routed.cx, schema, request).await?;
                self.answer_about(schema, &routed.base).list(&listed)
            }
            Method::POST => {
                let projection = parameters.projection()?;
                let shown =
                    operations.create(&routed.cx, schema, routed.json(self)?, projection).await?;
                self.answer_about(schema, &routed.base).created(&shown)
            }
            _ => Err(Error::MethodNotAllowed { allow: "GET, POST" }),
        }
    }

    async fn resource(
        &self,
        routed: &Routed<'_>,
        schema: &ResourceSchema,
        id: &str,
    ) -> Result<Response<Bytes>, Error> {
        let operations = &self.0.operations;
        let parameters = Parameters::read(routed.parts.uri.query())?;
        let target = Target {
            schema,
            id,
            preconditions: preconditions(&routed.parts.headers)?,
            projection: parameters.projection()?,
            is_shown: match routed.parts.method {
                Method::PATCH => {
                    parameters.names_attributes() || !self.answers_without_body(schema)
                }
                _ => true,
            },
        };
        let is_shown = target.is_shown;
        let (cx, answer) = (&routed.cx, self.answer_about(schema, &routed.base));
        match routed.parts.method {
            Method::GET => match operations.get(cx, target).await? {
                Read::Found(shown) => answer.resource(&shown),
                Read::NotModified(shown) => respond::not_modified(&shown),
            },
            Method::PUT => {
                let shown = operations.replace(cx, target, routed.json(self)?).await?;
                answer.resource(&shown)
            }
            Method::PATCH => {
                let shown = operations.patch(cx, target, routed.json(self)?).await?;
                if !is_shown {
                    return respond::no_content(Some(&shown));
                }
                answer.resource(&shown)
            }
            Method::DELETE => {
                operations.delete(cx, target).await?;
                respond::no_content(None)
            }
            _ => Err(Error::MethodNotAllowed { allow: "GET, PUT, PATCH, DELETE" }),
        }
    }

    fn answer_about<'r>(&'r self, schema: &'r ResourceSchema, base: &'r str) -> Answer<'r> {
        Answer { schema, registry: &self.0.operations.registry, base }
    }

    fn answers_without_body(&self, schema: &ResourceSchema) -> bool {
        match self.0.operations.policy.patch_answer {
            PatchAnswer::Resource => false,
            PatchAnswer::NoContent => true,
            PatchAnswer::NoContentForMembers => schema.attribute("members").is_some(),
        }
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
            return Err(Error::MethodNotAllowed { allow: "GET" });
        }
        let has_filter = Parameters::read(routed.parts.uri.query())?.has_filter();
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
    fn json(&self, service: &ScimService) -> Result<serde_json::Value, Error> {
        body::read(&self.parts.headers, self.body, &service.0.operations.limits)
    }
}

fn is_discovery(name: &str) -> bool {
    matches!(name, "ServiceProviderConfig" | "ResourceTypes" | "Schemas")
}

fn preconditions(headers: &HeaderMap) -> Result<Preconditions, Error> {
    let field = |name: header::HeaderName| -> Result<Option<String>, Error> {
        let values: Result<Vec<_>, _> =
            headers.get_all(&name).iter().map(http::HeaderValue::to_str).collect();
        let values = values.map_err(|_| Error::Precondition)?;
        Ok((!values.is_empty()).then(|| values.join(", ")))
    };
    Ok(Preconditions {
        if_match: field(header::IF_MATCH)?,
        if_none_match: field(header::IF_NONE_MATCH)?,
    })
}
