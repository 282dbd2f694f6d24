//! Service providers that do less than the RFCs, and what they hold in the end.

use scim_client::{
    provision::{AttributeMapping, CycleKind, Mapping, SourceObject},
    target::{Feature, MemberForm, Paging, Profile},
    transport::Operation,
};

use super::{
    house::{House, assert_same},
    objects::{group, mapping, person, report, user_name},
    provider::Provider,
    ways::{Filters, Ways},
};

/// A name, and what the service provider is like.
type Row = (&'static str, Provider);

fn rows() -> Vec<Row> {
    vec![
        ("no bulk, a hundred members, none shown, simple filters", aws()),
        ("no bulk, a hundred members", few_members()),
        ("no members shown", hidden_members()),
        ("simple filters", simple_filters()),
        ("no filters", no_filters()),
        ("no PATCH", no_patch()),
        ("no `externalId` shown", no_external_id()),
        ("members removed by value", members_by_value()),
    ]
}

/// Says nothing of itself, has no bulk, no PUT of groups, and 100 members in a request.
fn aws() -> Provider {
    let ways = Ways {
        has_no_bulk: true,
        has_no_put_of_groups: true,
        most_members: Some(100),
        hides_members: true,
        filters: Filters::Equal,
        ..Ways::default()
    };
    // Whatever a profile could say of pages is another matter.
    let mut profile = Profile::aws();
    profile.paging = Paging::Either;
    profile.required.clear();
    Provider { ways, profile, ..Provider::without_bulk() }
}

fn few_members() -> Provider {
    let ways = Ways { most_members: Some(100), has_no_bulk: true, ..Ways::default() };
    let mut profile = Profile::rfc();
    profile.max_members = Some(100);
    Provider { ways, profile, ..Provider::without_bulk() }
}

fn hidden_members() -> Provider {
    let mut profile = Profile::rfc();
    profile.shows_members = false;
    let ways = Ways { hides_members: true, ..Ways::default() };
    Provider { ways, profile, ..Provider::default() }
}

fn simple_filters() -> Provider {
    let ways = Ways { filters: Filters::Equal, ..Ways::default() };
    Provider { ways, ..Provider::default() }
}

fn no_filters() -> Provider {
    let mut profile = Profile::rfc();
    profile.filterable = Some(Vec::new());
    let ways = Ways { filters: Filters::None, ..Ways::default() };
    Provider { ways, profile, ..Provider::default() }
}

fn no_patch() -> Provider {
    let mut profile = Profile::rfc();
    profile.refused = vec![Feature::new(Operation::Patch), Feature::new(Operation::Bulk)];
    let ways = Ways { has_no_patch: true, ..Ways::default() };
    Provider { ways, profile, ..Provider::without_bulk() }
}

fn no_external_id() -> Provider {
    let ways = Ways { hides_external_ids: true, ..Ways::default() };
    Provider { ways, ..Provider::default() }
}

fn members_by_value() -> Provider {
    let mut profile = Profile::rfc();
    profile.members = MemberForm::RemoveByValue;
    Provider { profile, ..Provider::default() }
}

fn many() -> impl Iterator<Item = SourceObject> {
    (0..250).map(|number| person(&format!("u{number}")))
}

fn names(range: std::ops::Range<usize>) -> Vec<String> {
    range.map(|number| format!("u{number}")).collect()
}

fn team(id: &str, members: &[String]) -> SourceObject {
    group(id, members.iter().map(String::as_str))
}

/// People with managers, a group of 250, one that changes, one that goes; and somebody else's user
/// who is adopted.
async fn play(house: &House, name: &str) {
    let user = serde_json::json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": user_name("ada"),
        "nickName": "kept",
    });
    house.ask("POST", "/Users", &user).await;
    house.people.put(many());
    house.people.put([person("ada"), report("ben", "ada"), report("cy", "ben")]);
    house.people.put([team("all", &names(0..250)), team("some", &names(0..10))]);
    house.people.put([team("short", &names(0..3))]);
    let first = house.run(CycleKind::Initial).await.unwrap();
    assert_eq!(first.failed, [], "{name}");
    assert_eq!((first.created, first.adopted), (255, 1), "{name}");

    house.people.change("ada", |one| one.with_attribute("title", "Chief"));
    house.people.change("ben", |one| one.with_active(false));
    house
        .people
        .change("cy", |one| one.with_attribute("manager", "ada").with_attribute("title", ""));
    house.people.put([person("dan"), team("all", &names(100..250)), team("some", &names(5..15))]);
    house.people.remove("short");
    let second = house.run(CycleKind::Incremental).await.unwrap();
    assert_eq!(second.failed, [], "{name}");
    assert_eq!((second.created, second.disabled, second.deleted), (1, 1, 1), "{name}");
    assert_eq!((second.members_joined, second.members_left), (5, 105), "{name}");
}

#[tokio::test]
async fn whatever_a_service_provider_lacks_it_holds_the_same_in_the_end() {
    let plain = House::new();
    play(&plain, "plain").await;
    let expected = plain.by_name().await;
    assert_eq!(expected["all"]["members"].as_array().map(Vec::len), Some(150));
    assert_eq!(expected[&user_name("ada")]["nickName"], "kept");
    for (name, provider) in rows() {
        let mut house = House::of(&provider);
        play(&house, name).await;
        let found = house.by_name().await;
        assert_same(&found, &expected, name);
        // Nothing is left to do, also for a process that knows nothing of the service provider.
        house.restart();
        for kind in [CycleKind::Incremental, CycleKind::Initial] {
            let quiet = house.run(kind).await.unwrap();
            assert_eq!((quiet.reads, quiet.writes, quiet.failed.len()), (0, 0, 0), "{name}");
        }
    }
}

#[tokio::test]
async fn a_job_that_begins_anew_finds_everyone_whatever_the_filters() {
    let rows = [("all", Provider::default()), ("simple", simple_filters()), ("none", no_filters())];
    for (name, provider) in rows {
        let mut house = House::of(&provider);
        house.people.put(["ada", "ben", "cy"].map(person));
        house.people.put(many());
        house.sync().await;
        let before = house.by_name().await;
        house.memory = super::memory::Memory::new();
        house.restart();
        let again = house.run(CycleKind::Initial).await.unwrap();
        assert_eq!((again.adopted, again.created, again.writes), (253, 0, 0), "{name}");
        assert_eq!(house.by_name().await, before, "{name}");
        // One alone is found, too.
        house.job().unlink(&"ada".into()).await.unwrap();
        let one = house.job().provision(&["ada".into()]).await.unwrap();
        assert_eq!((one.adopted, one.created, one.writes), (1, 0, 0), "{name}");
    }
}

#[tokio::test]
async fn two_attributes_that_match_together_and_one_that_matches_if_they_do_not() {
    let keys = || -> Mapping {
        let direct = |name: &str, target: &str| AttributeMapping::direct(name, target).unwrap();
        mapping()
            .with(direct("number", "externalId").matching(1))
            .with(direct("title", "title").matching(1))
            .with(direct("upn", "userName").matching(2))
    };
    let house = House::new();
    let users = [("moved", "E-ada", "Porter"), ("ben@clinic.example", "E-ben", "Chief")];
    for (name, number, title) in users {
        let user = serde_json::json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": name, "externalId": number, "title": title,
        });
        house.ask("POST", "/Users", &user).await;
    }
    let people = house.people.clone();
    people.put([person("ada"), person("ben"), person("cy")]);
    let job = scim_client::provision::Provisioner::new(
        &house.client,
        keys(),
        people,
        house.memory.clone(),
    );
    let cycle = job.unwrap().run(CycleKind::Initial).await.unwrap();
    assert_eq!((cycle.adopted, cycle.created, cycle.failed.len()), (2, 1, 0));
    let named = house.by_name().await;
    assert_eq!(
        named.keys().collect::<Vec<_>>(),
        ["ada", "ben", "cy"].map(user_name).iter().collect::<Vec<_>>()
    );
    assert_eq!(named[&user_name("ben")]["title"], "Porter");
}
