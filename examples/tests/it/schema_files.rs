use std::{error::Error, fs, path::Path};

use scim_examples::roster::read_registry;
use serde_json::{Value, json};
use tempfile::TempDir;

const BADGE: &str = "urn:example:Badge";

fn read(schemas: &Value, resource_types: &Value) -> Result<Vec<String>, String> {
    let directory = TempDir::new().unwrap();
    let [one, two] =
        [("schemas.json", schemas), ("types.json", resource_types)].map(|(name, json)| {
            let path = directory.path().join(name);
            fs::write(&path, json.to_string()).unwrap();
            path
        });
    let registry = read_registry(Some(&one), Some(&two)).map_err(|error| chain(&error))?;
    Ok(registry.resource_types().map(|schema| schema.name().to_owned()).collect())
}

fn chain(error: &dyn Error) -> String {
    let source = error.source().map(|source| format!(": {}", chain(source)));
    format!("{error}{}", source.unwrap_or_default())
}

#[test]
fn files_add_to_the_standard_and_take_precedence() {
    let attributes = json!([{"name": "number", "required": true}]);
    let badge = json!({"id": BADGE, "attributes": attributes});
    let types = json!([{"name": "Badge", "endpoint": "/Badges", "schema": BADGE}]);
    let listed = json!({"totalResults": 1, "Resources": [badge]});
    for schemas in [json!([badge]), listed] {
        assert_eq!(read(&schemas, &types).unwrap(), ["User", "Group", "Badge"]);
    }

    let directory = TempDir::new().unwrap();
    let path = directory.path().join("schemas.json");
    let group =
        json!([{"id": "urn:ietf:params:scim:schemas:core:2.0:Group", "attributes": attributes}]);
    fs::write(&path, group.to_string()).unwrap();
    let registry = read_registry(Some(&path), None).unwrap();
    let groups = registry.resource_type("Group").unwrap();
    assert!(groups.attribute("number").is_some() && groups.attribute("members").is_none());
}

#[test]
fn what_makes_no_sense_is_named_with_its_place() {
    let badge = |attribute: Value| json!([{"id": BADGE, "attributes": [attribute]}]);
    let badges = |endpoint: &str| json!([{"name": "Badge", "endpoint": endpoint, "schema": BADGE}]);
    let fine = badge(json!({"name": "number"}));
    for (schemas, resource_types, message) in [
        (
            badge(json!({"name": "number", "require": true})),
            badges("/Badges"),
            "document 1 of the schemas defines none: `number`: `require` is not a member of a definition",
        ),
        (
            fine.clone(),
            badges("/Bad ges"),
            "document 1 of the resource types defines none: \
             `endpoint` must be a path below the base URL, such as `/Users`",
        ),
        (
            json!([]),
            badges("/Badges"),
            "resource type `Badge` names the unknown schema `urn:example:Badge`",
        ),
        (
            fine,
            badges("/Users"),
            "resource type `Badge` shares its name or its endpoint with another",
        ),
    ] {
        assert_eq!(read(&schemas, &resource_types).unwrap_err(), message);
    }
    assert!(read(&json!(7), &json!([])).is_err());
    assert!(read_registry(Some(Path::new("/nowhere/schemas.json")), None).is_err());
}

#[test]
fn the_definitions_for_the_suites_are_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../interop");
    let registry = read_registry(
        Some(&folder.join("schemas.json")),
        Some(&folder.join("resource-types.json")),
    );
    let names = registry.unwrap().resource_types().map(|s| s.name().to_owned()).collect::<Vec<_>>();
    assert_eq!(names, ["User", "Group", "TestResource", "Agent", "AgenticApplication"]);
}
