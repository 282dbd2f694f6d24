use std::num::NonZeroU64;

use super::Cursor;

/// The part of an answer that a query asks for ([RFC 7644 §3.4.2.4], [RFC 9865 §2]).
///
/// ```
/// use scim_core::query::PageRequest;
///
/// let page = PageRequest::by_index(0).with_count(1000);
/// assert_eq!(page.offset(), 0);
/// assert_eq!(page.size(20, 200), 200);
/// assert_eq!(PageRequest::new().size(20, 200), 20);
/// ```
///
/// [RFC 7644 §3.4.2.4]: https://www.rfc-editor.org/rfc/rfc7644#section-3.4.2.4
/// [RFC 9865 §2]: https://www.rfc-editor.org/rfc/rfc9865#section-2
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct PageRequest {
    start: PageStart,
    count: Option<u64>,
}

/// Where a page begins, and with that how pages are told apart.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum PageStart {
    /// At the first resource, by the method that the service provider prefers.
    #[default]
    Unspecified,
    /// At that resource, counted from 1.
    Index(NonZeroU64),
    /// At the first resource, by cursor.
    FirstByCursor,
    /// Where the cursor says.
    Cursor(Cursor),
}

/// Which part of an answer a page is, as a [`ListResponse`](crate::ListResponse) says it.
///
/// ```
/// use scim_core::{ListResponse, query::PagePlace};
///
/// let place = PagePlace::by_cursor().with_next(Some("YkU3OF86Pz0rGv".parse()?));
/// let response = ListResponse::of_page(vec!["a resource"], place);
/// assert_eq!(response.next_cursor.as_deref(), Some("YkU3OF86Pz0rGv"));
/// assert_eq!((response.items_per_page, response.total_results), (Some(1), None));
/// # Ok::<(), scim_core::query::InvalidCursor>(())
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct PagePlace {
    pub(crate) total_results: Option<u64>,
    pub(crate) start_index: Option<u64>,
    pub(crate) previous: Option<Cursor>,
    pub(crate) next: Option<Cursor>,
}

impl PageRequest {
    /// The first page, as large as the service provider likes.
    pub fn new() -> Self {
        Self::default()
    }

    /// The page that begins at that resource, counted from 1; below 1 means 1.
    pub fn by_index(start_index: u64) -> Self {
        let index = NonZeroU64::new(start_index).unwrap_or(NonZeroU64::MIN);
        Self { start: PageStart::Index(index), count: None }
    }

    /// The page at a cursor, or the first page by cursor.
    pub fn by_cursor(cursor: Option<Cursor>) -> Self {
        let start = cursor.map_or(PageStart::FirstByCursor, PageStart::Cursor);
        Self { start, count: None }
    }

    /// The request with the most resources that the page may hold.
    #[must_use]
    pub fn with_count(mut self, count: u64) -> Self {
        self.count = Some(count);
        self
    }

    /// Where the page begins.
    pub fn start(&self) -> &PageStart {
        &self.start
    }

    /// The most resources that the page may hold.
    pub fn count(&self) -> Option<u64> {
        self.count
    }

    /// How many resources precede the page; a cursor does not say, and this is 0 then.
    pub fn offset(&self) -> u64 {
        match self.start {
            PageStart::Index(index) => index.get() - 1,
            PageStart::Unspecified | PageStart::FirstByCursor | PageStart::Cursor(_) => 0,
        }
    }

    /// How many resources a service provider gives that has a usual and a largest size of a page.
    pub fn size(&self, usual: u64, largest: u64) -> u64 {
        self.count.unwrap_or(usual).min(largest)
    }
}

impl PagePlace {
    /// The page that begins at that resource, counted from 1, of that many in all.
    pub fn by_index(start_index: u64, total_results: u64) -> Self {
        let (start_index, total_results) = (Some(start_index), Some(total_results));
        Self { total_results, start_index, ..Self::default() }
    }

    /// The only page by cursor, of an unknown number of resources.
    pub fn by_cursor() -> Self {
        Self::default()
    }

    /// The place with the number of resources in all.
    #[must_use]
    pub fn with_total_results(mut self, total_results: u64) -> Self {
        self.total_results = Some(total_results);
        self
    }

    /// The place with the cursor of the page before it; the first page has none.
    #[must_use]
    pub fn with_previous(mut self, cursor: Option<Cursor>) -> Self {
        self.previous = cursor;
        self
    }

    /// The place with the cursor of the page behind it; the last page, and it alone, has none.
    #[must_use]
    pub fn with_next(mut self, cursor: Option<Cursor>) -> Self {
        self.next = cursor;
        self
    }
}
