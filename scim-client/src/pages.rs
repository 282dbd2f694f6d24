use std::collections::HashSet;

use scim_core::ListResponse;
use serde_json::Value;

/// Where a walk over the pages of a list stands ([RFC 7644 §3.4.2.4]).
///
/// It advances by what arrived, since a page may hold fewer resources than were asked for, and
/// ends on a page that is empty or brings nothing new: `totalResults` alone is not to be trusted.
///
/// [RFC 7644 §3.4.2.4]: https://www.rfc-editor.org/rfc/rfc7644#section-3.4.2.4
#[derive(Debug)]
pub(crate) struct Walk {
    next_start: Option<u64>,
    seen: HashSet<String>,
}

impl Walk {
    /// A walk that begins at that place, counted from 1.
    pub(crate) fn new(start: u64) -> Self {
        Self { next_start: Some(start.max(1)), seen: HashSet::new() }
    }

    /// The place at which the next page begins, unless the walk is over.
    pub(crate) fn next_start(&self) -> Option<u64> {
        self.next_start
    }

    /// Takes in the page that begins there, and gives those of its resources that are new.
    pub(crate) fn take(&mut self, page: ListResponse<Value>) -> Vec<Value> {
        let arrived = u64::try_from(page.resources.len()).unwrap_or(u64::MAX);
        let mut new = page.resources;
        new.retain(|resource| self.seen.insert(identity(resource)));
        let next = self.next_start.map(|start| start.saturating_add(arrived));
        self.next_start = next.filter(|next| {
            !new.is_empty() && page.total_results.is_none_or(|total| *next <= total)
        });
        new
    }
}

/// The `id`, or the whole resource if a service provider leaves the `id` out.
fn identity(resource: &Value) -> String {
    match resource.get("id").and_then(Value::as_str) {
        Some(id) => id.to_owned(),
        None => resource.to_string(),
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

    /// The places asked for, and how many resources came, from a list of `there` resources.
    fn walk(there: u64, page_size: u64, total: Option<u64>) -> (Vec<u64>, usize) {
        let (mut walk, mut starts, mut count) = (Walk::new(1), Vec::new(), 0);
        while let Some(start) = walk.next_start() {
            starts.push(start);
            let end = (start + page_size).min(there + 1);
            count += walk.take(page(start.min(end)..end, total)).len();
        }
        (starts, count)
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
        ];
        for (there, page_size, total, starts, count) in rows {
            assert_eq!(walk(there, page_size, total), (starts, count), "{there} {total:?}");
        }
    }

    #[test]
    fn a_page_that_comes_again_ends_it() {
        let mut walk = Walk::new(0);
        assert_eq!(walk.take(page(1..8, Some(20))).len(), 7);
        assert_eq!(walk.next_start(), Some(8));
        assert_eq!(walk.take(page(1..8, Some(20))).len(), 0);
        assert_eq!(walk.next_start(), None);
    }

    #[test]
    fn a_resource_without_id_is_known_by_its_text() {
        let mut walk = Walk::new(1);
        let nameless = || ListResponse::new(vec![json!({"a": 1}), json!({"a": 2})], 9, 1);
        assert_eq!(walk.take(nameless()).len(), 2);
        assert_eq!(walk.take(nameless()).len(), 0);
        assert_eq!(walk.next_start(), None);
    }
}
