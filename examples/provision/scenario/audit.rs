//! Compares the roster, read back over HTTP, with what the directory says: by rules of its own,
//! not by the mappings that filled it.

use std::collections::HashMap;

use scim_client::{Client, User, scim_core::MultiValued};
use scim_examples::directory::{Directory, ObjectId, Person, UserType};

use super::Outcome;

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Audit {
    active: usize,
    disabled: usize,
    faults: Vec<String>,
}

/// Whether a person is to have an enabled account in the roster.
pub(super) fn is_in_scope(person: &Person) -> bool {
    person.account_enabled
        && person.user_type == UserType::Member
        && person.assignment.role().is_some_and(|role| role != "Default Access")
}

/// Reads the whole roster and compares.
pub(super) async fn compare(
    client: &Client,
    directory: &Directory,
    by_hand: &Person,
) -> Outcome<Audit> {
    let users = client.api::<User>().list().count(200).all().await?;
    let mut audit = Audit::default();
    let by_id: HashMap<String, &User> =
        users.iter().filter_map(|user| Some((user.id.as_ref()?.to_string(), user))).collect();
    let mut by_external_id: HashMap<&str, &User> = HashMap::new();
    for user in &users {
        let Some(external_id) = user.external_id.as_deref() else {
            audit.faults.push("a user has no externalId".to_owned());
            continue;
        };
        if by_external_id.insert(external_id, user).is_some() {
            audit.faults.push(format!("{external_id} is there twice"));
        }
    }
    for person in directory.people() {
        match by_external_id.remove(person.object_id.as_str()) {
            Some(user) if is_in_scope(person) => {
                audit.active += 1;
                let manager = manager_of(user).and_then(|id| by_id.get(id)).copied();
                audit.check(person, user, manager, directory);
            }
            Some(user) => audit.left(person.object_id.as_str(), user),
            None if is_in_scope(person) => {
                audit.faults.push(format!("{} is missing", person.object_id));
            }
            None => {}
        }
    }
    // Whoever is left was deleted in the directory, and must have been disabled.
    for (external_id, user) in by_external_id {
        audit.left(external_id, user);
    }
    let kept = |user: &&User| user.nick_name.as_deref() == Some("kept");
    let adopted = users.iter().find(kept).and_then(|user| user.external_id.as_deref());
    if adopted != Some(by_hand.object_id.as_str()) {
        audit.faults.push("the account made by hand was not matched".to_owned());
    }
    Ok(audit)
}

impl Audit {
    pub(super) fn agrees(&self) -> bool {
        self.faults.is_empty()
    }

    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = vec![
            format!("{} people with an enabled account, as the directory has them", self.active),
            format!("{} leavers, disabled", self.disabled),
        ];
        lines.extend(self.faults.iter().take(10).map(|fault| format!("FAULT  {fault}")));
        lines
    }

    fn left(&mut self, external_id: &str, user: &User) {
        if user.active == Some(false) {
            self.disabled += 1;
        } else {
            self.faults.push(format!("{external_id} has left and is enabled"));
        }
    }

    fn check(
        &mut self,
        person: &Person,
        user: &User,
        manager: Option<&User>,
        directory: &Directory,
    ) {
        let name = user.name.as_ref();
        let enterprise = user.enterprise.as_ref();
        let email = |kind: &str| value_of(&user.emails, kind);
        let others = &person.other_mails;
        // A manager who was never provisioned is not known to the roster.
        let wanted_manager = person
            .manager
            .as_ref()
            .filter(|id| directory.person(id).is_some_and(is_in_scope) || manager.is_some());
        let facts: [(&str, Option<&str>, Option<&str>); 12] = [
            ("userName", Some(&user.user_name), Some(&person.user_principal_name)),
            ("displayName", user.display_name.as_deref(), Some(&person.display_name)),
            ("title", user.title.as_deref(), Some(&person.job_title)),
            (
                "preferredLanguage",
                user.preferred_language.as_deref(),
                Some(&person.preferred_language),
            ),
            ("givenName", name.and_then(|n| n.given_name.as_deref()), Some(&person.given_name)),
            ("familyName", name.and_then(|n| n.family_name.as_deref()), Some(&person.surname)),
            ("work e-mail", email("work"), Some(&person.mail)),
            ("home e-mail", email("home"), others.first().map(String::as_str)),
            ("other e-mail", email("other"), others.get(1).map(String::as_str)),
            ("mobile", value_of(&user.phone_numbers, "mobile"), person.mobile.as_deref()),
            (
                "department",
                enterprise.and_then(|e| e.department.as_deref()),
                Some(&person.department),
            ),
            (
                "manager",
                manager.and_then(|manager| manager.external_id.as_deref()),
                wanted_manager.map(ObjectId::as_str),
            ),
        ];
        for (attribute, found, wanted) in facts {
            if found != wanted {
                self.faults.push(format!("{}: {attribute} differs", person.object_id));
            }
        }
        if user.active != Some(true) {
            self.faults.push(format!("{} is not enabled", person.object_id));
        }
    }
}

fn manager_of(user: &User) -> Option<&str> {
    user.enterprise.as_ref()?.manager.as_ref()?.value.as_deref()
}

fn value_of<'u>(values: &'u [MultiValued], kind: &str) -> Option<&'u str> {
    let found = values.iter().find(|value| value.value_type.as_deref() == Some(kind));
    found.and_then(|value| value.value.as_deref())
}
