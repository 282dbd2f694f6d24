//! Rules about what leads to a resource: it goes when the resource or its value goes.

use scim_core::{BoundFilter, Filter, SchemaRegistry};
use scim_server::store::{Expected, StoreQuery};
use serde_json::json;

use super::{Store, change, clinic, create, document, ids, key, new, total, user};

pub(super) async fn a_deleted_resource_is_found_by_nothing(store: Store) {
    let person = |id: &str, name: &str| {
        document(json!({ "id": id, "userName": name, "externalId": "shared" }))
    };
    for (id, name) in [("1", "a"), ("2", "b"), ("3", "c")] {
        create(&store, person(id, name)).await;
    }
    assert_eq!(found(&store, r#"externalId eq "shared""#).await, ["1", "2", "3"]);
    store.delete(&clinic(), &key("2"), Expected::Any).await.unwrap();
    assert_eq!(found(&store, r#"externalId eq "shared""#).await, ["1", "3"]);
    for filter in [r#"id eq "2""#, r#"userName eq "b""#, r#"id eq "2" or userName eq "b""#] {
        assert_eq!(found(&store, filter).await, <[&str; 0]>::default(), "{filter}");
    }
    // Whoever comes back stands behind those who stayed.
    create(&store, person("2", "b")).await;
    assert_eq!(found(&store, r#"externalId eq "shared""#).await, ["1", "3", "2"]);
}

pub(super) async fn a_changed_resource_is_found_by_its_new_values_alone(store: Store) {
    create(&store, user("1", "old")).await;
    store.update(&clinic(), change(user("1", "new"))).await.unwrap();
    let expected = [("old", &[][..]), ("new", &["1"]), ("NEW", &["1"])];
    for (name, expected) in expected {
        assert_eq!(found(&store, &format!(r#"userName eq "{name}""#)).await, expected, "{name}");
    }
    // A name that another one takes over leads to the other one.
    store.create(&clinic(), new(user("2", "old"))).await.unwrap();
    assert_eq!(found(&store, r#"userName eq "old""#).await, ["2"]);
}

pub(super) async fn other_tenants_are_not_found(store: Store) {
    let stranger = super::cx("stranger");
    for id in ["1", "2"] {
        let theirs = document(json!({ "id": id, "userName": id, "externalId": "shared" }));
        store.create(&stranger, new(theirs)).await.unwrap();
    }
    create(&store, document(json!({ "id": "1", "userName": "mine", "externalId": "shared" })))
        .await;
    for (filter, expected) in [
        (r#"id eq "1""#, &["1"][..]),
        (r#"id eq "2""#, &[]),
        (r#"userName eq "1""#, &[]),
        (r#"externalId eq "shared""#, &["1"]),
        ("userName pr", &["1"]),
    ] {
        assert_eq!(found(&store, filter).await, expected, "{filter}");
    }
}

/// What a filter finds, with the hint that the service would add and without.
async fn found(store: &Store, filter: &str) -> Vec<String> {
    let registry = SchemaRegistry::standard();
    let users = registry.resource_type("User").unwrap();
    let bound: BoundFilter = filter.parse::<Filter>().unwrap().bind(users).unwrap();
    let mut query = StoreQuery::new("User");
    let hint = bound.required_text("userName").map(|_| "userName".to_owned());
    query.filter = Some(bound);
    let page = store.list(&clinic(), &query).await.unwrap();
    query.unique = hint.into_iter().collect();
    let hinted = store.list(&clinic(), &query).await.unwrap();
    assert_eq!((ids(&page), total(&page)), (ids(&hinted), total(&hinted)), "{filter}");
    assert_eq!(total(&page), page.resources.len() as u64);
    ids(&page).into_iter().map(str::to_owned).collect()
}
