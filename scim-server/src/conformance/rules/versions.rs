//! Versions, and writes that depend on them.

use std::collections::HashSet;

use scim_core::ResourceVersion;

use crate::{
    conformance::{
        documents::{USER, document_of, update, user},
        fault::{Held, done, ensure, ensure_eq, mismatch, not_found, taken},
        subject::Subject,
    },
    store::{Expected, Wanted},
};

pub(in crate::conformance) async fn every_write_gives_a_version_never_seen_before(
    subject: Subject,
) -> Held {
    let mut seen = HashSet::new();
    for round in 0..3 {
        let created = subject.create(&user("1", "bjensen")).await?;
        let is_new = seen.insert(created.version().to_string());
        ensure(is_new, || format!("create in round {round} gives a version that was there"))?;
        for _ in 0..3 {
            // The same document again is a write as well.
            let updated = subject.update(&user("1", "bjensen")).await?;
            let is_new = seen.insert(updated.version().to_string());
            ensure(is_new, || format!("update in round {round} gives a version that was there"))?;
        }
        subject.delete(USER, "1").await?;
    }
    Ok(())
}

pub(in crate::conformance) async fn every_call_tells_the_same_version(subject: Subject) -> Held {
    for id in ["1", "2", "3"] {
        subject.create(&user(id, id)).await?;
    }
    subject.update(&user("2", "b")).await?;
    for stored in &subject.all(USER).await?.resources {
        let read = subject.get(USER, stored.id()).await?;
        ensure_eq(stored.version(), read.version(), "the version that list tells")?;
        // Reading is no write.
        let again = subject.get(USER, stored.id()).await?;
        ensure_eq(again.version(), read.version(), "the version after a read")?;
    }
    Ok(())
}

pub(in crate::conformance) async fn a_write_leaves_the_versions_of_others(
    subject: Subject,
) -> Held {
    let other = subject.create(&user("other", "other")).await?;
    subject.create(&user("1", "a")).await?;
    subject.update(&user("1", "b")).await?;
    subject.delete(USER, "1").await?;
    let read = subject.get(USER, "other").await?;
    ensure_eq(read.version(), other.version(), "the version of what was not written")
}

pub(in crate::conformance) async fn another_version_than_expected_changes_nothing(
    subject: Subject,
) -> Held {
    let old = subject.create(&user("1", "old")).await?.version().clone();
    let now = subject.update(&user("1", "now")).await?.version().clone();
    let unknown: ResourceVersion = "W/\"no such version\"".to_owned().into();
    for version in [&old, &unknown] {
        let expected = || Expected::Version(version.clone());
        let stale = update(&user("1", "stale"))?.with_expected(expected());
        mismatch(&subject.store.update(&subject.cx, stale).await, "update of a version")?;
        mismatch(&subject.try_delete(USER, "1", expected()).await?, "delete of a version")?;
    }
    let read = subject.get(USER, "1").await?;
    ensure_eq(&document_of(&read)?, &user("1", "now"), "what get gives")?;
    ensure_eq(read.version(), &now, "the version")?;
    taken(&subject.try_create(&user("2", "now")).await?, "userName", "create of its name")?;
    subject.create(&user("3", "stale")).await.map(drop)
}

pub(in crate::conformance) async fn the_expected_version_lets_a_write_through(
    subject: Subject,
) -> Held {
    let version = subject.create(&user("1", "a")).await?.version().clone();
    let expecting = |version: &ResourceVersion| Expected::Version(version.clone());
    let change = update(&user("1", "b"))?.with_expected(expecting(&version));
    let updated = done(subject.store.update(&subject.cx, change).await, "update of a version")?;
    let read = subject.get(USER, "1").await?;
    ensure_eq(read.version(), updated.version(), "the version that get tells")?;
    let deleted = subject.try_delete(USER, "1", expecting(read.version())).await?;
    done(deleted, "delete of a version")?;
    not_found(&subject.try_get(USER, "1", Wanted::ALL).await?, "get of what is deleted")
}

pub(in crate::conformance) async fn a_version_of_an_earlier_life_is_another_one(
    subject: Subject,
) -> Held {
    let first = subject.create(&user("1", "a")).await?.version().clone();
    subject.delete(USER, "1").await?;
    subject.create(&user("1", "b")).await?;
    let stale = update(&user("1", "c"))?.with_expected(Expected::Version(first));
    mismatch(&subject.store.update(&subject.cx, stale).await, "update of a version")?;
    ensure_eq(&subject.read(USER, "1").await?, &user("1", "b"), "what get gives")
}
