//! The engine dies at every place where it can, and a new one goes on.

use scim_client::provision::{AttributeMapping, CycleKind, SourceObject, state::State};
use serde_json::{Map, Value, json};

use super::{
    house::{ENTERPRISE, House, Moment, mapping, person, report},
    provider::{Fault, Provider},
};

/// Six people: a chain, a circle, and one whose manager is not in scope.
fn people(house: &House) {
    house.people.put([
        report("ada", "ben"),
        report("ben", "cy"),
        person("cy"),
        report("dan", "eve"),
        report("eve", "dan"),
        report("fay", "guest"),
        person("guest").with_active(false),
    ]);
}

/// Nothing but the people, and one whom somebody else made.
fn beginning(house: &House) {
    people(house);
    house.provider.add(json!({"userName": "eve@clinic.example", "nickName": "kept"}));
}

/// Some of everything that happens: values change, come and go, people leave, return and join,
/// and a resource is gone.
fn week(house: &House) {
    house.people.change("ada", |mut person| {
        person.attributes.remove("mail");
        person.with_attribute("title", "Nurse").with_attribute("manager", "eve")
    });
    house.people.change("ben", |person| person.with_active(false));
    house.people.change("guest", |person| person.with_active(true));
    house.people.put([report("gus", "hal"), report("hal", "gus")]);
    house.people.change("eve", |person| person.with_attribute("department", ""));
    house.people.change("cy", |person| person.with_attribute("title", "Chief"));
    house.provider.delete("cy@clinic.example");
}

#[derive(Clone, Copy, Debug)]
enum Start {
    Empty,
    Provisioned,
}

/// Where it begins, and whether the service provider sees to it that no name is taken twice.
const SCENES: [(Start, bool); 4] = [
    (Start::Empty, true),
    (Start::Empty, false),
    (Start::Provisioned, true),
    (Start::Provisioned, false),
];

fn provider(is_unique: bool) -> Provider {
    if is_unique { Provider::new() } else { Provider::new().without_uniqueness() }
}

async fn house(start: Start, is_unique: bool) -> House {
    let mut house = House::new();
    house.provider = provider(is_unique);
    match start {
        Start::Empty => beginning(&house),
        Start::Provisioned => {
            people(&house);
            house.initial().await;
            week(&house);
        }
    }
    house.memory.fail(None);
    house
}

/// The users by name, with names in the place of identifiers.
fn by_name(house: &House) -> Vec<Map<String, Value>> {
    let users = house.provider.users();
    let name = |id: &Value| {
        let user = users.iter().find(|user| user["id"] == *id);
        user.map_or(Value::Null, |user| user["userName"].clone())
    };
    let mut named = users.clone();
    for user in &mut named {
        user.remove("id");
        if let Some(manager) = user.get_mut(ENTERPRISE).and_then(|e| e.get_mut("manager")) {
            manager["value"] = name(&manager["value"]);
        }
    }
    named.sort_by_key(|user| user["userName"].to_string());
    named
}

/// What is remembered, without what the service provider made up.
fn remembered(state: &State) -> Vec<String> {
    let links = state
        .links
        .values()
        .map(|link| format!("{} {} {:?}", link.source_id, link.is_in_scope(), link.pending));
    let rest = format!("{:?} {:?} {:?}", state.intents, state.escrow, state.job.watermark);
    links.chain([rest]).collect()
}

/// Asserts that a rerun leads to where an undisturbed run leads to.
async fn assert_recovers(crashed: &House, undisturbed: &House, what: &str) {
    crashed.provider.recover();
    crashed.memory.fail(None);
    let cycle = crashed.run(CycleKind::Incremental).await.unwrap();
    assert!(cycle.failed.is_empty(), "{what}: {:?}", cycle.failed);
    assert_eq!(by_name(crashed), by_name(undisturbed), "{what}");
    assert_eq!(
        remembered(&crashed.state().await),
        remembered(&undisturbed.state().await),
        "{what}"
    );
    crashed.assert_quiet().await;
}

#[tokio::test]
async fn a_crash_at_any_request_leaves_no_duplicate_and_nothing_undone() {
    for (start, is_unique) in SCENES {
        let undisturbed = house(start, is_unique).await;
        undisturbed.run(CycleKind::Incremental).await.unwrap();
        let requests = undisturbed.provider.take().len();
        assert!(requests >= 8, "{requests}");
        let faults = [Fault::Connect, Fault::Interrupted].into_iter();
        for (fault, number) in faults.flat_map(|fault| (0..requests).map(move |n| (fault, n))) {
            let crashed = house(start, is_unique).await;
            crashed.provider.fail(move |at, _| (at >= number).then_some(fault));
            crashed.run(CycleKind::Incremental).await.unwrap_err();
            let what = format!("{start:?}, unique {is_unique}, {fault:?} at {number}");
            assert_recovers(&crashed, &undisturbed, &what).await;
        }
    }
}

#[tokio::test]
async fn a_crash_between_any_two_commits_leaves_no_duplicate_and_nothing_undone() {
    for (start, is_unique) in SCENES {
        let undisturbed = house(start, is_unique).await;
        undisturbed.run(CycleKind::Incremental).await.unwrap();
        let commits = undisturbed.memory.commits();
        assert!(commits >= 12, "{commits}");
        let moments = [Moment::Before, Moment::After].into_iter();
        for (moment, number) in moments.flat_map(|moment| (0..commits).map(move |n| (moment, n))) {
            let crashed = house(start, is_unique).await;
            crashed.memory.fail(Some((number, moment)));
            crashed.run(CycleKind::Incremental).await.unwrap_err();
            let what = format!("{start:?}, unique {is_unique}, {moment:?} commit {number}");
            assert_recovers(&crashed, &undisturbed, &what).await;
        }
    }
}

#[tokio::test]
async fn crash_after_crash_gets_there_in_the_end() {
    for (start, is_unique) in SCENES {
        let undisturbed = house(start, is_unique).await;
        undisturbed.run(CycleKind::Incremental).await.unwrap();
        let crashed = house(start, is_unique).await;
        crashed.provider.fail(|at, _| (at % 5 == 4).then_some(Fault::Interrupted));
        let mut runs = 0;
        // Each run gets four requests further, or fewer.
        while crashed.run(CycleKind::Incremental).await.is_err() {
            runs += 1;
            assert!(runs < 60);
        }
        assert!(runs > 1);
        assert_recovers(&crashed, &undisturbed, &format!("{start:?}")).await;
    }
}

#[tokio::test]
async fn who_was_being_created_and_leaves_before_the_next_cycle_is_disabled() {
    let rows = [
        (Fault::Interrupted, true, 2),
        (Fault::Interrupted, false, 2),
        (Fault::Connect, true, 1),
        (Fault::Connect, false, 1),
    ];
    for (fault, is_unique, count) in rows {
        let mut house = House::new();
        house.provider = provider(is_unique);
        house.people.put([person("ada"), person("ben")]);
        house.provider.fail(move |_, sent| (sent.method == "POST").then_some(fault));
        house.run(CycleKind::Incremental).await.unwrap_err();
        house.provider.recover();
        house.people.change("ada", |person| person.with_active(false));
        house.incremental().await;
        let users = house.provider.users();
        let enabled = users.iter().filter(|user| user["active"] == true);
        let enabled: Vec<_> = enabled.map(|user| user["externalId"].clone()).collect();
        assert_eq!(enabled, ["E-ben"]);
        assert_eq!(users.len(), count);
        assert!(house.state().await.intents.is_empty());
        house.assert_quiet().await;
        house.people.change("ada", |person| person.with_active(true));
        house.incremental().await;
        assert_eq!(house.provider.users().len(), 2);
        assert_eq!(house.provider.user("ada@clinic.example")["active"], true);
        house.assert_quiet().await;
    }
}

#[tokio::test]
async fn who_leaves_again_after_the_answer_to_a_return_is_lost_is_disabled() {
    for fault in [Fault::Connect, Fault::Interrupted, Fault::Status(500), Fault::Status(400)] {
        let house = House::with([person("ada")]).await;
        house.people.change("ada", |person| person.with_active(false));
        house.incremental().await;
        house.people.change("ada", |person| person.with_active(true));
        house.provider.fail(move |_, _| Some(fault));
        let lost = house.run(CycleKind::Incremental).await;
        assert!(lost.is_err() || !lost.unwrap().failed.is_empty());
        house.provider.recover();
        house.people.change("ada", |person| person.with_active(false));
        house.incremental().await;
        assert_eq!(house.provider.user("ada@clinic.example")["active"], false, "{fault:?}");
        house.assert_quiet().await;
    }
}

/// What is changed before the cycle whose first write is lost, and what before the next one.
type Lost = (Edit, Edit);
type Edit = fn(SourceObject) -> SourceObject;

#[tokio::test]
async fn what_changes_after_a_lost_answer_is_right_in_the_end() {
    let rows: [Lost; 7] = [
        (|ada| ada.with_active(false), |ada| ada.with_active(true)),
        (|ada| ada.with_attribute("title", "Nurse"), |ada| ada.with_attribute("title", "Porter")),
        (|ada| ada.with_attribute("title", "Nurse"), |ada| ada.with_attribute("title", "")),
        (|ada| ada.with_attribute("title", ""), |ada| ada.with_attribute("title", "Porter")),
        (|ada| ada.with_attribute("language", "de"), |ada| ada.with_attribute("language", "")),
        (
            |ada| ada.with_attribute("manager", "ben"),
            |mut ada| {
                ada.attributes.remove("manager");
                ada
            },
        ),
        (|ada| ada.with_attribute("title", "Nurse"), |ada| ada.with_active(false)),
    ];
    for (row, (before, after)) in rows.into_iter().enumerate() {
        for (is_new, fault) in [
            (false, Fault::Connect),
            (false, Fault::Interrupted),
            (true, Fault::Connect),
            (true, Fault::Interrupted),
        ] {
            let house = after_a_lost_answer(is_new, fault, before, after).await;
            let undisturbed = House::with([person("ben")]).await;
            undisturbed.people.put(house.people.find("ada"));
            undisturbed.incremental().await;
            assert_eq!(by_name(&house), by_name(&undisturbed), "{row}, new {is_new}, {fault:?}");
        }
    }
}

/// Ada is changed, the answer is lost, she is changed again, and enabled in the end.
async fn after_a_lost_answer(is_new: bool, fault: Fault, before: Edit, after: Edit) -> House {
    let mut house = House::new();
    house.mapping = || {
        let path = "preferredLanguage";
        mapping().with(AttributeMapping::direct("language", path).unwrap())
    };
    house.people.put([person("ben"), person("ada").with_active(!is_new)]);
    house.initial().await;
    house.people.put([before(person("ada"))]);
    house.provider.fail(move |_, sent| (sent.method != "GET").then_some(fault));
    let outcome = house.run(CycleKind::Incremental).await;
    let leaves = !house.people.find("ada").unwrap().is_active;
    assert_eq!(outcome.is_ok(), is_new && leaves, "who is new is not disabled");
    house.provider.recover();
    house.people.change("ada", after);
    house.incremental().await;
    house.assert_quiet().await;
    house.people.change("ada", |ada| ada.with_active(true));
    house.incremental().await;
    house
}
