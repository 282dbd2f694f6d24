//! A source, a service provider, what is remembered between them, and the job that runs.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use http::Request;
use scim_client::{
    Client,
    provision::{
        CycleError, CycleKind, CycleReport, Mapping, Provisioner, StateStore as _,
        plan::Guard,
        state::{QuarantinePolicy, State},
    },
    target::Profile,
};
use serde_json::{Map, Value, json};

use super::{
    memory::Memory,
    objects::{ENTERPRISE, group_mapping, group_scope, mapping, scope},
    people::People,
    provider::Provider,
    wire::Wire,
};

/// Everything that is there. All jobs have the same client, until [`House::restart`].
pub(super) struct House {
    pub(super) wire: Wire,
    pub(super) people: People,
    pub(super) memory: Memory,
    pub(super) client: Client,
    pub(super) mapping: fn() -> Mapping,
    /// What jobs have besides.
    pub(super) settings: fn(Provisioner) -> Provisioner,
    /// The time in seconds.
    pub(super) time: Arc<AtomicU64>,
    profile: Profile,
    token: String,
}

pub(super) type Attributes = Map<String, Value>;

/// Resources by their names.
pub(super) type Named = BTreeMap<String, Value>;

impl House {
    pub(super) fn new() -> Self {
        Self::of(&Provider::default())
    }

    pub(super) fn of(provider: &Provider) -> Self {
        let (service, token) = provider.service();
        let wire = Wire::new(service, provider.ways.clone());
        let client = client(&wire, &token, provider.profile.clone());
        Self {
            wire,
            people: People::new(),
            memory: Memory::new(),
            client,
            mapping,
            settings: |job| job,
            time: Arc::new(AtomicU64::new(1_800_000_000)),
            profile: provider.profile.clone(),
            token,
        }
    }

    pub(super) fn token(&self) -> &str {
        &self.token
    }

    /// A client that knows nothing of the service provider yet, as after a restart.
    pub(super) fn restart(&mut self) {
        self.client = client(&self.wire, &self.token, self.profile.clone());
    }

    /// A new job over what is remembered; it provisions groups too, and has no limit of removals.
    pub(super) fn job(&self) -> Provisioner {
        let (people, memory) = (self.people.clone(), self.memory.clone());
        let job = Provisioner::new(&self.client, (self.mapping)(), people, memory).unwrap();
        let time = Arc::clone(&self.time);
        let clock =
            move || SystemTime::UNIX_EPOCH + Duration::from_secs(time.load(Ordering::SeqCst));
        // A test that has the service provider fail again and again does not mean to stop.
        let mut quarantine = QuarantinePolicy::default();
        (quarantine.unreachable_cycles, quarantine.share) = (u32::MAX, 1.0);
        let job = job.with_scope(scope()).with_groups(group_mapping(), group_scope()).unwrap();
        let job = job.with_guard(Guard::off()).with_quarantine(quarantine).with_clock(clock);
        (self.settings)(job)
    }

    pub(super) fn pass(&self, time: Duration) {
        self.time.fetch_add(time.as_secs(), Ordering::SeqCst);
    }

    pub(super) async fn run(&self, kind: CycleKind) -> Result<CycleReport, CycleError> {
        self.job().run(kind).await
    }

    /// An incremental cycle in which nobody fails; its requests are forgotten.
    pub(super) async fn sync(&self) -> CycleReport {
        let report = self.run(CycleKind::Incremental).await.unwrap();
        assert_eq!(report.failed, []);
        self.wire.take();
        report
    }

    pub(super) async fn state(&self) -> State {
        self.memory.load().await.unwrap()
    }

    /// Asserts that no kind of cycle has anything left to write.
    pub(super) async fn assert_quiet(&self) {
        self.assert_quiet_in(&self.job()).await;
    }

    /// The same in a job that is there already.
    pub(super) async fn assert_quiet_in(&self, job: &Provisioner) {
        self.wire.take();
        for kind in [CycleKind::Incremental, CycleKind::Initial, CycleKind::Reconcile] {
            let report = job.run(kind).await.unwrap();
            assert_eq!(report.failed, [], "{kind:?}");
            let sent = self.wire.take();
            let unexpected =
                sent.iter().filter(|one| kind != CycleKind::Reconcile || !one.is_read());
            let unexpected: Vec<String> = unexpected.map(ToString::to_string).collect();
            assert_eq!(unexpected, [""; 0], "{kind:?} {:?}", self.state().await.intents);
        }
    }

    /// What somebody else does at the service provider.
    pub(super) async fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        let request = Request::builder()
            .method(method)
            .uri(format!("https://roster.example/scim{path}"))
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/scim+json");
        let body = if body.is_null() { Bytes::new() } else { body.to_string().into() };
        let answer = self.wire.service().handle(request.body(body).unwrap()).await;
        assert!(answer.status().is_success(), "{method} {path}: {:?}", answer.body());
        serde_json::from_slice(answer.body()).unwrap_or_default()
    }

    /// All resources of a kind.
    pub(super) async fn resources(&self, endpoint: &str) -> Vec<Attributes> {
        let mut found = Vec::new();
        loop {
            let path = format!("{endpoint}?count=500&startIndex={}", found.len() + 1);
            let page = self.ask("GET", &path, &Value::Null).await;
            let resources = page["Resources"].as_array().cloned().unwrap_or_default();
            let resources = resources.into_iter().map(|resource| match resource {
                Value::Object(resource) => resource,
                other => panic!("{other} is no resource"),
            });
            found.extend(resources);
            if page["totalResults"] == json!(found.len()) {
                return found;
            }
        }
    }

    /// The identifier of a user.
    pub(super) async fn id(&self, user_name: &str) -> String {
        let users = self.resources("/Users").await;
        let user = users.iter().find(|user| user["userName"] == user_name);
        user.unwrap_or_else(|| panic!("{user_name} is missing"))["id"].as_str().unwrap().to_owned()
    }

    /// Users and groups by name, with names in the place of identifiers and without `meta`; nobody
    /// is there twice.
    pub(super) async fn by_name(&self) -> Named {
        let mut resources = self.resources("/Users").await;
        resources.extend(self.resources("/Groups").await);
        let names: BTreeMap<String, String> =
            resources.iter().map(|one| (text(&one["id"]), name(one))).collect();
        let mut all = BTreeMap::new();
        for mut resource in resources {
            for hidden in ["id", "meta", "schemas", "groups"] {
                resource.remove(hidden);
            }
            if let Some(manager) = resource.get_mut(ENTERPRISE).and_then(|e| e.get_mut("manager")) {
                *manager = json!(names.get(&text(&manager["value"])));
            }
            if let Some(members) = resource.get_mut("members") {
                let values = members.as_array().into_iter().flatten();
                let of: BTreeSet<_> = values.map(|one| names.get(&text(&one["value"]))).collect();
                *members = json!(of);
            }
            let name = name(&resource);
            assert!(!all.contains_key(&name), "{name} is there twice");
            all.insert(name, Value::Object(resource));
        }
        all
    }

    /// The members of a group by their names.
    pub(super) async fn members(&self, group: &str) -> Vec<String> {
        let named = self.by_name().await;
        let members = named[group]["members"].as_array().cloned().unwrap_or_default();
        members.iter().map(text).collect()
    }
}

/// Asserts that two service providers hold the same, and else tells what differs.
pub(super) fn assert_same(found: &Named, expected: &Named, what: &str) {
    let names = found.keys().chain(expected.keys());
    let differing: Vec<_> = names
        .filter(|name| found.get(*name) != expected.get(*name))
        .map(|name| (name, found.get(name), expected.get(name)))
        .collect();
    assert!(differing.is_empty(), "{what}: {differing:#?}");
}

fn client(wire: &Wire, token: &str, profile: Profile) -> Client {
    Client::builder("https://roster.example/scim")
        .bearer_token(token)
        .profile(profile)
        .transport(wire.clone())
        .build()
        .unwrap()
}

fn name(resource: &Attributes) -> String {
    text(resource.get("userName").unwrap_or_else(|| &resource["displayName"]))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
