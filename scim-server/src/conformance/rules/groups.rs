//! The `groups` of a user, in a store that tells them.

use serde_json::{Value, json};

use crate::{
    conformance::{
        documents::{
            GROUP, USER, delta, document_of, elements, group, group_of, last_modified, update,
            user, values,
        },
        fault::{Fault, Held, done, ensure, ensure_eq},
        subject::{Subject, query},
    },
    store::{Expected, Membership, Wanted},
};

pub(in crate::conformance) async fn a_user_tells_the_groups_that_have_it(subject: Subject) -> Held {
    for (id, name) in [("1", "a"), ("2", "b")] {
        subject.create(&user(id, name)).await?;
    }
    subject.create(&group("g", &["1", "2"])).await?;
    subject.create(&group("h", &["1"])).await?;
    tells(&subject, "1", &["g", "h"]).await?;
    tells(&subject, "2", &["g"]).await?;
    subject.update(&group("h", &["2"])).await?;
    tells(&subject, "1", &["g"]).await?;
    tells(&subject, "2", &["g", "h"]).await?;
    let moves = delta(&json!([
        { "op": "remove", "path": "members[value eq \"2\"]" },
        { "op": "add", "path": "members", "value": [{ "value": "1" }] },
    ]))?;
    done(subject.change_members("h", &moves, Expected::Any).await?, "change of members")?;
    tells(&subject, "1", &["g", "h"]).await?;
    tells(&subject, "2", &["g"]).await?;
    subject.delete(GROUP, "g").await?;
    tells(&subject, "1", &["h"]).await?;
    tells(&subject, "2", &[]).await?;
    // A user that a group has named before it was there.
    subject.create(&group("early", &["3"])).await?;
    subject.create(&user("3", "c")).await?;
    tells(&subject, "3", &["early"]).await
}

/// In what get gives and in what list gives, by the names that the groups have now.
async fn tells(subject: &Subject, id: &str, groups: &[&str]) -> Held {
    let read = subject.read(USER, id).await?;
    let told = values(&read, "groups");
    ensure_eq(
        &told.iter().map(String::as_str).collect::<Vec<_>>().as_slice(),
        &groups,
        format!("groups of {id}"),
    )?;
    for element in elements(&read, "groups") {
        let value = element.get("value").and_then(Value::as_str).unwrap_or_default();
        let display = element.get("display").and_then(Value::as_str);
        let name = subject.read(GROUP, value).await?;
        let is_right = display.is_none() || display == name.text("displayName");
        ensure(is_right, || format!("the group `{value}` has another name"))?;
    }
    for stored in &subject.list(&query(USER)).await?.resources {
        if stored.id() == id {
            let listed = values(&document_of(stored)?, "groups");
            ensure_eq(&listed, &told, format!("groups of {id} in a list"))?;
        }
    }
    let stored = done(subject.try_get(USER, id, Wanted::OWN.with_groups(true)).await?, "get")?;
    ensure_eq(&values(&document_of(&stored)?, "groups"), &told, "the groups when wanted")
}

pub(in crate::conformance) async fn a_renamed_group_is_told_by_its_new_name(
    subject: Subject,
) -> Held {
    subject.create(&user("1", "a")).await?;
    subject.create(&group("g", &["1"])).await?;
    let mut renamed = group("g", &["1"]);
    renamed.attributes_mut().insert("displayName".to_owned(), "Renamed".into());
    subject.update(&renamed).await?;
    tells(&subject, "1", &["g"]).await
}

/// What a store tells is not part of the document, and a write of that is no write of it.
pub(in crate::conformance) async fn an_update_of_a_user_leaves_its_groups(
    subject: Subject,
) -> Held {
    subject.create(&user("1", "a")).await?;
    let before = subject.create(&group("g", &["1"])).await?;
    let change = update(&user("1", "b"))?.with_membership(Membership::Given(None));
    let updated = done(subject.store.update(&subject.cx, change).await, "update")?;
    ensure_eq(&values(&document_of(&updated)?, "groups"), &vec!["g".to_owned()], "groups")?;
    tells(&subject, "1", &["g"]).await?;
    let after = subject.get(GROUP, "g").await?;
    ensure_eq(after.version(), before.version(), "the version of the group")
}

pub(in crate::conformance) async fn a_filter_finds_the_members_of_a_group(
    subject: Subject,
) -> Held {
    for id in ["1", "2", "3"] {
        subject.create(&user(id, id)).await?;
    }
    subject.create(&group("g", &["1", "2"])).await?;
    subject.create(&group("G", &["3"])).await?;
    subject.create(&group("h", &["2", "nobody"])).await?;
    let cases: [(&str, &[&str]); 8] = [
        (r#"groups.value eq "g""#, &["1", "2"]),
        (r#"groups[value eq "g"]"#, &["1", "2"]),
        (r#"groups.value eq "h""#, &["2"]),
        (r#"groups.value eq "nothing""#, &[]),
        (r#"groups.value eq "g" and groups.value eq "h""#, &["2"]),
        (r#"not (groups.value eq "g")"#, &["3"]),
        (r#"groups.value eq "h" or userName eq "1""#, &["1", "2"]),
        ("groups pr", &["1", "2", "3"]),
    ];
    for (filter, expected) in cases {
        let found = subject.found(USER, filter).await?;
        let found: Vec<_> = found.iter().map(String::as_str).collect();
        ensure_eq(&found.as_slice(), &expected, format!("`{filter}`"))?;
    }
    Ok(())
}

pub(in crate::conformance) async fn a_deleted_member_leaves_its_groups(subject: Subject) -> Held {
    for id in ["1", "2"] {
        subject.create(&user(id, id)).await?;
    }
    let members = [json!({ "value": "1", "type": "User" }), json!({ "value": "2" })];
    let before = subject.create(&group_of("g", &members)).await?;
    let other = subject.create(&group("h", &["2"])).await?;
    let later = "2030-01-01T12:00:00Z".parse().map_err(|_| Fault::new("no instant"))?;
    let subject = subject.at(later);
    subject.delete(USER, "1").await?;
    let after = subject.get(GROUP, "g").await?;
    let document = document_of(&after)?;
    ensure_eq(&values(&document, "members"), &vec!["2".to_owned()], "the members")?;
    ensure(after.version() != before.version(), || "the version of the group stays".to_owned())?;
    let modified = last_modified(&document)?;
    ensure(modified > last_modified(&document_of(&before)?)?, || {
        "`meta.lastModified` of the group stays".to_owned()
    })?;
    let found = subject.found(GROUP, r#"members.value eq "1""#).await?;
    ensure_eq(&found, &Vec::new(), "what a filter finds")?;
    let untouched = subject.get(GROUP, "h").await?;
    ensure_eq(untouched.version(), other.version(), "the version of another group")?;
    // Who comes back is no member any more.
    subject.create(&user("1", "1")).await?;
    tells(&subject, "1", &[]).await
}

pub(in crate::conformance) async fn a_deleted_group_leaves_its_groups(subject: Subject) -> Held {
    subject.create(&group("inner", &[])).await?;
    subject.create(&group("outer", &["inner", "nobody"])).await?;
    subject.delete(GROUP, "inner").await?;
    let outer = subject.read(GROUP, "outer").await?;
    ensure_eq(&values(&outer, "members"), &vec!["nobody".to_owned()], "the members")
}
