//! Changes of members alone; where a store does not offer them, a group is read and updated.

use serde_json::{Value, json};

use crate::{
    conformance::{
        documents::{
            GROUP, MADE, delta, document_of, elements, group, group_of, key, last_modified, settled,
        },
        fault::{Fault, Held, done, ensure, ensure_eq, mismatch, not_found},
        naive::carried_out,
        subject::Subject,
    },
    store::{Expected, MembershipChange, MembershipOutcome},
};

pub(in crate::conformance) async fn members_change_as_a_delta_says(subject: Subject) -> Held {
    let add = |members: Value| json!([{ "op": "add", "path": "members", "value": members }]);
    let steps = [
        add(json!([{ "value": "1" }, { "value": "2", "display": "Two" }])),
        add(json!([{ "value": "3" }])),
        json!([{ "op": "remove", "path": "members[value eq \"1\"]" }]),
        // What is there takes up what is given, and keeps the rest.
        add(json!([{ "value": "2", "type": "User" }])),
        add(json!([{ "value": "2", "display": "Second" }])),
        json!([
            { "op": "remove", "path": "members[value eq \"2\"]" },
            { "op": "add", "path": "members", "value": [{ "value": "2" }, { "value": "4" }] },
        ]),
        json!([{ "op": "replace", "path": "members", "value": [{ "value": "2" }, { "value": "5" }] }]),
        json!([{ "op": "remove", "path": "members" }]),
        add(json!([{ "value": "no such resource", "type": "User" }])),
    ];
    subject.create(&group("g", &[])).await?;
    let mut expected = subject.read(GROUP, "g").await?;
    for step in steps {
        let delta = delta(&step)?;
        let outcome = subject.change_members("g", &delta, Expected::Any).await?;
        done(outcome, format!("change of members by {step}"))?;
        expected = carried_out(&delta, &expected);
        let read = subject.read(GROUP, "g").await?;
        let members = elements(&expected, "members");
        ensure_eq(&elements(&read, "members"), &members, format!("the members after {step}"))?;
        ensure_eq(&settled(read).text("displayName"), &Some("Group g"), "the rest of the group")?;
        for value in ["1", "2", "3", "4", "5"] {
            let is_member = members.iter().any(|member| member["value"] == value);
            let found = subject.found(GROUP, &format!(r#"members.value eq "{value}""#)).await?;
            ensure_eq(&found.len(), &usize::from(is_member), format!("groups of {value}, {step}"))?;
        }
    }
    Ok(())
}

pub(in crate::conformance) async fn a_change_of_members_makes_a_new_version(
    subject: Subject,
) -> Held {
    let before = subject.create(&group("g", &["1"])).await?;
    let noon = "2030-01-01T12:00:00Z".parse().map_err(|_| Fault::new("no instant"))?;
    let subject = subject.at(noon);
    let adds = delta(&json!([{ "op": "add", "path": "members", "value": [{ "value": "2" }] }]))?;
    let outcome = subject.change_members("g", &adds, Expected::Any).await?;
    let MembershipOutcome::Changed(version) = done(outcome, "change of members")? else {
        return Err(Fault::new("a change is told to be none"));
    };
    ensure(version != *before.version(), || "the version stays".to_owned())?;
    let read = subject.get(GROUP, "g").await?;
    ensure_eq(read.version(), &version, "the version that get tells")?;
    ensure_eq(&last_modified(&document_of(&read)?)?, &noon, "`meta.lastModified`")?;
    // At the same time again, or earlier: it goes on all the same.
    let earlier = subject.at(MADE.parse().map_err(|_| Fault::new("no instant"))?);
    let adds = delta(&json!([{ "op": "add", "path": "members", "value": [{ "value": "3" }] }]))?;
    done(earlier.change_members("g", &adds, Expected::Any).await?, "change of members")?;
    let modified = last_modified(&earlier.read(GROUP, "g").await?)?;
    ensure(modified > noon, || "`meta.lastModified` does not go on".to_owned())
}

pub(in crate::conformance) async fn what_is_so_already_makes_no_new_version(
    subject: Subject,
) -> Held {
    let members = [json!({ "value": "1", "display": "One" }), json!({ "value": "2" })];
    let before = subject.create(&group_of("g", &members)).await?;
    let steps = [
        json!([{ "op": "add", "path": "members", "value": [{ "value": "2" }] }]),
        json!([{ "op": "add", "path": "members", "value": [{ "value": "1", "display": "One" }] }]),
        json!([{ "op": "remove", "path": "members[value eq \"3\"]" }]),
        json!([{ "op": "replace", "path": "members", "value": members }]),
    ];
    for step in steps {
        let outcome = subject.change_members("g", &delta(&step)?, Expected::Any).await?;
        let outcome = done(outcome, format!("change of members by {step}"))?;
        let MembershipOutcome::Unchanged(version) = outcome else {
            return Err(Fault::new(format!("{step} is told to change something")));
        };
        ensure_eq(&version, before.version(), "the version that is told")?;
        let read = subject.get(GROUP, "g").await?;
        ensure_eq(read.version(), before.version(), format!("the version after {step}"))?;
        ensure_eq(&document_of(&read)?, &document_of(&before)?, "the group")?;
    }
    Ok(())
}

pub(in crate::conformance) async fn a_change_of_members_is_a_compare_and_swap(
    subject: Subject,
) -> Held {
    let old = subject.create(&group("g", &["1"])).await?.version().clone();
    let add = |value: &str| {
        delta(&json!([{ "op": "add", "path": "members", "value": [{ "value": value }] }]))
    };
    let expecting = Expected::Version(old.clone());
    let outcome = subject.change_members("g", &add("2")?, expecting.clone()).await?;
    let MembershipOutcome::Changed(now) = done(outcome, "a change of a version")? else {
        return Err(Fault::new("a change is told to be none"));
    };
    // Neither what would change something nor what is so already.
    for value in ["3", "2"] {
        let outcome = subject.change_members("g", &add(value)?, expecting.clone()).await?;
        mismatch(&outcome, "a change of another version")?;
    }
    let read = subject.get(GROUP, "g").await?;
    ensure_eq(read.version(), &now, "the version")?;
    ensure_eq(&elements(&document_of(&read)?, "members").len(), &2, "how many members there are")
}

pub(in crate::conformance) async fn members_of_nothing_do_not_change(subject: Subject) -> Held {
    let adds = delta(&json!([{ "op": "add", "path": "members", "value": [{ "value": "2" }] }]))?;
    for _ in 0..2 {
        not_found(&subject.change_members("g", &adds, Expected::Any).await?, "a change")?;
        // The same again in a tenant that has groups.
        if subject.all(GROUP).await?.total == Some(0) {
            subject.create(&group("h", &[])).await?;
        }
    }
    subject.delete(GROUP, "h").await?;
    not_found(&subject.change_members("h", &adds, Expected::Any).await?, "a change")
}

pub(in crate::conformance) async fn members_change_alone(subject: Subject) -> Held {
    subject.create(&group("g", &["1"])).await?;
    let adds = delta(&json!([{ "op": "add", "path": "members", "value": [{ "value": "2" }] }]))?;
    let change = MembershipChange::new(key(GROUP, "g")?, "members", adds);
    let outcome = subject.store.change_membership(&subject.cx, change).await;
    let outcome = done(outcome, "a change of members")?;
    let is_offered = !matches!(outcome, MembershipOutcome::NotOffered);
    ensure(is_offered, || "the store offers no change of members alone".to_owned())
}
