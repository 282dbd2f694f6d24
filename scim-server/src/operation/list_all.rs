use std::sync::Arc;

use scim_core::{
    ListQuery, ResourceSchema, fold,
    query::{BoundSort, PagePlace, Projection},
};

use super::{
    Operations, membership, paging::unknown_cursor, permit::check_query, unique::unique_paths,
    wanted,
};
use crate::{
    auth::{AuthorizationError, OperationKind},
    context::Context,
    error::Error,
    store::{Page, Position, ResourceKey, Start, StoreError, StoreQuery, StoredResource, Wanted},
};

/// How far into an order across several types a page may reach: what precedes it has to be read.
const FARTHEST: u64 = 10_000;

/// A page of resources of several types.
#[derive(Debug)]
pub(crate) struct ListedAll<'r> {
    pub(crate) resources: Vec<FoundResource<'r>>,
    pub(crate) place: PagePlace,
}

/// The resources of a page, and how many there are in all.
#[derive(Debug, Default)]
struct Found<'r> {
    resources: Vec<FoundResource<'r>>,
    total: u64,
}

/// A resource of some type.
#[derive(Debug)]
pub(crate) struct FoundResource<'r> {
    pub(crate) schema: &'r ResourceSchema,
    /// What of the type is shown.
    pub(crate) projection: Arc<Projection>,
    pub(crate) stored: StoredResource,
}

/// Which of the resources are on the page.
#[derive(Clone, Copy)]
struct Span {
    before: u64,
    count: u64,
}

/// What is asked of the resources of one type.
struct OfType<'r> {
    schema: &'r ResourceSchema,
    query: StoreQuery,
    projection: Arc<Projection>,
}

impl Operations {
    /// Lists the resources of all types that match (RFC 7644 §3.4.2.1): one type after the other,
    /// or in one order if the request asks for one.
    pub(crate) async fn list_all<'r>(
        &'r self,
        cx: &Context,
        request: &'r ListQuery,
    ) -> Result<ListedAll<'r>, Error> {
        let types = self.of_types(cx, request).await?;
        let names: Vec<&str> = types.iter().map(|of_type| of_type.schema.name()).collect();
        let paging = self.paging(cx, names, request)?;
        let order = types.iter().find_map(|of_type| of_type.query.sort.clone());
        let order = order.filter(|_| types.len() > 1);
        let (found, page) = match (&paging.start, order) {
            (Start::Offset(before), order) => {
                let span = Span { before: *before, count: paging.count };
                let found = match order {
                    Some(order) => self.merge(cx, types, &order, span).await?,
                    None => self.chain(cx, types, span).await?,
                };
                let page = Page::new(Vec::new(), found.total);
                (found.resources, page)
            }
            (Start::After(position), None) => {
                let (found, next) =
                    self.chain_behind(cx, types, position.as_ref(), paging.count).await?;
                (found, Page::before(Vec::new(), next))
            }
            // Positions in stores of several types do not make a place in one order.
            (Start::After(_), Some(_)) => return Err(Error::NotImplemented),
        };
        let place = self.place(cx, &paging, &page)?;
        Ok(ListedAll { resources: found, place })
    }

    /// Gives the resources of one type after those of the other, from a position on: that of a
    /// type in the order of all, and of a resource in its type.
    async fn chain_behind<'r>(
        &self,
        cx: &Context,
        types: Vec<OfType<'r>>,
        position: Option<&Position>,
        mut count: u64,
    ) -> Result<(Vec<FoundResource<'r>>, Option<Position>), Error> {
        let (first, mut start) = match position.map(|position| position.as_bytes().split_first()) {
            None => (0, None),
            Some(Some((place, []))) => (usize::from(*place), None),
            Some(Some((place, rest))) => (usize::from(*place), Some(Position::new(rest))),
            Some(None) => return Err(unknown_cursor()),
        };
        let mut found = Vec::new();
        for (place, of_type) in types.into_iter().enumerate().skip(first) {
            let OfType { schema, mut query, projection } = of_type;
            let here = |position: &[u8]| -> Result<Position, Error> {
                let place = u8::try_from(place).map_err(StoreError::internal)?;
                Ok(Position::new([&[place], position].concat()))
            };
            // Behind a full page, a look at whether another one follows.
            let is_full = count == 0;
            query.start = Start::After(start.take());
            query.count = count.max(1);
            let page = self.store.list(cx, &query).await?;
            if is_full && page.resources.is_empty() {
                continue;
            }
            if is_full {
                return Ok((found, Some(here(&[])?)));
            }
            for stored in page.resources {
                count = count.saturating_sub(1);
                let projection = Arc::clone(&projection);
                found.push(FoundResource { schema, projection, stored });
            }
            if let Some(next) = page.next {
                return Ok((found, Some(here(next.as_bytes())?)));
            }
        }
        Ok((found, None))
    }

    /// What is asked of each type that can match, of those that the principal may list: the others
    /// do not exist for it.
    async fn of_types<'r>(
        &'r self,
        cx: &Context,
        request: &ListQuery,
    ) -> Result<Vec<OfType<'r>>, Error> {
        let mut permitted = Vec::new();
        for schema in self.registry.resource_types().map(AsRef::as_ref) {
            match self.permit(cx, OperationKind::List, schema, None).await {
                Ok(hidden) => permitted.push((schema, hidden)),
                Err(Error::Forbidden | Error::Authorization(AuthorizationError::Denied)) => {}
                Err(error) => return Err(error),
            }
        }
        if permitted.is_empty() {
            return Err(Error::Forbidden);
        }
        let all: Vec<&ResourceSchema> = permitted.iter().map(|(schema, _)| *schema).collect();
        let mut types = Vec::with_capacity(all.len());
        for (schema, hidden) in permitted {
            check_query(request, &hidden, schema)?;
            let projection = request.projection().clone().with_hidden(hidden);
            let mut query = StoreQuery::new(schema.name());
            let filter = request.filter().map(|filter| filter.bind_among(schema, &all));
            query.filter = filter.transpose().map_err(Error::FilterMeaning)?;
            let sort = request.sort().map(|sort| sort.bind_among(schema, &all));
            query.sort = sort.transpose().map_err(Error::FilterMeaning)?.flatten();
            query.unique = unique_paths(schema);
            query.membership = membership(schema);
            query.wanted = wanted(&projection, schema);
            query.work = self.limits.filter_work;
            let filter = query.filter.as_ref();
            let named = filter.and_then(|filter| filter.required_text("meta.resourceType"));
            if named.is_none_or(|name| fold(name) == fold(schema.name())) {
                types.push(OfType { schema, query, projection: Arc::new(projection) });
            }
        }
        Ok(types)
    }

    /// Gives the resources of one type after those of the other.
    async fn chain<'r>(
        &self,
        cx: &Context,
        types: Vec<OfType<'r>>,
        mut span: Span,
    ) -> Result<Found<'r>, Error> {
        let mut found = Found::default();
        for OfType { schema, mut query, projection } in types {
            query.start = Start::Offset(span.before);
            query.count = span.count;
            let page = self.store.list(cx, &query).await?;
            let total = page.total.unwrap_or_default();
            found.total = found.total.saturating_add(total);
            span.before = span.before.saturating_sub(total);
            for stored in page.resources {
                span.count = span.count.saturating_sub(1);
                let projection = Arc::clone(&projection);
                found.resources.push(FoundResource { schema, projection, stored });
            }
        }
        Ok(found)
    }

    /// Gives the resources of all types in one order.
    async fn merge<'r>(
        &self,
        cx: &Context,
        types: Vec<OfType<'r>>,
        order: &BoundSort,
        span: Span,
    ) -> Result<Found<'r>, Error> {
        let end = match span.count {
            0 => 0,
            count => span.before.saturating_add(count),
        };
        if end > FARTHEST {
            return Err(StoreError::TooMany.into());
        }
        let mut found = Found::default();
        let mut candidates = Vec::new();
        for OfType { schema, mut query, projection } in types {
            let shown = std::mem::replace(&mut query.wanted, Wanted::OWN);
            query.count = end;
            let page = self.store.list(cx, &query).await?;
            found.total = found.total.saturating_add(page.total.unwrap_or_default());
            for stored in page.resources {
                let key = order.key(stored.resource()?.attributes());
                candidates.push((
                    key,
                    shown,
                    FoundResource { schema, projection: Arc::clone(&projection), stored },
                ));
            }
        }
        // Equal ones stay in the order of their types.
        candidates.sort_by(|(a, ..), (b, ..)| order.compare(a, b));
        let [before, count] =
            [span.before, span.count].map(|number| usize::try_from(number).unwrap_or(usize::MAX));
        for (_, shown, resource) in candidates.into_iter().skip(before).take(count) {
            let stored = self.completed(cx, resource.schema, shown, resource.stored).await?;
            found.resources.push(FoundResource { stored, ..resource });
        }
        Ok(found)
    }

    /// The resource with what an answer shows besides what it was sorted by.
    async fn completed(
        &self,
        cx: &Context,
        schema: &ResourceSchema,
        shown: Wanted,
        stored: StoredResource,
    ) -> Result<StoredResource, Error> {
        let Some(id) = stored.id().parse().ok().filter(|_| shown != Wanted::OWN) else {
            return Ok(stored);
        };
        match self.store.get(cx, &ResourceKey::new(schema.name(), id), shown).await {
            // It was there when it was listed.
            Err(StoreError::NotFound) => Ok(stored),
            outcome => Ok(outcome?),
        }
    }
}
