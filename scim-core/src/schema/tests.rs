use serde_json::{Value, json};

use super::{
    AttributeDefinition, AttributeType, InvalidDefinition, InvalidDefinitionKind as Kind,
    InvalidRegistry, Mutability, ResourceType, Returned, SchemaDefinition, SchemaRegistry,
    Uniqueness, standard,
};
use crate::schema_uri::SchemaUri;

fn badge(attributes: &Value) -> Result<SchemaDefinition, InvalidDefinition> {
    SchemaDefinition::read(json!({"id": "urn:example:Badge", "attributes": attributes}))
}

#[test]
fn what_a_schema_leaves_out_has_the_default() {
    let schema = badge(&json!([{"name": "number"}])).unwrap();
    let number = schema.attribute("NUMBER").unwrap();
    assert_eq!(number.attribute_type, AttributeType::String);
    assert_eq!(number.mutability, Mutability::ReadWrite);
    assert_eq!(number.returned, Returned::Default);
    assert_eq!(number.uniqueness, Uniqueness::None);
    assert!(!number.required && !number.case_exact && !number.multi_valued);
    assert!(number.canonical_values.is_empty() && number.reference_types.is_empty());
    let published = serde_json::from_value::<AttributeDefinition>(json!({"name": "number"}));
    assert_eq!(published.unwrap(), *number);
}

#[test]
fn nonsense_in_a_schema_is_refused_with_its_place() {
    let form = |member, expected| Kind::Form { member, expected };
    let sub = |sub: Value| json!({"name": "b", "type": "complex", "subAttributes": [sub]});
    let cases = [
        (json!([1]), "attributes[0]", Kind::NotAnObject),
        (json!([{"type": "string"}]), "attributes[0]", Kind::Missing("name")),
        (json!([{"name": "a", "multivalue": true}]), "a", Kind::UnknownMember("multivalue".into())),
        (json!([{"name": "a", "required": "yes"}]), "a", form("required", "a boolean")),
        (json!([{"name": "a"}, {"name": "A"}]), "A", Kind::DuplicateName),
        (json!([{"name": "a", "subAttributes": [{"name": "c"}]}]), "a", Kind::SubAttributes),
        (json!([{"name": "a", "type": "complex"}]), "a", Kind::NoSubAttributes),
        (json!([{"name": "a", "referenceTypes": ["User"]}]), "a", Kind::ReferenceTypes),
        (json!([sub(json!({"name": "c", "type": "complex"}))]), "b.c", Kind::Nested),
        (json!([sub(sub(json!({"name": "c"})))]), "b.b", Kind::Nested),
        (json!([sub(json!({"name": "c", "caseExact": 1}))]), "b.c", form("caseExact", "a boolean")),
        (json!([sub(json!({}))]), "b.subAttributes[0]", Kind::Missing("name")),
    ];
    for (attributes, path, kind) in cases {
        let error = badge(&attributes).unwrap_err();
        assert_eq!((error.path(), error.kind()), (path, &kind), "{attributes}");
    }
    for (member, word) in [
        ("type", "number"),
        ("mutability", "readonly"),
        ("returned", "sometimes"),
        ("uniqueness", "local"),
        ("canonicalValues", "work"),
    ] {
        let error = badge(&json!([{"name": "a", member: word}])).unwrap_err();
        assert_eq!(error.path(), "a");
        assert!(error.to_string().contains(member) && !error.to_string().contains(word));
    }
    for name in ["", "1a", "a b", "a.b", "$value", "ä"] {
        let error = badge(&json!([{"name": name}])).unwrap_err();
        assert!(matches!(error.kind(), Kind::Form { member: "name", .. }), "{name}");
    }
}

#[test]
fn a_schema_has_a_uri_and_nothing_unknown() {
    let cases = [
        (json!([]), Kind::NotAnObject),
        (json!({"name": "Badge"}), Kind::Missing("id")),
        (json!({"id": "Badge"}), Kind::Form { member: "id", expected: "a URI" }),
        (json!({"id": "urn:x", "attribute": []}), Kind::UnknownMember("attribute".into())),
        (
            json!({"id": "urn:x", "attributes": {}}),
            Kind::Form { member: "attributes", expected: "an array" },
        ),
    ];
    for (document, kind) in cases {
        assert_eq!(*SchemaDefinition::read(document.clone()).unwrap_err().kind(), kind);
    }
}

#[test]
fn the_standard_documents_read_by_the_same_rules() {
    for schema in standard::schemas() {
        let published = serde_json::to_value(&schema).unwrap();
        assert_eq!(SchemaDefinition::read(published).unwrap(), schema);
    }
    for resource_type in standard::resource_types() {
        let published = serde_json::to_value(&resource_type).unwrap();
        assert_eq!(ResourceType::read(published).unwrap(), resource_type);
    }
}

#[test]
fn the_standard_documents_have_the_verified_errata() {
    let registry = SchemaRegistry::standard();
    let attribute = |uri: &str, path: &str| {
        let mut names = path.split('.');
        let first = names.next().unwrap();
        let found = registry.schema(uri).unwrap().attribute(first).unwrap();
        names.fold(found, |found, name| found.sub_attribute(name).unwrap()).clone()
    };
    let takes = |path, word: &str| {
        attribute(SchemaUri::SCHEMA, path).canonical_values.iter().any(|value| value == word)
    };
    assert!(attribute(SchemaUri::GROUP, "displayName").required, "5368");
    assert!(takes("attributes.type", "binary"), "5606");
    assert!(attribute(SchemaUri::SCHEMA, "attributes.referenceTypes").multi_valued, "5607");
    let of_a_sub_attribute =
        attribute(SchemaUri::SCHEMA, "attributes.subAttributes.referenceTypes");
    assert!(of_a_sub_attribute.multi_valued, "5607");
    assert!(attribute(SchemaUri::RESOURCE_TYPE, "schemaExtensions").multi_valued, "7522");
    assert!(takes("attributes.subAttributes.type", "binary"), "8415");
    assert!(!takes("attributes.subAttributes.type", "complex"), "8415");
    assert!(registry.schemas().all(|schema| schema.schemas == [SchemaUri::SCHEMA]), "8417");
    assert!(attribute(SchemaUri::ENTERPRISE_USER, "manager.value").case_exact, "8472");
}

fn badges() -> SchemaRegistry {
    let schema = badge(&json!([{"name": "number", "required": true}])).unwrap();
    SchemaRegistry::new().with_schema(schema)
}

#[test]
fn nonsense_in_a_resource_type_is_refused() {
    let document = |name: &str, endpoint: &str, extensions: Value| json!({"name": name, "endpoint": endpoint, "schema": "urn:example:Badge", "schemaExtensions": extensions});
    let again = json!([{"schema": "URN:example:badge", "required": false}]);
    let refused = [
        document("", "/Badges", json!([])),
        document("Badge", "", json!([])),
        document("Badge", "/Badges?", json!([])),
        document("Badge", "https://example.com/Badges", json!([])),
        document("Badge", "/Badges", json!({})),
        document("Badge", "/Badges", json!([{"required": true}])),
        document("Badge", "/Badges", json!([{"schema": "urn:example:x", "require": true}])),
        document("Badge", "/Badges", again),
        json!({"name": "Badge", "endpoint": "/Badges"}),
        json!({"name": "Badge", "endpoint": "/Badges", "schema": "Badge"}),
        json!({"name": "Badge", "endpoint": "/Badges", "schema": "urn:example:Badge", "path": 1}),
        json!("Badge"),
    ];
    for document in refused {
        assert!(ResourceType::read(document.clone()).is_err(), "{document}");
    }
}

#[test]
fn a_registry_takes_only_what_fits_together() {
    let uri = |uri: &str| uri.parse::<SchemaUri>().unwrap();
    let badge_type = || ResourceType::new("Badge", "Badges", uri("urn:example:Badge"));
    let registry = badges().with_resource_type(badge_type()).unwrap();
    assert_eq!(registry.endpoint("/badges/").unwrap().endpoint(), "/Badges");
    assert!(matches!(
        registry.with_resource_type(ResourceType::new("Tag", "/badges", uri("urn:example:Badge"))),
        Err(InvalidRegistry::Duplicate { .. })
    ));
    let lost = badge_type().with_extension(uri("urn:example:lost"), true);
    let error = badges().with_resource_type(lost).unwrap_err();
    assert_eq!(
        error.to_string(),
        "resource type `Badge` names the unknown schema `urn:example:lost`"
    );
    let twice = badge_type().with_extension(uri("urn:example:badge"), true);
    assert!(matches!(
        badges().with_resource_type(twice),
        Err(InvalidRegistry::ResourceType { .. })
    ));
    let hollow = AttributeDefinition::new("a".parse().unwrap(), AttributeType::Complex);
    let hollow = SchemaDefinition::new(uri("urn:example:Badge"), "Badge").with_attribute(hollow);
    assert!(matches!(
        SchemaRegistry::new().with_schema(hollow).with_resource_type(badge_type()),
        Err(InvalidRegistry::Schema { .. })
    ));
}

#[test]
fn common_attributes_take_precedence_over_a_schema_that_lists_them() {
    let older = json!([{"name": "number"}, {"name": "ID", "caseExact": false}]);
    let registry = SchemaRegistry::new().with_schema(badge(&older).unwrap());
    let resource_type = ResourceType::new("Badge", "/Badges", "urn:example:Badge".parse().unwrap());
    let registry = registry.with_resource_type(resource_type).unwrap();
    let badges = registry.resource_type("Badge").unwrap();
    assert!(badges.attribute("id").unwrap().case_exact);
    let names: Vec<_> = badges.attributes().map(|attribute| attribute.name.as_str()).collect();
    assert_eq!(names, ["schemas", "id", "externalId", "meta", "number"]);
}
