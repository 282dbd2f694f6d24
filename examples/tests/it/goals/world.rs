//! Random people and groups, and what the service provider should hold of them.

use std::collections::{BTreeMap, BTreeSet};

use proptest::{
    collection::{btree_set, vec},
    option,
    prelude::*,
    sample::select,
};
use scim_client::provision::{CycleKind, SourceObject};
use serde_json::{Value, json};

use super::{
    house::House,
    memory::Moment,
    objects::{ENTERPRISE, group, person, user_name},
    wire::Fault,
};

const PEOPLE: usize = 6;
const GROUPS: usize = 3;

/// A person as the source has it.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    title: Option<u8>,
    manager: Option<usize>,
    is_active: bool,
    is_assigned: bool,
}

/// A group as the source has it.
#[derive(Clone, Debug)]
pub(super) struct Team {
    people: BTreeSet<usize>,
    groups: BTreeSet<usize>,
    is_assigned: bool,
}

/// What happens.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Put(usize, Entry),
    Remove(usize),
    PutGroup(usize, Team),
    RemoveGroup(usize),
    /// Everything goes well.
    Cycle(CycleKind),
    /// Requests fail, those of the numbers or all from the first one on, and perhaps a commit.
    Failing(CycleKind, Faults),
    /// Another process goes on.
    Restart,
}

#[derive(Clone, Debug)]
pub(super) struct Faults {
    pub(super) requests: Vec<(usize, Fault)>,
    pub(super) goes_on: bool,
    pub(super) commit: Option<(usize, Moment)>,
}

pub(super) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (0..PEOPLE, entry()).prop_map(|(id, entry)| Step::Put(id, entry)),
        1 => (0..PEOPLE).prop_map(Step::Remove),
        3 => (0..GROUPS, team()).prop_map(|(id, team)| Step::PutGroup(id, team)),
        1 => (0..GROUPS).prop_map(Step::RemoveGroup),
        2 => kind().prop_map(Step::Cycle),
        4 => (kind(), faults()).prop_map(|(kind, faults)| Step::Failing(kind, faults)),
        1 => Just(Step::Restart),
    ];
    vec(step, 0..16)
}

fn entry() -> impl Strategy<Value = Entry> {
    let flag = || prop::bool::weighted(0.8);
    (option::of(0..3_u8), option::of(0..PEOPLE), flag(), flag()).prop_map(
        |(title, manager, is_active, is_assigned)| Entry { title, manager, is_active, is_assigned },
    )
}

fn team() -> impl Strategy<Value = Team> {
    let members = (btree_set(0..PEOPLE, 0..=PEOPLE), btree_set(0..GROUPS, 0..=GROUPS));
    (members, prop::bool::weighted(0.8)).prop_map(|((people, groups), is_assigned)| Team {
        people,
        groups,
        is_assigned,
    })
}

pub(super) fn kind() -> impl Strategy<Value = CycleKind> {
    select(vec![CycleKind::Initial, CycleKind::Incremental, CycleKind::Reconcile])
}

fn faults() -> impl Strategy<Value = Faults> {
    let fault = select(vec![
        Fault::Refused,
        Fault::Lost,
        Fault::Late,
        Fault::Throttled,
        Fault::Status(500),
        Fault::Broken,
        Fault::Html,
        Fault::Truncated,
        Fault::Twice,
        Fault::Reordered,
    ]);
    let commit = (0..20_usize, select(vec![Moment::Before, Moment::After]));
    (vec((0..16_usize, fault), 1..5), any::<bool>(), option::weighted(0.2, commit))
        .prop_map(|(requests, goes_on, commit)| Faults { requests, goes_on, commit })
}

/// The source as it should be.
#[derive(Clone, Debug, Default)]
pub(super) struct World {
    people: BTreeMap<usize, Entry>,
    teams: BTreeMap<usize, Team>,
}

fn id(person: usize) -> String {
    format!("p{person}")
}

fn team_id(team: usize) -> String {
    format!("g{team}")
}

impl World {
    /// Takes in what changes the source; gives whether it did.
    pub(super) fn take(&mut self, step: &Step, house: &House) -> bool {
        match step {
            Step::Put(number, entry) => {
                house.people.put([entry.object(*number)]);
                self.people.insert(*number, entry.clone());
            }
            Step::Remove(number) => {
                house.people.remove(&id(*number));
                self.people.remove(number);
            }
            Step::PutGroup(number, team) => {
                house.people.put([team.object(*number)]);
                self.teams.insert(*number, team.clone());
            }
            Step::RemoveGroup(number) => {
                house.people.remove(&team_id(*number));
                self.teams.remove(number);
            }
            Step::Cycle(_) | Step::Failing(..) | Step::Restart => return false,
        }
        true
    }

    fn is_in_scope(&self, person: usize) -> bool {
        let assigns = |team: &Team| team.is_assigned && team.people.contains(&person);
        let is_assigned = |entry: &Entry| entry.is_assigned || self.teams.values().any(assigns);
        self.people.get(&person).is_some_and(|entry| entry.is_active && is_assigned(entry))
    }

    /// Asserts that the service provider holds what it should, whatever it held before: of who has
    /// left it is only known that they cannot sign in.
    pub(super) async fn assert_reached(&self, house: &House) {
        let named = house.by_name().await;
        let is_there = |name: &String| named.contains_key(name);
        for person in 0..PEOPLE {
            let name = user_name(&id(person));
            if !self.is_in_scope(person) {
                let account = named.get(&name);
                assert!(account.is_none_or(|one| one["active"] == false), "{name} {account:?}");
                continue;
            }
            let entry = &self.people[&person];
            let account = named.get(&name).unwrap_or_else(|| panic!("{name} is missing"));
            let manager = entry.manager.map(|one| user_name(&id(one))).filter(is_there);
            let enterprise = account.get(ENTERPRISE).unwrap_or(&Value::Null);
            assert_eq!(account["active"], true, "{name}");
            assert_eq!(account.get("title").cloned(), entry.title.map(title), "{name}");
            assert_eq!(enterprise["manager"], json!(manager), "{name}");
        }
        for number in 0..GROUPS {
            let name = team_id(number);
            let team = self.teams.get(&number).filter(|team| team.is_assigned);
            let Some(team) = team else {
                assert!(!is_there(&name), "{name} is left");
                continue;
            };
            let people = team.people.iter().map(|one| user_name(&id(*one)));
            let members = people.chain(team.groups.iter().map(|one| team_id(*one)));
            let members: BTreeSet<String> = members.filter(is_there).collect();
            let group = named.get(&name).unwrap_or_else(|| panic!("{name} is missing"));
            let found = group.get("members").cloned().unwrap_or_else(|| json!([]));
            assert_eq!(found, json!(members), "{name}");
        }
    }
}

fn title(number: u8) -> Value {
    json!(format!("title {number}"))
}

impl Entry {
    fn object(&self, number: usize) -> SourceObject {
        let mut object = person(&id(number))
            .with_attribute("title", self.title.map(title))
            .with_attribute("manager", self.manager.map(id))
            .with_active(self.is_active);
        if !self.is_assigned {
            object.roles = None;
        }
        object
    }
}

impl Team {
    fn object(&self, number: usize) -> SourceObject {
        let people = self.people.iter().map(|one| id(*one));
        let members: Vec<String> =
            people.chain(self.groups.iter().map(|one| team_id(*one))).collect();
        let mut object = group(&team_id(number), members.iter().map(String::as_str));
        if !self.is_assigned {
            object.roles = None;
        }
        object
    }
}
