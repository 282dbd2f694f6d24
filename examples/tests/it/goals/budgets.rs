//! How many requests it takes.

use std::time::Duration;

use scim_client::{
    Client,
    provision::{CycleKind, CycleReport, Provisioner, SourceObject, state::MemoryState},
    transport::{Rate, RateLimit, TokioTimer},
};

use super::{
    house::House,
    memory::Memory,
    objects::{group, group_mapping, group_scope, person, report, scope, short_mapping},
    provider::Provider,
};

const USERS: usize = 10_000;
const GROUPS: usize = 100;

fn name(number: usize) -> String {
    format!("u{number}")
}

/// Each of ten people reports to another one, and each is in one group of a hundred.
fn company() -> impl Iterator<Item = SourceObject> {
    let users = (0..USERS).map(|number| match number / 10 {
        0 => person(&name(number)).with_attribute("title", ""),
        manager => report(&name(number), &name(manager)).with_attribute("title", ""),
    });
    let groups = (0..GROUPS).map(|number| {
        let members: Vec<String> = (number * 100..(number + 1) * 100).map(name).collect();
        group(&format!("g{number}"), members.iter().map(String::as_str))
    });
    users.chain(groups)
}

fn house(bulk: usize) -> House {
    let mut house = House::of(&Provider { bulk, page: 200, ..Provider::default() });
    house.mapping = short_mapping;
    house.people.put(company());
    house
}

async fn assert_complete(house: &House, first: &CycleReport) {
    assert_eq!((first.created, first.failed.len()), (USERS + GROUPS, 0));
    let users = house.resources("/Users").await;
    assert_eq!(users.len(), USERS);
    let has_manager = |user: &&super::house::Attributes| {
        user.get(super::objects::ENTERPRISE).is_some_and(|e| e.get("manager").is_some())
    };
    assert_eq!(users.iter().filter(has_manager).count(), USERS - 10);
    for group in house.resources("/Groups").await {
        assert_eq!(group["members"].as_array().map(Vec::len), Some(100));
    }
}

#[tokio::test]
async fn a_company_is_there_in_twenty_requests_of_a_thousand_operations() {
    let house = house(1_000);
    let first = house.run(CycleKind::Initial).await.unwrap();
    let requests = house.wire.take().len();
    assert!(requests <= 20, "{requests}");
    assert_eq!(u64::try_from(requests).unwrap(), first.reads + first.writes);
    assert_complete(&house, &first).await;
    house.assert_quiet().await;
}

#[tokio::test]
async fn a_company_is_there_in_a_hundred_and_ten_requests_of_a_hundred_operations() {
    let house = house(100);
    let first = house.run(CycleKind::Initial).await.unwrap();
    let requests = house.wire.take().len();
    assert!(requests <= 110, "{requests}");
    assert_complete(&house, &first).await;
}

#[tokio::test]
async fn without_bulk_a_company_takes_a_request_each_and_its_equal_none_at_all() {
    let mut house = house(0);
    let first = house.run(CycleKind::Initial).await.unwrap();
    let requests = house.wire.take().len();
    assert!(requests <= 10_110, "{requests}");
    assert_complete(&house, &first).await;

    // Another job finds everything as it should be.
    house.memory = Memory::new();
    house.restart();
    let again = house.run(CycleKind::Initial).await.unwrap();
    assert_eq!((again.adopted, again.created), (USERS + GROUPS, 0));
    assert_eq!(again.writes, 0);
    assert!(again.reads <= 60, "{}", again.reads);
}

#[tokio::test]
async fn who_has_not_changed_costs_nothing_and_who_has_a_request_or_all_together_one() {
    for (provider, expected) in [(Provider::without_bulk(), 7), (Provider::default(), 1)] {
        let house = House::of(&provider);
        house.people.put((0..50).map(|number| person(&name(number))));
        house.people.put([group("g", ["u1", "u2"])]);
        house.sync().await;
        let quiet = house.run(CycleKind::Incremental).await.unwrap();
        assert_eq!((quiet.objects, quiet.reads, quiet.writes), (0, 0, 0));
        for number in 0..7 {
            house.people.change(&name(number), |one| one.with_attribute("title", "Nurse"));
        }
        let changed = house.run(CycleKind::Incremental).await.unwrap();
        assert_eq!((changed.objects, changed.updated), (7, 7));
        assert_eq!((changed.reads, changed.writes), (0, expected));
        house.assert_quiet().await;
    }
}

#[tokio::test(start_paused = true)]
async fn at_twenty_five_requests_a_second_a_company_is_there_in_seven_minutes() {
    let house = house(0);
    let rate = Rate::new(25, Duration::from_secs(1)).with_burst(1);
    let client = Client::builder("https://roster.example/scim")
        .bearer_token(house.token())
        .transport(house.wire.clone())
        .timer(TokioTimer::new())
        .rate_limit(RateLimit::of_all(rate))
        .build()
        .unwrap();
    let job = Provisioner::new(&client, short_mapping(), house.people.clone(), MemoryState::new());
    let job = job.unwrap().with_scope(scope());
    let job = job.with_groups(group_mapping(), group_scope()).unwrap();
    let began = tokio::time::Instant::now();
    let first = job.run(CycleKind::Initial).await.unwrap();
    let elapsed = began.elapsed();
    assert!(elapsed <= Duration::from_mins(7), "{elapsed:?}");
    // As long as the rate makes it, and no longer.
    let requests = u32::try_from(first.reads + first.writes).unwrap();
    assert!(elapsed <= rate.interval() * (requests + 1), "{elapsed:?}");
    assert_eq!(first.created, USERS + GROUPS);
}
