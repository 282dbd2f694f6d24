//! A sort puts resources in an order, and pages cut that.

use scim_core::query::SortOrder;
use serde_json::json;

use crate::{
    conformance::{
        documents::{USER, document},
        fault::{Held, ensure_eq},
        generate::{documents, filters::Filters},
        random::Random,
        subject::{Subject, bound, ids, query, sorted_by},
    },
    store::Start,
};

pub(in crate::conformance) async fn a_sort_puts_absent_values_at_the_far_end(
    subject: Subject,
) -> Held {
    for (id, name) in
        [("1", Some("b")), ("2", None), ("3", Some("A")), ("4", Some("B")), ("5", None)]
    {
        let mut person = json!({ "userName": format!("user{id}") });
        if let (Some(name), Some(person)) = (name, person.as_object_mut()) {
            person.insert("displayName".to_owned(), name.into());
        }
        subject.create(&document(USER, id, person)).await?;
    }
    // Equal ones stay in the order of creation in both directions.
    let cases = [
        (SortOrder::Ascending, ["3", "1", "4", "2", "5"]),
        (SortOrder::Descending, ["2", "5", "1", "4", "3"]),
    ];
    for (order, expected) in cases {
        let mut query = query(USER);
        query.sort = Some(sorted_by(USER, "displayName", order)?);
        let page = subject.list(&query).await?;
        let expected = expected.map(str::to_owned).to_vec();
        ensure_eq(&(ids(&page), page.total), &(expected, Some(5)), format!("{order:?}"))?;
    }
    Ok(())
}

pub(in crate::conformance) async fn a_sorted_list_is_cut_into_pages(subject: Subject) -> Held {
    let people = documents::people(&subject, 40);
    for person in &people {
        subject.create(person).await?;
    }
    let mut filters = Filters::new(USER, &people, subject.seed.wrapping_add(2));
    let mut random = Random::new(subject.seed);
    for round in 0..30 {
        let order = if random.percent(50) { SortOrder::Ascending } else { SortOrder::Descending };
        let path = filters.path();
        let sort = sorted_by(USER, path, order)?;
        let filter = if round % 2 == 0 { None } else { Some(filters.next()) };
        let mut query = query(USER);
        query.filter = filter.as_deref().map(|filter| bound(USER, filter)).transpose()?;
        let matches = |person: &&scim_core::Resource| {
            query.filter.as_ref().is_none_or(|filter| filter.matches(person.attributes()))
        };
        let mut expected: Vec<_> = people.iter().filter(matches).collect();
        expected.sort_by(|a, b| sort.compare(a.attributes(), b.attributes()));
        let expected: Vec<_> = expected.into_iter().filter_map(|person| person.id()).collect();
        query.sort = Some(sort);
        let what = format!("{} by {path} {order:?}", filter.as_deref().unwrap_or("all"));
        for (offset, count) in [(0, 100), (0, 7), (7, 7), (random.below(40), 5), (3, 0)] {
            query.start = Start::Offset(u64::try_from(offset).unwrap_or(0));
            query.count = u64::try_from(count).unwrap_or(0);
            let page = subject.list(&query).await?;
            let part = expected.iter().skip(offset).take(count).map(|id| (*id).to_owned());
            let total = u64::try_from(expected.len()).ok();
            ensure_eq(&(ids(&page), page.total), &(part.collect(), total), &what)?;
        }
    }
    Ok(())
}
