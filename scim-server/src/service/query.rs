//! The parameters of a URL (RFC 7644 §3.4.2, Table 2; §3.9); what they mean is the core's.

use std::borrow::Cow;

use scim_core::{ListQuery, query::Projection};

use super::Limits;
use crate::error::Error;

/// What the URL of a collection asks for.
pub(super) fn list_query(parameters: Option<&str>, limits: &Limits) -> Result<ListQuery, Error> {
    within(ListQuery::from_parameters(pairs(parameters), &limits.filter)?, limits)
}

/// The query, if it does not name more attributes than it may.
pub(super) fn within(query: ListQuery, limits: &Limits) -> Result<ListQuery, Error> {
    if query.projection().names() > limits.attributes {
        return Err(Error::TooManyNames { limit: limits.attributes });
    }
    Ok(query)
}

/// What the URL of one resource asks for; parameters about many mean nothing there.
pub(super) fn projection(parameters: Option<&str>, limits: &Limits) -> Result<Projection, Error> {
    if parameters.is_none() {
        return Ok(Projection::default());
    }
    let chosen = pairs(parameters).filter(|(name, _)| {
        ["attributes", "excludedAttributes"].iter().any(|known| known.eq_ignore_ascii_case(name))
    });
    let query = ListQuery::from_parameters(chosen, &limits.filter)?;
    Ok(within(query, limits)?.projection().clone())
}

pub(super) fn has_filter(parameters: Option<&str>) -> bool {
    pairs(parameters).any(|(name, value)| name.eq_ignore_ascii_case("filter") && !value.is_empty())
}

/// Names and values, their escapes undone; a plus is a blank.
fn pairs(parameters: Option<&str>) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    form_urlencoded::parse(parameters.unwrap_or_default().as_bytes())
}
