//! The parameters of a query (RFC 7644 §3.4.2, Table 2; §3.9).

use scim_core::{
    Filter,
    query::{Projection, Sort, SortOrder},
};

use super::Limits;
use crate::{error::Error, operation::ListRequest};

/// The parameters that mean something, each at most once; others are passed over.
#[derive(Default)]
pub(super) struct Parameters {
    filter: Option<String>,
    sort_by: Option<String>,
    sort_order: Option<String>,
    start_index: Option<String>,
    count: Option<String>,
    attributes: Option<String>,
    excluded_attributes: Option<String>,
}

impl Parameters {
    /// Reads them; a plus is a blank, and a parameter without a value is none.
    pub(super) fn read(query: Option<&str>) -> Result<Self, Error> {
        let mut parameters = Self::default();
        for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            let (name, slot) = match name.as_ref() {
                "filter" => ("filter", &mut parameters.filter),
                "sortBy" => ("sortBy", &mut parameters.sort_by),
                "sortOrder" => ("sortOrder", &mut parameters.sort_order),
                "startIndex" => ("startIndex", &mut parameters.start_index),
                "count" => ("count", &mut parameters.count),
                "attributes" => ("attributes", &mut parameters.attributes),
                "excludedAttributes" => ("excludedAttributes", &mut parameters.excluded_attributes),
                _ => continue,
            };
            if value.is_empty() {
                continue;
            }
            if slot.replace(value.into_owned()).is_some() {
                return Err(Error::Parameter { name, reason: "is given more than once" });
            }
        }
        Ok(parameters)
    }

    pub(super) fn has_filter(&self) -> bool {
        self.filter.is_some()
    }

    pub(super) fn names_attributes(&self) -> bool {
        self.attributes.is_some()
    }

    pub(super) fn projection(&self) -> Result<Projection, Error> {
        let attributes = self.attributes.as_deref();
        let parse = |name, excluded| {
            Projection::parse(attributes, excluded)
                .map_err(|source| Error::AttributeList { name, source })
        };
        parse("attributes", None)?;
        parse("excludedAttributes", self.excluded_attributes.as_deref())
    }

    pub(super) fn list_request(&self, limits: &Limits) -> Result<ListRequest, Error> {
        let filter = self.filter.as_deref().map(|text| Filter::parse(text, &limits.filter));
        Ok(ListRequest {
            filter: filter.transpose().map_err(Error::FilterSyntax)?,
            sort: self.sort()?,
            start_index: integer("startIndex", self.start_index.as_deref())?,
            count: integer("count", self.count.as_deref())?,
            projection: self.projection()?,
        })
    }

    fn sort(&self) -> Result<Option<Sort>, Error> {
        let Some(by) = &self.sort_by else { return Ok(None) };
        let by = by.parse().map_err(|source| Error::AttributeList { name: "sortBy", source })?;
        let order = match self.sort_order.as_deref() {
            None => SortOrder::Ascending,
            Some(order) if order.eq_ignore_ascii_case("ascending") => SortOrder::Ascending,
            Some(order) if order.eq_ignore_ascii_case("descending") => SortOrder::Descending,
            Some(_) => {
                let reason = "must be `ascending` or `descending`";
                return Err(Error::Parameter { name: "sortOrder", reason });
            }
        };
        Ok(Some(Sort::by(by).with_order(order)))
    }
}

/// A whole number; one beyond 64 bits is the largest or smallest of them.
fn integer(name: &'static str, text: Option<&str>) -> Result<Option<i64>, Error> {
    let Some(text) = text else { return Ok(None) };
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Error::Parameter { name, reason: "must be an integer" });
    }
    let limit = if text.starts_with('-') { i64::MIN } else { i64::MAX };
    Ok(Some(text.parse().unwrap_or(limit)))
}
