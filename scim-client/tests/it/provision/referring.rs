use scim_client::provision::CycleKind;
use serde_json::{Value, json};

use super::{
    house::{ENTERPRISE, House, person, report},
    provider::Fault,
};

fn manager(house: &House, id: &str) -> Value {
    house.provider.user(&format!("{id}@clinic.example"))[ENTERPRISE]["manager"].clone()
}

fn is(house: &House, id: &str) -> Value {
    json!({"value": house.provider.id(&format!("{id}@clinic.example"))})
}

fn path() -> String {
    format!("{ENTERPRISE}:manager")
}

#[tokio::test]
async fn a_circle_is_closed_in_the_same_cycle() {
    let circles = [
        vec![report("ada", "ada")],
        vec![report("ada", "ben"), report("ben", "ada")],
        vec![report("ada", "ben"), report("ben", "cy"), report("cy", "ada")],
    ];
    for circle in circles {
        let house = House::new();
        let pairs: Vec<(String, String)> = circle
            .iter()
            .map(|p| (p.id.to_string(), p.value("manager").unwrap().as_str().unwrap().to_owned()))
            .collect();
        house.people.put(circle);
        let cycle = house.run(CycleKind::Initial).await.unwrap();
        assert_eq!((cycle.created, cycle.references_repaired), (pairs.len(), 1));
        assert_eq!(cycle.writes, pairs.len() as u64 + 1);
        for (id, boss) in pairs {
            assert_eq!(manager(&house, &id), is(&house, &boss));
        }
        assert!(house.state().await.links.values().all(|link| link.pending.is_empty()));
        house.assert_quiet().await;
    }
}

#[tokio::test]
async fn a_manager_who_joins_later_is_sent_then() {
    let house = House::with([report("ada", "boss"), report("ben", "boss")]).await;
    assert_eq!(manager(&house, "ada"), Value::Null);
    house.assert_quiet().await;
    house.people.put([person("boss")]);
    let cycle = house.incremental().await;
    assert_eq!((cycle.objects, cycle.created, cycle.references_repaired), (1, 1, 2));
    let boss = is(&house, "boss");
    let sent = house.provider.take();
    let repairs: Vec<_> = sent[2..].iter().map(|sent| sent.body["Operations"].clone()).collect();
    let repair = json!([{"op": "add", "path": path(), "value": boss}]);
    assert_eq!(repairs, [repair.clone(), repair]);
    assert_eq!([manager(&house, "ada"), manager(&house, "ben")], [boss.clone(), boss]);
    house.assert_quiet().await;
}

#[tokio::test]
async fn a_manager_out_of_scope_is_left_out_until_in_scope() {
    let house = House::with([report("ada", "boss"), person("boss").with_active(false)]).await;
    assert_eq!(manager(&house, "ada"), Value::Null);
    house.assert_quiet().await;
    house.people.change("boss", |person| person.with_active(true));
    let cycle = house.incremental().await;
    assert_eq!((cycle.created, cycle.references_repaired), (1, 1));
    assert_eq!(manager(&house, "ada"), is(&house, "boss"));
    // Who leaves stays the manager of those who stay: the resource is still there.
    house.people.change("boss", |person| person.with_active(false));
    house.incremental().await;
    assert_eq!(manager(&house, "ada"), is(&house, "boss"));
    house.assert_quiet().await;
}

#[tokio::test]
async fn a_move_to_a_manager_who_is_not_there_yet_removes_the_former_one() {
    let house = House::with([person("boss"), report("ada", "boss")]).await;
    house.people.change("ada", |person| person.with_attribute("manager", "chief"));
    house.incremental().await;
    assert_eq!(house.provider.take_operations(), [json!([{"op": "remove", "path": path()}])]);
    house.people.put([person("chief")]);
    house.incremental().await;
    assert_eq!(manager(&house, "ada"), is(&house, "chief"));
    house.assert_quiet().await;
}

#[tokio::test]
async fn who_no_longer_waits_for_a_manager_is_not_given_one() {
    let house = House::with([report("ada", "boss"), report("ben", "boss")]).await;
    house.people.change("ada", |mut person| {
        person.attributes.remove("manager");
        person
    });
    house.people.change("ben", |person| person.with_active(false));
    house.incremental().await;
    house.people.put([person("boss")]);
    house.provider.take();
    let cycle = house.incremental().await;
    assert_eq!(cycle.references_repaired, 0, "ben has left");
    assert_eq!(house.provider.take().len(), 2);
    house.assert_quiet().await;
    // Back again, he gets the one that he has now.
    house.people.change("ben", |person| person.with_active(true));
    house.incremental().await;
    assert_eq!(manager(&house, "ben"), is(&house, "boss"));
    assert_eq!(manager(&house, "ada"), Value::Null);
    house.assert_quiet().await;
}

#[tokio::test]
async fn a_repair_that_fails_is_tried_again() {
    let house = House::with([report("ada", "boss")]).await;
    house.people.put([person("boss")]);
    house.provider.fail(|_, sent| (sent.method == "PATCH").then_some(Fault::Status(500)));
    let cycle = house.incremental().await;
    let failed: Vec<_> = cycle.failed.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!((cycle.created, cycle.references_repaired, failed), (1, 0, vec!["ada"]));
    house.provider.recover();
    let cycle = house.incremental().await;
    assert_eq!((cycle.objects, cycle.failed.len()), (1, 0));
    assert_eq!(manager(&house, "ada"), is(&house, "boss"));
    assert!(house.state().await.escrow.is_empty());
    house.assert_quiet().await;
}

#[tokio::test]
async fn whoever_could_not_be_adopted_is_given_no_manager_alone() {
    let house = House::new();
    house.provider.add(json!({"userName": "ada@clinic.example"}));
    // Ada comes first, when there is no Ben yet.
    house.people.put([report("ben", "ada"), report("ada", "ben")]);
    house.provider.fail(|_, sent| (sent.method == "PATCH").then_some(Fault::Status(400)));
    let cycle = house.incremental().await;
    let failed: Vec<_> = cycle.failed.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!((cycle.created, failed), (1, vec!["ada"]));
    let sent = house.provider.take();
    assert_eq!(sent.iter().filter(|sent| sent.method == "PATCH").count(), 1);
    house.provider.recover();
    house.incremental().await;
    assert_eq!(manager(&house, "ada"), is(&house, "ben"));
    assert_eq!(manager(&house, "ben"), is(&house, "ada"));
    house.assert_quiet().await;
}

#[tokio::test]
async fn a_repair_does_not_hide_what_failed_before() {
    let house = House::with([report("ada", "boss")]).await;
    house.people.put([person("boss")]);
    house.people.change("ada", |person| person.with_active(true).with_attribute("mail", ""));
    // The first PATCH is the change of Ada, the second one her manager.
    let is_first = std::sync::atomic::AtomicBool::new(true);
    house.people.change("ada", |person| person.with_attribute("manager", "boss"));
    house.provider.fail(move |_, sent| {
        let fails =
            sent.method == "PATCH" && is_first.swap(false, std::sync::atomic::Ordering::SeqCst);
        fails.then_some(Fault::Status(500))
    });
    let cycle = house.incremental().await;
    assert_eq!((cycle.failed.len(), cycle.references_repaired), (1, 1));
    house.provider.recover();
    house.incremental().await;
    assert_eq!(house.provider.user("ada@clinic.example")["emails"][0].get("value"), None);
    house.assert_quiet().await;
}

#[tokio::test]
async fn a_manager_created_anew_is_sent_to_those_who_have_not_changed() {
    let house = House::with([person("boss"), report("ada", "boss"), report("ben", "boss")]).await;
    house.people.change("ben", |person| person.with_active(false));
    house.incremental().await;
    let before = manager(&house, "ben");
    house.provider.delete("boss@clinic.example");
    house.people.change("boss", |person| person.with_attribute("title", "Chief"));
    let cycle = house.incremental().await;
    assert_eq!((cycle.objects, cycle.created, cycle.references_repaired), (1, 1, 1));
    assert_eq!(manager(&house, "ada"), is(&house, "boss"));
    assert_eq!(manager(&house, "ben"), before, "who has left is not touched");
    house.assert_quiet().await;
    house.people.change("ben", |person| person.with_active(true));
    house.incremental().await;
    assert_eq!(manager(&house, "ben"), is(&house, "boss"));
    house.assert_quiet().await;
}

#[tokio::test]
async fn a_manager_of_oneself_created_anew_is_the_new_one() {
    let house = House::with([report("ada", "ada")]).await;
    house.provider.delete("ada@clinic.example");
    house.people.change("ada", |person| person.with_attribute("title", "Chief"));
    house.incremental().await;
    assert_eq!(manager(&house, "ada"), is(&house, "ada"));
    house.assert_quiet().await;
}
