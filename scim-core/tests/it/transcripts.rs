//! What identity providers ask of a stored resource, without a service around it.
//!
//! The exchanges are those that `scim-server` replays over HTTP; `conventions` in each file says
//! how to read it.

use std::collections::BTreeMap;

use scim_core::{
    AttributeName, PatchOp, Resource, SchemaRegistry, SchemaUri, Tolerances,
    schema::{AttributeDefinition, AttributeType, SchemaDefinition},
};
use serde::Deserialize;
use serde_json::Value;

const TRANSCRIPTS: [&str; 3] = [
    include_str!("../../../scim-server/tests/data/entra-default.json"),
    include_str!("../../../scim-server/tests/data/entra-compliant.json"),
    include_str!("../../../scim-server/tests/data/okta.json"),
];

/// A `userName` that is taken: the store's matter.
const LEFT_OUT: [&str; 1] = ["entra-default-057"];

#[derive(Deserialize)]
struct Transcript {
    fixtures: BTreeMap<String, Value>,
    exchanges: Vec<Exchange>,
}

#[derive(Deserialize)]
struct Exchange {
    id: String,
    request: Ask,
    response: Expected,
    after: Option<After>,
}

#[derive(Deserialize)]
struct Ask {
    method: String,
    path: String,
    #[serde(default)]
    body: Value,
}

#[derive(Deserialize)]
struct Expected {
    status: Value,
}

#[derive(Deserialize)]
struct After {
    #[serde(default)]
    body: Value,
    #[serde(default)]
    not: Value,
    #[serde(default)]
    absent: Vec<String>,
}

#[test]
fn every_change_of_an_identity_provider_leaves_what_it_wants() {
    let registry = registry();
    let mut wrong = Vec::new();
    let mut changes = 0;
    for text in TRANSCRIPTS {
        let transcript: Transcript = super::data(text);
        for exchange in &transcript.exchanges {
            let Some(after) = &exchange.after else { continue };
            if exchange.request.method == "DELETE" || LEFT_OUT.contains(&exchange.id.as_str()) {
                continue;
            }
            changes += 1;
            let before = transcript.fixture(&exchange.request.path);
            let now = match exchange.request.done_to(before, &registry) {
                Ok(now) => now,
                // An answer that may be 400 leaves everything as it was.
                Err(_) if exchange.response.may_be(400) => before.clone(),
                Err(error) => {
                    wrong.push(format!("{}: {error}", exchange.id));
                    continue;
                }
            };
            if !after.is_met_by(&now) {
                wrong.push(format!("{}: {now}", exchange.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // 44 by PATCH and 4 by PUT.
    assert_eq!(changes, 48);
}

impl Transcript {
    /// The fixture at a path, as a service would have stored it.
    fn fixture(&self, path: &str) -> &Value {
        let (_, id) = path.rsplit_once('/').unwrap();
        self.fixtures.values().find(|fixture| fixture["id"] == id).unwrap()
    }
}

impl Ask {
    /// What a resource is after the request.
    fn done_to(&self, resource: &Value, registry: &SchemaRegistry) -> Result<Value, String> {
        let tolerances = Tolerances::default();
        let (endpoint, _) = self.path.rsplit_once('/').unwrap();
        let schema = registry.endpoint(endpoint).unwrap();
        let before = Resource::from_canonical(super::object(resource));
        let after = if self.method == "PUT" {
            let replacement = Resource::read(self.body.clone(), schema, tolerances)
                .map_err(|error| error.to_string())?;
            before.replaced_by(replacement, schema).map_err(|error| error.to_string())?
        } else {
            let patch = PatchOp::read(self.body.clone(), tolerances);
            let patched = patch.and_then(|patch| before.patched(&patch, schema, tolerances));
            patched.map_err(|error| error.to_string())?.into_resource()
        };
        Ok(Value::Object(after.into_attributes()))
    }
}

impl Expected {
    fn may_be(&self, status: u16) -> bool {
        self.status == status
            || self.status.as_array().is_some_and(|all| all.contains(&status.into()))
    }
}

impl After {
    fn is_met_by(&self, resource: &Value) -> bool {
        let is_there = |pointer: &String| {
            resource.pointer(pointer).is_some_and(|value| *value != Value::Array(Vec::new()))
        };
        let mut unwanted = self.not.as_object().into_iter().flatten();
        (self.body.is_null() || holds(&self.body, resource))
            && unwanted.all(|(name, value)| resource[name] != *value)
            && !self.absent.iter().any(is_there)
    }
}

/// Whether every member that is named is there and equal; arrays in any order, of one length.
fn holds(expected: &Value, actual: &Value) -> bool {
    match (expected, actual) {
        (Value::Object(expected), Value::Object(_)) => {
            expected.iter().all(|(name, expected)| holds(expected, &actual[name]))
        }
        (Value::Array(expected), Value::Array(actual)) => {
            expected.len() == actual.len()
                && expected.iter().all(|expected| actual.iter().any(|a| holds(expected, a)))
        }
        (expected, actual) => expected == actual,
    }
}

/// The standard schemas and the extension that the exchanges name.
fn registry() -> SchemaRegistry {
    let uri: SchemaUri =
        "urn:ietf:params:scim:schemas:extension:ClinicStaff:2.0:User".parse().unwrap();
    let badge_colour: AttributeName = "badgeColour".parse().unwrap();
    let staff = SchemaDefinition::new(uri.clone(), "Clinic staff")
        .with_attribute(AttributeDefinition::new(badge_colour, AttributeType::String));
    let standard = SchemaRegistry::standard().with_schema(staff);
    let users = standard.resource_type("User").unwrap().resource_type().clone();
    let users = users.with_extension(uri, false);
    standard.without_resource_type("User").with_resource_type(users).unwrap()
}
