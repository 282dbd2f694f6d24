use scim_core::{
    ListQuery, ResourceSchema,
    query::{InvalidCursor, ListQueryError, PageRequest, PageStart, Projection},
};

use super::{Operations, membership, permit::check_query, unique::unique_paths, wanted};
use crate::{
    auth::OperationKind,
    context::Context,
    error::Error,
    store::{Page, Start, StoreQuery},
};

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
        let page = request.page();
        refuse_cursor(page)?;
        query.start = Start::Offset(page.offset());
        query.wanted = wanted(&projection, schema);
        query.count = page.size(self.limits.default_page, self.limits.largest_page);
        let start_index = page.offset().saturating_add(1);
        let page = self.store.list(cx, &query).await?;
        Ok(Listed { page, start_index, projection })
    }
}

/// No cursor has been given out, so that none can be of this service provider.
pub(super) fn refuse_cursor(page: &PageRequest) -> Result<(), Error> {
    match page.start() {
        PageStart::Cursor(_) => Err(ListQueryError::Cursor(InvalidCursor::Unknown).into()),
        _ => Ok(()),
    }
}
