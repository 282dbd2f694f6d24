//! Which of the resources that a query can match make the page, for stores that look at each.

use std::cmp::Ordering;

use scim_core::{filter::BoundFilter, query::BoundSort, resource::ResourceRef};
use serde_json::{Map, Value};

use super::{Position, Start, StoreError, StoreQuery};

/// A resource that a query can match.
pub(crate) trait Candidate {
    /// Its place in the order of creation.
    fn place(&self) -> u64;
    /// The document, with whatever the query asks for.
    fn document(&self) -> ResourceRef<'_>;
    /// What its place in an order comes from.
    fn key(&self, sort: &BoundSort) -> Map<String, Value>;
}

/// The resources of a page.
pub(crate) struct Chosen<C> {
    pub(crate) candidates: Vec<C>,
    pub(crate) total: Option<u64>,
    pub(crate) next: Option<Position>,
}

/// Where the page before ended.
#[derive(Default)]
pub(crate) struct Behind {
    /// In the order of creation.
    place: u64,
    /// In the order that is asked for.
    key: Option<Map<String, Value>>,
}

/// A position that the store did not give.
#[derive(Debug, thiserror::Error)]
#[error("a position is not one of this store")]
struct UnknownPosition;

impl Behind {
    /// Where the page of a query begins.
    pub(crate) fn of(query: &StoreQuery) -> Result<Self, StoreError> {
        let Start::After(Some(position)) = &query.start else { return Ok(Self::default()) };
        let unknown = || StoreError::internal(UnknownPosition);
        let (place, key) = position.as_bytes().split_first_chunk().ok_or_else(unknown)?;
        let key = query.sort.as_ref().map(|_| serde_json::from_slice(key).map_err(|_| unknown()));
        Ok(Self { place: u64::from_be_bytes(*place), key: key.transpose()? })
    }

    /// The place behind which candidates lie: in another order than that of creation, the place
    /// where a page ended says nothing about that.
    pub(crate) fn first_place(&self) -> u64 {
        if self.key.is_some() { 0 } else { self.place }
    }

    fn precedes(&self, candidate: &impl Candidate, sort: &BoundSort) -> bool {
        let Some(key) = &self.key else { return true };
        match sort.compare(candidate.document(), key) {
            Ordering::Less => false,
            Ordering::Equal => candidate.place() > self.place,
            Ordering::Greater => true,
        }
    }
}

/// Chooses from candidates that come in the order of creation, those behind
/// [`Behind::first_place`].
pub(crate) fn choose<C: Candidate>(
    query: &StoreQuery,
    behind: &Behind,
    candidates: impl Iterator<Item = Result<C, StoreError>>,
) -> Result<Chosen<C>, StoreError> {
    let matches = |candidate: &C| {
        query.filter.as_ref().is_none_or(|filter| filter.matches(candidate.document()))
    };
    let conditions = query.filter.as_ref().map_or(0, BoundFilter::conditions);
    let each = u64::try_from(conditions).unwrap_or(u64::MAX);
    let mut work = query.work;
    let affordable = candidates.map(|candidate| {
        work = work.checked_sub(each).ok_or(StoreError::TooMany)?;
        candidate
    });
    let mut matching = affordable.filter(|candidate| candidate.as_ref().map_or(true, matches));
    match (&query.start, &query.sort) {
        (Start::Offset(offset), None) => cut(matching, *offset, query.count),
        (Start::Offset(offset), Some(sort)) => {
            let sorted = sorted(matching, sort)?;
            cut(sorted.into_iter().map(Ok), *offset, query.count)
        }
        (Start::After(_), None) => before(&mut matching, query.count, None),
        (Start::After(_), Some(sort)) => {
            let rest = sorted(matching, sort)?.into_iter();
            let mut rest = rest.filter(|candidate| behind.precedes(candidate, sort)).map(Ok);
            before(&mut rest, query.count, Some(sort))
        }
    }
}

fn sorted<C: Candidate>(
    matching: impl Iterator<Item = Result<C, StoreError>>,
    sort: &BoundSort,
) -> Result<Vec<C>, StoreError> {
    let mut matching: Vec<C> = matching.collect::<Result<_, _>>()?;
    // Equal ones stay in the order of creation.
    matching.sort_by(|a, b| sort.compare(a.document(), b.document()));
    Ok(matching)
}

/// Counts all, and keeps those of the page.
fn cut<C>(
    matching: impl Iterator<Item = Result<C, StoreError>>,
    offset: u64,
    count: u64,
) -> Result<Chosen<C>, StoreError> {
    let page = offset..offset.saturating_add(count);
    let (mut candidates, mut total) = (Vec::new(), 0);
    for candidate in matching {
        let candidate = candidate?;
        if page.contains(&total) {
            candidates.push(candidate);
        }
        total += 1;
    }
    Ok(Chosen { candidates, total: Some(total), next: None })
}

/// Takes those of the page, and looks whether another one follows.
fn before<C: Candidate>(
    matching: &mut impl Iterator<Item = Result<C, StoreError>>,
    count: u64,
    sort: Option<&BoundSort>,
) -> Result<Chosen<C>, StoreError> {
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    let candidates: Vec<C> = matching.by_ref().take(count).collect::<Result<_, _>>()?;
    let is_followed = matching.next().transpose()?.is_some();
    let last = candidates.last().filter(|_| is_followed);
    let next = last.map(|last| position(last, sort)).transpose()?;
    Ok(Chosen { candidates, total: None, next })
}

fn position(last: &impl Candidate, sort: Option<&BoundSort>) -> Result<Position, StoreError> {
    let mut bytes = last.place().to_be_bytes().to_vec();
    if let Some(sort) = sort {
        let key = last.key(sort);
        serde_json::to_writer(&mut bytes, &key).map_err(StoreError::internal)?;
    }
    Ok(Position::new(bytes))
}
