//! Lists: which resources, in what order, which page of them.

use scim_core::query::SortOrder;

use crate::{
    conformance::{
        documents::{GROUP, USER, group, user},
        fault::{Held, ensure, ensure_eq},
        subject::{Subject, bound, ids, query, sorted_by},
    },
    store::{Start, StoreQuery},
};

pub(in crate::conformance) async fn an_empty_store_lists_nothing(subject: Subject) -> Held {
    let mut query = query(USER);
    for _ in 0..2 {
        query.start = Start::Offset(0);
        let page = subject.list(&query).await?;
        ensure_eq(&(ids(&page).len(), page.total), &(0, Some(0)), "a list by offset")?;
        query.start = Start::After(None);
        let page = subject.list(&query).await?;
        ensure_eq(&(ids(&page).len(), page.next), &(0, None), "a list by position")?;
        query.filter = Some(bound(USER, "userName pr")?);
        query.sort = Some(sorted_by(USER, "userName", SortOrder::Ascending)?);
    }
    Ok(())
}

pub(in crate::conformance) async fn an_unknown_type_lists_nothing(subject: Subject) -> Held {
    for _ in 0..2 {
        for start in [Start::Offset(0), Start::After(None)] {
            let mut query = StoreQuery::new("Nothing");
            query.start = start;
            let page = subject.list(&query).await?;
            ensure(page.resources.is_empty() && page.next.is_none(), || {
                "an unknown type lists something".to_owned()
            })?;
            ensure(page.total.is_none_or(|total| total == 0), || "a total".to_owned())?;
            query.filter = Some(bound(USER, r#"userName eq "a""#)?);
            let page = subject.list(&query).await?;
            ensure(page.resources.is_empty(), || "a filter finds something".to_owned())?;
        }
        if subject.try_get(USER, "1", crate::store::Wanted::ALL).await?.is_err() {
            subject.create(&user("1", "a")).await?;
        }
    }
    Ok(())
}

pub(in crate::conformance) async fn pages_cut_the_list(subject: Subject) -> Held {
    for place in 0..10 {
        subject.create(&user(&format!("u{place}"), &format!("user{place}"))).await?;
    }
    let mut query = query(USER);
    for filter in [None, Some("userName pr")] {
        query.filter = filter.map(|filter| bound(USER, filter)).transpose()?;
        for [offset, count, first, length] in PAGES_OF_TEN {
            (query.start, query.count) = (Start::Offset(offset), count);
            let page = subject.list(&query).await?;
            let expected: Vec<_> =
                (first..first + length).map(|place| format!("u{place}")).collect();
            let what = format!("{count} behind {offset}");
            ensure_eq(&(ids(&page), page.total), &(expected, Some(10)), what)?;
            ensure(page.next.is_none(), || "a page by offset tells a next position".to_owned())?;
        }
    }
    Ok(())
}

/// Offset and count; the first place of the page and its length.
const PAGES_OF_TEN: [[u64; 4]; 9] = [
    [0, u64::MAX, 0, 10],
    [0, 3, 0, 3],
    [3, 3, 3, 3],
    [9, 3, 9, 1],
    [10, 3, 0, 0],
    [500, 3, 0, 0],
    [0, 0, 0, 0],
    [4, 0, 0, 0],
    [u64::MAX, u64::MAX, 0, 0],
];

pub(in crate::conformance) async fn the_order_of_creation_outlives_updates(
    subject: Subject,
) -> Held {
    // Neither the order of the ids nor that of the names.
    for id in ["m", "a", "z", "k"] {
        subject.create(&user(id, &format!("{id}{id}"))).await?;
    }
    subject.update(&user("m", "zz-top")).await?;
    subject.update(&user("a", "changed")).await?;
    ensure_eq(&ids(&subject.all(USER).await?), &owned(&["m", "a", "z", "k"]), "after updates")?;
    subject.delete(USER, "a").await?;
    subject.create(&user("a", "again")).await?;
    ensure_eq(&ids(&subject.all(USER).await?), &owned(&["m", "z", "k", "a"]), "come back")?;
    // A last resource that goes does not leave its place to the next.
    subject.delete(USER, "a").await?;
    subject.create(&user("b", "next")).await?;
    ensure_eq(&ids(&subject.all(USER).await?), &owned(&["m", "z", "k", "b"]), "after deletes")?;
    let found = subject.found(USER, r#"id eq "b" or id eq "m" or id eq "k""#).await?;
    ensure_eq(&found, &owned(&["m", "k", "b"]), "what a filter finds")
}

pub(in crate::conformance) async fn other_types_are_not_listed(subject: Subject) -> Held {
    subject.create(&user("1", "a")).await?;
    subject.create(&group("2", &[])).await?;
    for (resource_type, own, other) in [(USER, "1", "2"), (GROUP, "2", "1")] {
        let page = subject.all(resource_type).await?;
        ensure_eq(&(ids(&page), page.total), &(owned(&[own]), Some(1)), "list")?;
        let found = subject.found(resource_type, &format!(r#"id eq "{other}""#)).await?;
        ensure_eq(&found, &owned(&[]), "what a filter finds of the other type")?;
        let found = subject.found(resource_type, "id pr").await?;
        ensure_eq(&found, &owned(&[own]), "what a filter finds")?;
    }
    Ok(())
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}
