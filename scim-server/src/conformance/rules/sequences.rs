//! Any sequence of calls leaves what a naive model says.

use scim_core::{Resource, ResourceVersion, fold};
use serde_json::{Value, json};

use crate::{
    conformance::{
        documents::{
            GROUP, USER, delta, document_of, elements, group_of, settled, update, user, values,
        },
        fault::{Fault, Held, done, ensure, ensure_eq, in_words},
        naive::carried_out,
        random::Random,
        subject::{Subject, ids},
    },
    store::{Expected, MembershipOutcome, StoreError},
};

const SEQUENCES: u64 = 12;
const CALLS: usize = 25;

/// What a store has, in the order of creation.
#[derive(Default)]
struct Model {
    resources: Vec<(Resource, ResourceVersion)>,
}

/// Why a call is refused; where there are several reasons, a store may give any of them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Refusal {
    NotFound,
    Mismatch,
    Taken(&'static str),
}

pub(in crate::conformance) async fn any_sequence_of_calls_agrees_with_a_model(
    subject: Subject,
) -> Held {
    for sequence in 0..SEQUENCES {
        let mut random = Random::new(subject.seed.wrapping_add(sequence));
        let subject = subject.in_tenant(&format!("tenant{sequence}"))?;
        let mut model = Model::default();
        for call in 0..CALLS {
            let what = model.call(&subject, &mut random).await;
            what.map_err(|fault| fault.while_doing(format!("call {call} of sequence {sequence}")))?;
        }
        let page = subject.all(USER).await?;
        let of_model = |(resource, _): &(Resource, _)| resource.id().unwrap_or_default().to_owned();
        let expected: Vec<_> = model.resources.iter().map(of_model).collect();
        ensure_eq(&ids(&page), &expected, format!("what sequence {sequence} leaves"))?;
        for (stored, (resource, version)) in page.resources.iter().zip(&model.resources) {
            ensure_eq(&document_of(stored)?, resource, format!("a document of {sequence}"))?;
            ensure_eq(stored.version(), version, format!("a version of {sequence}"))?;
        }
    }
    Ok(())
}

impl Model {
    /// Over so few names that they collide.
    async fn call(&mut self, subject: &Subject, random: &mut Random) -> Held {
        let id = random.below(5).to_string();
        let name = random.text(&["a", "A", "b", "B", "ç", "Ç", "d"]);
        let resource = user(&id, name);
        match random.below(8) {
            0..3 => {
                let expected = self.create(&resource);
                let outcome = subject.try_create(&resource).await?;
                agree(&expected, &outcome, "create")?;
                if let Ok(stored) = outcome {
                    self.resources.push((resource, stored.version().clone()));
                }
            }
            3..6 => {
                let version = self.version(&id, random);
                let mut expected = self.write(&resource, &version);
                if !expected.contains(&Refusal::NotFound) {
                    expected.extend(self.taken(&resource));
                }
                let change = update(&resource)?.with_expected(version);
                let outcome = subject.store.update(&subject.cx, change).await;
                agree(&expected, &outcome, "update")?;
                if let (Ok(stored), Some(known)) = (outcome, self.find(&id)) {
                    *known = (resource, stored.version().clone());
                }
            }
            _ => {
                let version = self.version(&id, random);
                let expected = self.write(&resource, &version);
                let outcome = subject.try_delete(USER, &id, version).await?;
                agree(&expected, &outcome, "delete")?;
                if outcome.is_ok() {
                    self.resources.retain(|(known, _)| known.id() != Some(&id));
                }
            }
        }
        Ok(())
    }

    fn find(&mut self, id: &str) -> Option<&mut (Resource, ResourceVersion)> {
        self.resources.iter_mut().find(|(resource, _)| resource.id() == Some(id))
    }

    fn create(&self, resource: &Resource) -> Vec<Refusal> {
        let is_there = self.resources.iter().any(|(known, _)| known.id() == resource.id());
        let id = is_there.then_some(Refusal::Taken("id"));
        // Of a resource that is there, the name counts too.
        let name = self.resources.iter().any(|(known, _)| folded(known) == folded(resource));
        id.into_iter().chain(name.then_some(Refusal::Taken("userName"))).collect()
    }

    fn taken(&self, resource: &Resource) -> Option<Refusal> {
        let is_taken = self
            .resources
            .iter()
            .any(|(known, _)| known.id() != resource.id() && folded(known) == folded(resource));
        is_taken.then_some(Refusal::Taken("userName"))
    }

    fn write(&mut self, resource: &Resource, expected: &Expected) -> Vec<Refusal> {
        match self.find(resource.id().unwrap_or_default()) {
            None => vec![Refusal::NotFound],
            Some((_, version)) if !expected.allows(version) => vec![Refusal::Mismatch],
            Some(_) => Vec::new(),
        }
    }

    /// Any version, that of the resource, that of another one, or one that never was.
    fn version(&mut self, id: &str, random: &mut Random) -> Expected {
        let other = random.one_of(&self.resources).map(|(_, version)| version.clone());
        let own = self.find(id).map(|(_, version)| version.clone());
        match random.below(4) {
            0 => Expected::Any,
            1 | 2 => own.map_or(Expected::Any, Expected::Version),
            _ => Expected::Version(other.unwrap_or_else(|| "W/\"never\"".to_owned().into())),
        }
    }
}

fn folded(resource: &Resource) -> String {
    fold(resource.text("userName").unwrap_or_default()).into_owned()
}

#[track_caller]
fn agree<T>(expected: &[Refusal], outcome: &Result<T, StoreError>, call: &str) -> Held {
    let is_right = match outcome {
        Ok(_) => expected.is_empty(),
        Err(StoreError::NotFound) => expected.contains(&Refusal::NotFound),
        Err(StoreError::VersionMismatch) => expected.contains(&Refusal::Mismatch),
        Err(StoreError::Uniqueness { attribute }) => {
            let is_taken =
                |refusal: &Refusal| matches!(refusal, Refusal::Taken(of) if of == attribute);
            expected.iter().any(is_taken)
        }
        Err(_) => false,
    };
    ensure(is_right, || format!("{call}: {}, expected {expected:?}", in_words(outcome)))
}

pub(in crate::conformance) async fn any_sequence_of_member_changes_agrees_with_a_model(
    subject: Subject,
) -> Held {
    for sequence in 0..SEQUENCES {
        let mut random = Random::new(subject.seed.wrapping_add(sequence));
        let subject = subject.in_tenant(&format!("tenant{sequence}"))?;
        for id in ["m0", "m1"] {
            subject.create(&user(id, id)).await?;
        }
        for id in ["g0", "g1"] {
            subject.create(&group_of(id, &[])).await?;
        }
        for call in 0..CALLS {
            let id = random.text(&["g0", "g1"]);
            let step = change(&subject, id, &mut random).await;
            step.map_err(|fault| fault.while_doing(format!("call {call} of sequence {sequence}")))?;
        }
        told_groups(&subject).await?;
    }
    Ok(())
}

async fn change(subject: &Subject, id: &str, random: &mut Random) -> Held {
    let before = subject.get(GROUP, id).await?;
    let document = document_of(&before)?;
    if random.percent(25) {
        let members: Vec<_> = distinct(random);
        let next = group_of(id, &members);
        subject.update(&next).await?;
        let read = subject.read(GROUP, id).await?;
        return ensure_eq(&elements(&read, "members"), &elements(&next, "members"), "an update");
    }
    let operations = operations(random);
    let delta = delta(&operations)?;
    let after = carried_out(&delta, &document);
    let outcome = subject.change_members(id, &delta, Expected::Any).await?;
    let outcome = done(outcome, format!("change of members by {operations}"))?;
    let read = subject.get(GROUP, id).await?;
    let members = |resource: &Resource| elements(resource, "members");
    ensure_eq(&members(&document_of(&read)?), &members(&after), format!("after {operations}"))?;
    ensure_eq(&settled(document_of(&read)?).id(), &settled(document.clone()).id(), "the rest")?;
    // What goes and comes back may count as a change or not.
    let must_change = members(&after) != members(&document);
    match outcome {
        MembershipOutcome::Changed(version) => {
            ensure(version != *before.version(), || format!("no new version by {operations}"))?;
            ensure_eq(read.version(), &version, "the version that is told")
        }
        MembershipOutcome::Unchanged(version) => {
            ensure(!must_change, || format!("{operations} is told to change nothing"))?;
            ensure_eq(&version, before.version(), "the version that is told")?;
            ensure_eq(read.version(), before.version(), "the version")
        }
        MembershipOutcome::NotOffered => Err(Fault::new("not offered after all")),
    }
}

/// Both groups and both users tell the same, where a store tells groups.
async fn told_groups(subject: &Subject) -> Held {
    if !subject.offers().meets(crate::conformance::offers::Need::ToldGroups) {
        return Ok(());
    }
    for user in ["m0", "m1"] {
        let mut expected = Vec::new();
        for group in ["g0", "g1"] {
            let members = values(&subject.read(GROUP, group).await?, "members");
            expected.extend(members.iter().any(|value| value == user).then(|| group.to_owned()));
        }
        let read = subject.read(USER, user).await?;
        ensure_eq(&values(&read, "groups"), &expected, format!("the groups of {user}"))?;
    }
    Ok(())
}

fn operations(random: &mut Random) -> Value {
    let count = 1 + random.below(3);
    let operations = (0..count).map(|_| match random.below(10) {
        0 => json!({ "op": "remove", "path": "members" }),
        1 => json!({ "op": "replace", "path": "members", "value": distinct(random) }),
        2..5 => {
            let path = format!("members[value eq \"m{}\"]", random.below(5));
            json!({ "op": "remove", "path": path })
        }
        _ => json!({ "op": "add", "path": "members", "value": [member(random, None)] }),
    });
    operations.collect()
}

/// Members of which no two are the same.
fn distinct(random: &mut Random) -> Vec<Value> {
    let places: Vec<_> = (0..5).filter(|_| random.percent(40)).collect();
    places.into_iter().map(|place| member(random, Some(place))).collect()
}

/// Some of them are no resource.
fn member(random: &mut Random, place: Option<usize>) -> Value {
    let place = place.unwrap_or_else(|| random.below(5));
    let mut member = json!({ "value": format!("m{place}") });
    if let Some(member) = member.as_object_mut() {
        if random.percent(40) {
            member.insert("display".to_owned(), random.text(&["One", "Two"]).into());
        }
        if random.percent(30) {
            member.insert("type".to_owned(), random.text(&["User", "Group"]).into());
        }
    }
    member
}
