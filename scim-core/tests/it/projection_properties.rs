//! What an answer shows, told attribute by attribute.

use proptest::{
    collection::vec,
    option,
    prelude::*,
    sample::select,
    test_runner::{Config, TestRunner},
};
use scim_core::{
    ResourceSchema,
    query::Projection,
    schema::{AttributeDefinition, Returned},
};
use serde_json::{Map, Value, json};

use super::model::{Gaps, Place, in_case, places};

/// An entry of a list, and how it is written there.
#[derive(Clone, Debug)]
struct Entry {
    written: String,
    named: Named,
}

#[derive(Clone, Debug)]
enum Named {
    Attribute(Place),
    Extension(String),
    Nothing,
}

fn list(schema: &ResourceSchema) -> impl Strategy<Value = Option<Vec<Entry>>> {
    let mut named: Vec<Named> = places(schema).into_iter().map(Named::Attribute).collect();
    for extension in schema.extensions() {
        named.push(Named::Extension(extension.id.to_string()));
    }
    named.push(Named::Nothing);
    let entry = (select(named), any::<u64>()).prop_map(|(named, choices)| {
        let written = match &named {
            Named::Attribute(place) => {
                let sub = place.sub_name().map_or_else(String::new, |sub| format!(".{sub}"));
                place.spelt(choices) + &sub
            }
            Named::Extension(uri) => in_case(uri, choices),
            Named::Nothing => "noSuchAttribute".to_owned(),
        };
        Entry { written, named }
    });
    option::of(vec(entry, 0..5))
}

fn text(list: Option<&Vec<Entry>>) -> Option<String> {
    let written = |entry: &Entry| entry.written.clone();
    Some(list?.iter().map(written).collect::<Vec<_>>().join(" , "))
}

/// What the lists name; absent and empty lists name nothing.
struct Lists {
    attributes: Vec<Entry>,
    excluded: Vec<Entry>,
}

impl Lists {
    /// Whether an attribute is shown at all, RFC 7643 §2.2 and RFC 7644 §3.9.
    fn show(&self, extension: Option<&str>, attribute: &AttributeDefinition) -> bool {
        let wanted = names(&self.attributes, extension, attribute);
        let excluded = names_whole(&self.excluded, extension, attribute);
        match attribute.returned {
            Returned::Always => true,
            Returned::Never => false,
            Returned::Request => wanted && !excluded,
            Returned::Default => (wanted || self.attributes.is_empty()) && !excluded,
        }
    }

    /// Whether a sub-attribute is shown of an attribute that is.
    fn show_part(
        &self,
        extension: Option<&str>,
        attribute: &AttributeDefinition,
        sub: &AttributeDefinition,
    ) -> bool {
        let is_wanted = names_part(&self.attributes, extension, attribute, sub);
        let only_parts_are_wanted = names(&self.attributes, extension, attribute)
            && !names_whole(&self.attributes, extension, attribute);
        match sub.returned {
            Returned::Always => true,
            Returned::Never => false,
            // Whoever names the attribute alone gets what is shown by default.
            Returned::Request => is_wanted,
            Returned::Default => {
                (is_wanted || !only_parts_are_wanted)
                    && !names_part(&self.excluded, extension, attribute, sub)
            }
        }
    }

    fn object(
        &self,
        extension: Option<&str>,
        object: &Map<String, Value>,
        definitions: &[AttributeDefinition],
    ) -> Map<String, Value> {
        let shown = definitions.iter().filter_map(|definition| {
            let value = object.get(definition.name.as_str())?;
            let shown = self.show(extension, definition);
            let value = shown.then(|| self.value(extension, definition, value))?;
            (value != json!([]) && value != json!({})).then(|| (definition.name.to_string(), value))
        });
        shown.collect()
    }

    fn value(
        &self,
        extension: Option<&str>,
        attribute: &AttributeDefinition,
        value: &Value,
    ) -> Value {
        match value {
            Value::Array(elements) => {
                let elements = elements.iter().map(|e| self.value(extension, attribute, e));
                elements.filter(|element| *element != json!({})).collect()
            }
            Value::Object(members) => {
                let is_shown =
                    |sub: &&AttributeDefinition| self.show_part(extension, attribute, sub);
                let shown = attribute.sub_attributes.iter().filter(is_shown);
                let member = |sub: &AttributeDefinition| {
                    let name = sub.name.as_str();
                    Some((name.to_owned(), members.get(name)?.clone()))
                };
                Value::Object(shown.filter_map(member).collect())
            }
            plain => plain.clone(),
        }
    }
}

/// Whether a list names the attribute, its extension or a part of it.
fn names(list: &[Entry], extension: Option<&str>, attribute: &AttributeDefinition) -> bool {
    let parts = &attribute.sub_attributes;
    names_whole(list, extension, attribute)
        || parts.iter().any(|sub| names_part(list, extension, attribute, sub))
}

fn names_whole(list: &[Entry], extension: Option<&str>, attribute: &AttributeDefinition) -> bool {
    list.iter().any(|entry| match &entry.named {
        Named::Extension(uri) => extension == Some(uri),
        Named::Attribute(place) => {
            place.sub_attribute.is_none()
                && place.extension.as_deref() == extension
                && *place.attribute == *attribute
        }
        Named::Nothing => false,
    })
}

fn names_part(
    list: &[Entry],
    extension: Option<&str>,
    attribute: &AttributeDefinition,
    sub: &AttributeDefinition,
) -> bool {
    list.iter().any(|entry| {
        let Named::Attribute(place) = &entry.named else { return false };
        place.extension.as_deref() == extension
            && *place.attribute == *attribute
            && place.sub_attribute.as_deref() == Some(sub)
    })
}

#[test]
fn an_answer_shows_what_the_model_shows() {
    let config = Config { failure_persistence: None, ..Config::default() };
    for resource_type in ["User", "Group", "Device"] {
        let schema = super::schema(resource_type);
        let cases = (Gaps::There.resource(&schema), list(&schema), list(&schema));
        let mut runner = TestRunner::new(config.clone());
        let outcome = runner.run(&cases, |(resource, attributes, excluded)| {
            let texts = (text(attributes.as_ref()), text(excluded.as_ref()));
            let projection = Projection::parse(texts.0.as_deref(), texts.1.as_deref());
            let projection = projection.map_err(|e| TestCaseError::fail(e.to_string()))?;
            let mut shown = super::object(&resource);
            projection.apply(&mut shown, &schema);
            let lists = Lists {
                attributes: attributes.unwrap_or_default(),
                excluded: excluded.unwrap_or_default(),
            };
            prop_assert_eq!(json!(shown), expected(&resource, &lists, &schema));
            let mut again = shown.clone();
            projection.apply(&mut again, &schema);
            prop_assert_eq!(again, shown);
            Ok(())
        });
        outcome.unwrap_or_else(|error| panic!("{resource_type}: {error}"));
    }
}

fn expected(resource: &Value, lists: &Lists, schema: &ResourceSchema) -> Value {
    let core: Vec<_> = schema.attributes().cloned().collect();
    let mut expected = lists.object(None, &super::object(resource), &core);
    for extension in schema.extensions() {
        let uri = extension.id.as_str();
        let Some(Value::Object(inner)) = resource.get(uri) else { continue };
        let inner = lists.object(Some(uri), inner, &extension.attributes);
        if !inner.is_empty() {
            expected.insert(uri.to_owned(), Value::Object(inner));
        }
    }
    Value::Object(expected)
}
