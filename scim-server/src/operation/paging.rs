use scim_core::{
    ListQuery,
    query::{InvalidCursor, ListQueryError, PagePlace, PageStart},
};

use super::Operations;
use crate::{
    context::Context,
    cursor::CursorScope,
    error::Error,
    store::{Page, Position, Start, StoreError},
};

/// Where a page of an answer begins and how large it is, with what its cursors are good for.
pub(super) struct Paging {
    pub(super) start: Start,
    pub(super) count: u64,
    scope: CursorScope,
}

impl Operations {
    /// The page that a query asks for (RFC 7644 §3.4.2.4, RFC 9865 §2).
    pub(super) fn paging<'t>(
        &self,
        cx: &Context,
        resource_types: impl IntoIterator<Item = &'t str>,
        query: &ListQuery,
    ) -> Result<Paging, Error> {
        let page = query.page();
        let scope = CursorScope::new(&cx.tenant, resource_types, query);
        let count = page.size(self.limits.default_page, self.limits.largest_page);
        let start = match page.start() {
            PageStart::Cursor(cursor) => {
                let opened = self.cursors.open(cursor, &scope, cx.now);
                let place = opened.map_err(ListQueryError::Cursor)?;
                Start::After(Some(Position::new(place)))
            }
            // Without resources there is no place where a page ends; only their number is asked for.
            PageStart::FirstByCursor if count > 0 => Start::After(None),
            _ => Start::Offset(page.offset()),
        };
        Ok(Paging { start, count, scope })
    }

    /// The place of a page in the answer as a whole, as the client is told.
    pub(super) fn place(
        &self,
        cx: &Context,
        paging: &Paging,
        page: &Page,
    ) -> Result<PagePlace, Error> {
        match &paging.start {
            Start::Offset(offset) => {
                let total = page.total.unwrap_or_default();
                Ok(PagePlace::by_index(offset.saturating_add(1), total))
            }
            Start::After(position) => {
                let lifetime = i64::try_from(self.limits.cursor_lifetime.as_micros());
                let expires = cx.now.unix_micros().saturating_add(lifetime.unwrap_or(i64::MAX));
                let expires = scim_core::DateTime::from_unix_micros(expires).unwrap_or(cx.now);
                let seal = |position: &Position| {
                    self.cursors.seal(position.as_bytes(), &paging.scope, expires)
                };
                // After a page of nothing, the next one begins where that one would have.
                let next = if paging.count == 0 { position.as_ref() } else { page.next.as_ref() };
                let next = next.map(seal).transpose();
                let place = PagePlace::by_cursor().with_next(next.map_err(StoreError::internal)?);
                Ok(match page.total {
                    Some(total) => place.with_total_results(total),
                    None => place,
                })
            }
        }
    }
}

/// A cursor that the store cannot have given is nobody's.
pub(super) fn unknown_cursor() -> Error {
    ListQueryError::Cursor(InvalidCursor::Unknown).into()
}
