//! A walk from position to position comes by everything that is there all the time, once.

use std::collections::BTreeSet;

use scim_core::{Resource, query::SortOrder};
use serde_json::json;

use crate::{
    conformance::{
        documents::{USER, document, user},
        fault::{Fault, Held, ensure, ensure_eq},
        generate::documents,
        random::Random,
        subject::{Subject, bound, ids, query, sorted_by},
    },
    store::{Page, Position, Start, StoreQuery},
};

/// A filter and an order.
type Way = (Option<&'static str>, Option<(&'static str, SortOrder)>);

/// What walks are made with.
const WAYS: [Way; 8] = [
    (None, None),
    (Some(r#"userName co "a""#), None),
    (Some("not (active eq true)"), None),
    (None, Some(("userName", SortOrder::Ascending))),
    (None, Some(("displayName", SortOrder::Descending))),
    (None, Some(("emails.value", SortOrder::Ascending))),
    (Some("displayName pr"), Some(("displayName", SortOrder::Ascending))),
    (Some(r#"userName co "a""#), Some(("active", SortOrder::Descending))),
];

pub(in crate::conformance) async fn a_walk_comes_by_everything_once(subject: Subject) -> Held {
    let people = documents::people(&subject, 30);
    for person in &people {
        subject.create(person).await?;
    }
    for way in WAYS {
        for count in [1, 4, 29, 30, 31, u64::MAX] {
            let query = walk(way, count)?;
            let expected = in_order(&people, &query);
            let pages = pages(&subject, query).await?;
            let walked: Vec<_> = pages.iter().flat_map(ids).collect();
            ensure_eq(&walked, &expected, format!("{way:?} by {count}"))?;
            let full = usize::try_from(count).unwrap_or(usize::MAX);
            let short = pages.split_last().map_or(&[][..], |(_, before)| before);
            ensure(short.iter().all(|page| page.resources.len() == full), || {
                format!("{way:?} by {count}: a page before the last is not full")
            })?;
        }
    }
    Ok(())
}

/// A last page that is full is the last one all the same.
pub(in crate::conformance) async fn the_last_page_tells_no_next_position(subject: Subject) -> Held {
    for place in 0..6 {
        subject.create(&user(&place.to_string(), &format!("a{place}"))).await?;
    }
    for way in WAYS {
        for count in [2, 3, 6, 7] {
            let query = walk(way, count)?;
            let matching = match &query.filter {
                Some(filter) => (0..6)
                    .filter(|n| filter.matches(user("", &format!("a{n}")).attributes()))
                    .count(),
                None => 6,
            };
            let length = usize::try_from(count).unwrap_or(usize::MAX);
            let pages = pages(&subject, query).await?.len();
            ensure_eq(
                &pages,
                &matching.div_ceil(length).max(1),
                format!("pages of {count}, {way:?}"),
            )?;
        }
    }
    Ok(())
}

pub(in crate::conformance) async fn a_position_leads_to_the_same_page_again(
    subject: Subject,
) -> Held {
    for place in 0..9 {
        subject.create(&user(&place.to_string(), &format!("a{}", 9 - place))).await?;
    }
    for sort in [None, Some(("userName", SortOrder::Ascending))] {
        let mut query = walk((None, sort), 3)?;
        let first = subject.list(&query).await?;
        query.start = Start::After(Some(next(&first)?));
        let second = ids(&subject.list(&query).await?);
        ensure_eq(&ids(&subject.list(&query).await?), &second, "the same position again")?;
        // The size of a page may change on the way.
        query.count = 1;
        let one: Vec<_> = second.iter().take(1).cloned().collect();
        ensure_eq(&ids(&subject.list(&query).await?), &one, "a smaller page")?;
    }
    Ok(())
}

/// After how many pages the resources come to rest.
const MOVES: usize = 15;

pub(in crate::conformance) async fn a_walk_outlives_inserts_and_deletes(subject: Subject) -> Held {
    for (number, way) in WAYS.into_iter().enumerate() {
        let mut random = Random::new(subject.seed.wrapping_add(u64::try_from(number).unwrap_or(0)));
        let subject = subject.in_tenant(&format!("walk{number}"))?;
        let people = documents::people(&subject, 24);
        for person in &people {
            subject.create(person).await?;
        }
        let mut query = walk(way, 1 + u64::try_from(random.below(5)).unwrap_or(0))?;
        let mut gone = BTreeSet::new();
        let mut walked: Vec<String> = Vec::new();
        for step in 0_usize.. {
            let page = subject.list(&query).await?;
            walked.extend(ids(&page));
            let Some(next) = page.next else { break };
            query.start = Start::After(Some(next));
            ensure(step < 100, || format!("{way:?}: the walk has no end"))?;
            if step >= MOVES {
                // Newcomers may always stand behind the walk; it ends when they end.
                continue;
            }
            // What the position was made of goes, and something else, and something comes.
            let someone = random.one_of(&people).and_then(|person| person.id());
            let last = walked.last().cloned().filter(|id| !id.starts_with("new"));
            let mut going: BTreeSet<_> =
                last.into_iter().chain(someone.map(str::to_owned)).collect();
            going.retain(|id| gone.insert(id.clone()));
            for id in &going {
                subject.delete(USER, id).await?;
            }
            let id = format!("new{step}");
            let name = format!("{}a{step}", random.text(&["a", "m", "z"]));
            let newcomer = json!({"userName": name, "displayName": name, "active": true});
            subject.create(&subject.kept(document(USER, &id, newcomer))).await?;
        }
        let stayed: Vec<_> =
            in_order(&people, &query).into_iter().filter(|id| !gone.contains(id)).collect();
        let once: BTreeSet<_> = walked.iter().collect();
        ensure(once.len() == walked.len(), || format!("{way:?}: the walk repeats: {walked:?}"))?;
        walked.retain(|id| !gone.contains(id) && !id.starts_with("new"));
        ensure_eq(&walked, &stayed, format!("{way:?}"))?;
    }
    Ok(())
}

fn walk((filter, sort): Way, count: u64) -> Result<StoreQuery, Fault> {
    let mut query = query(USER);
    query.filter = filter.map(|filter| bound(USER, filter)).transpose()?;
    query.sort = sort.map(|(path, order)| sorted_by(USER, path, order)).transpose()?;
    (query.start, query.count) = (Start::After(None), count);
    Ok(query)
}

/// All pages of a walk.
async fn pages(subject: &Subject, mut query: StoreQuery) -> Result<Vec<Page>, Fault> {
    let mut pages = Vec::new();
    loop {
        let page = subject.list(&query).await?;
        let next = page.next.clone();
        pages.push(page);
        let Some(next) = next else { return Ok(pages) };
        query.start = Start::After(Some(next));
        if pages.len() > 1000 {
            return Err(Fault::new("the walk has no end"));
        }
    }
}

fn next(page: &Page) -> Result<Position, Fault> {
    page.next.clone().ok_or_else(|| Fault::new("a page that another follows tells no position"))
}

/// The ids that a query is to find, in its order.
fn in_order(people: &[Resource], query: &StoreQuery) -> Vec<String> {
    let matches = |person: &&Resource| {
        query.filter.as_ref().is_none_or(|filter| filter.matches(person.attributes()))
    };
    let mut expected: Vec<_> = people.iter().filter(matches).collect();
    if let Some(sort) = &query.sort {
        expected.sort_by(|a, b| sort.compare(a.attributes(), b.attributes()));
    }
    expected.into_iter().filter_map(|person| person.id()).map(str::to_owned).collect()
}
