//! Made-up people and groups.

use scim_core::Resource;
use serde_json::{Map, Value, json};

use super::Texts;
use crate::conformance::{
    documents::{ENTERPRISE, GROUP, USER, document},
    random::Random,
    subject::Subject,
};

/// Instants as the service writes them, some of them next to each other.
const INSTANTS: [&str; 5] = [
    "2020-01-01T00:00:00Z",
    "2020-01-01T00:00:00.000001Z",
    "2019-12-31T23:59:59.999Z",
    "2021-06-30T12:00:00Z",
    "1999-01-01T00:00:00Z",
];

/// So many users, with what the store keeps; no two have the same `userName`.
pub(in crate::conformance) fn people(subject: &Subject, count: usize) -> Vec<Resource> {
    let mut random = Random::new(subject.seed);
    (0..count).map(|place| subject.kept(person(&mut random, place))).collect()
}

/// So many groups, whose members are some of `values`.
pub(in crate::conformance) fn groups(
    subject: &Subject,
    count: usize,
    values: &[String],
) -> Vec<Resource> {
    let mut random = Random::new(subject.seed.wrapping_add(1));
    (0..count).map(|place| subject.kept(group(&mut random, place, values))).collect()
}

fn person(random: &mut Random, place: usize) -> Resource {
    let mut attributes = Map::new();
    let mut put = |name: &str, value: Value| drop(attributes.insert(name.to_owned(), value));
    put("userName", format!("{}{place}", text(random)).into());
    for name in ["displayName", "nickName", "title", "externalId"] {
        if random.percent(60) {
            put(name, text(random).into());
        }
    }
    if random.percent(70) {
        put("active", random.percent(50).into());
    }
    if random.percent(60) {
        let mut name = Map::new();
        for part in ["familyName", "givenName"] {
            if random.percent(60) {
                name.insert(part.to_owned(), text(random).into());
            }
        }
        put("name", Value::Object(name));
    }
    if random.percent(70) {
        let count = 1 + random.below(3);
        let mut primary = random.percent(50);
        let emails = (0..count).map(|_| {
            let mut email = email(random);
            if std::mem::take(&mut primary) {
                email.insert("primary".to_owned(), true.into());
            }
            Value::Object(email)
        });
        put("emails", emails.collect());
    }
    if random.percent(40) {
        let addresses =
            (0..=random.below(2)).map(|_| json!({"locality": text(random), "type": "work"}));
        put("addresses", addresses.collect());
    }
    if random.percent(40) {
        let manager = json!({"value": text(random)});
        put(ENTERPRISE, json!({"employeeNumber": text(random), "manager": manager}));
    }
    let mut person = document(USER, &id(random, place), Value::Object(attributes));
    let modified = random.text(&INSTANTS);
    if let Some(Value::Object(meta)) = person.attributes_mut().get_mut("meta") {
        meta.insert("lastModified".to_owned(), modified.into());
    }
    person
}

fn group(random: &mut Random, place: usize, values: &[String]) -> Resource {
    let mut members: Vec<Value> = Vec::new();
    for value in values {
        if !random.percent(25) {
            continue;
        }
        let mut member = Map::new();
        member.insert("value".to_owned(), value.as_str().into());
        if random.percent(50) {
            member.insert("type".to_owned(), random.text(&["User", "Group"]).into());
        }
        if random.percent(30) {
            member.insert("display".to_owned(), text(random).into());
        }
        members.push(Value::Object(member));
    }
    let mut attributes = Map::new();
    attributes.insert("displayName".to_owned(), text(random).into());
    if random.percent(50) {
        attributes.insert("externalId".to_owned(), text(random).into());
    }
    if !members.is_empty() {
        attributes.insert("members".to_owned(), members.into());
    }
    document(GROUP, &id(random, place), Value::Object(attributes))
}

fn email(random: &mut Random) -> Map<String, Value> {
    let mut email = Map::new();
    email.insert("value".to_owned(), text(random).into());
    if random.percent(70) {
        email.insert("type".to_owned(), random.text(&["work", "home", "Work", "other"]).into());
    }
    if random.percent(20) {
        email.insert("display".to_owned(), text(random).into());
    }
    email
}

/// Ids whose order is not that of creation, and that differ by the case of letters.
fn id(random: &mut Random, place: usize) -> String {
    format!("{}{}", random.text(&["a", "A", "z", "0", "-"]), place)
}

pub(super) fn text(random: &mut Random) -> &'static str {
    match random.below(100) {
        0..50 => random.text(&Texts::PLAIN),
        50..95 => random.text(&Texts::AWKWARD),
        _ => random.text(&Texts::LONG),
    }
}
