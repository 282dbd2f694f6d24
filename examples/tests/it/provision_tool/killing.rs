//! The tool is killed again and again, at any point of its work.

use std::{
    collections::BTreeMap,
    fs,
    process::Stdio,
    time::{Duration, Instant},
};

use proptest::{
    collection::{btree_set, vec},
    option,
    prelude::*,
    strategy::ValueTree as _,
    test_runner::TestRunner,
};
use scim_client::{User, scim_core::Resource};
use serde_json::{Map, Value, json};

use super::Tool;

const PEOPLE: usize = 24;
const GROUPS: usize = 3;
const KILLS: usize = 200;
const KILLS_OF_A_SOURCE: usize = 20;
/// How long a request that nobody waits for any more may be under way.
const GRACE: Duration = Duration::from_secs(1);

/// The lines of the files of people and of groups.
#[derive(Clone, Debug)]
struct Source {
    people: Vec<Option<Value>>,
    groups: Vec<Option<Value>>,
}

fn source() -> impl Strategy<Value = Source> {
    let flag = || prop::bool::weighted(0.85);
    let manager = option::of(0..PEOPLE);
    let person = option::weighted(0.9, (0..3_u8, manager, flag(), flag()));
    let group = option::weighted(0.9, btree_set(0..PEOPLE, 0..PEOPLE));
    (vec(person, PEOPLE), vec(group, GROUPS)).prop_map(|(people, groups)| {
        let people = people.into_iter().enumerate().map(|(number, person)| {
            let (title, manager, is_enabled, is_assigned) = person?;
            Some(json!({
                "objectId": format!("p{number}"), "userType": "Member",
                "userPrincipalName": format!("{number}@clinic.example"),
                "displayName": format!("Person {number}"), "jobTitle": format!("title {title}"),
                "manager": manager.map(|manager| format!("p{manager}")),
                "accountEnabled": is_enabled,
                "appRoles": if is_assigned { json!(["User"]) } else { Value::Null },
            }))
        });
        let groups = groups.into_iter().enumerate().map(|(number, members)| {
            let members: Vec<String> =
                members?.into_iter().map(|member| format!("p{member}")).collect();
            Some(json!({
                "objectId": format!("g{number}"), "displayName": format!("Group {number}"),
                "members": members,
            }))
        });
        Source { people: people.collect(), groups: groups.collect() }
    })
}

fn lines(objects: &[Option<Value>]) -> String {
    let objects: Vec<String> = objects.iter().flatten().map(Value::to_string).collect();
    let end = json!({"end": true, "count": objects.len()});
    format!("{}\n{end}\n", objects.join("\n"))
}

impl Tool {
    /// A job that deletes whoever is gone for good, at a roster with somebody else's account.
    async fn to_be_killed() -> Self {
        let tool = Self::new();
        tool.edit("provisioning.toml", |job| {
            let job = job.replace("{ deleteAfter = 2592000 }", r#""delete""#);
            let job = job.replace("always = 10", "always = 100000");
            let job =
                job.replace("escrow_minutes = [0, 10, 60, 360, 1440]", "escrow_minutes = [0]");
            let job = job.replace("[state]", "[state]\nholder = \"the only one\"");
            format!("{job}grace_seconds = {}\n", GRACE.as_secs())
        });
        tool.client().api::<User>().create(&User::new("stranger@clinic.example")).await.unwrap();
        tool
    }

    fn write(&self, source: &Source) {
        fs::write(self.path("people.jsonl"), lines(&source.people)).unwrap();
        fs::write(self.path("groups.jsonl"), lines(&source.groups)).unwrap();
    }

    /// Kills a run after that time; gives whether it had not ended by itself.
    async fn kill_after(&self, time: Duration) -> bool {
        let mut command = self.command(&["run"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        pass(time).await;
        let is_running = child.try_wait().unwrap().is_none();
        child.kill().unwrap();
        child.wait().unwrap();
        is_running
    }

    /// What the roster holds, by name, with names for references; nobody is there twice.
    async fn contents(&self) -> BTreeMap<String, Value> {
        let client = self.client();
        let mut resources = Vec::new();
        for endpoint in ["/Users", "/Groups"] {
            resources.extend(client.dynamic(endpoint).unwrap().list().all().await.unwrap());
        }
        let id = |resource: &Resource| resource.id().unwrap().to_owned();
        let names: BTreeMap<String, String> =
            resources.iter().map(|resource| (id(resource), name(resource))).collect();
        let mut contents = BTreeMap::new();
        for resource in resources {
            let mut value = Value::Object(resource.attributes().clone());
            for own in ["id", "meta"] {
                value.as_object_mut().unwrap().remove(own);
            }
            name_references(&mut value, &names);
            let before = contents.insert(name(&resource), value);
            assert_eq!(before, None, "{} is there twice", name(&resource));
        }
        contents
    }
}

#[expect(clippy::disallowed_methods, reason = "another process needs the time")]
async fn pass(time: Duration) {
    tokio::time::sleep(time).await;
}

fn name(resource: &Resource) -> String {
    let attributes: &Map<String, Value> = resource.attributes();
    let name = attributes.get("userName").or_else(|| attributes.get("displayName"));
    name.unwrap().as_str().unwrap().to_owned()
}

/// Puts names in the place of the ids of managers and members.
fn name_references(value: &mut Value, names: &BTreeMap<String, String>) {
    match value {
        Value::Object(object) => {
            object.remove("$ref");
            for value in object.values_mut() {
                name_references(value, names);
            }
        }
        Value::Array(values) => {
            for value in values.iter_mut() {
                name_references(value, names);
            }
            values.sort_by_key(Value::to_string);
        }
        Value::String(text) => {
            if let Some(name) = names.get(text) {
                text.clone_from(name);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn assert_same(expected: &BTreeMap<String, Value>, found: &BTreeMap<String, Value>) {
    for name in expected.keys().chain(found.keys()) {
        assert_eq!(found.get(name), expected.get(name), "{name}");
    }
}

#[tokio::test]
async fn a_job_that_is_killed_again_and_again_ends_as_one_that_is_not() {
    let (undisturbed, killed) = (Tool::to_be_killed().await, Tool::to_be_killed().await);
    let mut runner = TestRunner::deterministic();
    let mut kills = 0;
    while kills < KILLS {
        let source = source().new_tree(&mut runner).unwrap().current();
        undisturbed.write(&source);
        killed.write(&source);
        let began = Instant::now();
        undisturbed.run(&["run"]).expect(0);
        let time = began.elapsed();
        for _ in 0..KILLS_OF_A_SOURCE {
            let part = (0.0..1.0_f64).new_tree(&mut runner).unwrap().current();
            kills += usize::from(killed.kill_after(time.mul_f64(part)).await);
            killed.contents().await;
        }
        pass(GRACE).await;
        killed.run(&["run"]).expect(0);
        assert_same(&undisturbed.contents().await, &killed.contents().await);
        killed.run(&["run"]).expect(0).says(&["0 requests to read, 0 to write"]);
    }
}
