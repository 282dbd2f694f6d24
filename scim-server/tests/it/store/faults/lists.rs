//! Faults in lists.

use scim_core::{filter::Lookup, fold};
use scim_server::{
    Context, ResourceStore,
    store::{Page, Position, Start, StoreError, StoreQuery, StoredResource},
};

use super::{Planted, store::Faulty};

impl Faulty {
    pub(super) async fn faulty_list(
        &self,
        cx: &Context,
        query: &StoreQuery,
    ) -> Result<Page, StoreError> {
        let mut query = query.clone();
        let mut cx = cx.clone();
        match self.planted {
            Planted::TenantForgottenInList => cx.tenant = "clinic".parse().unwrap(),
            Planted::UnknownTypeIsAnError if query.resource_type == "Nothing" => {
                return Err(StoreError::NotFound);
            }
            Planted::TypesTogether => "User".clone_into(&mut query.resource_type),
            Planted::GroupsNotTold => query.wanted = query.wanted.with_groups(false),
            Planted::PageBeginsOneLater => {
                if let Start::Offset(offset) = &mut query.start
                    && *offset > 0
                {
                    *offset = offset.saturating_add(1);
                }
            }
            Planted::AbsentMatchesNothing
            | Planted::NotForgotten
            | Planted::LookUpIsTheAnswer
            | Planted::WildcardsInPrefix
                if query.filter.is_some() =>
            {
                return self.wrong_filter(&cx, &query).await;
            }
            Planted::WalkByOffset => return self.walk_by_offset(&cx, query).await,
            Planted::WalkSkipsOne => {
                let page = self.inner.list(&cx, &query).await?;
                if page.next.is_none() {
                    return Ok(page);
                }
                query.count = query.count.saturating_add(1);
                let mut ahead = self.inner.list(&cx, &query).await?;
                ahead.resources.pop();
                return Ok(ahead);
            }
            _ => {}
        }
        let mut total = None;
        if self.has(Planted::TotalOfAnotherMoment) {
            total = self.inner.list(&cx, &query).await?.total;
            tokio::task::yield_now().await;
        }
        let mut page = self.inner.list(&cx, &query).await?;
        page.total = total.or(page.total);
        self.spoil(&query, &mut page);
        Ok(page)
    }

    /// Makes a page wrong that is right.
    fn spoil(&self, query: &StoreQuery, page: &mut Page) {
        let is_walk = matches!(query.start, Start::After(_));
        match (self.planted, &query.sort) {
            (Planted::TotalOfThePage, _) => page.total = Some(page.resources.len() as u64),
            (Planted::OrderOfIds, _) => {
                page.resources.sort_by_key(|stored| stored.id().to_owned());
            }
            (Planted::EqualOnesTurned, Some(sort)) => {
                let order = |a: &StoredResource, b: &StoredResource| {
                    let [a, b] = [a, b].map(|stored| stored.resource().unwrap());
                    sort.compare(a.attributes(), b.attributes())
                };
                page.resources.reverse();
                page.resources.sort_by(order);
            }
            (Planted::NextOnTheLastPage, _) if is_walk && !page.resources.is_empty() => {
                let none = Position::new(u64::MAX.to_be_bytes().to_vec());
                page.next.get_or_insert(none);
            }
            _ => {}
        }
    }

    /// All that a wrong reading of the filter finds, cut into a page.
    async fn wrong_filter(&self, cx: &Context, query: &StoreQuery) -> Result<Page, StoreError> {
        let mut all = StoreQuery::new(query.resource_type.as_str());
        all.sort = query.sort.clone();
        let all = self.inner.list(cx, &all).await?.resources;
        let filter = query.filter.as_ref().unwrap();
        let matching: Vec<_> =
            all.into_iter().filter(|stored| self.wrongly_matches(filter, stored)).collect();
        let Start::Offset(offset) = query.start else { return Ok(Page::before(matching, None)) };
        let total = matching.len() as u64;
        let [offset, count] =
            [offset, query.count].map(|n| usize::try_from(n).unwrap_or(usize::MAX));
        Ok(Page::new(matching.into_iter().skip(offset).take(count).collect(), total))
    }

    fn wrongly_matches(&self, filter: &scim_core::BoundFilter, stored: &StoredResource) -> bool {
        let resource = stored.resource().unwrap();
        let matches = filter.matches(resource.attributes());
        match self.planted {
            // As in SQL, where what is not there is neither equal nor unequal.
            Planted::AbsentMatchesNothing => {
                let names = ["title", "nickName", "displayName", "externalId", "active", "name"];
                let lacks = |name: &&str| resource.attributes().get(*name).is_none();
                matches && !names.iter().any(|name| filter.asks_for(name) && lacks(name))
            }
            // What is left when `not` is read over: whoever has what is asked for.
            Planted::NotForgotten => {
                let nobody = serde_json::Map::new();
                if filter.matches(&nobody) { !matches } else { matches }
            }
            Planted::LookUpIsTheAnswer => {
                let is_known = |lookup: &Lookup<'_>| is_plain(lookup).then_some(1);
                match filter.lookups(&is_known) {
                    Some(lookups) => lookups.iter().any(|lookup| leads_to(lookup, stored)),
                    None => matches,
                }
            }
            _ => {
                let is_prefix =
                    |lookup: &Lookup<'_>| (lookup.is_prefix && is_plain(lookup)).then_some(1);
                match filter.lookups(&is_prefix) {
                    Some(lookups) => lookups.iter().any(|lookup| is_like(lookup, stored)),
                    None => matches,
                }
            }
        }
    }

    async fn walk_by_offset(
        &self,
        cx: &Context,
        mut query: StoreQuery,
    ) -> Result<Page, StoreError> {
        let Start::After(position) = &query.start else { return self.inner.list(cx, &query).await };
        let offset = position
            .as_ref()
            .map_or(0, |position| u64::from_be_bytes(position.as_bytes().try_into().unwrap()));
        query.start = Start::Offset(offset);
        let page = self.inner.list(cx, &query).await?;
        let end = offset + page.resources.len() as u64;
        let next = page.total.filter(|total| *total > end);
        let next = next.map(|_| Position::new(end.to_be_bytes().to_vec()));
        Ok(Page::before(page.resources, next))
    }
}

fn is_plain(lookup: &Lookup<'_>) -> bool {
    lookup.extension.is_none() && lookup.sub_attribute.is_none()
}

fn text(lookup: &Lookup<'_>, stored: &StoredResource) -> Option<String> {
    let resource = stored.resource().unwrap();
    let text = resource.text(lookup.attribute)?;
    Some(if lookup.case_exact { text.to_owned() } else { fold(text).into_owned() })
}

fn leads_to(lookup: &Lookup<'_>, stored: &StoredResource) -> bool {
    text(lookup, stored).is_some_and(|text| {
        if lookup.is_prefix { text.starts_with(lookup.text) } else { text == lookup.text }
    })
}

/// `like 'text%'` without a thought of what `_` and `%` mean there.
fn is_like(lookup: &Lookup<'_>, stored: &StoredResource) -> bool {
    let Some(text) = text(lookup, stored) else { return false };
    let pattern: Vec<char> = lookup.text.chars().chain(['%']).collect();
    like(&pattern, &text.chars().collect::<Vec<_>>())
}

fn like(pattern: &[char], text: &[char]) -> bool {
    match pattern {
        [] => text.is_empty(),
        ['%', rest @ ..] => (0..=text.len()).any(|skipped| like(rest, &text[skipped..])),
        ['_', rest @ ..] => !text.is_empty() && like(rest, &text[1..]),
        [c, rest @ ..] => text.first() == Some(c) && like(rest, &text[1..]),
    }
}
