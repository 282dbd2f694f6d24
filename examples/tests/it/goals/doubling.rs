//! Nobody is there twice, and those who cannot be told apart are left alone.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use scim_client::provision::{CycleKind, report::ErrorCode};
use serde_json::{Value, json};

use super::{
    house::House,
    objects::{group, person, report, user_name},
    provider::Provider,
    wire::Fault,
};

const DAY: Duration = Duration::from_hours(24);

#[tokio::test]
async fn duplicates_on_either_side_are_named_and_not_touched() {
    let house = House::of(&Provider { is_unique: false, ..Provider::default() });
    let mut ids = Vec::new();
    for nick in ["one", "two"] {
        let user = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": user_name("ada"),
            "nickName": nick,
        });
        ids.push(house.ask("POST", "/Users", &user).await["id"].as_str().unwrap().to_owned());
    }
    let twin = person("eve").with_attribute("upn", user_name("BEN"));
    house.people.put([person("ada"), person("ben"), twin, person("cy")]);
    let before = house.resources("/Users").await;
    let cycle = house.run(CycleKind::Initial).await.unwrap();
    assert_eq!((cycle.created, cycle.failed.len(), cycle.writes), (1, 3, 1));
    let reason = |id: &str| {
        let failed = cycle.failed.iter().find(|(failed, _)| failed.as_str() == id);
        failed.unwrap().1.clone()
    };
    assert!(ids.iter().all(|id| reason("ada").contains(id)), "{}", reason("ada"));
    assert!(reason("ben").contains("`eve`") && reason("eve").contains("`ben`"));
    let escrows = house.job().escrows().await.unwrap();
    let codes: Vec<ErrorCode> = escrows.iter().map(|escrow| escrow.code).collect();
    let twins = ErrorCode::DuplicateSourceEntries;
    assert_eq!(codes, [ErrorCode::DuplicateTargetEntries, twins, twins]);
    let after = house.resources("/Users").await;
    assert_eq!(after[..2], before[..]);
    assert_eq!(after.len(), 3);

    // Once only one of each is left, they go on.
    house.ask("DELETE", &format!("/Users/{}", ids[1]), &Value::Null).await;
    house.people.remove("eve");
    house.pass(DAY);
    let cycle = house.run(CycleKind::Incremental).await.unwrap();
    assert_eq!((cycle.adopted, cycle.created, cycle.failed.len()), (1, 1, 0));
    house.assert_quiet().await;
}

#[tokio::test]
async fn a_bulk_request_that_was_done_and_answered_with_an_error_is_not_done_again() {
    for is_unique in [true, false] {
        for fault in [Fault::Broken, Fault::Truncated, Fault::Html, Fault::Status(500)] {
            check_bulk(fault, is_unique).await;
        }
    }
}

/// Three who report to each other, whose first bulk request goes wrong.
async fn check_bulk(fault: Fault, is_unique: bool) {
    let house = House::of(&Provider { is_unique, ..Provider::default() });
    house.people.put([report("ada", "ben"), report("ben", "cy"), person("cy")]);
    let is_sent = AtomicBool::new(false);
    house.wire.fail(move |_, sent| {
        let is_first = sent.path == "/Bulk" && !is_sent.swap(true, Ordering::SeqCst);
        is_first.then_some(fault)
    });
    let _ = house.run(CycleKind::Initial).await;
    // Nobody is there twice.
    house.by_name().await;
    for _ in 0..2 {
        house.pass(DAY);
        house.run(CycleKind::Incremental).await.unwrap();
    }
    assert_eq!(house.by_name().await.len(), 3, "{fault:?}, unique {is_unique}");
    house.assert_quiet().await;
}

#[tokio::test]
async fn a_group_that_was_created_unnoticed_and_is_gone_from_the_source_is_deleted() {
    let house = House::of(&Provider::without_bulk());
    house.people.put([group("team", [])]);
    house.wire.fail(|_, sent| (!sent.is_read()).then_some(Fault::Broken));
    house.run(CycleKind::Initial).await.unwrap();
    assert_eq!(house.resources("/Groups").await.len(), 1);
    house.wire.recover();
    house.people.remove("team");
    house.pass(DAY);
    house.sync().await;
    assert_eq!(house.by_name().await.len(), 0);
    house.assert_quiet().await;
}

#[tokio::test]
async fn names_that_pass_from_one_to_another_are_where_they_belong_in_the_end() {
    // Each has the name that the next one gives up, or the one before.
    for names in [["eve", "ada", "ben"], ["ben", "cy", "eve"]] {
        for bulk in [0, 1_000] {
            check_names(names, bulk).await;
        }
    }
}

async fn check_names(names: [&str; 3], bulk: usize) {
    let ids = ["ada", "ben", "cy"];
    let house = House::of(&Provider { bulk, ..Provider::default() });
    house.people.put(ids.map(person));
    house.sync().await;
    for (id, name) in ids.into_iter().zip(names) {
        house.people.change(id, |one| one.with_attribute("upn", user_name(name)));
    }
    let mut cycles = 0;
    while !house.run(CycleKind::Incremental).await.unwrap().failed.is_empty() {
        house.pass(DAY);
        cycles += 1;
        assert!(cycles < 3, "{names:?}, bulk {bulk}");
    }
    let accounts = house.by_name().await;
    for (id, name) in ids.into_iter().zip(names) {
        assert_eq!(accounts[&user_name(name)]["externalId"], format!("E-{id}"));
    }
    house.assert_quiet().await;
}
