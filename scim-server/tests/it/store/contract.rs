//! Rules about one resource: it is created, read, changed and removed, whole or not at all.

use std::collections::HashSet;

use scim_core::ResourceVersion;
use scim_server::store::{Expected, NewResource, ResourceKey, StoreQuery, UniqueKey, Update};
use serde_json::json;

use super::{
    Store, Wanted, all, assert_mismatch, assert_not_found, assert_taken, attributes, change,
    clinic, create, cx, document, document_of, expecting, get, ids, key, keys_of, new, total, user,
    user_name_key,
};

pub(super) async fn what_is_created_can_be_read(store: Store) {
    let resource = document(json!({
        "id": "1",
        "userName": "bjensen",
        "active": true,
        "emails": [{ "value": "b@example.com", "primary": true }],
        "meta": { "resourceType": "User" },
    }));
    let created = create(&store, resource.clone()).await;
    let read = get(&store, "1").await;
    assert_eq!(document_of(&created), resource);
    assert_eq!((document_of(&read), read.version()), (resource, created.version()));

    let updated = store.update(&clinic(), change(user("1", "barbara"))).await.unwrap();
    let read = get(&store, "1").await;
    assert_eq!(document_of(&read), user("1", "barbara"));
    assert_eq!(read.version(), updated.version());

    store.delete(&clinic(), &key("1"), Expected::Any).await.unwrap();
    assert_not_found(store.get(&clinic(), &key("1"), Wanted::ALL).await);
}

pub(super) async fn what_is_not_there_is_not_found(store: Store) {
    for _ in 0..2 {
        assert_not_found(store.get(&clinic(), &key("2"), Wanted::ALL).await);
        assert_not_found(store.update(&clinic(), change(user("2", "b"))).await);
        assert_not_found(store.delete(&clinic(), &key("2"), Expected::Any).await);
        // The same again in a tenant that has resources.
        let _ = store.create(&clinic(), new(user("1", "a"))).await;
    }
    let group = ResourceKey::new("Group", "1".parse().unwrap());
    assert_not_found(store.get(&clinic(), &group, Wanted::ALL).await);
    let version = ResourceVersion::from_counter(1);
    assert_not_found(store.delete(&clinic(), &key("2"), expecting(&version)).await);
}

pub(super) async fn an_id_is_given_once(store: Store) {
    create(&store, user("1", "a")).await;
    assert_taken(store.create(&clinic(), new(user("1", "b"))).await, "id");
    assert_eq!(get(&store, "1").await.into_resource().unwrap(), user("1", "a"));
    let group = ResourceKey::new("Group", "1".parse().unwrap());
    store.create(&clinic(), NewResource::new(group, user("1", "a"))).await.unwrap();
}

pub(super) async fn a_unique_key_has_one_resource(store: Store) {
    create(&store, user("1", "BJensen")).await;
    assert_taken(store.create(&clinic(), new(user("2", "bjensen"))).await, "userName");
    create(&store, user("2", "b")).await;
    assert_taken(store.update(&clinic(), change(user("2", "bjensen"))).await, "userName");
    let unique = vec![user_name_key("c"), UniqueKey::new("badge", "7")];
    store.create(&clinic(), new(user("3", "c")).with_unique(unique)).await.unwrap();
    let unique = vec![user_name_key("d"), UniqueKey::new("badge", "7")];
    assert_taken(store.create(&clinic(), new(user("4", "d")).with_unique(unique)).await, "badge");
}

pub(super) async fn a_deleted_resource_frees_its_keys(store: Store) {
    create(&store, user("1", "bjensen")).await;
    store.delete(&clinic(), &key("1"), Expected::Any).await.unwrap();
    create(&store, user("2", "bjensen")).await;
    create(&store, user("1", "other")).await;
}

pub(super) async fn an_update_frees_the_keys_it_drops(store: Store) {
    create(&store, user("1", "old")).await;
    store.update(&clinic(), change(user("1", "new"))).await.unwrap();
    create(&store, user("2", "old")).await;
    assert_taken(store.create(&clinic(), new(user("3", "new"))).await, "userName");
    store.update(&clinic(), change(user("1", "new")).with_unique(Vec::new())).await.unwrap();
    create(&store, user("3", "new")).await;
}

pub(super) async fn a_resource_keeps_its_own_key_on_update(store: Store) {
    create(&store, user("1", "bjensen")).await;
    store.update(&clinic(), change(user("1", "BJENSEN"))).await.unwrap();
    assert_taken(store.create(&clinic(), new(user("2", "bjensen"))).await, "userName");
}

pub(super) async fn a_key_is_free_in_other_tenants_types_and_attributes(store: Store) {
    create(&store, user("1", "bjensen")).await;
    store.create(&cx("other"), new(user("1", "bjensen"))).await.unwrap();
    let group = ResourceKey::new("Group", "1".parse().unwrap());
    let group = NewResource::new(group, user("1", "bjensen"));
    store.create(&clinic(), group.with_unique(vec![user_name_key("bjensen")])).await.unwrap();
    let nick_name = new(user("2", "b")).with_unique(vec![UniqueKey::new("nickName", "bjensen")]);
    store.create(&clinic(), nick_name).await.unwrap();
}

pub(super) async fn every_write_gives_a_version_never_seen_before(store: Store) {
    let mut seen = HashSet::new();
    for round in 0..3 {
        let created = create(&store, user("1", "bjensen")).await;
        assert!(seen.insert(created.version().to_string()), "create in round {round}");
        for _ in 0..3 {
            // The same document again is a write as well.
            let updated = store.update(&clinic(), change(user("1", "bjensen"))).await.unwrap();
            assert!(seen.insert(updated.version().to_string()), "update in round {round}");
        }
        store.delete(&clinic(), &key("1"), Expected::Any).await.unwrap();
    }
}

pub(super) async fn another_version_than_expected_changes_nothing(store: Store) {
    let old = create(&store, user("1", "old")).await.version().clone();
    let now = store.update(&clinic(), change(user("1", "now"))).await.unwrap().version().clone();
    let stale = change(user("1", "stale")).with_expected(expecting(&old));
    assert_mismatch(store.update(&clinic(), stale).await);
    assert_mismatch(store.delete(&clinic(), &key("1"), expecting(&old)).await);
    let unknown: ResourceVersion = "W/\"no such version\"".parse().unwrap();
    assert_mismatch(store.delete(&clinic(), &key("1"), expecting(&unknown)).await);

    let read = get(&store, "1").await;
    assert_eq!((document_of(&read), read.version()), (user("1", "now"), &now));
    assert_taken(store.create(&clinic(), new(user("2", "now"))).await, "userName");
    create(&store, user("3", "stale")).await;
}

pub(super) async fn the_expected_version_lets_a_write_through(store: Store) {
    let version = create(&store, user("1", "a")).await.version().clone();
    let update = change(user("1", "b")).with_expected(expecting(&version));
    let version = store.update(&clinic(), update).await.unwrap().version().clone();
    store.delete(&clinic(), &key("1"), expecting(&version)).await.unwrap();
    assert_not_found(store.get(&clinic(), &key("1"), Wanted::ALL).await);
}

pub(super) async fn a_refused_create_leaves_nothing_behind(store: Store) {
    create(&store, user("1", "taken")).await;
    let unique = vec![UniqueKey::new("badge", "7"), user_name_key("taken")];
    let refused = new(user("2", "taken")).with_unique(unique);
    assert_taken(store.create(&clinic(), refused).await, "userName");
    assert_not_found(store.get(&clinic(), &key("2"), Wanted::ALL).await);
    assert_eq!(total(&all(&store).await), 1);
    let unique = vec![UniqueKey::new("badge", "7")];
    store.create(&clinic(), new(user("2", "b")).with_unique(unique)).await.unwrap();
}

pub(super) async fn a_refused_update_changes_nothing(store: Store) {
    create(&store, user("1", "taken")).await;
    let before = create(&store, user("2", "b")).await;
    let unique = vec![UniqueKey::new("badge", "7"), user_name_key("taken")];
    let refused = change(user("2", "taken")).with_unique(unique);
    assert_taken(store.update(&clinic(), refused).await, "userName");

    let read = get(&store, "2").await;
    assert_eq!((document_of(&read), read.version()), (document_of(&before), before.version()));
    assert_taken(store.create(&clinic(), new(user("3", "b"))).await, "userName");
    let unique = vec![UniqueKey::new("badge", "7")];
    store.create(&clinic(), new(user("3", "c")).with_unique(unique)).await.unwrap();
}

pub(super) async fn another_tenant_sees_and_touches_nothing(store: Store) {
    let mine = create(&store, document(json!({ "id": "1", "externalId": "x" }))).await;
    for stranger in [cx("stranger"), cx("clinic2"), cx("Clinic")] {
        assert_not_found(store.get(&stranger, &key("1"), Wanted::ALL).await);
        assert_eq!(total(&store.list(&stranger, &StoreQuery::new("User")).await.unwrap()), 0);
        let change = || Update::new(key("1"), user("1", "stolen"));
        assert_not_found(store.update(&stranger, change()).await);
        let known = change().with_expected(expecting(mine.version()));
        assert_not_found(store.update(&stranger, known).await);
        assert_not_found(store.delete(&stranger, &key("1"), Expected::Any).await);
    }
    // The same id with a life of its own.
    store.create(&cx("stranger"), new(user("1", "theirs"))).await.unwrap();
    store.delete(&cx("stranger"), &key("1"), Expected::Any).await.unwrap();
    let read = get(&store, "1").await;
    assert_eq!((attributes(&read), &read.version()), (attributes(&mine), &mine.version()));
}

pub(super) async fn awkward_text_comes_back_as_it_was(store: Store) {
    let texts = ["", "'; drop table resource; --", "%_\\\"", "a\0b", "e\u{301}", "\u{10FFFF}", "ß"];
    for (place, text) in texts.iter().enumerate() {
        let id = place.to_string();
        let resource = document(json!({
            "id": id, "userName": text, "externalId": text, "x": [9_007_199_254_740_993_i64, 0.1],
        }));
        let unique = keys_of(&resource);
        create(&store, resource.clone()).await;
        assert_eq!(document_of(&get(&store, &id).await), resource);
        let again = NewResource::new(key("again"), resource).with_unique(unique);
        assert_taken(store.create(&clinic(), again).await, "userName");
    }
    assert_eq!(ids(&all(&store).await).len(), texts.len());
}
