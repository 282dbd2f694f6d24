use scim_core::{ResourceSchema, ResourceType, SchemaRegistry, query::Projection};
use serde_json::{Value, json};

/// Things with a core schema and an extension whose URI ends in a version.
fn things() -> SchemaRegistry {
    let schema = |id: &str, attribute: &str| {
        let definition = json!({
            "id": id, "name": attribute, "attributes": [{"name": attribute, "type": "string"}]
        });
        super::data(&definition.to_string())
    };
    let things: ResourceType = super::data(
        &json!({
            "name": "Thing", "endpoint": "/Things", "schema": "urn:example:Thing",
            "schemaExtensions": [{"schema": "urn:example:ext:2.0", "required": false}],
        })
        .to_string(),
    );
    SchemaRegistry::new()
        .with_schema(schema("urn:example:Thing", "label"))
        .with_schema(schema("urn:example:ext:2.0", "colour"))
        .with_resource_type(things)
        .unwrap()
}

fn shown(projection: &Projection, schema: &ResourceSchema) -> Value {
    let thing = json!({"label": "a", "urn:example:ext:2.0": {"colour": "red"}});
    let mut thing = super::object(&thing);
    projection.apply(&mut thing, schema);
    Value::Object(thing)
}

#[test]
fn a_list_names_an_extension_by_any_uri_and_its_attributes_behind_it() {
    let registry = things();
    let schema = registry.resource_type("Thing").unwrap();
    let colour = json!({"urn:example:ext:2.0": {"colour": "red"}});
    for list in
        ["urn:example:ext:2.0", "URN:EXAMPLE:EXT:2.0 , nothing", "urn:example:ext:2.0:colour"]
    {
        let wanted = Projection::parse(Some(list), None).unwrap();
        assert_eq!(shown(&wanted, schema), colour, "{list}");
        let excluded = Projection::parse(None, Some(list)).unwrap();
        assert_eq!(shown(&excluded, schema), json!({"label": "a"}), "{list}");
    }
}

#[test]
fn an_entry_outside_the_grammar_is_refused() {
    for list in ["a b", "label,2x", "emails[type eq \"work\"]", "label,é"] {
        assert!(Projection::parse(Some(list), None).is_err(), "{list}");
    }
    assert!(Projection::parse(Some(" , label,"), None).is_ok());
}

#[test]
fn a_part_that_must_be_asked_for_is_shown_with_its_attribute() {
    let schema = super::schema("Device");
    let device = json!({"place": {"site": "a", "door": "b"}});
    for (list, expected) in [
        ("place", json!({"place": {"site": "a"}})),
        ("place.door", json!({"place": {"door": "b"}})),
        ("place,place.door", json!({"place": {"site": "a", "door": "b"}})),
        ("place.door,place", json!({"place": {"site": "a", "door": "b"}})),
    ] {
        let mut shown = super::object(&device);
        Projection::parse(Some(list), None).unwrap().apply(&mut shown, &schema);
        assert_eq!(Value::Object(shown), expected, "{list}");
    }
}

#[test]
fn nothing_is_shown_that_no_schema_tells_of() {
    let schema = super::schema("Device");
    let lease = "urn:example:scim:Device:lease:2.0";
    let device = json!({
        "label": "a", "other": {"pin": "1"}, "urn:example:other": {"token": "2"},
        lease: {"lessee": "b", "token": "3", "other": "4"},
        "parts": [[{"value": "c", "pin": "5"}]],
    });
    let mut shown = super::object(&device);
    Projection::new().apply(&mut shown, &schema);
    let expected = json!({"label": "a", lease: {"lessee": "b"}, "parts": [[{"value": "c"}]]});
    assert_eq!(Value::Object(shown), expected);

    let mut shown = super::object(&json!({lease.to_uppercase(): {"lessee": "b", "token": "3"}}));
    Projection::new().apply(&mut shown, &schema);
    assert_eq!(Value::Object(shown), json!({lease.to_uppercase(): {"lessee": "b"}}));
}
