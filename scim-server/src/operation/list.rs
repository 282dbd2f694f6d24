use scim_core::{
    Filter, ResourceSchema,
    query::{Projection, Sort},
};

use super::{Operations, membership, permit::check_query, unique::unique_paths, wanted};
use crate::{
    auth::OperationKind,
    context::Context,
    error::Error,
    store::{Page, Start, StoreQuery},
};

/// A query, parsed.
#[derive(Debug, Default)]
pub(crate) struct ListRequest {
    pub(crate) filter: Option<Filter>,
    pub(crate) sort: Option<Sort>,
    pub(crate) start_index: Option<i64>,
    pub(crate) count: Option<i64>,
    pub(crate) projection: Projection,
}

/// A page of an answer.
#[derive(Debug)]
pub(crate) struct Listed {
    pub(crate) page: Page,
    pub(crate) start_index: u64,
    pub(crate) projection: Projection,
}

impl Operations {
    /// Lists the resources of a type that match (RFC 7644 §3.4.2).
    pub(crate) async fn list(
        &self,
        cx: &Context,
        schema: &ResourceSchema,
        mut request: ListRequest,
    ) -> Result<Listed, Error> {
        let hidden = self.permit(cx, OperationKind::List, schema, None).await?;
        check_query(&request, &hidden, schema)?;
        request.projection = request.projection.with_hidden(hidden);
        let mut query = StoreQuery::new(schema.name());
        query.filter =
            request.filter.map(|f| f.bind(schema)).transpose().map_err(Error::FilterMeaning)?;
        query.unique = unique_paths(schema);
        query.membership = membership(schema);
        query.sort =
            request.sort.map(|s| s.bind(schema)).transpose().map_err(Error::FilterMeaning)?;
        // RFC 7644 §3.4.2.4: what is below 1 is 1, and a negative count is 0.
        let start_index =
            request.start_index.map_or(1, |index| u64::try_from(index).unwrap_or(1)).max(1);
        query.start = Start::Offset(start_index - 1);
        query.wanted = wanted(&request.projection, schema);
        let count = request
            .count
            .map_or(self.limits.default_page, |count| u64::try_from(count).unwrap_or(0));
        query.count = count.min(self.limits.largest_page);
        let page = self.store.list(cx, &query).await?;
        Ok(Listed { page, start_index, projection: request.projection })
    }
}
