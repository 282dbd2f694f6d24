use std::collections::BTreeMap;

use scim_core::{Filter, Resource, Tolerances};
use serde::Deserialize;
use serde_json::Value;

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
                if bound.matches(resource.attributes()) == expected => {}
            (Err(error), Some(expected), _) if error.scim_type().as_str() == expected => {}
            (bound, ..) => wrong.push(format!("{}: {} {:?}", case.id, case.filter, bound.is_ok())),
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), vectors.cases.len(), wrong.join("\n"));
}
