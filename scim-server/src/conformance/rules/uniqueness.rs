//! A unique key has one resource of its tenant and type at a time.

use crate::{
    conformance::{
        documents::{GROUP, USER, group, new, update, user, user_name_key},
        fault::{Held, done, ensure_eq, taken},
        subject::Subject,
    },
    store::UniqueKey,
};

pub(in crate::conformance) async fn a_unique_key_has_one_resource(subject: Subject) -> Held {
    subject.create(&user("1", "BJensen")).await?;
    for name in ["BJensen", "bjensen", "BJENSEN"] {
        let outcome = subject.try_create(&user("2", name)).await?;
        taken(&outcome, "userName", format!("create of `{name}`"))?;
    }
    subject.create(&user("2", "b")).await?;
    taken(&subject.try_update(&user("2", "bjensen")).await?, "userName", "update to a taken name")?;
    ensure_eq(&subject.read(USER, "2").await?, &user("2", "b"), "what was refused")
}

pub(in crate::conformance) async fn folded_names_are_one_name(subject: Subject) -> Held {
    let pairs = [
        ("MÜLLER", "mu\u{308}ller"),
        ("ΟΔΟΣ", "οδος"),
        ("\u{212A}ate", "kate"),
        ("ÉMILE", "émile"),
    ];
    for (place, (first, second)) in pairs.into_iter().enumerate() {
        subject.create(&user(&place.to_string(), first)).await?;
        let outcome = subject.try_create(&user("again", second)).await?;
        taken(&outcome, "userName", format!("create of `{second}`"))?;
    }
    for (id, name) in [("a", "straße"), ("b", "strasse"), ("c", "a%"), ("d", "ab"), ("e", "a_")] {
        subject.create(&user(id, name)).await?;
    }
    Ok(())
}

/// The keys that the service gives are of one attribute; a schema may have more of them.
pub(in crate::conformance) async fn each_of_several_keys_counts(subject: Subject) -> Held {
    let badge = || UniqueKey::new("badge", "7");
    let keys = |name: &str| vec![user_name_key(name), badge()];
    let first = new(&user("1", "a"))?.with_unique(keys("a"));
    done(subject.store.create(&subject.cx, first).await, "create with two keys")?;
    let second = new(&user("2", "b"))?.with_unique(keys("b"));
    taken(&subject.store.create(&subject.cx, second).await, "badge", "create of the same badge")?;
    subject.create(&user("2", "b")).await?;
    let change = update(&user("2", "b"))?.with_unique(keys("b"));
    taken(&subject.store.update(&subject.cx, change).await, "badge", "update to the same badge")?;
    // The same text in another attribute is another key.
    let nick_name = vec![user_name_key("c"), UniqueKey::new("nickName", "a")];
    let third = new(&user("3", "c"))?.with_unique(nick_name);
    done(subject.store.create(&subject.cx, third).await, "create of a key of another attribute")?;
    subject.delete(USER, "1").await?;
    let change = update(&user("2", "b"))?.with_unique(keys("b"));
    done(subject.store.update(&subject.cx, change).await, "update to a free badge").map(drop)
}

pub(in crate::conformance) async fn a_deleted_resource_frees_its_keys(subject: Subject) -> Held {
    subject.create(&user("1", "bjensen")).await?;
    subject.delete(USER, "1").await?;
    subject.create(&user("2", "bjensen")).await?;
    subject.create(&user("1", "other")).await.map(drop)
}

pub(in crate::conformance) async fn an_update_frees_the_keys_it_drops(subject: Subject) -> Held {
    subject.create(&user("1", "old")).await?;
    subject.update(&user("1", "new")).await?;
    subject.create(&user("2", "old")).await?;
    taken(&subject.try_create(&user("3", "new")).await?, "userName", "create of its new name")?;
    subject.update(&user("2", "older")).await?;
    subject.update(&user("1", "old")).await?;
    subject.create(&user("3", "new")).await.map(drop)
}

pub(in crate::conformance) async fn a_resource_keeps_its_own_key_on_update(
    subject: Subject,
) -> Held {
    subject.create(&user("1", "bjensen")).await?;
    subject.update(&user("1", "BJENSEN")).await?;
    ensure_eq(&subject.read(USER, "1").await?, &user("1", "BJENSEN"), "what get gives")?;
    taken(&subject.try_create(&user("2", "bjensen")).await?, "userName", "create of its name")
}

pub(in crate::conformance) async fn a_key_is_free_in_other_tenants(subject: Subject) -> Held {
    subject.create(&user("1", "bjensen")).await?;
    let other = subject.in_tenant("other")?;
    other.create(&user("2", "bjensen")).await?;
    other.delete(USER, "2").await?;
    taken(&subject.try_create(&user("2", "bjensen")).await?, "userName", "create of its name")
}

pub(in crate::conformance) async fn a_key_is_free_in_other_types(subject: Subject) -> Held {
    subject.create(&user("1", "bjensen")).await?;
    let group = new(&group("1", &[]))?.with_unique(vec![user_name_key("bjensen")]);
    done(subject.store.create(&subject.cx, group).await, "create of a group of the same key")?;
    subject.delete(GROUP, "1").await?;
    taken(&subject.try_create(&user("2", "bjensen")).await?, "userName", "create of its name")
}
