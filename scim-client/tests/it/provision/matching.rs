use scim_client::provision::{AttributeMapping, CycleKind, Mapping};
use serde_json::{Value, json};

use super::{
    house::{ENTERPRISE, House, mapping, person},
    provider::{Fault, Provider, Sent},
};

fn failed(report: &scim_client::provision::CycleReport) -> Vec<(&str, &str)> {
    report.failed.iter().map(|(id, reason)| (id.as_str(), reason.as_str())).collect()
}

/// A user that somebody else made, and the values that it lacks.
fn rows() -> [(Value, Value); 10] {
    let equal = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
        "userName": "ada@clinic.example",
        "externalId": "E-ada",
        "active": true,
        "userType": "Employee",
        "displayName": "ADA Adler",
        "name": {"givenName": "ADA"},
        "emails": [{"type": "work", "value": "ada@mail.example", "primary": true}],
        "title": "Porter",
        ENTERPRISE: {"department": "Oncology"},
    });
    let with = |name: &str, value: Value| {
        let mut user = equal.clone();
        user[name] = value;
        user
    };
    let work = r#"emails[type eq "work"].value"#;
    [
        (equal.clone(), json!([])),
        (with("nickName", json!("kept")), json!([])),
        (with("password", json!("own")), json!([])),
        (with("name", json!({"givenName": "ADA", "familyName": "kept"})), json!([])),
        (
            with(ENTERPRISE, json!({"department": "Oncology", "manager": {"value": "kept"}})),
            json!([]),
        ),
        (with("title", json!("Nurse")), json!([["title", "Porter"]])),
        (with("active", json!(false)), json!([["active", true]])),
        (
            with("userName", json!("ADA@CLINIC.EXAMPLE")),
            json!([["userName", "ada@clinic.example"]]),
        ),
        (
            with("emails", json!([{"type": "work", "value": "x@y.example", "primary": true}])),
            json!([[work, "ada@mail.example"]]),
        ),
        (
            with("emails", json!([{"type": "home", "value": "x@y.example"}])),
            json!([[r#"emails[type eq "work"].primary"#, true], [work, "ada@mail.example"]]),
        ),
    ]
}

#[tokio::test]
async fn one_match_is_linked_and_gets_only_what_it_lacks() {
    for (user, lacking) in rows() {
        let house = House::new();
        let id = house.provider.add(user.clone());
        house.people.put([person("ada")]);
        let cycle = house.run(CycleKind::Initial).await.unwrap();
        assert_eq!((cycle.adopted, cycle.created, cycle.reads), (1, 0, 1));
        let mut sent = house.provider.take();
        assert_eq!(sent.remove(0).filter.unwrap(), r#"userName eq "ada@clinic.example""#);
        let operations: Vec<Value> = sent
            .iter()
            .inspect(|sent| assert_eq!(sent.id.as_ref(), Some(&id)))
            .flat_map(|sent| sent.body["Operations"].as_array().unwrap().clone())
            .collect();
        let got: Vec<_> = operations.iter().map(|o| json!([o["path"], o["value"]])).collect();
        assert_eq!(Value::from(got), lacking, "{user}");
        assert!(operations.iter().all(|operation| operation["op"] == "add"));
        let after = house.provider.user("ada@clinic.example");
        for (name, value) in user.as_object().unwrap() {
            let is_kept = after[name] == *value;
            assert!(is_kept || lacking.to_string().contains(name), "{name}");
        }
        house.assert_quiet().await;
    }
}

#[tokio::test]
async fn of_several_matches_none_is_touched() {
    // A page may hold one of them only.
    for page in [100, 1] {
        let mut house = House::new();
        house.provider = Provider::new().without_uniqueness().with_page(page);
        for _ in 0..2 {
            house.provider.add(json!({"userName": "ada@clinic.example"}));
        }
        let before = house.provider.users();
        house.people.put([person("ada"), person("ben")]);
        for kind in [CycleKind::Initial, CycleKind::Incremental] {
            let cycle = house.run(kind).await.unwrap();
            assert_eq!(
                failed(&cycle),
                [("ada", "several resources match (`u1`, `u2`); none was touched")]
            );
            assert_eq!(house.provider.users()[..2], before);
        }
        assert_eq!(house.provider.users().len(), 3);
        // Once one of them is gone, the other one is linked.
        house.provider.delete("ben@clinic.example");
        house.provider.delete("ada@clinic.example");
        house.provider.add(json!({"userName": "ada@clinic.example"}));
        let cycle = house.incremental().await;
        assert_eq!((cycle.adopted, cycle.failed.len()), (1, 0));
    }
}

#[tokio::test]
async fn a_second_person_for_the_same_resource_touches_nothing() {
    let house = House::with([person("ada")]).await;
    let before = house.provider.users();
    let double = person("double").with_attribute("upn", "ada@clinic.example");
    house.people.put([double]);
    for kind in [CycleKind::Incremental, CycleKind::Initial] {
        let cycle = house.run(kind).await.unwrap();
        assert_eq!(
            failed(&cycle),
            [("double", "the resource is also that of `ada`; none was touched")]
        );
        assert_eq!((cycle.reads, cycle.writes), (1, 0));
        assert_eq!(house.provider.users(), before);
    }
}

#[tokio::test]
async fn the_keys_are_tried_in_their_order_until_one_finds_somebody() {
    fn three_keys() -> Mapping {
        let number = AttributeMapping::direct("number", "externalId").unwrap().matching(1);
        let mail = r#"emails[type eq "work"].value"#;
        let mail = AttributeMapping::direct("mail", mail).unwrap().matching(3);
        let upn = AttributeMapping::direct("upn", "userName").unwrap().matching(2);
        mapping().with(upn).with(mail).with(number)
    }
    let filters = [
        r#"GET externalId eq "E-ada""#,
        r#"GET userName eq "ada@clinic.example""#,
        r#"GET emails[type eq "work" and value eq "ada@mail.example"]"#,
    ];
    let by_number = json!({"userName": "a", "externalId": "E-ada"});
    let by_name = json!({"userName": "Ada@Clinic.Example"});
    let by_mail =
        json!({"userName": "c", "emails": [{"type": "work", "value": "ada@mail.example"}]});
    let rows = [
        (vec![by_number.clone()], 1, Some("u1")),
        (vec![by_name.clone()], 2, Some("u1")),
        (vec![by_mail.clone()], 3, Some("u1")),
        (vec![by_mail.clone(), by_name.clone(), by_number], 1, Some("u3")),
        (vec![by_mail, by_name], 2, Some("u2")),
        (vec![], 3, None),
    ];
    for (users, asked, adopted) in rows {
        let mut house = House::new();
        house.provider = Provider::new().without_uniqueness();
        house.mapping = three_keys;
        for user in users {
            house.provider.add(user);
        }
        house.people.put([person("ada")]);
        house.run(CycleKind::Initial).await.unwrap();
        let lines = house.provider.take_lines();
        assert_eq!(lines[..asked], filters[..asked]);
        let write = adopted
            .map_or_else(|| "POST ada@clinic.example".to_owned(), |id| format!("PATCH {id}"));
        assert_eq!(lines[asked..], [write]);
        house.assert_quiet().await;
    }
}

#[tokio::test]
async fn keys_of_one_precedence_must_all_match() {
    fn compound() -> Mapping {
        let number = AttributeMapping::direct("number", "externalId").unwrap().matching(1);
        mapping().with(number)
    }
    let both = json!({"userName": "ADA@clinic.example", "externalId": "E-ada"});
    let rows = [
        (vec![json!({"userName": "ada@clinic.example", "externalId": "E-eve"}), both.clone()], 1),
        (vec![json!({"userName": "other", "externalId": "E-ada"})], 0),
    ];
    for (users, adopted) in rows {
        let by_filter = r#"GET externalId eq "E-ada" and userName eq "ada@clinic.example""#;
        // By a filter, and by a look at everybody.
        for (others, first) in [(0, by_filter), (5, "GET ")] {
            let mut house = House::new();
            house.provider = Provider::new().without_uniqueness();
            house.mapping = compound;
            users.iter().cloned().for_each(|user| drop(house.provider.add(user)));
            house.people.put([person("ada")]);
            house.people.put((0..others).map(|number| person(&format!("p{number}"))));
            let cycle = house.run(CycleKind::Initial).await.unwrap();
            assert_eq!((cycle.adopted, cycle.created), (adopted, others + 1 - adopted));
            assert_eq!(house.provider.take_lines()[0], first);
            house.assert_quiet().await;
        }
    }
}

#[tokio::test]
async fn a_key_without_value_is_not_asked_for() {
    fn two_keys() -> Mapping {
        let number = AttributeMapping::direct("number", "externalId").unwrap().matching(2);
        mapping().with(number)
    }
    let mut house = House::new();
    house.mapping = two_keys;
    let nameless = person("ben").with_attribute("upn", "").with_attribute("number", json!(null));
    house.people.put([person("ada").with_attribute("number", ""), nameless]);
    let cycle = house.run(CycleKind::Initial).await.unwrap();
    assert_eq!(failed(&cycle), [("ben", "no matching attribute has a value")]);
    assert_eq!(
        house.provider.take_lines(),
        [r#"GET userName eq "ada@clinic.example""#, "POST ada@clinic.example"]
    );
}

#[tokio::test]
async fn a_value_with_quotes_stays_a_value() {
    let house = House::new();
    let upn = r#"o"neil\ or userName pr"#;
    house.provider.add(json!({"userName": "somebody"}));
    house.people.put([person("ada").with_attribute("upn", upn)]);
    let cycle = house.run(CycleKind::Initial).await.unwrap();
    assert_eq!((cycle.created, cycle.adopted), (1, 0));
    assert_eq!(house.provider.users()[1]["userName"], upn);
}

fn is_adas_creation(sent: &Sent) -> bool {
    sent.method == "POST" && sent.names("ada@clinic.example")
}

#[tokio::test]
async fn who_appears_between_the_question_and_the_creation_is_adopted() {
    let house = House::new();
    house.people.put([person("ada"), person("ben")]);
    house.provider.fail(|_, sent| is_adas_creation(sent).then_some(Fault::Rival));
    let cycle = house.run(CycleKind::Initial).await.unwrap();
    assert_eq!((cycle.created, cycle.adopted, cycle.failed.len()), (1, 1, 0));
    assert_eq!(
        house.provider.take_lines(),
        [
            r#"GET userName eq "ada@clinic.example""#,
            r#"GET userName eq "ben@clinic.example""#,
            "POST ada@clinic.example",
            "POST ben@clinic.example",
            r#"GET userName eq "ada@clinic.example""#,
            "PATCH u1",
        ]
    );
    let ada = house.provider.user("ada@clinic.example");
    assert_eq!((&ada["nickName"], &ada["title"]), (&json!("the rival's"), &json!("Porter")));
    house.assert_quiet().await;
}

#[tokio::test]
async fn a_taken_name_that_nobody_is_found_by_is_reported_and_tried_again() {
    let house = House::new();
    house.people.put([person("ada"), person("ben")]);
    house.provider.fail(|_, sent| is_adas_creation(sent).then_some(Fault::Uniqueness));
    let cycle = house.run(CycleKind::Initial).await.unwrap();
    let reason = "`POST /Users`: a value that must be unique is taken (409, `uniqueness`)";
    assert_eq!(failed(&cycle), [("ada", reason)]);
    assert_eq!((cycle.created, cycle.reads, cycle.writes), (1, 3, 2));
    house.provider.recover();
    house.provider.add(json!({"userName": "ADA@clinic.example"}));
    let cycle = house.incremental().await;
    assert_eq!((cycle.objects, cycle.adopted, cycle.failed.len()), (1, 1, 0));
    house.assert_quiet().await;
}

#[tokio::test]
async fn what_was_refused_to_be_created_is_not_taken_for_ones_own_later() {
    let house = House::new();
    house.people.put([person("ada")]);
    house.provider.fail(|number, _| (number == 1).then_some(Fault::Uniqueness));
    house.run(CycleKind::Initial).await.unwrap();
    house.provider.recover();
    house.provider.add(json!({"userName": "ada@clinic.example", "active": true}));
    house.people.change("ada", |person| person.with_active(false));
    let cycle = house.incremental().await;
    assert_eq!((cycle.skipped.len(), cycle.reads, cycle.writes), (1, 0, 0));
    assert_eq!(house.provider.user("ada@clinic.example")["active"], true);
    house.assert_quiet().await;
}
