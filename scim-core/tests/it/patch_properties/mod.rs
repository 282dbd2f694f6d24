//! What holds of every PATCH.

mod change;
mod spelling;

use std::{cell::Cell, collections::BTreeSet};

use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, TestRunner},
};
use scim_core::{
    PatchOp, Resource, ResourceSchema, SchemaUri, Tolerances,
    patch::{Effect, PatchError, Patched},
    schema::{AttributeDefinition, Mutability},
};
use serde_json::{Map, Value, json};

use super::model::Gaps;
use change::Change;

const TYPES: [&str; 3] = ["User", "Group", "Device"];

/// A resource as a service provider holds it, and changes that a client may ask for.
fn cases(schema: &ResourceSchema) -> impl Strategy<Value = (Value, Vec<Change>)> {
    let stored = (Gaps::None.resource(schema), Gaps::None.resource(schema));
    let schema = schema.clone();
    let changes = vec(Change::any(&schema), 1..4);
    (stored, changes)
        .prop_filter_map("a resource that cannot be", move |((sent, kept), changes)| {
            Some((stored_resource(sent, &kept, &schema)?, changes))
        })
}

/// What a client sent, read, with the read-only attributes that the service provider keeps.
fn stored_resource(mut sent: Value, kept: &Value, schema: &ResourceSchema) -> Option<Value> {
    sent["schemas"] = schemas(&sent, schema);
    let mut stored = Resource::read(sent, schema, Tolerances::strict()).ok()?.into_attributes();
    for attribute in schema.attributes().filter(|a| a.mutability == Mutability::ReadOnly) {
        let name = attribute.name.as_str();
        if let Some(value) = kept.get(name) {
            stored.insert(name.to_owned(), value.clone());
        }
    }
    Some(Value::Object(stored))
}

/// The URIs that a body must name.
fn schemas(body: &Value, schema: &ResourceSchema) -> Value {
    let extensions = schema.extensions().map(|extension| extension.id.as_str());
    let in_use = extensions.filter(|uri| body.get(uri).is_some());
    std::iter::once(schema.core_uri().as_str()).chain(in_use).collect()
}

fn request(operations: impl IntoIterator<Item = Value>) -> Value {
    let operations: Vec<_> = operations.into_iter().collect();
    json!({"schemas": [SchemaUri::PATCH_OP], "Operations": operations})
}

fn patched(
    before: &Value,
    request: &Value,
    schema: &ResourceSchema,
    tolerances: Tolerances,
) -> Result<Patched, PatchError> {
    let resource = Resource::from_canonical(super::object(before));
    let patch = PatchOp::read(request.clone(), tolerances)?;
    let outcome = resource.patched(&patch, schema, tolerances);
    assert_eq!(Value::Object(resource.into_attributes()), *before);
    outcome
}

/// Runs a property over all resource types and both policies; gives how many requests took effect
/// in a hundred.
fn hold(
    property: impl Fn(&ResourceSchema, Tolerances, &Value, &[Change]) -> Result<bool, TestCaseError>,
) -> u32 {
    let config = Config { failure_persistence: None, ..Config::default() };
    let (all, effective) = (Cell::new(0), Cell::new(0));
    for resource_type in TYPES {
        let schema = super::schema(resource_type);
        for tolerances in [Tolerances::strict(), Tolerances::default()] {
            let mut runner = TestRunner::new(config.clone());
            let outcome = runner.run(&cases(&schema), |(before, changes)| {
                let has_effect = property(&schema, tolerances, &before, &changes)?;
                effective.set(effective.get() + u32::from(has_effect));
                all.set(all.get() + 1);
                Ok(())
            });
            outcome.unwrap_or_else(|error| panic!("{resource_type}, {tolerances:?}: {error}"));
        }
    }
    100 * effective.get() / all.get()
}

#[test]
fn the_same_request_once_more_changes_nothing() {
    let share = hold(|schema, tolerances, before, changes| {
        // Each about another attribute, so that none undoes what another did.
        let mut attributes = BTreeSet::new();
        let changes = changes.iter().filter(|change| change.is_settled());
        let changes = changes.filter(|change| attributes.insert(change.place.path()));
        let request = request(changes.map(Change::strict));
        let Ok(once) = patched(before, &request, schema, tolerances) else { return Ok(false) };
        let after = Value::Object(once.resource().attributes().clone());
        let twice = patched(&after, &request, schema, tolerances);
        let twice = twice.map_err(|error| TestCaseError::fail(format!("{error}: {request}")))?;
        prop_assert_eq!(twice.resource(), once.resource(), "{}", request);
        prop_assert_eq!(twice.effect(), Effect::Unchanged, "{}", request);
        Ok(once.effect() == Effect::Changed)
    });
    assert!(share >= 25, "{share} % of the requests take effect");
}

#[test]
fn what_a_request_leaves_is_a_resource_of_its_type() {
    let share = hold(|schema, tolerances, before, changes| {
        let request = request(changes.iter().map(Change::strict));
        let Ok(patched) = patched(before, &request, schema, tolerances) else { return Ok(false) };
        let after = patched.resource().attributes();
        prop_assert_eq!(patched.effect() == Effect::Changed, json!(after) != *before);
        let core: Vec<_> = schema.attributes().cloned().collect();
        let mut sent = after.clone();
        for extension in schema.extensions() {
            if let Some(Value::Object(inner)) = sent.remove(extension.id.as_str()) {
                prop_assert_eq!(fault(&inner, &extension.attributes), None, "{}", request);
            }
        }
        prop_assert_eq!(fault(&sent, &core), None, "{} {}", request, before);
        let read = Resource::read(json!(after), schema, Tolerances::strict());
        let read = read.map_err(|error| TestCaseError::fail(format!("{error}: {request}")))?;
        prop_assert_eq!(&read.attributes()["schemas"], &after["schemas"]);
        Ok(patched.effect() == Effect::Changed)
    });
    assert!(share >= 25, "{share} % of the requests take effect");
}

/// What is wrong with an object that holds attributes, if anything.
fn fault(object: &Map<String, Value>, definitions: &[AttributeDefinition]) -> Option<String> {
    object.iter().find_map(|(name, value)| {
        let definition = definitions.iter().find(|definition| definition.name.as_str() == name);
        let Some(definition) = definition else { return Some(format!("`{name}` is not spelt so")) };
        let elements = match value {
            Value::Array(elements) if definition.multi_valued => elements.as_slice(),
            single => std::slice::from_ref(single),
        };
        let is_primary = |element: &&Value| element.get("primary") == Some(&json!(true));
        if elements.iter().filter(is_primary).count() > 1 {
            return Some(format!("`{name}` has several primary elements"));
        }
        let mut members = elements.iter().filter_map(Value::as_object);
        if elements.is_empty() || elements.iter().any(|element| *element == json!({})) {
            return Some(format!("`{name}` holds what is no value"));
        }
        members.find_map(|member| fault(member, &definition.sub_attributes))
    })
}

#[test]
fn a_request_in_tolerated_form_does_what_the_strict_form_does() {
    let share = hold(|schema, _, before, changes| {
        let strict = request(changes.iter().map(Change::strict));
        let Ok(expected) = patched(before, &strict, schema, Tolerances::strict()) else {
            return Ok(false);
        };
        let mut tolerated = request(changes.iter().map(Change::tolerated));
        tolerated.as_object_mut().unwrap().remove("schemas");
        for request in [strict, tolerated] {
            let outcome = patched(before, &request, schema, Tolerances::default());
            let outcome =
                outcome.map_err(|error| TestCaseError::fail(format!("{error}: {request}")))?;
            let after = (outcome.resource(), outcome.effect());
            prop_assert_eq!(after, (expected.resource(), expected.effect()), "{}", request);
        }
        Ok(expected.effect() == Effect::Changed)
    });
    assert!(share >= 25, "{share} % of the requests take effect");
}

/// The value with the elements of every array in one order.
fn in_order(value: &Value) -> Value {
    match value {
        Value::Array(values) => {
            let mut values: Vec<Value> = values.iter().map(in_order).collect();
            values.sort_by_key(Value::to_string);
            Value::Array(values)
        }
        Value::Object(members) => {
            members.iter().map(|(name, value)| (name.clone(), in_order(value))).collect()
        }
        other => other.clone(),
    }
}

/// What clients can set of a resource, the order of elements aside.
fn settable(resource: &Value, schema: &ResourceSchema) -> Value {
    let mut resource = in_order(resource);
    for attribute in schema.attributes().filter(|a| a.mutability == Mutability::ReadOnly) {
        resource.as_object_mut().unwrap().remove(attribute.name.as_str());
    }
    resource
}

/// Two resources of a type, with the same read-only attributes.
fn pairs(schema: &ResourceSchema) -> impl Strategy<Value = (Value, Value)> + use<> {
    let [old, new, kept] = [(); 3].map(|()| Gaps::None.resource(schema));
    let schema = schema.clone();
    (old, new, kept, any::<u64>()).prop_filter_map(
        "a resource that cannot be",
        move |(old, mut new, kept, mixed)| {
            // Some of the attributes stay as they were.
            for (place, (name, value)) in old.as_object()?.iter().enumerate() {
                if mixed >> (place % 64) & 1 == 1 {
                    new[name] = value.clone();
                }
            }
            Some((stored_resource(old, &kept, &schema)?, stored_resource(new, &kept, &schema)?))
        },
    )
}

#[test]
fn the_difference_of_two_resources_leads_from_one_to_the_other() {
    let config = Config { failure_persistence: None, ..Config::default() };
    for resource_type in TYPES {
        let schema = super::schema(resource_type);
        let (all, effective) = (Cell::new(0), Cell::new(0));
        let mut runner = TestRunner::new(config.clone());
        let outcome = runner.run(&pairs(&schema), |(old, new)| {
            let read = |value: &Value| Resource::from_canonical(super::object(value));
            let patch = PatchOp::between(&read(&old), &read(&new), &schema);
            let request = json!(patch);
            prop_assert!(
                PatchOp::between(&read(&new), &read(&new), &schema).operations().is_empty()
            );
            if patch.operations().is_empty() {
                prop_assert_eq!(settable(&old, &schema), settable(&new, &schema));
                return Ok(());
            }
            all.set(all.get() + 1);
            // Where the two differ in what cannot be changed, the request says so.
            let Ok(patched) = patched(&old, &request, &schema, Tolerances::strict()) else {
                return Ok(());
            };
            let after = Value::Object(patched.resource().attributes().clone());
            prop_assert_eq!(settable(&after, &schema), settable(&new, &schema), "{}", request);
            effective.set(effective.get() + 1);
            Ok(())
        });
        outcome.unwrap_or_else(|error| panic!("{resource_type}: {error}"));
        let share = 100 * effective.get() / all.get();
        assert!(share >= 40, "{share} % of the differences of {resource_type} can be applied");
    }
}
