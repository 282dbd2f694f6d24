use scim_core::{
    DateTime, ListQuery,
    query::{Cursor, InvalidCursor, ListQueryError, PageStart},
};

use super::Operations;
use crate::{context::Context, cursor::CursorScope, error::Error, store::StoreError};

/// Where a page begins, and how the answer tells where the next one does.
#[derive(Debug)]
pub(super) enum Beginning {
    /// Behind so many resources.
    Index(u64),
    /// Where a cursor leads to (RFC 9865).
    Cursor(Walk),
}

/// A walk from page to page.
#[derive(Debug)]
pub(super) struct Walk {
    scope: CursorScope,
    /// Where the page begins; empty at the first one.
    pub(super) place: Vec<u8>,
}

impl Operations {
    /// Where the page of a query for resources of those types begins.
    pub(super) fn beginning<'t>(
        &self,
        cx: &Context,
        resource_types: impl IntoIterator<Item = &'t str>,
        request: &ListQuery,
    ) -> Result<Beginning, Error> {
        let page = request.page();
        let scope = || CursorScope::new(&cx.tenant, resource_types, request);
        match (page.start(), &self.cursors) {
            (PageStart::FirstByCursor, Some(_)) => {
                Ok(Beginning::Cursor(Walk { scope: scope(), place: Vec::new() }))
            }
            (PageStart::Cursor(cursor), Some(seal)) => {
                let scope = scope();
                let place = seal.open(cursor, &scope, cx.now).map_err(ListQueryError::Cursor)?;
                Ok(Beginning::Cursor(Walk { scope, place }))
            }
            (PageStart::Cursor(_), None) => {
                Err(ListQueryError::Cursor(InvalidCursor::Unknown).into())
            }
            // RFC 7644 §3.4.2: what a service provider does not know, it passes over.
            _ => Ok(Beginning::Index(page.offset())),
        }
    }

    /// The cursor of another page of a walk.
    pub(super) fn cursor(&self, cx: &Context, walk: &Walk, place: &[u8]) -> Result<Cursor, Error> {
        let seal = self.cursors.as_ref().ok_or(Error::NotImplemented)?;
        let lifetime = i64::from(self.limits.cursor_lifetime) * 1_000_000;
        let expires = DateTime::from_unix_micros(cx.now.unix_micros().saturating_add(lifetime));
        let expires = expires.unwrap_or(cx.now);
        Ok(seal.seal(place, &walk.scope, expires).map_err(StoreError::internal)?)
    }
}
