//! The members of a group, however a store keeps them.

use serde_json::json;

use crate::{
    conformance::{
        documents::{GROUP, document_of, elements, group, group_of, update, user, values},
        fault::{Held, done, ensure_eq},
        subject::{Subject, ids, query},
    },
    store::{Membership, Wanted},
};

pub(in crate::conformance) async fn a_group_is_created_with_its_members(subject: Subject) -> Held {
    let members = [
        json!({ "value": "1", "type": "User", "display": "One" }),
        json!({ "value": "no such resource" }),
        json!({ "value": "2", "display": "%" }),
    ];
    let group = group_of("g", &members);
    let created = subject.create(&group).await?;
    for stored in [created, subject.get(GROUP, "g").await?] {
        let document = document_of(&stored)?;
        ensure_eq(&elements(&document, "members"), &elements(&group, "members"), "the members")?;
    }
    let page = subject.all(GROUP).await?;
    for stored in &page.resources {
        let members = elements(&document_of(stored)?, "members");
        ensure_eq(&members, &elements(&group, "members"), "the members that list gives")?;
    }
    ensure_eq(&page.resources.len(), &1, "how many groups there are")
}

pub(in crate::conformance) async fn what_is_wanted_is_read(subject: Subject) -> Held {
    subject.create(&group("g", &["1", "2"])).await?;
    for wanted in [Wanted::ALL, Wanted::OWN.with_membership(true)] {
        let stored = done(subject.try_get(GROUP, "g", wanted).await?, "get")?;
        let members = values(&document_of(&stored)?, "members");
        ensure_eq(&members, &vec!["1".to_owned(), "2".to_owned()], "the members")?;
        let mut query = query(GROUP);
        query.wanted = wanted;
        for stored in &subject.list(&query).await?.resources {
            let members = values(&document_of(stored)?, "members");
            ensure_eq(&members, &vec!["1".to_owned(), "2".to_owned()], "the members")?;
        }
    }
    // What is not wanted may be there or not; the rest is there.
    let stored = done(subject.try_get(GROUP, "g", Wanted::OWN).await?, "get")?;
    let document = document_of(&stored)?;
    ensure_eq(&document.text("displayName"), &Some("Group g"), "the name")?;
    let mut query = query(GROUP);
    query.wanted = Wanted::OWN;
    ensure_eq(&ids(&subject.list(&query).await?), &vec!["g".to_owned()], "list")
}

pub(in crate::conformance) async fn an_update_replaces_the_members(subject: Subject) -> Held {
    subject.create(&group("g", &["1", "2"])).await?;
    let steps: [&[&str]; 5] = [&["2", "3"], &["3", "2"], &["2"], &[], &["1", "2", "3"]];
    for members in steps {
        let next = group("g", members);
        let updated = subject.update(&next).await?;
        let expected = values(&next, "members");
        ensure_eq(&values(&document_of(&updated)?, "members"), &expected, "what update gives")?;
        let read = subject.read(GROUP, "g").await?;
        ensure_eq(&values(&read, "members"), &expected, "the members")?;
        for value in ["1", "2", "3"] {
            let found = subject.found(GROUP, &format!(r#"members.value eq "{value}""#)).await?;
            let is_member = members.contains(&value);
            ensure_eq(&found.len(), &usize::from(is_member), format!("the groups of {value}"))?;
        }
    }
    let members = [json!({ "value": "1", "display": "One" })];
    subject.update(&group_of("g", &members)).await?;
    let read = subject.read(GROUP, "g").await?;
    ensure_eq(&elements(&read, "members"), &members.to_vec(), "the members in full")
}

/// The service reads a group without its members to change the rest.
pub(in crate::conformance) async fn members_stay_where_an_update_says_so(subject: Subject) -> Held {
    subject.create(&group("g", &["1", "2"])).await?;
    let stored = done(subject.try_get(GROUP, "g", Wanted::OWN).await?, "get")?;
    let mut renamed = document_of(&stored)?;
    renamed.attributes_mut().insert("displayName".to_owned(), "Renamed".into());
    let change = update(&renamed)?.with_membership(Membership::Stays);
    let updated = done(subject.store.update(&subject.cx, change).await, "update")?;
    for stored in [updated, subject.get(GROUP, "g").await?] {
        let document = document_of(&stored)?;
        ensure_eq(&document.text("displayName"), &Some("Renamed"), "the name")?;
        let members = values(&document, "members");
        ensure_eq(&members, &vec!["1".to_owned(), "2".to_owned()], "the members")?;
    }
    let found = subject.found(GROUP, r#"members[value eq "2"]"#).await?;
    ensure_eq(&found, &vec!["g".to_owned()], "what a filter finds")
}

pub(in crate::conformance) async fn a_group_takes_its_members_along(subject: Subject) -> Held {
    subject.create(&user("1", "a")).await?;
    subject.create(&group("g", &["1"])).await?;
    subject.delete(GROUP, "g").await?;
    let found = subject.found(GROUP, r#"members.value eq "1""#).await?;
    ensure_eq(&found, &Vec::new(), "what a filter finds")?;
    subject.create(&group("g", &[])).await?;
    let read = subject.read(GROUP, "g").await?;
    ensure_eq(&values(&read, "members"), &Vec::new(), "the members of the next of that id")
}

pub(in crate::conformance) async fn a_filter_finds_the_groups_of_a_member(
    subject: Subject,
) -> Held {
    subject.create(&group_of("a", &[json!({ "value": "x", "type": "User" })])).await?;
    subject.create(&group("b", &["X", "y"])).await?;
    subject.create(&group_of("c", &[json!({ "value": "x" }), json!({ "value": "y" })])).await?;
    subject.create(&group("d", &[])).await?;
    let cases: [(&str, &[&str]); 9] = [
        (r#"members.value eq "x""#, &["a", "c"]),
        (r#"members[value eq "x"]"#, &["a", "c"]),
        (r#"members[value eq "x" and type eq "User"]"#, &["a"]),
        (r#"members.value eq "x" and members.value eq "y""#, &["c"]),
        (r#"not (members.value eq "x")"#, &["b", "d"]),
        (r#"members.value ne "y""#, &["a", "d"]),
        ("members pr", &["a", "b", "c"]),
        (r#"members.value sw "x""#, &["a", "c"]),
        (r#"members.value eq "x" or displayName eq "group d""#, &["a", "c", "d"]),
    ];
    for (filter, expected) in cases {
        let found = subject.found(GROUP, filter).await?;
        let found: Vec<_> = found.iter().map(String::as_str).collect();
        ensure_eq(&found.as_slice(), &expected, format!("`{filter}`"))?;
    }
    Ok(())
}
