use scim_core::{
    ListQuery, ResourceSchema,
    query::{PagePlace, Projection},
};

use super::{Operations, membership, permit::check_query, unique::unique_paths, wanted};
use crate::{
    auth::OperationKind,
    context::Context,
    error::Error,
    store::{Page, StoreQuery},
};

/// A page of an answer.
#[derive(Debug)]
pub(crate) struct Listed {
    pub(crate) page: Page,
    pub(crate) place: PagePlace,
    pub(crate) projection: Projection,
}

impl Operations {
    /// Lists the resources of a type that match (RFC 7644 §3.4.2).
    pub(crate) async fn list(
        &self,
        cx: &Context,
        schema: &ResourceSchema,
        request: &ListQuery,
    ) -> Result<Listed, Error> {
        let hidden = self.permit(cx, OperationKind::List, schema, None).await?;
        check_query(request, &hidden, schema)?;
        let projection = request.projection().clone().with_hidden(hidden);
        let mut query = StoreQuery::new(schema.name());
        query.filter =
            request.filter().map(|f| f.bind(schema)).transpose().map_err(Error::FilterMeaning)?;
        query.unique = unique_paths(schema);
        query.membership = membership(schema);
        query.sort =
            request.sort().map(|s| s.bind(schema)).transpose().map_err(Error::FilterMeaning)?;
        let paging = self.paging(cx, [schema.name()], request)?;
        query.start = paging.start.clone();
        query.count = paging.count;
        query.wanted = wanted(&projection, schema);
        query.work = self.limits.filter_work;
        let page = self.store.list(cx, &query).await?;
        let place = self.place(cx, &paging, &page)?;
        Ok(Listed { page, place, projection })
    }
}
