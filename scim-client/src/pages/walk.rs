use std::{
    collections::HashSet,
    hash::{BuildHasher, RandomState},
};

use scim_core::ListResponse;
use serde_json::Value;

use super::Consistency;
use crate::target::Paging;

/// Where a walk over the pages of a list stands ([RFC 7644 §3.4.2.4], [RFC 9865]).
///
/// It advances by what arrived, since a page may hold fewer resources than were asked for, and
/// ends on a page that brings nothing new: `totalResults` alone is not to be trusted. Where that
/// number falls, resources before this page may be gone and others have moved up in their place, so
/// the walk goes back as far.
///
/// [RFC 7644 §3.4.2.4]: https://www.rfc-editor.org/rfc/rfc7644#section-3.4.2.4
/// [RFC 9865]: https://www.rfc-editor.org/rfc/rfc9865
#[derive(Debug)]
pub(crate) struct Walk {
    paging: Paging,
    place: Option<Place>,
    /// Where it began, counted from 1.
    start: u64,
    /// The place after the last resource that was looked at.
    furthest: u64,
    /// How many pages since the last new resource were empty, or made the walk go back.
    fruitless: u32,
    seen: Seen,
    consistency: Consistency,
}

/// Where the next page begins.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Place {
    /// At this place, counted from 1.
    Index(u64),
    /// Where the cursor says; the empty one asks for the first page.
    Cursor(String),
}

/// The resources that came already, each by 128 bits of a hash, which is less than their `id`s
/// take and just as sure.
#[derive(Debug, Default)]
struct Seen {
    hashes: HashSet<u128>,
    high: RandomState,
    low: RandomState,
}

/// What a page has brought.
#[derive(Clone, Copy, Debug)]
struct Counts {
    /// How many resources were asked for.
    asked: Option<u64>,
    /// How many it holds.
    arrived: u64,
    /// How many of them are new.
    brought: u64,
    /// By how much `totalResults` has fallen.
    gone: u64,
}

impl Walk {
    /// So many pages may lead on to others without one new resource.
    const MAX_FRUITLESS: u32 = 100;

    /// A walk that begins at that place, counted from 1, or by a cursor where they are in use.
    pub(crate) fn new(start: u64, paging: Paging) -> Self {
        let start = start.max(1);
        let place = match paging {
            Paging::Cursor if start == 1 => Place::Cursor(String::new()),
            _ => Place::Index(start),
        };
        Self { place: Some(place), ..Self::by_index(start, paging) }
    }

    /// A walk whose first page is asked for without a cursor.
    pub(crate) fn by_index(start: u64, paging: Paging) -> Self {
        Self {
            paging,
            place: Some(Place::Index(start.max(1))),
            start: start.max(1),
            furthest: start.max(1),
            fruitless: 0,
            seen: Seen::default(),
            consistency: Consistency::default(),
        }
    }

    /// Where the next page begins, unless the walk is over.
    pub(crate) fn place(&self) -> Option<&Place> {
        self.place.as_ref()
    }

    pub(crate) fn consistency(&self) -> Consistency {
        self.consistency
    }

    /// Takes in the page that begins there, of which so many resources were asked for, and gives
    /// those of its resources that are new.
    pub(crate) fn take(&mut self, page: ListResponse<Value>, asked: Option<u64>) -> Vec<Value> {
        let arrived = u64::try_from(page.resources.len()).unwrap_or(u64::MAX);
        let mut new = page.resources;
        new.retain(|resource| self.seen.insert(resource));
        let brought = u64::try_from(new.len()).unwrap_or(u64::MAX);
        self.consistency.resources += brought;
        self.consistency.repeated += arrived - brought;
        let gone = self.total(page.total_results);
        let next = page.next_cursor.filter(|_| self.paging != Paging::Index);
        let counts = Counts { asked, arrived, brought, gone };
        self.place = match (self.place.take(), next) {
            (Some(before), Some(cursor)) => self.after_cursor(&before, cursor, counts),
            (Some(Place::Index(start)), None) => self.after_index(start, counts),
            _ => None,
        };
        new
    }

    /// Takes note of `totalResults`, and gives by how much it has fallen.
    fn total(&mut self, total: Option<u64>) -> u64 {
        let Some(total) = total else { return 0 };
        let total = total.saturating_sub(self.start - 1);
        let before = self.consistency.total_results.replace(total);
        self.consistency.has_total_changed |= before.is_some_and(|before| before != total);
        before.unwrap_or(total).saturating_sub(total)
    }

    fn after_cursor(&mut self, before: &Place, cursor: String, counts: Counts) -> Option<Place> {
        let Counts { arrived, brought, .. } = counts;
        let next = Place::Cursor(cursor);
        self.fruitless = if arrived == 0 { self.fruitless + 1 } else { 0 };
        let stands_still = brought == 0 && arrived > 0 || *before == next;
        (!stands_still && self.fruitless < Self::MAX_FRUITLESS).then_some(next)
    }

    fn after_index(&mut self, start: u64, counts: Counts) -> Option<Place> {
        let Counts { asked, arrived, brought, gone } = counts;
        if matches!(self.paging, Paging::Cursor | Paging::None) {
            return None;
        }
        let end = start.saturating_add(arrived);
        let is_looked_at_again = start < self.furthest;
        self.furthest = self.furthest.max(end);
        if arrived == 0 || brought == 0 && !is_looked_at_again {
            return None;
        }
        self.fruitless = if brought == 0 { self.fruitless + u32::from(gone > 0) } else { 0 };
        // Those that moved up across the beginning of this page have not been seen.
        let next = match gone {
            0 => end,
            _ if self.fruitless >= Self::MAX_FRUITLESS => end,
            gone => start.saturating_sub(gone).max(self.start),
        };
        let total = self.consistency.total_results;
        let total = total.map(|total| total.saturating_add(self.start - 1));
        // Some say how many resources the page has instead: a first page that is full is no end.
        let is_full = start == self.start && asked.is_some_and(|asked| arrived >= asked);
        let is_over = total.is_some_and(|total| next > total) && !is_full;
        (!is_over).then_some(Place::Index(next))
    }
}

impl Seen {
    /// Whether the resource is new.
    fn insert(&mut self, resource: &Value) -> bool {
        // Some service providers leave the `id` out.
        let hash = match resource.get("id").and_then(Value::as_str) {
            Some(id) => self.hash(id),
            None => self.hash(&resource.to_string()),
        };
        self.hashes.insert(hash)
    }

    fn hash(&self, text: &str) -> u128 {
        u128::from(self.high.hash_one(text)) << 64 | u128::from(self.low.hash_one(text))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn page(ids: std::ops::Range<u64>, total: Option<u64>) -> ListResponse<Value> {
        let resources = ids.map(|id| json!({"id": id.to_string()})).collect();
        let mut page = ListResponse::new(resources, 0, 1);
        page.total_results = total;
        page
    }

    fn start(walk: &Walk) -> Option<u64> {
        match walk.place()? {
            Place::Index(start) => Some(*start),
            Place::Cursor(_) => None,
        }
    }

    /// The places asked for, and how many resources came, from a list of `there` resources.
    fn walk(there: u64, page_size: u64, total: Option<u64>) -> (Vec<u64>, u64) {
        let (mut walk, mut starts) = (Walk::new(1, Paging::Either), Vec::new());
        while let Some(start) = start(&walk) {
            starts.push(start);
            let end = (start + page_size).min(there + 1);
            walk.take(page(start.min(end)..end, total), Some(page_size));
        }
        (starts, walk.consistency().resources)
    }

    #[test]
    fn it_ends_where_the_list_ends() {
        let rows = [
            (20, 7, Some(20), vec![1, 8, 15], 20),
            (21, 7, Some(21), vec![1, 8, 15], 21),
            (0, 7, Some(0), vec![1], 0),
            (20, 7, None, vec![1, 8, 15, 21], 20),
            (20, 7, Some(u64::MAX), vec![1, 8, 15, 21], 20),
            (20, 100, Some(20), vec![1], 20),
            // The number of the page in the place of the number of all.
            (20, 7, Some(7), vec![1, 8], 14),
            (7, 7, Some(7), vec![1, 8], 7),
        ];
        for (there, page_size, total, starts, count) in rows {
            assert_eq!(walk(there, page_size, total), (starts, count), "{there} {total:?}");
        }
    }

    #[test]
    fn a_page_that_comes_again_ends_it() {
        let mut walk = Walk::new(0, Paging::Either);
        assert_eq!(walk.take(page(1..8, Some(20)), None).len(), 7);
        assert_eq!(start(&walk), Some(8));
        assert_eq!(walk.take(page(1..8, Some(20)), None).len(), 0);
        assert_eq!(walk.place(), None);
        let consistency = walk.consistency();
        assert_eq!((consistency.resources, consistency.repeated), (7, 7));
        assert!(!consistency.is_certain());
    }

    #[test]
    fn a_resource_without_id_is_known_by_its_text() {
        let mut walk = Walk::new(1, Paging::Either);
        let nameless = || ListResponse::new(vec![json!({"a": 1}), json!({"a": 2})], 9, 1);
        assert_eq!(walk.take(nameless(), None).len(), 2);
        assert_eq!(walk.take(nameless(), None).len(), 0);
        assert_eq!(walk.place(), None);
    }

    /// Reads a list by pages of `page_size`; before each page `change` may change the list.
    fn read(
        list: &mut Vec<u64>,
        page_size: usize,
        change: impl Fn(usize, &mut Vec<u64>),
    ) -> (Vec<u64>, Consistency) {
        let (mut walk, mut ids, mut pages) = (Walk::new(1, Paging::Index), Vec::new(), 0);
        while let Some(start) = start(&walk) {
            change(pages, list);
            pages += 1;
            assert!(pages < 1000, "it does not end");
            let from = usize::try_from(start - 1).unwrap().min(list.len());
            let to = (from + page_size).min(list.len());
            let resources = list[from..to].iter().map(|id| json!({"id": id.to_string()})).collect();
            let page = ListResponse::new(resources, list.len() as u64, start);
            let new = walk.take(page, Some(page_size as u64));
            ids.extend(new.iter().map(|new| new["id"].as_str().unwrap().parse::<u64>().unwrap()));
        }
        (ids, walk.consistency())
    }

    /// Who is missing of 60 resources though they are there, while some before them go.
    fn missed(page_size: usize, gone_per_page: usize) -> (Vec<u64>, Consistency) {
        let mut list: Vec<u64> = (0..60).collect();
        let (ids, consistency) = read(&mut list, page_size, |pages, list| {
            if pages > 0 && list.len() > 30 {
                list.drain(..gone_per_page);
            }
        });
        list.retain(|id| !ids.contains(id));
        (list, consistency)
    }

    #[test]
    fn who_stays_is_found_though_others_go_meanwhile() {
        for (page_size, gone) in (1..12).flat_map(|size| (0..4).map(move |gone| (size, gone))) {
            let (missed, consistency) = missed(page_size, gone);
            assert!(missed.is_empty(), "{missed:?} at {page_size}, {gone}");
            assert_eq!(consistency.is_certain(), gone == 0, "{page_size}, {gone}");
        }
    }

    #[test]
    fn a_total_that_swings_does_not_keep_it_going() {
        let mut list: Vec<u64> = (0..40).collect();
        let (ids, _) = read(&mut list, 7, |pages, list| {
            list.truncate(40);
            list.extend((pages % 2 == 0).then_some(100));
        });
        assert!(ids.len() >= 40);
        let mut walk = Walk::new(1, Paging::Index);
        let mut pages = 0;
        while let Some(start) = start(&walk) {
            let total = if pages % 2 == 0 { 1000 } else { 1 };
            walk.take(page(start..start + 7, Some(total)), None);
            pages += 1;
            assert!(pages < 1000, "it does not end");
        }
    }

    #[test]
    fn who_moves_to_the_next_page_comes_once() {
        let mut list: Vec<u64> = (0..40).collect();
        let (ids, consistency) = read(&mut list, 7, |pages, list| {
            if pages == 2 {
                list.insert(0, 100);
            }
        });
        assert_eq!(ids.len(), 40);
        assert_eq!(consistency.repeated, 1);
        assert!(consistency.has_total_changed && !consistency.is_certain());
    }

    #[test]
    fn a_cursor_leads_on_until_there_is_none_or_it_stands_still() {
        let with_cursor = |ids, cursor: &str| {
            let mut page = page(ids, None);
            page.next_cursor = Some(cursor.to_owned());
            page
        };
        let mut walk = Walk::new(1, Paging::Cursor);
        assert_eq!(walk.place(), Some(&Place::Cursor(String::new())));
        walk.take(with_cursor(1..4, "a+b"), None);
        assert_eq!(walk.place(), Some(&Place::Cursor("a+b".to_owned())));
        walk.take(with_cursor(0..0, "c"), None);
        assert_eq!(walk.place(), Some(&Place::Cursor("c".to_owned())));
        walk.take(page(4..6, None), None);
        assert_eq!(walk.place(), None);
        assert_eq!(walk.consistency().resources, 5);
        assert!(walk.consistency().is_certain());

        let mut walk = Walk::new(1, Paging::Either);
        walk.take(with_cursor(1..4, "a"), None);
        walk.take(with_cursor(4..6, "a"), None);
        assert_eq!(walk.place(), None, "the same cursor again");

        let mut walk = Walk::new(1, Paging::Either);
        let mut pages = 0;
        while walk.place().is_some() {
            walk.take(with_cursor(0..0, &pages.to_string()), None);
            pages += 1;
        }
        assert_eq!(pages, Walk::MAX_FRUITLESS);
    }

    #[test]
    fn a_service_provider_without_pages_is_asked_once() {
        let mut walk = Walk::new(1, Paging::None);
        walk.take(page(1..8, Some(20)), None);
        assert_eq!(walk.place(), None);
        assert!(!walk.consistency().is_certain());
    }
}
