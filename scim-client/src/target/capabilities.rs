use std::fmt;

use scim_core::{TypedResource, User};

use super::{Paging, Target};
use crate::transport::Operation;

/// What a service provider is able to do, by its profile, by what it says of itself and by what it
/// has refused so far, in words for people by `Display`.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Capabilities {
    /// Whether users are changed by PATCH; otherwise they are replaced by PUT.
    pub patch: bool,
    /// Whether users are replaced by PUT.
    pub put: bool,
    /// The limits of a bulk request, if there is bulk.
    pub bulk: Option<BulkLimits>,
    /// Whether there is `.search`.
    pub search: bool,
    /// Whether lists can be filtered.
    pub filter: bool,
    /// Whether versions are given as entity tags.
    pub etag: bool,
    /// How lists are paged.
    pub paging: Paging,
    /// The most resources of a page, if it is known.
    pub max_page_size: Option<u64>,
    /// How many members a request may bring or take, if that is limited.
    pub max_members: Option<usize>,
}

/// The limits of a bulk request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct BulkLimits {
    /// The most operations.
    pub max_operations: usize,
    /// The most bytes.
    pub max_payload_size: usize,
}

impl Target {
    /// What is known now.
    pub(crate) fn capabilities(&self) -> Capabilities {
        let discovery = self.discovery();
        let config = discovery.as_ref().and_then(|discovery| discovery.config.as_ref());
        let profile = self.profile();
        let said = config.and_then(|config| config.pagination.as_ref());
        let paging = match (profile.paging, said) {
            (Paging::Either, Some(said)) if said.cursor && !said.index => Paging::Cursor,
            (Paging::Either, Some(said)) if said.index && !said.cursor => Paging::Index,
            (paging, _) => paging,
        };
        let most = config.map(|config| config.filter.max_results).filter(|most| *most > 0);
        let page = said.and_then(|said| said.max_page_size).filter(|most| *most > 0);
        Capabilities {
            patch: self.offers(Operation::Patch, User::ENDPOINT),
            put: self.offers(Operation::Replace, User::ENDPOINT),
            bulk: self.bulk_limits(),
            search: self.offers(Operation::Search, User::ENDPOINT),
            filter: config.is_none_or(|config| config.filter.supported),
            etag: config.is_some_and(|config| config.etag.supported),
            paging,
            max_page_size: profile.max_page_size.or(page).or(most),
            max_members: profile.max_members,
        }
    }

    /// The limits of a bulk request; none if there is no bulk or nobody knows.
    pub(crate) fn bulk_limits(&self) -> Option<BulkLimits> {
        if !self.offers(Operation::Bulk, "/Bulk") {
            return None;
        }
        let discovery = self.discovery()?;
        let bulk = discovery.config.as_ref()?.bulk;
        let limit = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
        // Zero says as little as no number.
        let or_any = |count: usize| if count == 0 { usize::MAX } else { count };
        bulk.supported.then(|| BulkLimits {
            max_operations: or_any(limit(bulk.max_operations)),
            max_payload_size: or_any(limit(bulk.max_payload_size)),
        })
    }
}

impl fmt::Display for Capabilities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let changes = match (self.patch, self.put) {
            (true, true) => "by PATCH, or by PUT",
            (true, false) => "by PATCH",
            (false, true) => "by PUT alone",
            (false, false) => "not at all",
        };
        writeln!(f, "changes users: {changes}")?;
        match self.bulk {
            Some(bulk) => writeln!(
                f,
                "bulk: {} operations and {} bytes in a request",
                up_to(bulk.max_operations),
                up_to(bulk.max_payload_size),
            )?,
            None => writeln!(f, "bulk: no")?,
        }
        let paging = match self.paging {
            Paging::Either => "by index or by cursor, whichever the first page shows",
            Paging::Index => "by index",
            Paging::Cursor => "by cursor",
            Paging::None => "not at all",
        };
        write!(f, "pages lists: {paging}")?;
        match self.max_page_size {
            Some(most) => writeln!(f, ", up to {most} resources in a page")?,
            None => writeln!(f)?,
        }
        writeln!(f, "filters lists: {}", yes(self.filter))?;
        write!(f, "gives versions: {}", yes(self.etag))?;
        match self.max_members {
            Some(most) => write!(f, "\nmembers: up to {most} in a request"),
            None => Ok(()),
        }
    }
}

fn up_to(most: usize) -> String {
    if most == usize::MAX { "any number of".to_owned() } else { format!("up to {most}") }
}

fn yes(is: bool) -> &'static str {
    if is { "yes" } else { "no" }
}
