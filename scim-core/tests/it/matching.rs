use std::collections::BTreeMap;

use scim_core::{Filter, Resource, Tolerances, resource::CompactResource};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Vectors {
    resources: BTreeMap<String, Body>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Body {
    endpoint: String,
    body: Value,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    filter: String,
    resource: String,
    matches: Option<bool>,
    error: Option<String>,
    #[serde(default)]
    either: bool,
}

#[test]
fn every_vector_matches_or_is_refused() {
    let vectors: Vectors = super::data(include_str!("../data/match.json"));
    let registry = super::registry();
    let mut wrong = Vec::new();
    for case in vectors.cases.iter().filter(|case| !case.either) {
        let body = &vectors.resources[&case.resource];
        let schema = registry.endpoint(&body.endpoint).unwrap();
        let read = Resource::read(super::filled(&body.body), schema, Tolerances::strict()).unwrap();
        let resource = super::stored(&Value::Object(read.into_attributes()), schema.name());
        let filter = case.filter.replace("{run}", "7").replace("{id}", "Stored-Id-1");
        let filter: Filter = filter.replace("{ID}", "sTORED-iD-1").parse().unwrap();
        match (filter.bind(schema), &case.error, case.matches) {
            (Ok(bound), None, Some(expected))
                if bound.matches(resource.attributes()) == expected
                    && bound.matches(&CompactResource::from(&resource)) == expected => {}
            (Err(error), Some(expected), _) if error.scim_type().as_str() == expected => {}
            (bound, ..) => wrong.push(format!("{}: {} {:?}", case.id, case.filter, bound.is_ok())),
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), vectors.cases.len(), wrong.join("\n"));
}

fn matches(filter: &str, user: &Value) -> bool {
    let registry = super::registry();
    let schema = registry.resource_type("User").unwrap();
    let bound = filter.parse::<Filter>().unwrap().bind(schema).unwrap();
    let user = super::object(user);
    let matches = bound.matches(&user);
    assert_eq!(bound.matches(&CompactResource::from(&user)), matches, "{filter}");
    matches
}

#[test]
fn the_empty_string_is_no_value_for_pr() {
    assert!(!matches("title pr", &json!({"title": ""})));
    assert!(matches("title eq \"\"", &json!({"title": ""})));
}

#[test]
fn ne_matches_if_no_value_is_equal() {
    let user = json!({"emails": [{"value": "a@x.y"}, {"value": "b@x.y"}]});
    assert!(!matches("emails.value ne \"a@x.y\"", &user));
    assert!(matches("emails.value ne \"c@x.y\"", &user));
}

#[test]
fn what_is_unassigned_is_no_element() {
    for emails in [json!(null), json!([]), json!([null]), json!([{}]), json!([{"type": null}])] {
        let user = json!({"emails": emails});
        for inside in ["not (type pr)", "type eq null", "type ne \"work\""] {
            assert!(!matches(&format!("emails[{inside}]"), &user), "{inside} {user}");
        }
    }
    assert!(matches("emails[type eq null]", &json!({"emails": [{"value": ""}]})));
}

#[test]
fn a_number_beyond_all_doubles_is_larger_than_any() {
    let registry = super::registry();
    let schema = registry.resource_type("Device").unwrap();
    let device = super::object(&json!({"ports": 8, "weight": 1e300}));
    for (filter, expected) in [
        ("ports lt 1e400", true),
        ("ports le 1e400", true),
        ("ports gt -1e400", true),
        ("weight lt 1e400", true),
        ("weight eq 1e400", false),
        ("weight ne 1e400", true),
        ("weight gt 1e400", false),
    ] {
        let bound = filter.parse::<Filter>().unwrap().bind(schema).unwrap();
        assert_eq!(bound.matches(&device), expected, "{filter}");
        assert_eq!(bound.matches(&CompactResource::from(&device)), expected, "{filter}");
    }
}

#[test]
fn those_selected_are_those_that_match_in_their_order() {
    let registry = super::registry();
    let schema = registry.resource_type("User").unwrap();
    let user = |number: usize| {
        let title = (number.is_multiple_of(3)).then_some("Guide");
        let emails = json!([{"type": "home", "value": number.to_string()}, {"type": "work"}]);
        super::object(&json!({"userName": number.to_string(), "title": title, "emails": emails}))
    };
    let users: Vec<_> = (0..100).map(|number| CompactResource::from(&user(number))).collect();
    for filter in [
        "title pr",
        "userName co \"7\"",
        "emails.value sw \"1\"",
        "emails[type eq \"home\" and value ew \"0\"]",
        "title pr or userName eq \"4\" or emails eq \"5\"",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department ne \"x\"",
    ] {
        let bound = filter.parse::<Filter>().unwrap().bind(schema).unwrap();
        for count in [0, 1, 15, 16, 17, 100] {
            let names = |users: Vec<&CompactResource>| -> Vec<_> {
                users.iter().map(|user| user.text("userName").unwrap().to_owned()).collect()
            };
            let selected = bound.select(&users[..count]).collect();
            let matching = users[..count].iter().filter(|user| bound.matches(*user)).collect();
            assert_eq!(names(selected), names(matching), "{filter} {count}");
        }
    }
}
