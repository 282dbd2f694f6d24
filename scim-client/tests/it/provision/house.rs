//! A source, a service provider, what is remembered between them, and the job that runs.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime},
};

use async_trait::async_trait;
use scim_client::provision::{
    AttributeMapping, CycleError, CycleKind, CycleReport, Mapping, Provisioner, Scope,
    SourceObject, StateStore,
    state::{Fence, LeaseRequest, MemoryState, QuarantinePolicy, State, StateError, StateWrite},
};
use serde_json::{Value, json};

use super::{people::People, provider::Provider};

pub(super) const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// Everything that is there; each cycle is run by a job of its own, as after a restart.
pub(super) struct House {
    pub(super) provider: Provider,
    pub(super) people: People,
    pub(super) memory: Memory,
    pub(super) mapping: fn() -> Mapping,
    pub(super) scope: fn() -> Scope,
    /// The time in seconds; a day passes before each job.
    pub(super) time: Arc<AtomicU64>,
}

const DAY: u64 = 24 * 60 * 60;

impl House {
    pub(super) fn new() -> Self {
        Self {
            provider: Provider::new(),
            people: People::new(),
            memory: Memory::new(MemoryState::new()),
            mapping,
            scope: Scope::assigned,
            time: Arc::new(AtomicU64::new(1_800_000_000)),
        }
    }

    /// A house with people who are provisioned.
    pub(super) async fn with(people: impl IntoIterator<Item = SourceObject>) -> Self {
        let house = Self::new();
        house.people.put(people);
        house.initial().await;
        house
    }

    pub(super) fn job(&self) -> Provisioner {
        let client = self.provider.client();
        let (people, memory) = (self.people.clone(), self.memory.clone());
        let job = Provisioner::new(&client, (self.mapping)(), people, memory).unwrap();
        let time = Arc::clone(&self.time);
        time.fetch_add(2 * DAY, Ordering::SeqCst);
        let clock =
            move || SystemTime::UNIX_EPOCH + Duration::from_secs(time.load(Ordering::SeqCst));
        // A test that has the service provider fail again and again does not mean to stop.
        let mut quarantine = QuarantinePolicy::default();
        quarantine.unreachable_cycles = u32::MAX;
        job.with_scope((self.scope)()).with_clock(clock).with_quarantine(quarantine)
    }

    pub(super) async fn run(&self, kind: CycleKind) -> Result<CycleReport, CycleError> {
        self.job().run(kind).await
    }

    /// An initial cycle that succeeds; its requests are forgotten.
    pub(super) async fn initial(&self) -> CycleReport {
        let report = self.run(CycleKind::Initial).await.unwrap();
        self.provider.take();
        report
    }

    /// An incremental cycle that succeeds.
    pub(super) async fn incremental(&self) -> CycleReport {
        self.run(CycleKind::Incremental).await.unwrap()
    }

    pub(super) async fn state(&self) -> State {
        self.memory.load().await.unwrap()
    }

    /// Asserts that neither kind of cycle has anything left to send.
    pub(super) async fn assert_quiet(&self) {
        self.assert_quiet_in(&self.job()).await;
    }

    /// The same in a job that is there already.
    pub(super) async fn assert_quiet_in(&self, job: &Provisioner) {
        self.provider.take();
        for kind in [CycleKind::Incremental, CycleKind::Initial] {
            let report = job.run(kind).await.unwrap();
            assert_eq!(self.provider.take_lines(), [""; 0], "{kind:?}");
            assert_eq!((report.reads, report.writes), (0, 0));
        }
    }
}

/// Someone assigned, with a value for every mapping but the manager.
pub(super) fn person(id: &str) -> SourceObject {
    SourceObject::new(id)
        .with_attribute("upn", format!("{id}@clinic.example"))
        .with_attribute("number", format!("E-{id}"))
        .with_attribute("given", id.to_uppercase())
        .with_attribute("surname", "Adler")
        .with_attribute("mail", format!("{id}@mail.example"))
        .with_attribute("title", "Porter")
        .with_attribute("department", "Oncology")
        .with_attribute("first_password", "changeme")
        .with_roles(["User"])
}

/// The same, who reports to someone.
pub(super) fn report(id: &str, manager: &str) -> SourceObject {
    person(id).with_attribute("manager", manager)
}

/// A mapping of each kind.
pub(super) fn mapping() -> Mapping {
    let enterprise = |name: &str| format!("{ENTERPRISE}:{name}");
    Mapping::new()
        .with(AttributeMapping::direct("upn", "userName").unwrap().matching(1))
        .with(AttributeMapping::direct("number", "externalId").unwrap())
        .with(AttributeMapping::not_soft_deleted("active").unwrap())
        .with(AttributeMapping::constant("Employee", "userType").unwrap())
        .with(AttributeMapping::function("displayName", display_name).unwrap())
        .with(AttributeMapping::direct("given", "name.givenName").unwrap())
        .with(AttributeMapping::direct("mail", r#"emails[type eq "work"].value"#).unwrap())
        .with(AttributeMapping::constant(true, r#"emails[type eq "work"].primary"#).unwrap())
        .with(AttributeMapping::direct("title", "title").unwrap())
        .with(AttributeMapping::direct("first_password", "password").unwrap().only_on_creation())
        .with(AttributeMapping::direct("department", &enterprise("department")).unwrap())
        .with(AttributeMapping::reference("manager", &enterprise("manager")).unwrap())
}

fn display_name(person: &SourceObject) -> Option<Value> {
    let part = |name| person.value(name).and_then(Value::as_str);
    Some(json!(format!("{} {}", part("given")?, part("surname")?)))
}

/// A state whose commits fail as they are told; clones are the same.
#[derive(Clone)]
pub(super) struct Memory {
    store: Arc<dyn StateStore>,
    fault: Arc<Mutex<Commits>>,
}

#[derive(Default)]
struct Commits {
    count: usize,
    failing: Option<(usize, Moment)>,
}

/// When a commit fails.
#[derive(Clone, Copy, Debug)]
pub(super) enum Moment {
    /// Nothing is remembered.
    Before,
    /// It is remembered, and nobody learns it.
    After,
}

impl Memory {
    pub(super) fn new(store: impl StateStore) -> Self {
        Self { store: Arc::new(store), fault: Arc::default() }
    }

    /// Fails the commits from this one on, counted from now.
    pub(super) fn fail(&self, failing: Option<(usize, Moment)>) {
        *self.fault.lock().unwrap() = Commits { count: 0, failing };
    }

    /// How many commits there were since.
    pub(super) fn commits(&self) -> usize {
        self.fault.lock().unwrap().count
    }
}

#[async_trait]
impl StateStore for Memory {
    async fn lease(&self, request: &LeaseRequest) -> Result<Fence, StateError> {
        self.store.lease(request).await
    }

    async fn load(&self) -> Result<State, StateError> {
        self.store.load().await
    }

    async fn commit(&self, fence: Fence, writes: Vec<StateWrite>) -> Result<(), StateError> {
        let fault = {
            let mut commits = self.fault.lock().unwrap();
            commits.count += 1;
            let failing = commits.failing.filter(|(from, _)| commits.count > *from);
            failing.map(|(_, moment)| moment)
        };
        match fault {
            None => self.store.commit(fence, writes).await,
            Some(Moment::Before) => Err(StateError::new("as told")),
            Some(Moment::After) => {
                self.store.commit(fence, writes).await?;
                Err(StateError::new("as told"))
            }
        }
    }
}
