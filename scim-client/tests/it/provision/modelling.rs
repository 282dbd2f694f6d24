//! Random people, random changes and random cycles, against a model that keeps them in its head.

use std::collections::BTreeMap;

use proptest::{collection::vec, option, prelude::*};
use scim_client::provision::{AttributeMapping, CycleKind, Mapping, Scope, SourceObject};
use serde_json::{Map, Value, json};

use super::{
    house::{ENTERPRISE, House},
    provider::Fault,
};

const COUNT: usize = 8;
/// So few that the same one is changed again and again between crashes.
const FEW: usize = 3;

/// A person as the source has it.
#[derive(Clone, Debug)]
struct Entry {
    title: Option<u8>,
    mail: Option<u8>,
    department: Option<u8>,
    manager: Option<usize>,
    is_active: bool,
    role: Option<bool>,
}

#[derive(Clone, Debug)]
enum Step {
    Put(usize, Entry),
    Remove(usize),
    Cycle(CycleKind),
    /// A cycle that dies at that request.
    Crash(CycleKind, usize, bool),
}

fn entry() -> impl Strategy<Value = Entry> {
    let value = || option::of(0..3_u8);
    let manager = option::of(0..COUNT);
    let role = prop_oneof![6 => Just(Some(true)), 1 => Just(Some(false)), 1 => Just(None)];
    (value(), value(), value(), manager, prop::bool::weighted(0.8), role).prop_map(
        |(title, mail, department, manager, is_active, role)| Entry {
            title,
            mail,
            department,
            manager,
            is_active,
            role,
        },
    )
}

fn kind() -> impl Strategy<Value = CycleKind> {
    prop_oneof![Just(CycleKind::Initial), Just(CycleKind::Incremental)]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => (0..COUNT, entry()).prop_map(|(person, entry)| Step::Put(person, entry)),
        1 => (0..COUNT).prop_map(Step::Remove),
        3 => kind().prop_map(Step::Cycle),
    ]
}

/// With crashes, and without removals: of who is gone and was never linked nothing is known.
fn step_with_crashes() -> impl Strategy<Value = Step> {
    let crash = (kind(), 0..12_usize, any::<bool>());
    prop_oneof![
        5 => (0..FEW, entry()).prop_map(|(person, entry)| Step::Put(person, entry)),
        1 => kind().prop_map(Step::Cycle),
        2 => crash.prop_map(|(kind, number, is_done)| Step::Crash(kind, number, is_done)),
    ]
}

fn mapping() -> Mapping {
    let department = format!("{ENTERPRISE}:department");
    let manager = format!("{ENTERPRISE}:manager");
    Mapping::new()
        .with(AttributeMapping::direct("upn", "userName").unwrap().matching(1))
        .with(AttributeMapping::not_soft_deleted("active").unwrap())
        .with(AttributeMapping::direct("title", "title").unwrap())
        .with(AttributeMapping::direct("mail", r#"emails[type eq "work"].value"#).unwrap())
        .with(AttributeMapping::direct("department", &department).unwrap())
        .with(AttributeMapping::reference("manager", &manager).unwrap())
}

fn scope() -> Scope {
    Scope::assigned().without_role("Default Access")
}

fn id(person: usize) -> String {
    format!("p{person}")
}

fn name(person: usize) -> String {
    format!("p{person}@clinic.example")
}

impl Entry {
    fn is_in_scope(&self) -> bool {
        self.is_active && self.role == Some(true)
    }

    fn object(&self, person: usize) -> SourceObject {
        let text = |value: Option<u8>| value.map(|value| format!("value {value}"));
        let object = SourceObject::new(id(person))
            .with_attribute("upn", name(person))
            .with_attribute("title", text(self.title))
            .with_attribute("mail", text(self.mail))
            .with_attribute("department", text(self.department))
            .with_attribute("manager", self.manager.map(id))
            .with_active(self.is_active);
        match self.role {
            Some(true) => object.with_roles(["User"]),
            Some(false) => object.with_roles(["Default Access"]),
            None => object,
        }
    }
}

/// What there is to know of a user at the service provider.
#[derive(Clone, Debug, PartialEq)]
struct Account {
    is_active: bool,
    title: Option<String>,
    mail: Option<String>,
    department: Option<String>,
    manager: Option<String>,
}

/// The accounts as they should be: who is in scope as the source says, who has left as they were.
#[derive(Default)]
struct Model {
    people: BTreeMap<usize, Entry>,
    accounts: BTreeMap<String, Account>,
}

impl Model {
    fn cycle(&mut self) {
        for account in self.accounts.values_mut() {
            account.is_active = false;
        }
        let in_scope = self.people.iter().filter(|(_, entry)| entry.is_in_scope());
        let in_scope: Vec<_> = in_scope.map(|(person, entry)| (*person, entry.clone())).collect();
        for (person, entry) in &in_scope {
            let text = |value: Option<u8>| value.map(|value| format!("value {value}"));
            let account = Account {
                is_active: true,
                title: text(entry.title),
                mail: text(entry.mail),
                department: text(entry.department),
                manager: None,
            };
            self.accounts.insert(name(*person), account);
        }
        // Whoever has an account can be referred to, enabled or not.
        for (person, entry) in in_scope {
            let manager = entry.manager.map(name);
            let manager = manager.filter(|manager| self.accounts.contains_key(manager));
            self.accounts.get_mut(&name(person)).unwrap().manager = manager;
        }
    }
}

fn account(user: &Map<String, Value>, users: &[Map<String, Value>]) -> Account {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let enterprise = user.get(ENTERPRISE).unwrap_or(&Value::Null);
    let manager = text(&enterprise["manager"]["value"]).map(|id| {
        let manager = users.iter().find(|user| user["id"] == *id).unwrap();
        manager["userName"].as_str().unwrap().to_owned()
    });
    Account {
        is_active: user["active"] == true,
        title: user.get("title").and_then(text),
        mail: user.get("emails").and_then(|emails| text(&emails[0]["value"])),
        department: text(&enterprise["department"]),
        manager,
    }
}

/// The accounts that the engine made, by name; nobody twice.
fn accounts(house: &House) -> BTreeMap<String, Account> {
    let users = house.provider.users();
    let mut accounts = BTreeMap::new();
    for user in &users {
        let name = user["userName"].as_str().unwrap().to_owned();
        if name != "stranger" {
            assert_eq!(accounts.insert(name, account(user, &users)), None);
        }
    }
    accounts
}

fn house() -> House {
    let mut house = House::new();
    house.provider = house.provider.without_uniqueness();
    (house.mapping, house.scope) = (mapping, scope);
    house.provider.add(json!({"userName": "stranger", "active": true}));
    house
}

async fn check(steps: Vec<Step>) {
    let house = house();
    let job = house.job();
    let mut model = Model::default();
    for step in steps.into_iter().chain([Step::Cycle(CycleKind::Incremental)]) {
        match step {
            Step::Put(person, entry) => {
                house.people.put([entry.object(person)]);
                model.people.insert(person, entry);
            }
            Step::Remove(person) => {
                house.people.remove(&id(person));
                model.people.remove(&person);
            }
            Step::Cycle(kind) => {
                model.cycle();
                let cycle = job.run(kind).await.unwrap();
                assert!(cycle.failed.is_empty(), "{:?}", cycle.failed);
                assert_eq!(accounts(&house), model.accounts);
                house.assert_quiet_in(&job).await;
            }
            Step::Crash(..) => panic!("the model does not know how far it comes"),
        }
    }
    assert_is_untouched(&house);
}

/// After crashes the model does not know how much of a leaver is up to date.
async fn check_with_crashes(steps: Vec<Step>) {
    let house = house();
    let job = house.job();
    let mut model = Model::default();
    for step in steps.into_iter().chain([Step::Cycle(CycleKind::Incremental)]) {
        match step {
            Step::Put(person, entry) => {
                house.people.put([entry.object(person)]);
                model.people.insert(person, entry);
            }
            Step::Remove(_) => panic!("nobody is removed"),
            Step::Cycle(kind) => {
                house.provider.recover();
                let cycle = job.run(kind).await.unwrap();
                assert!(cycle.failed.is_empty(), "{:?}", cycle.failed);
                let accounts = accounts(&house);
                model.accounts = accounts.clone();
                model.cycle();
                assert_eq!(accounts, model.accounts);
                house.assert_quiet_in(&job).await;
            }
            Step::Crash(kind, number, is_done) => {
                let fault = if is_done { Fault::Interrupted } else { Fault::Connect };
                house.provider.fail(move |at, _| (at >= number).then_some(fault));
                let _ = job.run(kind).await;
            }
        }
    }
    assert_is_untouched(&house);
}

fn assert_is_untouched(house: &House) {
    let stranger = json!({"id": "u1", "userName": "stranger", "active": true});
    assert_eq!(house.provider.user("stranger"), stranger);
}

fn run(future: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future);
}

proptest! {
    #[test]
    fn the_target_ends_as_the_source_says(steps in vec(step(), 0..40)) {
        run(check(steps));
    }

    #[test]
    fn the_target_ends_as_the_source_says_after_crashes(steps in vec(step_with_crashes(), 0..40)) {
        run(check_with_crashes(steps));
    }
}
