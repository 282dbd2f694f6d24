//! A call takes effect whole or not at all.

use crate::{
    conformance::{
        documents::{
            GROUP, USER, document_of, group, key, new, update, user, user_name_key, values,
        },
        fault::{Fault, Held, ensure, ensure_eq, not_found, taken},
        subject::{Subject, drop_after, ids},
    },
    store::{StoreError, UniqueKey, Wanted},
};

pub(in crate::conformance) async fn a_refused_create_leaves_nothing_behind(
    subject: Subject,
) -> Held {
    subject.create(&user("1", "taken")).await?;
    let badge = || UniqueKey::new("badge", "7");
    for unique in [vec![badge(), user_name_key("taken")], vec![user_name_key("taken"), badge()]] {
        let refused = new(&user("2", "taken"))?.with_unique(unique);
        taken(&subject.store.create(&subject.cx, refused).await, "userName", "create")?;
    }
    not_found(&subject.try_get(USER, "2", Wanted::ALL).await?, "get of what was refused")?;
    ensure_eq(&subject.all(USER).await?.total, &Some(1), "how many there are")?;
    let found = subject.found(USER, r#"id eq "2""#).await?;
    ensure(found.is_empty(), || "a filter finds what was refused".to_owned())?;
    let free = new(&user("2", "b"))?.with_unique(vec![user_name_key("b"), badge()]);
    let outcome = subject.store.create(&subject.cx, free).await;
    ensure(outcome.is_ok(), || "a refused create keeps a key".to_owned())
}

pub(in crate::conformance) async fn a_refused_update_changes_nothing(subject: Subject) -> Held {
    subject.create(&user("1", "taken")).await?;
    let before = subject.create(&user("2", "b")).await?;
    let badge = || UniqueKey::new("badge", "7");
    for unique in [vec![badge(), user_name_key("taken")], vec![user_name_key("taken"), badge()]] {
        let refused = update(&user("2", "taken"))?.with_unique(unique);
        taken(&subject.store.update(&subject.cx, refused).await, "userName", "update")?;
    }
    let read = subject.get(USER, "2").await?;
    ensure_eq(&document_of(&read)?, &user("2", "b"), "what get gives")?;
    ensure_eq(read.version(), before.version(), "the version")?;
    taken(&subject.try_create(&user("3", "b")).await?, "userName", "create of its name")?;
    ensure_eq(&subject.found(USER, r#"userName eq "b""#).await?, &vec!["2".to_owned()], "found")?;
    let free = new(&user("3", "c"))?.with_unique(vec![user_name_key("c"), badge()]);
    let outcome = subject.store.create(&subject.cx, free).await;
    ensure(outcome.is_ok(), || "a refused update keeps a key".to_owned())
}

pub(in crate::conformance) async fn a_refused_group_leaves_no_members(subject: Subject) -> Held {
    subject.create(&user("1", "a")).await?;
    subject.create(&group("g", &[])).await?;
    taken(&subject.try_create(&group("g", &["1"])).await?, "id", "create of a group")?;
    let found = subject.found(GROUP, r#"members.value eq "1""#).await?;
    ensure(found.is_empty(), || "a refused create leaves members".to_owned())?;
    let key_of_another = vec![UniqueKey::new("badge", "7")];
    let other = new(&group("h", &[]))?.with_unique(key_of_another.clone());
    let outcome = subject.store.create(&subject.cx, other).await;
    ensure(outcome.is_ok(), || "create of a group fails".to_owned())?;
    let refused = update(&group("g", &["1"]))?.with_unique(key_of_another);
    taken(&subject.store.update(&subject.cx, refused).await, "badge", "update of a group")?;
    let members = values(&subject.read(GROUP, "g").await?, "members");
    ensure(members.is_empty(), || "a refused update leaves members".to_owned())
}

/// Whoever asked may go away at any time.
pub(in crate::conformance) async fn a_dropped_create_leaves_all_or_nothing(
    subject: Subject,
) -> Held {
    for polls in 0..6_usize {
        for copy in 0..4 {
            let (id, name) = (format!("{polls}-{copy}"), format!("user{polls}-{copy}"));
            let resource = user(&id, &name);
            drop_after(polls, subject.store.create(&subject.cx, new(&resource)?)).await;
            // It may still be under way; this one comes behind it.
            match subject.try_create(&resource).await? {
                Ok(_) | Err(StoreError::Uniqueness { .. }) => {}
                Err(error) => return Err(Fault::new(format!("create failed: {error}"))),
            }
            ensure_eq(&subject.read(USER, &id).await?, &resource, "what get gives")?;
            let found = subject.found(USER, &format!(r#"userName eq "{name}""#)).await?;
            ensure_eq(&found, &vec![id.clone()], "what the name leads to")?;
            let outcome = subject.try_create(&user("again", &name)).await?;
            taken(&outcome, "userName", "create of its name")?;
        }
    }
    ensure_eq(&subject.all(USER).await?.total, &Some(24), "how many there are")
}

pub(in crate::conformance) async fn a_dropped_update_leaves_all_or_nothing(
    subject: Subject,
) -> Held {
    for polls in 0..6_usize {
        let (id, old, name) = (polls.to_string(), format!("old{polls}"), format!("new{polls}"));
        subject.create(&user(&id, &old)).await?;
        drop_after(polls, subject.store.update(&subject.cx, update(&user(&id, &name))?)).await;
        // What comes behind it lets it end.
        subject.create(&user(&format!("behind{polls}"), &format!("behind{polls}"))).await?;
        let read = subject.read(USER, &id).await?;
        let (is, was) = if read == user(&id, &name) { (&name, &old) } else { (&old, &name) };
        ensure_eq(&read, &user(&id, is), "what get gives")?;
        let found = subject.found(USER, &format!(r#"userName eq "{is}""#)).await?;
        ensure_eq(&found, &vec![id.clone()], "what the name leads to")?;
        let outcome = subject.try_create(&user("again", is)).await?;
        taken(&outcome, "userName", "create of its name")?;
        subject.create(&user(&format!("free{polls}"), was)).await?;
    }
    Ok(())
}

pub(in crate::conformance) async fn a_dropped_delete_leaves_all_or_nothing(
    subject: Subject,
) -> Held {
    use crate::store::Expected;

    for polls in 0..6_usize {
        let (id, name) = (polls.to_string(), format!("user{polls}"));
        subject.create(&user(&id, &name)).await?;
        let key = key(USER, &id)?;
        drop_after(polls, subject.store.delete(&subject.cx, &key, Expected::Any)).await;
        subject.create(&user(&format!("behind{polls}"), &format!("behind{polls}"))).await?;
        let is_there = subject.try_get(USER, &id, Wanted::ALL).await?.is_ok();
        let all = ids(&subject.all(USER).await?);
        ensure_eq(&all.contains(&id), &is_there, "whether list has what get gives")?;
        let outcome = subject.try_create(&user("again", &name)).await?;
        ensure_eq(&outcome.is_ok(), &!is_there, "whether its name is free")?;
        if outcome.is_ok() {
            subject.delete(USER, "again").await?;
        }
    }
    Ok(())
}
