use std::borrow::Cow;

use super::{ListQueryError, PageRequest, Projection, Sort, parameters::Parameters};
use crate::filter::{Filter, ParseLimits};

/// A query for resources ([RFC 7644 §3.4.2]): which ones, in what order, what of them, which page.
///
/// ```
/// use scim_core::ListQuery;
///
/// let query = ListQuery::new().with_filter("active eq true".parse()?).with_count(50);
/// assert_eq!(query.filter().ok_or("no filter")?.to_string(), "active eq true");
/// assert_eq!(query.page().count(), Some(50));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [RFC 7644 §3.4.2]: https://www.rfc-editor.org/rfc/rfc7644#section-3.4.2
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListQuery {
    pub(super) filter: Option<Filter>,
    pub(super) sort: Option<Sort>,
    pub(super) projection: Projection,
    pub(super) page: PageRequest,
}

impl ListQuery {
    /// A query for everything.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the parameters of a URL, their escapes undone: `filter`, `sortBy`, `sortOrder`,
    /// `attributes`, `excludedAttributes`, `startIndex`, `count` and `cursor`, in any case.
    ///
    /// Others are passed over, and so are those without a value. `cursor` without one asks for the
    /// first page by cursor.
    ///
    /// ```
    /// use scim_core::{ListQuery, filter::ParseLimits, query::PageRequest};
    ///
    /// let parameters = [("Filter", "userName sw \"J\""), ("cursor", ""), ("count", "10")];
    /// let query = ListQuery::from_parameters(parameters, &ParseLimits::new())?;
    /// assert_eq!(query.page(), &PageRequest::by_cursor(None).with_count(10));
    /// # Ok::<(), scim_core::query::ListQueryError>(())
    /// ```
    ///
    /// # Errors
    /// If one of them cannot be read or is given more than once, or `cursor` comes together with
    /// `startIndex`.
    pub fn from_parameters<'t>(
        parameters: impl IntoIterator<Item = (impl AsRef<str>, impl Into<Cow<'t, str>>)>,
        limits: &ParseLimits,
    ) -> Result<Self, ListQueryError> {
        Parameters::read(parameters)?.query(limits)
    }

    /// The query with a filter.
    #[must_use]
    pub fn with_filter(mut self, filter: Filter) -> Self {
        self.filter = Some(filter);
        self
    }

    /// The query with an order.
    #[must_use]
    pub fn with_sort(mut self, sort: Sort) -> Self {
        self.sort = Some(sort);
        self
    }

    /// The query with the attributes to show.
    #[must_use]
    pub fn with_projection(mut self, projection: Projection) -> Self {
        self.projection = projection;
        self
    }

    /// The query with the page to give.
    #[must_use]
    pub fn with_page(mut self, page: PageRequest) -> Self {
        self.page = page;
        self
    }

    /// The query with the most resources that a page may hold.
    #[must_use]
    pub fn with_count(mut self, count: u64) -> Self {
        self.page = self.page.with_count(count);
        self
    }

    /// Which resources.
    pub fn filter(&self) -> Option<&Filter> {
        self.filter.as_ref()
    }

    /// In what order.
    pub fn sort(&self) -> Option<&Sort> {
        self.sort.as_ref()
    }

    /// What of them.
    pub fn projection(&self) -> &Projection {
        &self.projection
    }

    /// Which page.
    pub fn page(&self) -> &PageRequest {
        &self.page
    }
}
