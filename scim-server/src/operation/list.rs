use scim_core::{
    ListQuery, ResourceSchema,
    query::{PagePlace, Projection},
};

use super::{
    Operations, membership,
    paging::{Beginning, Walk},
    permit::check_query,
    unique::unique_paths,
    wanted,
};
use crate::{
    auth::OperationKind,
    context::Context,
    error::Error,
    store::{Page, Position, Start, StoreQuery},
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
        query.wanted = wanted(&projection, schema);
        query.count = request.page().size(self.limits.default_page, self.limits.largest_page);
        let (page, place) = match self.beginning(cx, [schema.name()], request)? {
            Beginning::Index(before) => {
                query.start = Start::Offset(before);
                let page = self.store.list(cx, &query).await?;
                let total = page.total.unwrap_or_default();
                (page, PagePlace::by_index(before.saturating_add(1), total))
            }
            Beginning::Cursor(walk) => self.step(cx, query, &walk).await?,
        };
        Ok(Listed { page, place, projection })
    }

    /// Goes on with a walk from page to page.
    async fn step(
        &self,
        cx: &Context,
        mut query: StoreQuery,
        walk: &Walk,
    ) -> Result<(Page, PagePlace), Error> {
        if query.count == 0 {
            let page = self.store.list(cx, &query).await?;
            let total = page.total.unwrap_or_default();
            // Nothing was given, so that the next page begins where this one did.
            let next = (total > 0).then(|| self.cursor(cx, walk, &walk.place)).transpose()?;
            return Ok((page, PagePlace::by_cursor().with_total_results(total).with_next(next)));
        }
        let position = walk.place.split_first().map(|(_, position)| Position::new(position));
        query.start = Start::After(position);
        let page = self.store.list(cx, &query).await?;
        let next = page.next.as_ref().map(|next| {
            // Whatever the store's words, this is not the place of the first page, which is empty.
            self.cursor(cx, walk, &[&[1], next.as_bytes()].concat())
        });
        let place = PagePlace::by_cursor().with_next(next.transpose()?);
        Ok((page, place))
    }
}
