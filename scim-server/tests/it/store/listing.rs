//! Rules about lists: which resources, in what order, which page of them.

use std::sync::Arc;

use scim_core::{
    BoundFilter, Filter, Resource, ResourceSchema, SchemaRegistry,
    query::{Sort, SortOrder},
};
use scim_server::store::{Expected, NewResource, ResourceKey, Start, StoreQuery};
use serde_json::json;

use super::{Store, all, change, clinic, create, document, ids, key, total, user};

/// Filters that ask for all that can be looked up, and for much that cannot.
const FILTERS: [&str; 20] = [
    r#"id eq "u7""#,
    r#"id eq "U7""#,
    r#"id eq "u7" and userName eq "user8""#,
    r#"userName eq "USER12""#,
    r#"userName eq "nobody""#,
    r#"userName eq "user12" or id eq "u3""#,
    r#"not (userName eq "user12")"#,
    r#"userName ne "user12""#,
    r#"userName sw "user1""#,
    r#"externalId eq "x1""#,
    r#"externalId eq "X1""#,
    r#"externalId eq "x1" and active eq true"#,
    "externalId pr",
    "active eq true",
    r#"emails.value co "work""#,
    r#"emails[type eq "work" and primary eq true]"#,
    r#"name.familyName ge "m""#,
    "displayName eq null",
    r#"userName eq "user4" and (active eq true or externalId eq "x0")"#,
    r#"meta.lastModified gt "2020-01-10T00:00:00Z""#,
];

pub(super) async fn an_empty_store_lists_nothing(store: Store) {
    assert_eq!((total(&all(&store).await), ids(&all(&store).await).len()), (0, 0));
    let mut query = StoreQuery::new("User");
    query.filter = Some(bound("userName pr"));
    query.sort = Some(Sort::by("userName".parse().unwrap()).bind(&users()).unwrap());
    let page = store.list(&clinic(), &query).await.unwrap();
    assert_eq!((total(&page), page.resources.len()), (0, 0));
}

pub(super) async fn pages_cut_the_list(store: Store) {
    for place in 0..10 {
        create(&store, user(&format!("u{place}"), &format!("user{place}"))).await;
    }
    let mut query = StoreQuery::new("User");
    for [offset, count, first, length] in PAGES_OF_TEN {
        (query.start, query.count) = (Start::Offset(offset), count);
        let page = store.list(&clinic(), &query).await.unwrap();
        let expected: Vec<_> = (first..first + length).map(|place| format!("u{place}")).collect();
        assert_eq!((ids(&page), total(&page)), (strs(&expected), 10), "{offset} {count}");
    }
}

pub(super) async fn the_order_of_creation_outlives_updates(store: Store) {
    // Neither the order of the ids nor that of the names.
    for id in ["m", "a", "z", "k"] {
        create(&store, user(id, &format!("{id}{id}"))).await;
    }
    store.update(&clinic(), change(user("m", "zz-top"))).await.unwrap();
    store.update(&clinic(), change(user("a", "changed"))).await.unwrap();
    assert_eq!(ids(&all(&store).await), ["m", "a", "z", "k"]);
    store.delete(&clinic(), &key("a"), Expected::Any).await.unwrap();
    create(&store, user("a", "again")).await;
    assert_eq!(ids(&all(&store).await), ["m", "z", "k", "a"]);
    // A last resource that goes does not leave its place to the next.
    store.delete(&clinic(), &key("a"), Expected::Any).await.unwrap();
    create(&store, user("b", "next")).await;
    assert_eq!(ids(&all(&store).await), ["m", "z", "k", "b"]);
}

pub(super) async fn other_types_are_not_listed(store: Store) {
    create(&store, user("1", "a")).await;
    let group = ResourceKey::new("Group", "2".parse().unwrap());
    store.create(&clinic(), NewResource::new(group, user("2", "a"))).await.unwrap();
    let mut query = StoreQuery::new("User");
    assert_eq!(ids(&store.list(&clinic(), &query).await.unwrap()), ["1"]);
    for (filter, expected) in [(r#"id eq "2""#, &[][..]), ("userName pr", &["1"])] {
        query.filter = Some(bound(filter));
        assert_eq!(ids(&store.list(&clinic(), &query).await.unwrap()), expected, "{filter}");
    }
}

pub(super) async fn a_filter_lists_what_it_matches(store: Store) {
    let people = populate(&store).await;
    for text in FILTERS {
        let filter = bound(text);
        let matching = people.iter().filter(|person| filter.matches(person.attributes()));
        let expected: Vec<_> = matching.map(|person| person.id().unwrap()).collect();
        for query in with_and_without_hint(&filter) {
            let page = store.list(&clinic(), &query).await.unwrap();
            assert_eq!(ids(&page), expected, "{text}, hint: {}", !query.unique.is_empty());
            assert_eq!(total(&page), expected.len() as u64, "{text}");
        }
    }
}

pub(super) async fn a_filtered_list_is_paged(store: Store) {
    let people = populate(&store).await;
    let filter = bound("active eq true");
    let matching = people.iter().filter(|person| filter.matches(person.attributes()));
    let expected: Vec<_> = matching.map(|person| person.id().unwrap()).collect();
    assert_eq!(expected.len(), 15);
    let mut query = StoreQuery::new("User");
    query.filter = Some(filter);
    for (offset, count) in [(0, 4), (4, 4), (12, 9), (15, 1), (99, 9), (0, 0), (u64::MAX, 9)] {
        (query.start, query.count) = (Start::Offset(offset), count);
        let page = store.list(&clinic(), &query).await.unwrap();
        assert_eq!((ids(&page), total(&page)), (cut(&expected, offset, count), 15), "{offset}");
    }
}

pub(super) async fn a_changed_external_id_is_found_by_its_new_value_alone(store: Store) {
    let with = |external_id: &str| document(json!({ "id": "1", "externalId": external_id }));
    create(&store, with("old")).await;
    store.update(&clinic(), change(with("new"))).await.unwrap();
    let mut query = StoreQuery::new("User");
    for (external_id, count) in [("old", 0), ("new", 1)] {
        query.filter = Some(bound(&format!(r#"externalId eq "{external_id}""#)));
        assert_eq!(total(&store.list(&clinic(), &query).await.unwrap()), count, "{external_id}");
    }
    store.update(&clinic(), change(user("1", "without"))).await.unwrap();
    assert_eq!(total(&store.list(&clinic(), &query).await.unwrap()), 0);
}

pub(super) async fn a_sort_puts_absent_values_at_the_far_end(store: Store) {
    for (id, name) in
        [("1", Some("b")), ("2", None), ("3", Some("A")), ("4", Some("B")), ("5", None)]
    {
        let mut person = user(id, &format!("user{id}"));
        if let Some(name) = name {
            person.attributes_mut().insert("displayName".to_owned(), name.into());
        }
        create(&store, person).await;
    }
    // Equal ones stay in the order of creation in both directions.
    let cases = [
        (SortOrder::Ascending, ["3", "1", "4", "2", "5"]),
        (SortOrder::Descending, ["2", "5", "1", "4", "3"]),
    ];
    for (order, expected) in cases {
        let mut query = StoreQuery::new("User");
        let sort = Sort::by("displayName".parse().unwrap()).with_order(order);
        query.sort = Some(sort.bind(&users()).unwrap());
        let page = store.list(&clinic(), &query).await.unwrap();
        assert_eq!((ids(&page), total(&page)), (expected.to_vec(), 5), "{order:?}");
    }
}

pub(super) async fn a_sorted_list_is_paged(store: Store) {
    let mut people = populate(&store).await;
    let sort = Sort::by("name.familyName".parse().unwrap()).bind(&users()).unwrap();
    let filter = bound("active eq true");
    people.retain(|person| filter.matches(person.attributes()));
    people.sort_by(|a, b| sort.compare(a.attributes(), b.attributes()));
    let expected: Vec<_> = people.iter().map(|person| person.id().unwrap()).collect();
    let mut query = StoreQuery::new("User");
    (query.filter, query.sort) = (Some(filter), Some(sort));
    for (offset, count) in [(0, 100), (0, 5), (5, 5), (13, 5), (15, 5), (3, 0)] {
        (query.start, query.count) = (Start::Offset(offset), count);
        let page = store.list(&clinic(), &query).await.unwrap();
        assert_eq!((ids(&page), total(&page)), (cut(&expected, offset, count), 15), "{offset}");
    }
}

/// Offset and count; the first place of the page and its length.
const PAGES_OF_TEN: [[u64; 4]; 8] = [
    [0, u64::MAX, 0, 10],
    [0, 3, 0, 3],
    [3, 3, 3, 3],
    [9, 3, 9, 1],
    [10, 3, 0, 0],
    [500, 3, 0, 0],
    [0, 0, 0, 0],
    [u64::MAX, u64::MAX, 0, 0],
];

/// Thirty users: names differ, some attributes are absent, an `externalId` may be of several.
async fn populate(store: &Store) -> Vec<Resource> {
    let mut people = Vec::new();
    for place in 0..30_usize {
        let mut person = document(json!({
            "id": format!("u{place}"),
            "userName": format!("User{place}"),
            "active": place % 2 == 0,
            "meta": { "lastModified": format!("2020-01-{:02}T00:00:00Z", place % 28 + 1) },
        }));
        let attributes = person.attributes_mut();
        if place % 3 > 0 {
            attributes.insert("externalId".to_owned(), format!("x{}", place % 3).into());
        }
        if place % 4 > 0 {
            let family_names = ["Zola", "müller", "Adams", "Nash"];
            attributes
                .insert("name".to_owned(), json!({ "familyName": family_names.get(place % 4) }));
            attributes.insert("displayName".to_owned(), "someone".into());
        }
        if place % 5 > 0 {
            let kind = if place % 5 == 1 { "home" } else { "work" };
            let email = json!({
                "type": kind, "value": format!("{kind}@example.com"), "primary": place % 2 == 1,
            });
            attributes.insert("emails".to_owned(), json!([{ "value": "o@example.com" }, email]));
        }
        assert_eq!(&super::attributes(&create(store, person.clone()).await), person.attributes());
        people.push(person);
    }
    people
}

fn users() -> Arc<ResourceSchema> {
    Arc::clone(SchemaRegistry::standard().resource_type("User").unwrap())
}

fn bound(filter: &str) -> BoundFilter {
    filter.parse::<Filter>().unwrap().bind(&users()).unwrap()
}

/// The query as it is, and with the unique key that the service would add.
fn with_and_without_hint(filter: &BoundFilter) -> Vec<StoreQuery> {
    let mut plain = StoreQuery::new("User");
    plain.filter = Some(filter.clone());
    let hint = filter.required_text("userName").map(|_| {
        let mut hinted = plain.clone();
        hinted.unique = vec!["userName".to_owned()];
        hinted
    });
    [plain].into_iter().chain(hint).collect()
}

fn cut<'t>(all: &[&'t str], offset: u64, count: u64) -> Vec<&'t str> {
    let [offset, count] = [offset, count].map(|n| usize::try_from(n).unwrap());
    all.iter().skip(offset).take(count).copied().collect()
}

fn strs(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}
