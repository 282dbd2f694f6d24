//! What the provisioning engine costs where nothing has changed and where people leave, as Markdown
//! tables.
//!
//! The first table is of one object that is linked, through the sixteen mappings of the example
//! job: what a cycle does with each object before it sends anything, on one core, beside the time
//! that it takes `serde_json` to write its values, with nothing else. The second is of
//! what is remembered of 100,000 people, as it is read from a SQLite file. The third is of a whole
//! cycle over a snapshot of them, which sends nothing. The last is of people who are deleted, each
//! by a request of its own, and how it grows with those who stay.
#![expect(clippy::print_stdout, reason = "the tables are the result")]
#![allow(clippy::panic, clippy::unwrap_used, reason = "a bench reports by panicking")]

use std::{
    error::Error,
    hint::black_box,
    time::{Duration, Instant},
};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{Method, Request, Response};
use scim_benches::{lanes::Lane, markdown};
use scim_client::{
    Client,
    provision::{
        CycleKind, Link, Mapping, Provisioner, SourceId, SourceObject, StateStore as _,
        plan::{Guard, Known, Removal, RemovalPolicy, Rules, Wanted, plan},
        source::{ObjectKind, Snapshot},
        state::{LeaseRequest, MemoryState, SqliteState, State, StateWrite, Values},
    },
    scim_core::SchemaRegistry,
    transport::InProcessTransport,
};
use scim_examples::job;

const PEOPLE: u32 = 100_000;

/// How often each work has its turn, and how many objects are worked on in it.
const TURNS: usize = 151;
const OBJECTS: u32 = 1_000;

/// How often a cycle runs.
const CYCLES: usize = 5;

/// How many are deleted, among how many.
const LEAVERS: [(u32, u32); 3] = [(1_000, 10_000), (1_000, 100_000), (10_000, 100_000)];

const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

fn main() -> Result<(), Box<dyn Error>> {
    planning()?;
    println!();
    remembering()?;
    println!();
    cycles()?;
    println!();
    leaving()
}

/// Someone with a value for each mapping, who reports to another one.
fn person(number: u32) -> SourceObject {
    SourceObject::new(id(number))
        .with_attribute("objectId", id(number))
        .with_attribute("userPrincipalName", format!("person.{number}@clinic.example"))
        .with_attribute("displayName", format!("Person Number {number}"))
        .with_attribute("jobTitle", "Registered Nurse")
        .with_attribute("preferredLanguage", "en-US")
        .with_attribute("givenName", "Person")
        .with_attribute("surname", format!("Number {number}"))
        .with_attribute("mail", format!("person.{number}@mail.clinic.example"))
        .with_attribute("otherMails", vec![format!("{number}@home.example"), "o@p.example".into()])
        .with_attribute("mobile", "+1 555 0100")
        .with_attribute("employeeId", format!("E-{number:06}"))
        .with_attribute("department", "Oncology")
        .with_attribute("manager", id(number / 10))
        .with_attribute("userType", "Member")
        .with_roles(["User"])
}

fn id(number: u32) -> String {
    format!("00000000-0000-4000-8000-{number:012x}")
}

fn link(object: &SourceObject, values: &Values) -> Result<Link, Box<dyn Error>> {
    let target_id = format!("r-{}", object.id).parse()?;
    Ok(Link::new(object.id.clone(), ObjectKind::User, target_id, values))
}

fn links(mapping: &Mapping, people: u32) -> Result<Vec<Link>, Box<dyn Error>> {
    let links = (0..people).map(person).map(|object| {
        let desired = mapping.render(&object, NOW)?;
        link(&object, &desired.values)
    });
    links.collect()
}

/// The mappings of the example job, with the types of the users' schema.
fn mapping() -> Result<Mapping, Box<dyn Error>> {
    let registry = SchemaRegistry::standard();
    let users = registry.resource_type("User").ok_or("no such resource type")?;
    Ok(job::mapping()?.validated(users, None)?)
}

fn planning() -> Result<(), Box<dyn Error>> {
    let registry = SchemaRegistry::standard();
    let users = registry.resource_type("User").ok_or("no such resource type")?;
    let (mapping, scope) = (mapping()?, job::scope());
    let removal = RemovalPolicy::disable();
    let rules = Rules::new(&mapping, users, &removal, NOW);
    let people: Vec<SourceObject> = (0..OBJECTS).map(person).collect();
    let desired = people.iter().map(|one| mapping.render(one, NOW));
    let desired = desired.collect::<Result<Vec<_>, _>>()?;
    let pairs = people.iter().zip(&desired);
    let links = pairs.map(|(one, desired)| link(one, &desired.values));
    let links = links.collect::<Result<Vec<_>, _>>()?;

    let decide = || people.iter().filter(|one| scope.decide(one).is_in_scope()).count();
    let render = || people.iter().filter(|one| mapping.render(one, NOW).is_ok()).count();
    let all = || {
        let is_unchanged = |(one, link): &(&SourceObject, &Link)| {
            let is_in_scope = scope.decide(one).is_in_scope();
            let Ok(desired) = mapping.render(one, NOW) else { return false };
            let known = Known::new(Wanted::Resource(&desired), &|_| None).with_link(Some(link));
            is_in_scope && plan(&known, &rules).name() == "nothing"
        };
        people.iter().zip(&links).filter(is_unchanged).count()
    };
    let limit = || desired.iter().filter(|one| serde_json::to_string(&one.values).is_ok()).count();
    for count in [limit(), decide(), render(), all()] {
        assert_eq!(count, people.len());
    }
    let mut lanes = [Lane::new(limit), Lane::new(decide), Lane::new(render), Lane::new(all)];
    Lane::race(TURNS, &mut lanes);
    println!("{}", markdown::head(&["an object that has not changed", "ns", "objects a second"]));
    let names =
        ["its values as JSON, the bare limit", "scope", "mapping", "scope, mapping and plan"];
    for (name, lane) in names.into_iter().zip(&lanes) {
        let each = lane.median() / f64::from(OBJECTS);
        let cells = [name.to_owned(), format!("{each:.0}"), format!("{:.0}", 1e9 / each)];
        println!("{}", markdown::row(&cells));
    }
    Ok(())
}

fn remembering() -> Result<(), Box<dyn Error>> {
    let links = links(&mapping()?, PEOPLE)?;
    let text = |link: &Link| serde_json::to_string(&link.applied).map_or(0, |text| text.len());
    let text: usize = links.iter().map(text).sum();
    let folder = tempfile::tempdir()?;
    let file = SqliteState::open(folder.path().join("provisioning.sqlite"), "job")?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let lease = LeaseRequest::new("bench", DateTime::UNIX_EPOCH, DateTime::UNIX_EPOCH);
    let fence = runtime.block_on(file.lease(&lease))?;
    let writes = links.into_iter().map(|link| StateWrite::CommitLink(Box::new(link)));
    runtime.block_on(file.commit(fence, writes.collect()))?;
    let mut state = State::default();
    let counted = allocation_counter::measure(|| {
        state = runtime.block_on(file.load()).unwrap();
    });
    assert_eq!(state.links.len(), PEOPLE as usize);
    println!(
        "{}",
        markdown::head(&[
            "links",
            "bytes of the heap a link",
            "bytes of its values as JSON",
            "allocations a link"
        ])
    );
    let each = |count: i64| (count / i64::from(PEOPLE)).to_string();
    let cells = [
        PEOPLE.to_string(),
        each(counted.bytes_current),
        each(i64::try_from(text)?),
        each(counted.count_current),
    ];
    println!("{}", markdown::row(&cells));
    Ok(())
}

fn cycles() -> Result<(), Box<dyn Error>> {
    let client = Client::builder("https://scim.example.com/v2")
        .transport(InProcessTransport::new(|request: Request<Bytes>| async move {
            panic!("{} {} is sent", request.method(), request.uri())
        }))
        .build()?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let source = Snapshot::new((0..PEOPLE).map(person));
    let provisioner = Provisioner::new(&client, job::mapping()?, source, MemoryState::new())?;
    let provisioner = provisioner.with_scope(job::scope());
    runtime.block_on(provisioner.import_links(links(&mapping()?, PEOPLE)?))?;
    let mut times = Vec::new();
    let mut peak = 0;
    for cycle in 0..=CYCLES {
        let began = Instant::now();
        let counted = allocation_counter::measure(|| {
            let report = runtime.block_on(provisioner.run(CycleKind::Initial));
            let report = black_box(report.unwrap());
            assert_eq!(report.unchanged, PEOPLE as usize);
        });
        // The first one takes note of the configuration, and reads what is remembered.
        if cycle > 0 {
            times.push(began.elapsed());
            peak = counted.bytes_max;
        }
    }
    times.sort();
    let median = times.get(CYCLES / 2).copied().unwrap_or_default();
    println!(
        "{}",
        markdown::head(&["a quiet cycle over a snapshot", "ms", "people a second", "peak MB"])
    );
    let a_second = f64::from(PEOPLE) / median.max(Duration::from_nanos(1)).as_secs_f64();
    let cells = [
        PEOPLE.to_string(),
        format!("{:.0}", median.as_secs_f64() * 1e3),
        format!("{a_second:.0}"),
        (peak / 1_000_000).to_string(),
    ];
    println!("{}", markdown::row(&cells));
    Ok(())
}

fn leaving() -> Result<(), Box<dyn Error>> {
    let client = Client::builder("https://scim.example.com/v2")
        .transport(InProcessTransport::new(|request: Request<Bytes>| async move {
            // It is asked whether there is bulk.
            let status = if request.method() == Method::DELETE { 204 } else { 404 };
            Response::builder().status(status).body(Bytes::new()).unwrap()
        }))
        .build()?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    println!("{}", markdown::head(&["people", "of them deleted", "µs a deletion"]));
    for (deleted, people) in LEAVERS {
        let source = Snapshot::new((0..people - deleted).map(person));
        let provisioner = Provisioner::new(&client, job::mapping()?, source, MemoryState::new())?;
        let provisioner = provisioner
            .with_scope(job::scope())
            .with_removal(RemovalPolicy::all(Removal::Delete))
            .with_guard(Guard::off());
        runtime.block_on(provisioner.import_links(links(&mapping()?, people)?))?;
        // The first time it reads what is remembered.
        runtime.block_on(provisioner.provision(&[id(0).into()]))?;
        let leavers: Vec<SourceId> = (people - deleted..people).map(|one| id(one).into()).collect();
        let began = Instant::now();
        let report = runtime.block_on(provisioner.provision(&leavers))?;
        assert_eq!(report.deleted, deleted as usize);
        let each = began.elapsed().as_secs_f64() * 1e6 / f64::from(deleted);
        let cells = [people.to_string(), deleted.to_string(), format!("{each:.0}")];
        println!("{}", markdown::row(&cells));
    }
    Ok(())
}
