//! One resource is created, read, changed and removed.

use serde_json::json;

use crate::{
    conformance::{
        documents::{GROUP, USER, document, document_of, group, user},
        fault::{Held, ensure_eq, not_found, taken},
        subject::Subject,
    },
    store::{Expected, Membership, Update, Wanted},
};

pub(in crate::conformance) async fn what_is_created_can_be_read(subject: Subject) -> Held {
    let resource = subject.kept(document(
        USER,
        "1",
        json!({
            "userName": "bjensen", "active": true, "externalId": "x1",
            "emails": [{ "value": "b@example.com", "primary": true }],
        }),
    ));
    let created = subject.create(&resource).await?;
    ensure_eq(&created.id(), &"1", "the id of what was created")?;
    let read = subject.get(USER, "1").await?;
    ensure_eq(&document_of(&created)?, &resource, "what create gives back")?;
    ensure_eq(&document_of(&read)?, &resource, "what get gives")?;
    ensure_eq(read.version(), created.version(), "the version")
}

pub(in crate::conformance) async fn what_is_updated_can_be_read(subject: Subject) -> Held {
    subject.create(&user("1", "bjensen")).await?;
    let updated = subject.update(&user("1", "barbara")).await?;
    let read = subject.get(USER, "1").await?;
    ensure_eq(&document_of(&updated)?, &user("1", "barbara"), "what update gives back")?;
    ensure_eq(&document_of(&read)?, &user("1", "barbara"), "what get gives")?;
    ensure_eq(read.version(), updated.version(), "the version")
}

pub(in crate::conformance) async fn an_update_replaces_all_of_a_document(subject: Subject) -> Held {
    let before = json!({
        "userName": "bjensen", "title": "Guide", "externalId": "x1", "name": {"givenName": "B"},
    });
    subject.create(&subject.kept(document(USER, "1", before))).await?;
    let after = json!({ "userName": "bjensen", "name": {"familyName": "Jensen"} });
    let after = subject.kept(document(USER, "1", after));
    subject.update(&after).await?;
    ensure_eq(&subject.read(USER, "1").await?, &after, "what get gives")
}

pub(in crate::conformance) async fn what_is_deleted_is_gone(subject: Subject) -> Held {
    for id in ["1", "2"] {
        subject.create(&user(id, id)).await?;
    }
    subject.delete(USER, "1").await?;
    not_found(&subject.try_get(USER, "1", Wanted::ALL).await?, "get of what is deleted")?;
    not_found(&subject.try_update(&user("1", "b")).await?, "update of what is deleted")?;
    not_found(&subject.try_delete(USER, "1", Expected::Any).await?, "delete of what is deleted")?;
    ensure_eq(&subject.all(USER).await?.total, &Some(1), "how many there are")?;
    ensure_eq(&subject.read(USER, "2").await?, &user("2", "2"), "what stays")
}

pub(in crate::conformance) async fn what_is_not_there_is_not_found(subject: Subject) -> Held {
    for round in 0..2 {
        not_found(&subject.try_get(USER, "2", Wanted::ALL).await?, "get")?;
        not_found(&subject.try_update(&user("2", "b")).await?, "update")?;
        not_found(&subject.try_delete(USER, "2", Expected::Any).await?, "delete")?;
        let version = Expected::Version("W/\"1\"".parse().unwrap_or_else(|never| match never {}));
        not_found(&subject.try_delete(USER, "2", version).await?, "delete of a version")?;
        // The same again in a tenant that has resources.
        if round == 0 {
            subject.create(&user("1", "a")).await?;
        }
    }
    not_found(&subject.try_get("Nothing", "1", Wanted::ALL).await?, "get of an unknown type")?;
    let key = crate::conformance::documents::key("Nothing", "1")?;
    let update = Update::new(key, user("1", "b")).with_membership(Membership::Given(None));
    not_found(&subject.store.update(&subject.cx, update).await, "update of an unknown type")?;
    let gone = subject.try_delete("Nothing", "1", Expected::Any).await?;
    not_found(&gone, "delete of an unknown type")
}

pub(in crate::conformance) async fn an_id_is_given_once(subject: Subject) -> Held {
    subject.create(&user("1", "a")).await?;
    taken(&subject.try_create(&user("1", "b")).await?, "id", "a second create of an id")?;
    ensure_eq(&subject.read(USER, "1").await?, &user("1", "a"), "the first one")?;
    // The name that was refused is still free.
    subject.create(&user("2", "b")).await.map(drop)
}

pub(in crate::conformance) async fn ids_differ_by_the_case_of_letters(subject: Subject) -> Held {
    for (id, name) in [("a1", "one"), ("A1", "two")] {
        subject.create(&user(id, name)).await?;
    }
    ensure_eq(&subject.read(USER, "A1").await?, &user("A1", "two"), "get of `A1`")?;
    subject.delete(USER, "A1").await?;
    ensure_eq(&subject.read(USER, "a1").await?, &user("a1", "one"), "get of `a1`")
}

pub(in crate::conformance) async fn types_are_kept_apart(subject: Subject) -> Held {
    subject.create(&user("1", "a")).await?;
    not_found(&subject.try_get(GROUP, "1", Wanted::ALL).await?, "get of the other type")?;
    not_found(&subject.try_delete(GROUP, "1", Expected::Any).await?, "delete of the other type")?;
    not_found(&subject.try_update(&group("1", &[])).await?, "update of the other type")?;
    subject.create(&group("1", &[])).await?;
    subject.delete(GROUP, "1").await?;
    ensure_eq(&subject.read(USER, "1").await?, &user("1", "a"), "the user of the same id")
}
