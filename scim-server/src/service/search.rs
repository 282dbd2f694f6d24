//! Queries: at a resource type or at the root, by URL or by message (RFC 7644 §3.4.2, §3.4.3).

use bytes::Bytes;
use http::{Method, Response};
use scim_core::{ListQuery, ResourceSchema, SearchRequest};

use super::{ScimService, query, respond::Answer, route::Routed};
use crate::error::Error;

impl ScimService {
    /// Answers `POST /.search` and `POST /{endpoint}/.search`.
    pub(super) async fn search(
        &self,
        routed: &Routed<'_>,
        schema: Option<&ResourceSchema>,
    ) -> Result<Response<Bytes>, Error> {
        if routed.parts.method != Method::POST {
            return Err(Error::MethodNotAllowed { allow: "POST" });
        }
        let request = SearchRequest::read(routed.json(self)?)?;
        let limits = &self.0.operations.limits;
        let request = query::within(request.list_query(&limits.filter)?, limits)?;
        match schema {
            Some(schema) => self.list(routed, schema, &request).await,
            None => self.list_all(routed, &request).await,
        }
    }

    /// Answers a query of the root.
    pub(super) async fn root(&self, routed: &Routed<'_>) -> Result<Response<Bytes>, Error> {
        if routed.parts.method != Method::GET {
            return Err(Error::MethodNotAllowed { allow: "GET, HEAD" });
        }
        let parameters = routed.parts.uri.query();
        let request = query::list_query(parameters, &self.0.operations.limits)?;
        self.list_all(routed, &request).await
    }

    /// Answers a query of a resource type.
    pub(super) async fn list(
        &self,
        routed: &Routed<'_>,
        schema: &ResourceSchema,
        request: &ListQuery,
    ) -> Result<Response<Bytes>, Error> {
        let listed = self.0.operations.list(&routed.cx, schema, request).await?;
        self.answer_about(schema, &routed.base).list(&listed)
    }

    async fn list_all(
        &self,
        routed: &Routed<'_>,
        request: &ListQuery,
    ) -> Result<Response<Bytes>, Error> {
        let listed = self.0.operations.list_all(&routed.cx, request).await?;
        Answer::list_all(&listed, &self.0.operations.registry, &routed.base)
    }
}
