//! Compares a roster with a directory by rules of its own, not by the mappings that filled it.

use std::collections::BTreeMap;

use scim_client::{Client, User, scim_core::MultiValued};
use scim_examples::directory::{Directory, Person, UserType};

/// The users of a roster, by the identifier that the directory has for them.
pub(crate) type Users = BTreeMap<String, User>;

pub(crate) async fn users(client: &Client) -> Users {
    let mut users = Users::new();
    for user in client.api::<User>().list().count(50).all().await.unwrap() {
        let id = user.external_id.clone().unwrap();
        assert_eq!(users.insert(id, user), None, "nobody is there twice");
    }
    users
}

pub(crate) fn is_in_scope(person: &Person) -> bool {
    person.account_enabled
        && person.user_type == UserType::Member
        && person.assignment.role() == Some("User")
}

/// Asserts that everyone in scope is there, enabled and right, and everyone else is as `before`
/// but for being disabled.
pub(crate) fn assert_agree(directory: &Directory, users: &Users, before: &Users) {
    let in_scope: BTreeMap<&str, &Person> = directory
        .people()
        .filter(|person| is_in_scope(person))
        .map(|person| (person.object_id.as_str(), person))
        .collect();
    for (id, person) in &in_scope {
        let user = users.get(*id).unwrap_or_else(|| panic!("{id} is missing"));
        let manager = person.manager.as_ref().and_then(|manager| users.get(manager.as_str()));
        assert_eq!(facts_of_user(user), facts_of_person(person, manager), "{id}");
    }
    for (id, user) in users.iter().filter(|(id, _)| !in_scope.contains_key(id.as_str())) {
        let mut left = before.get(id).unwrap_or_else(|| panic!("{id} was never in scope")).clone();
        left.active = Some(false);
        (left.meta, left.schemas) = (user.meta.clone(), user.schemas.clone());
        assert_eq!(*user, left, "{id} keeps everything but the right to sign in");
    }
}

type Facts = BTreeMap<&'static str, String>;

fn facts_of_person(person: &Person, manager: Option<&User>) -> Facts {
    let manager = manager.and_then(|manager| manager.id.as_ref()).map(ToString::to_string);
    facts([
        ("userName", Some(person.user_principal_name.clone())),
        ("active", Some("true".to_owned())),
        ("displayName", Some(person.display_name.clone())),
        ("title", Some(person.job_title.clone())),
        ("language", Some(person.preferred_language.clone())),
        ("given", Some(person.given_name.clone())),
        ("family", Some(person.surname.clone())),
        ("work", Some(person.mail.clone())),
        ("home", person.other_mails.first().cloned()),
        ("other", person.other_mails.get(1).cloned()),
        ("primary", Some(person.mail.clone())),
        ("mobile", person.mobile.clone()),
        ("number", Some(person.employee_id.clone())),
        ("department", Some(person.department.clone())),
        ("manager", manager),
    ])
}

fn facts_of_user(user: &User) -> Facts {
    let name = user.name.clone().unwrap_or_default();
    let enterprise = user.enterprise.clone().unwrap_or_default();
    let primary = user.emails.iter().find(|email| email.primary == Some(true));
    facts([
        ("userName", Some(user.user_name.clone())),
        ("active", user.active.map(|active| active.to_string())),
        ("displayName", user.display_name.clone()),
        ("title", user.title.clone()),
        ("language", user.preferred_language.clone()),
        ("given", name.given_name),
        ("family", name.family_name),
        ("work", of_type(&user.emails, "work")),
        ("home", of_type(&user.emails, "home")),
        ("other", of_type(&user.emails, "other")),
        ("primary", primary.and_then(|email| email.value.clone())),
        ("mobile", of_type(&user.phone_numbers, "mobile")),
        ("number", enterprise.employee_number),
        ("department", enterprise.department),
        ("manager", enterprise.manager.and_then(|manager| manager.value)),
    ])
}

fn facts(facts: [(&'static str, Option<String>); 15]) -> Facts {
    facts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

fn of_type(values: &[MultiValued], kind: &str) -> Option<String> {
    let mut found = values.iter().filter(|value| value.value_type.as_deref() == Some(kind));
    let value = found.next()?.value.clone();
    assert!(found.next().is_none(), "one {kind} value");
    value
}
