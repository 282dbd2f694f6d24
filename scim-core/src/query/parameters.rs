use std::borrow::Cow;

use super::{ListQuery, ListQueryError, PageRequest, Projection, Sort, SortOrder};
use crate::{
    filter::{Filter, ParseLimits},
    members::integer_of_text,
};

/// The parameters of a query as they came, each at most once (RFC 7644 §3.4.2, §3.9; RFC 9865 §2).
#[derive(Default)]
pub(crate) struct Parameters<'t> {
    pub(crate) filter: Option<Cow<'t, str>>,
    pub(crate) sort_by: Option<Cow<'t, str>>,
    pub(crate) sort_order: Option<Cow<'t, str>>,
    pub(crate) attributes: Option<Cow<'t, str>>,
    pub(crate) excluded_attributes: Option<Cow<'t, str>>,
    pub(crate) start_index: Option<i64>,
    pub(crate) count: Option<i64>,
    pub(crate) cursor: Option<Cow<'t, str>>,
}

const NAMES: [&str; 8] = [
    "filter",
    "sortBy",
    "sortOrder",
    "attributes",
    "excludedAttributes",
    "startIndex",
    "count",
    "cursor",
];

impl<'t> Parameters<'t> {
    /// Takes those that mean something, in any case; others are passed over.
    pub(super) fn read(
        pairs: impl IntoIterator<Item = (impl AsRef<str>, impl Into<Cow<'t, str>>)>,
    ) -> Result<Self, ListQueryError> {
        let mut values: [Option<Cow<'t, str>>; 8] = Default::default();
        for (given, value) in pairs {
            let value = value.into();
            let mut slots = NAMES.into_iter().zip(&mut values);
            let slot = slots.find(|(name, _)| name.eq_ignore_ascii_case(given.as_ref()));
            let Some((name, slot)) = slot else { continue };
            // A parameter without a value is none, but a cursor without one asks for the first page.
            if value.is_empty() && name != "cursor" {
                continue;
            }
            if slot.replace(value).is_some() {
                return Err(ListQueryError::Parameter { name, reason: "is given more than once" });
            }
        }
        let [filter, sort_by, sort_order, attributes, excluded_attributes, start, count, cursor] =
            values;
        let start_index = integer(start.as_deref(), not_an_integer("startIndex"))?;
        let count = integer(count.as_deref(), Self::invalid_count(cursor.is_some()))?;
        let texts = Self { filter, sort_by, sort_order, attributes, ..Self::default() };
        Ok(Self { excluded_attributes, start_index, count, cursor, ..texts })
    }

    /// What a count that is no integer means, by the way of paging.
    pub(crate) fn invalid_count(by_cursor: bool) -> ListQueryError {
        if by_cursor { ListQueryError::Count } else { not_an_integer("count") }
    }

    /// The query that they make.
    pub(crate) fn query(&self, limits: &ParseLimits) -> Result<ListQuery, ListQueryError> {
        let filter = self.filter.as_deref().map(|text| Filter::parse(text, limits));
        let query = ListQuery {
            filter: filter.transpose().map_err(ListQueryError::Filter)?,
            sort: self.sort()?,
            projection: self.projection()?,
            page: self.page()?,
        };
        Ok(query)
    }

    fn sort(&self) -> Result<Option<Sort>, ListQueryError> {
        let order = match self.sort_order.as_deref() {
            None => SortOrder::Ascending,
            Some(order) if order.eq_ignore_ascii_case("ascending") => SortOrder::Ascending,
            Some(order) if order.eq_ignore_ascii_case("descending") => SortOrder::Descending,
            Some(_) => {
                let reason = "must be `ascending` or `descending`";
                return Err(ListQueryError::Parameter { name: "sortOrder", reason });
            }
        };
        let Some(by) = &self.sort_by else { return Ok(None) };
        let by = by.trim().parse().map_err(ListQueryError::SortBy)?;
        Ok(Some(Sort::by(by).with_order(order)))
    }

    fn projection(&self) -> Result<Projection, ListQueryError> {
        let attributes = self.attributes.as_deref();
        let parse = |name, excluded| {
            Projection::parse(attributes, excluded)
                .map_err(|source| ListQueryError::AttributeList { name, source })
        };
        parse("attributes", None)?;
        parse("excludedAttributes", self.excluded_attributes.as_deref())
    }

    fn page(&self) -> Result<PageRequest, ListQueryError> {
        let page = match (self.start_index, self.cursor.as_deref()) {
            (Some(_), Some(_)) => {
                let reason = "cannot be given together with `startIndex`";
                return Err(ListQueryError::Parameter { name: "cursor", reason });
            }
            (None, None) => PageRequest::new(),
            // RFC 7644 §3.4.2.4: a value below 1 is 1.
            (Some(index), None) => PageRequest::by_index(u64::try_from(index).unwrap_or(1)),
            (None, Some("")) => PageRequest::by_cursor(None),
            (None, Some(cursor)) => {
                PageRequest::by_cursor(Some(cursor.parse().map_err(ListQueryError::Cursor)?))
            }
        };
        // A negative value is 0.
        let count = self.count.map(|count| u64::try_from(count).unwrap_or(0));
        Ok(match count {
            Some(count) => page.with_count(count),
            None => page,
        })
    }
}

pub(crate) fn not_an_integer(name: &'static str) -> ListQueryError {
    ListQueryError::Parameter { name, reason: "must be an integer" }
}

fn integer(text: Option<&str>, error: ListQueryError) -> Result<Option<i64>, ListQueryError> {
    let Some(text) = text else { return Ok(None) };
    integer_of_text(text.trim()).map(Some).ok_or(error)
}
