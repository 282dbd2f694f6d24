use scim_core::{
    PatchOp, Resource, ResourceSchema, SchemaUri, ScimType, Tolerances,
    patch::{Effect, PatchError},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

#[derive(Deserialize)]
struct Case {
    id: String,
    name: String,
    endpoint: String,
    resource: Value,
    patch: Value,
    #[serde(flatten)]
    outcome: Outcome,
    #[serde(default)]
    either: bool,
    #[serde(default)]
    no_modify: bool,
    #[serde(default)]
    compat: Compat,
}

#[derive(Deserialize, Clone)]
struct Outcome {
    expect: Option<Value>,
    #[serde(default)]
    expect_any: Vec<Self>,
    error: Option<Refusal>,
}

#[derive(Deserialize, Default)]
struct Compat {
    entra: Option<Tolerated>,
}

/// What the tolerant policy gives, or the word that the case says nothing of it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Tolerated {
    Outcome(Box<Outcome>),
    Word(#[expect(dead_code, reason = "any word means the same")] String),
}

#[derive(Deserialize, Clone)]
#[serde(rename_all = "camelCase")]
struct Refusal {
    scim_type: Vec<String>,
}

/// What counts in a comparison: no `id`, `meta`, `schemas`; no false `primary`; elements in order.
fn essence(resource: &Map<String, Value>) -> Map<String, Value> {
    let mut essence = resource.clone();
    for name in ["id", "meta", "schemas", "password"] {
        essence.remove(name);
    }
    essence.values_mut().for_each(normal);
    essence.retain(|_, value| !value.is_null());
    essence
}

fn normal(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.values_mut().for_each(normal);
            object.retain(|name, value| !(name == "primary" && *value == false));
        }
        Value::Array(elements) => {
            elements.iter_mut().for_each(normal);
            elements.sort_by_key(ToString::to_string);
        }
        _ => {}
    }
}

impl Outcome {
    fn is_met_by(&self, result: &Result<Map<String, Value>, PatchError>) -> bool {
        let here = match (result, &self.expect, &self.error) {
            (Ok(after), Some(expected), _) => {
                *after == essence(&super::object(&super::filled(expected)))
            }
            (Err(error), _, Some(refusal)) => {
                refusal.scim_type.iter().any(|scim_type| scim_type == error.scim_type().as_str())
            }
            // Uniqueness is the store's matter.
            (Ok(_), None, Some(refusal)) => refusal.scim_type == ["uniqueness"],
            _ => false,
        };
        here || self.expect_any.iter().any(|outcome| outcome.is_met_by(result))
    }
}

fn patched(
    case: &Case,
    before: &Resource,
    schema: &ResourceSchema,
    tolerances: Tolerances,
) -> Result<(Map<String, Value>, Effect), PatchError> {
    let patch = PatchOp::read(super::filled(&case.patch), tolerances)?;
    let patched = before.patched(&patch, schema, tolerances)?;
    Ok((essence(patched.resource().attributes()), patched.effect()))
}

#[test]
fn every_vector_gives_its_result_under_both_policies() {
    let cases: Vec<Case> = super::data(include_str!("../data/patch.json"));
    let registry = super::registry();
    let mut wrong = Vec::new();
    for case in &cases {
        let schema = registry.endpoint(&case.endpoint).unwrap();
        let body = super::filled(&case.resource);
        let read = Resource::read(body, schema, Tolerances::strict()).unwrap();
        let before = super::stored(&Value::Object(read.into_attributes()), schema.name());
        let strict = patched(case, &before, schema, Tolerances::strict());
        let tolerant = patched(case, &before, schema, Tolerances::default());
        if case.no_modify {
            assert_eq!(strict.as_ref().unwrap().1, Effect::Unchanged, "{}", case.id);
        }
        let strict = strict.map(|(after, _)| after);
        let tolerant = tolerant.map(|(after, _)| after);
        if !case.outcome.is_met_by(&strict) && !case.either {
            wrong.push(format!("{} {}: strict {strict:?}", case.id, case.name));
        }
        match &case.compat.entra {
            Some(Tolerated::Outcome(outcome)) if !outcome.is_met_by(&tolerant) => {
                wrong.push(format!("{} {}: tolerant {tolerant:?}", case.id, case.name));
            }
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn a_new_primary_takes_the_mark() {
    let registry = super::registry();
    let users = registry.resource_type("User").unwrap();
    let before = json!({"userName": "a", "emails": [
        {"value": "old@x.y", "type": "work", "primary": true}, {"value": "home@x.y", "type": "home"},
    ]});
    let before = Resource::from_canonical(super::object(&before));
    let added = json!([{"value": "new@x.y", "primary": true}]);
    let patches = [
        ("new@x.y", PatchOp::new().add("emails", added).unwrap()),
        ("home@x.y", PatchOp::new().replace(r#"emails[type eq "home"].primary"#, true).unwrap()),
        ("home@x.y", PatchOp::new().replace("emails.primary", true).unwrap()),
    ];
    for (primary, patch) in patches {
        let after = before.patched(&patch, users, Tolerances::strict()).unwrap();
        let emails = after.resource().attributes()["emails"].as_array().unwrap().clone();
        let marked: Vec<_> = emails.iter().filter(|email| email["primary"] == true).collect();
        assert_eq!(marked.iter().map(|email| &email["value"]).collect::<Vec<_>>(), [primary]);
    }
}

#[test]
fn schemas_follow_from_what_the_resource_holds() {
    let registry = super::registry();
    let users = registry.resource_type("User").unwrap();
    let before = json!({"schemas": [SchemaUri::USER], "userName": "a"});
    let before = Resource::from_canonical(super::object(&before));
    for patch in [
        PatchOp::new().replace("schemas", json!(["urn:example:other"])).unwrap(),
        PatchOp::new().add("schemas", json!([SchemaUri::ENTERPRISE_USER])).unwrap(),
    ] {
        let patched = before.patched(&patch, users, Tolerances::strict()).unwrap();
        assert_eq!(patched.effect(), Effect::Unchanged);
        assert_eq!(*patched.resource(), before);
    }
}

#[test]
fn no_element_is_created_that_its_filter_would_not_find() {
    let registry = super::registry();
    let users = registry.resource_type("User").unwrap();
    let before = Resource::from_canonical(super::object(&json!({"userName": "a"})));
    for (path, value) in [
        (r#"emails[type eq "work"].type"#, json!("home")),
        (r#"emails[type eq "work" and type eq "home"].value"#, json!("a@x.y")),
        (r#"emails[type eq "work"]"#, json!({"type": "home", "value": "a@x.y"})),
    ] {
        let patch = PatchOp::new().add(path, value).unwrap();
        let error = before.patched(&patch, users, Tolerances::default()).unwrap_err();
        assert_eq!(error.scim_type(), ScimType::NoTarget, "{path}");
    }
}
