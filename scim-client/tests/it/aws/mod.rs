//! The client against an emulator of AWS IAM Identity Center, which the transcript describes.

mod emulator;

use std::collections::BTreeSet;

use bytes::Bytes;
use http::Request;
use scim_client::{
    Client, ErrorKind, Filter, Group, ResourceId, Transport, User, scim_core::resource::Member,
    target::Profile,
};
use serde_json::{Value, json};

use emulator::Aws;

const TRANSCRIPT: &str = include_str!("../../data/aws-server.json");
const USER: &str = "9d1f0b52-3c64-4a0e-9f1b-7a2c5e8d1001";
const GROUP: &str = "4c7a9e30-51d2-4f6b-8e0c-2b9d6f3a2001";

/// An emulator with 250 users, Maren among them, and a group.
fn populated() -> Aws {
    let aws = Aws::default();
    let user = |id: &str, given: &str| {
        let name = given.to_lowercase();
        let user = json!({"id": id, "userName": format!("{name}.holt@clinic.example"),
            "name": {"givenName": given, "familyName": "Holt"}, "displayName": format!("{given} Holt"),
            "active": true});
        (id.to_owned(), user.as_object().unwrap().clone())
    };
    let mut state = aws.state();
    state
        .users
        .extend((1..250).map(|number| user(&format!("user-{number}"), &format!("U{number}"))));
    state.users.extend([user(USER, "Maren")]);
    let attributes = json!({"id": GROUP, "displayName": "Ward 4 Nurses"});
    let group = emulator::Group {
        attributes: attributes.as_object().unwrap().clone(),
        members: [USER.to_owned()].into(),
    };
    state.groups.insert(GROUP.to_owned(), group);
    drop(state);
    aws
}

fn client(aws: &Aws, profile: Profile) -> Client {
    let builder = Client::builder(Aws::BASE).bearer_token(Aws::TOKEN).profile(profile);
    builder.transport(aws.clone()).build().unwrap()
}

/// Whether the answer has all that is expected, `{{…}}` standing for anything of a kind.
fn is_covered(expected: &Value, found: &Value) -> bool {
    match (expected, found) {
        (Value::String(text), _) if text == "{{any}}" => true,
        (Value::String(text), Value::String(_)) if text.starts_with("{{") => true,
        (Value::Object(expected), Value::Object(found)) => expected
            .iter()
            .all(|(name, value)| found.get(name).is_some_and(|found| is_covered(value, found))),
        (Value::Array(expected), Value::Array(found)) => {
            let is_there = |value| found.iter().any(|found| is_covered(value, found));
            expected.len() == found.len() && expected.iter().all(is_there)
        }
        (expected, found) => expected == found,
    }
}

#[tokio::test]
async fn the_emulator_answers_as_the_transcript_says() {
    let transcript: Value = serde_json::from_str(TRANSCRIPT).unwrap();
    let exchanges = transcript["exchanges"].as_array().unwrap();
    assert_eq!(exchanges.len(), 19);
    for exchange in exchanges {
        let aws = populated();
        let (asked, expected) = (&exchange["request"], &exchange["response"]);
        let statuses = match &expected["status"] {
            Value::Array(statuses) => statuses.clone(),
            status => vec![status.clone()],
        };
        aws.state().throttles_each = statuses.contains(&json!(429)).then_some(1);
        let body = asked.get("body").map(Value::to_string).unwrap_or_default();
        let request = Request::builder()
            .method(asked["method"].as_str().unwrap())
            .uri(format!("{}{}", Aws::BASE, asked["path"].as_str().unwrap()))
            .header("authorization", format!("Bearer {}", Aws::TOKEN))
            .header("content-type", "application/json")
            .body(Bytes::from(body))
            .unwrap();
        let answer = aws.send(request).await.unwrap();
        let id = &exchange["id"];
        assert!(statuses.contains(&json!(answer.status().as_u16())), "{id}: {}", answer.status());
        let found = serde_json::from_slice(answer.body()).unwrap_or(Value::Null);
        if let Some(expected) = expected.get("body") {
            assert!(is_covered(expected, &found), "{id}: {found}");
        }
        for pointer in expected["absent"].as_array().into_iter().flatten() {
            assert!(found.pointer(pointer.as_str().unwrap()).is_none(), "{id}: {pointer}");
        }
    }
}

fn maren() -> User {
    serde_json::from_value(json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "maren.berg@clinic.example",
        "name": {"givenName": "Maren", "familyName": "Berg"},
        "password": "hush-hush",
        "emails": [
            {"value": "maren@home.example", "type": "home"},
            {"value": "maren.berg@clinic.example", "type": "work", "primary": true},
        ],
        "photos": [{"value": "https://clinic.example/maren.png", "type": "photo"}],
        "active": true,
    }))
    .unwrap()
}

/// The requests of the log that were refused.
fn refused(aws: &Aws) -> Vec<(String, u16)> {
    aws.state().log.iter().filter(|(_, status)| *status >= 400).cloned().collect()
}

#[tokio::test]
async fn users_are_created_found_changed_and_disabled_without_one_refusal() {
    let aws = populated();
    let client = client(&aws, Profile::aws());
    let report = client.test_connection("userName").await.unwrap();
    assert!(report.probe.is_ready(), "{report}");
    let capabilities = report.capabilities.unwrap();
    assert!(capabilities.bulk.is_none() && !capabilities.search && capabilities.patch);
    // It has no documents but one, which is no fault of the client.
    let missing = [("GET /ResourceTypes".to_owned(), 404), ("GET /Schemas".to_owned(), 404)];
    assert_eq!(refused(&aws), missing);
    aws.state().log.clear();

    let users = client.api::<User>();
    let created = users.create(&maren()).await.unwrap().resource;
    assert_eq!(created.display_name.as_deref(), Some("Maren Berg"));
    assert_eq!(created.emails.len(), 1);
    assert_eq!(created.emails[0].value.as_deref(), Some("maren.berg@clinic.example"));
    let id = created.id.clone().unwrap();

    let filter = || Filter::eq("userName", "maren.berg@clinic.example").unwrap();
    let found = users.list().filter(filter()).attributes(["userName"]).at_most_one().await.unwrap();
    assert_eq!(found.unwrap().id.as_ref(), Some(&id));
    assert_eq!(users.list().count(1000).all().await.unwrap().len(), 251);
    assert_eq!(
        users.get(&id).attributes(["userName"]).await.unwrap().resource.id.as_ref(),
        Some(&id)
    );

    // Several operations on one attribute become one.
    let patch = users.patch(&id).replace("active", true).unwrap();
    let patch = patch.replace("userName", "m.berg@clinic.example").unwrap();
    let patched = patch.replace("active", false).unwrap().await.unwrap().resource.unwrap();
    assert_eq!((patched.active, &*patched.user_name), (Some(false), "m.berg@clinic.example"));

    let mut renamed = patched.clone();
    renamed.name.as_mut().unwrap().family_name = Some("Holt-Berg".to_owned());
    renamed.active = Some(true);
    let updated = users.update(&patched, &renamed).await.unwrap().unwrap().resource.unwrap();
    assert_eq!(updated, renamed);
    assert_eq!(users.replace(&id, &renamed).await.unwrap().resource, renamed);

    let again = users.create(&maren()).await.unwrap();
    let conflict = users.create(&maren()).await.unwrap_err();
    assert!(conflict.is_conflict());
    users.delete(&again.resource.id.unwrap()).await.unwrap();
    assert_eq!(refused(&aws), [("POST /Users".to_owned(), 409)]);
}

#[tokio::test]
async fn what_it_needs_and_nobody_gives_is_told_before_anything_is_sent() {
    let aws = populated();
    let users = client(&aws, Profile::aws()).api::<User>();
    let error = users.create(&User::new("nameless")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert_eq!(cause, "the service provider needs a value for `name.givenName`");
    assert!(aws.state().log.is_empty());
}

fn members(numbers: impl Iterator<Item = u32>) -> Vec<Member> {
    let members: Value = numbers.map(|number| json!({"value": format!("user-{number}")})).collect();
    serde_json::from_value(members).unwrap()
}

fn names(numbers: impl Iterator<Item = u32>) -> BTreeSet<String> {
    numbers.map(|number| format!("user-{number}")).collect()
}

#[tokio::test]
async fn a_group_of_a_thousand_comes_and_changes_in_hundreds() {
    let aws = populated();
    let client = client(&aws, Profile::aws());
    let groups = client.api::<Group>();
    let mut old = Group::new("All of them");
    old.members = members(0..1000);
    let id = groups.create(&old).await.unwrap().resource.id.unwrap();
    assert_eq!(aws.state().groups[id.as_str()].members, names(0..1000));
    assert_eq!(aws.state().log.len(), 10);

    // What the caller knows of the members is what it has sent: nobody can read them.
    old.id = Some(id.clone());
    assert!(groups.get(&id).await.unwrap().resource.members.is_empty());
    let mut new = old.clone();
    new.members = members(500..1500);
    new.display_name = "Most of them".to_owned();
    aws.state().log.clear();
    groups.update(&old, &new).await.unwrap();
    assert_eq!(aws.state().groups[id.as_str()].members, names(500..1500));
    assert_eq!(aws.state().groups[id.as_str()].attributes["displayName"], "Most of them");
    assert_eq!(aws.state().log.len(), 10);

    let mut empty = new.clone();
    empty.members.clear();
    groups.update(&new, &empty).await.unwrap();
    assert!(aws.state().groups[id.as_str()].members.is_empty());
    assert_eq!(aws.state().log.len(), 20);

    let ask = |member: &str| {
        let filter = format!(r#"id eq "{GROUP}" and members eq "{member}""#);
        groups.list().filter(filter.parse::<Filter>().unwrap()).at_most_one()
    };
    assert!(ask(USER).await.unwrap().is_some());
    assert!(ask("user-1").await.unwrap().is_none());
    groups.delete(&id).await.unwrap();
    assert!(refused(&aws).is_empty());
}

#[tokio::test]
async fn what_cannot_be_done_there_is_refused_here() {
    let aws = populated();
    let client = client(&aws, Profile::aws());
    let groups = client.api::<Group>();
    let group: ResourceId = GROUP.parse().unwrap();
    let clearing = [
        groups.patch(&group).remove("members").unwrap(),
        groups.patch(&group).replace("members", json!([])).unwrap(),
        groups.patch(&group).replace("members", json!([{"value": "user-1"}])).unwrap(),
    ];
    for patch in clearing {
        assert_eq!(patch.await.unwrap_err().kind(), ErrorKind::Request);
    }
    let error = client.search().first_page().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(aws.state().log.is_empty());
    // A PUT that the caller asks for is sent, and the error says what it is.
    let error = groups.replace(&group, &Group::new("x")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert_eq!(aws.state().groups[GROUP].members.len(), 1);
}

#[tokio::test]
async fn bulk_goes_one_by_one() {
    let aws = populated();
    let client = client(&aws, Profile::aws());
    let bulk = client.bulk().create_as("m".parse().unwrap(), &maren()).unwrap();
    let mut group = Group::new("Guides");
    group.members = serde_json::from_value(json!([{"value": "bulkId:m"}])).unwrap();
    let report = bulk.create(&group).unwrap().await.unwrap();
    assert!(report.is_success());
    let group = report.outcomes()[1].id().unwrap();
    let user = report.outcomes()[0].id().unwrap();
    assert_eq!(aws.state().groups[group.as_str()].members, [user.to_string()].into());
    assert!(refused(&aws).is_empty());
}

#[cfg(feature = "tokio")]
#[tokio::test(start_paused = true)]
async fn too_many_requests_are_waited_for_and_nothing_is_done_twice() {
    use scim_client::transport::{RetryPolicy, TokioTimer};

    let aws = populated();
    aws.state().throttles_each = Some(3);
    let builder = Client::builder(Aws::BASE).bearer_token(Aws::TOKEN).profile(Profile::aws());
    let builder = builder.transport(aws.clone()).timer(TokioTimer::new());
    let client = builder.retry(RetryPolicy::new().with_throttled_posts()).build().unwrap();
    let users = client.api::<User>();
    for number in 0..10 {
        let mut user = maren();
        user.user_name = format!("{number}@clinic.example");
        users.create(&user).await.unwrap();
    }
    let mut group = Group::new("All of them");
    group.members = members(0..1000);
    let id = client.api::<Group>().create(&group).await.unwrap().resource.id.unwrap();
    assert_eq!(users.list().all().await.unwrap().len(), 260);
    assert_eq!(aws.state().groups[id.as_str()].members, names(0..1000));
    assert_eq!(aws.state().users.len(), 260);
    assert!(refused(&aws).iter().all(|(_, status)| *status == 429));
}
