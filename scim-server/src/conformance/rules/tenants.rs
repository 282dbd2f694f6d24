//! What one tenant keeps does not exist for another.

use scim_core::query::SortOrder;
use serde_json::json;

use crate::{
    conformance::{
        documents::{
            GROUP, USER, delta, document, document_of, elements, group, key, update, user, values,
        },
        fault::{Held, ensure, ensure_eq, not_found},
        subject::{Subject, ids, query, sorted_by},
    },
    store::{Expected, MembershipChange, MembershipOutcome, Start, Wanted},
};

/// Names that are nearly that of the tenant.
const STRANGERS: [&str; 4] = ["stranger", "clinic2", "clini", "Clinic"];

pub(in crate::conformance) async fn another_tenant_sees_and_touches_nothing(
    subject: Subject,
) -> Held {
    let mine = document(USER, "1", json!({ "userName": "mine", "externalId": "x" }));
    let mine = subject.kept(mine);
    let version = subject.create(&mine).await?.version().clone();
    for stranger in STRANGERS {
        let stranger = subject.in_tenant(stranger)?;
        not_found(&stranger.try_get(USER, "1", Wanted::ALL).await?, "get of another tenant's")?;
        not_found(&stranger.try_update(&user("1", "b")).await?, "update of another tenant's")?;
        let known = update(&user("1", "b"))?.with_expected(Expected::Version(version.clone()));
        not_found(&stranger.store.update(&stranger.cx, known).await, "update of a known version")?;
        let known = Expected::Version(version.clone());
        for expected in [Expected::Any, known] {
            let outcome = stranger.try_delete(USER, "1", expected).await?;
            not_found(&outcome, "delete of another tenant's")?;
        }
    }
    // The same id with a life of its own.
    let stranger = subject.in_tenant("stranger")?;
    stranger.create(&user("1", "theirs")).await?;
    stranger.update(&user("1", "still theirs")).await?;
    stranger.delete(USER, "1").await?;
    let read = subject.get(USER, "1").await?;
    ensure_eq(&document_of(&read)?, &mine, "what get gives")?;
    ensure_eq(read.version(), &version, "the version")
}

pub(in crate::conformance) async fn another_tenant_lists_nothing(subject: Subject) -> Held {
    let mine = document(USER, "1", json!({ "userName": "mine", "externalId": "x" }));
    subject.create(&subject.kept(mine)).await?;
    for stranger in STRANGERS {
        let stranger = subject.in_tenant(stranger)?;
        let mut all = query(USER);
        for sorted in [false, true] {
            let sort = sorted_by(USER, "userName", SortOrder::Ascending)?;
            all.sort = sorted.then_some(sort);
            all.start = Start::Offset(0);
            let page = stranger.list(&all).await?;
            ensure_eq(&(ids(&page).len(), page.total), &(0, Some(0)), "list")?;
            all.start = Start::After(None);
            ensure_eq(&ids(&stranger.list(&all).await?).len(), &0, "a walk")?;
        }
        for filter in
            [r#"id eq "1""#, r#"userName eq "mine""#, r#"externalId eq "x""#, "userName pr"]
        {
            let found = stranger.found(USER, filter).await?;
            ensure(found.is_empty(), || format!("`{filter}` finds another tenant's"))?;
        }
    }
    // Beside resources of its own it still sees those alone.
    let stranger = subject.in_tenant("stranger")?;
    stranger.create(&user("2", "theirs")).await?;
    ensure_eq(&ids(&stranger.all(USER).await?), &vec!["2".to_owned()], "list")?;
    let found = stranger.found(USER, "userName pr").await?;
    ensure_eq(&found, &vec!["2".to_owned()], "what a filter finds")
}

pub(in crate::conformance) async fn another_tenant_changes_no_members(subject: Subject) -> Held {
    subject.create(&user("1", "a")).await?;
    subject.create(&group("g", &["1"])).await?;
    let before = subject.get(GROUP, "g").await?;
    let adds = delta(&json!([{ "op": "add", "path": "members", "value": [{ "value": "2" }] }]))?;
    for stranger in STRANGERS {
        let stranger = subject.in_tenant(stranger)?;
        let change = MembershipChange::new(key(GROUP, "g")?, "members", adds.clone());
        let outcome = stranger.store.change_membership(&stranger.cx, change).await;
        if !matches!(outcome, Ok(MembershipOutcome::NotOffered)) {
            not_found(&outcome, "a change of another tenant's members")?;
        }
        let found = stranger.found(GROUP, r#"members.value eq "1""#).await?;
        ensure(found.is_empty(), || "a filter finds another tenant's group".to_owned())?;
    }
    // A user of the same id is nobody's member there, and leaves no group here.
    let stranger = subject.in_tenant("stranger")?;
    stranger.create(&user("1", "theirs")).await?;
    let theirs = stranger.read(USER, "1").await?;
    ensure(elements(&theirs, "groups").is_empty(), || {
        "the groups are another tenant's".to_owned()
    })?;
    stranger.delete(USER, "1").await?;
    let after = subject.get(GROUP, "g").await?;
    ensure_eq(&values(&document_of(&after)?, "members"), &vec!["1".to_owned()], "the members")?;
    ensure_eq(after.version(), before.version(), "the version of the group")
}
