//! Resources and values of any type, in their schema's spelling.

use proptest::{collection::vec, prelude::*, sample::select};
use scim_core::{
    ResourceSchema,
    schema::{AttributeDefinition, AttributeType},
};
use serde_json::{Map, Value, json};

use super::literals::{BINARIES, DATES, DECIMALS, INTEGERS, REFERENCES, TEXTS, TYPES};

/// Whether there are values that a client cannot send, and a store may yet hold: null, lists
/// and objects without values, dates that are none, several that are `primary`.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(crate) enum Gaps {
    There,
    None,
}

impl Gaps {
    /// A resource with some of its attributes.
    pub(crate) fn resource(self, schema: &ResourceSchema) -> BoxedStrategy<Value> {
        let core: Vec<_> = schema.attributes().cloned().collect();
        let extensions = schema.extensions().map(|extension| {
            let uri = extension.id.to_string();
            (Just(uri), self.object(&extension.attributes))
        });
        let extensions: Vec<_> = extensions.collect();
        (self.object(&core), extensions)
            .prop_map(|(mut resource, mut extensions)| {
                extensions.retain(|(_, extension)| *extension != json!({}));
                resource.as_object_mut().unwrap().extend(extensions);
                resource
            })
            .boxed()
    }

    /// The whole value of an attribute.
    pub(crate) fn value(self, definition: &AttributeDefinition) -> BoxedStrategy<Value> {
        if !definition.multi_valued {
            return self.element(definition);
        }
        let element = self.element(definition);
        match self {
            Self::There => {
                let element = prop_oneof![12 => element, 1 => Just(Value::Null)];
                vec(element, 0..4).prop_map(Value::Array).boxed()
            }
            Self::None => vec(element, 1..4).prop_map(with_one_primary).boxed(),
        }
    }

    /// One value of an attribute.
    pub(crate) fn element(self, definition: &AttributeDefinition) -> BoxedStrategy<Value> {
        let text = |texts: &[&'static str]| select(texts.to_vec()).prop_map(Value::from).boxed();
        let dates = DATES.map(|(text, _)| text);
        let is_type = definition.name == "type";
        match definition.attribute_type {
            AttributeType::Complex => self.object(&definition.sub_attributes),
            AttributeType::Boolean => any::<bool>().prop_map(Value::from).boxed(),
            AttributeType::Integer => select(&INTEGERS[..]).prop_map(Value::from).boxed(),
            AttributeType::Decimal => select(&DECIMALS[..]).prop_map(Value::from).boxed(),
            AttributeType::String if is_type => text(&TYPES),
            AttributeType::String => text(&TEXTS.map(|(text, _)| text)),
            // The last of them is no date.
            AttributeType::DateTime if self == Self::None => text(&dates[..dates.len() - 1]),
            AttributeType::DateTime => text(&dates),
            AttributeType::Binary => text(&BINARIES),
            AttributeType::Reference => text(&REFERENCES),
        }
    }

    fn object(self, definitions: &[AttributeDefinition]) -> BoxedStrategy<Value> {
        let members: Vec<_> = definitions
            .iter()
            .map(|definition| (Just(definition.name.to_string()), self.attribute(definition)))
            .collect();
        members
            .prop_map(|members| {
                let there = members.into_iter().filter_map(|(name, value)| Some((name, value?)));
                Value::Object(there.collect::<Map<_, _>>())
            })
            .boxed()
    }

    fn attribute(self, definition: &AttributeDefinition) -> BoxedStrategy<Option<Value>> {
        let value = self.value(definition).prop_map(Some);
        match self {
            Self::None if definition.required => value.boxed(),
            Self::None => prop_oneof![1 => Just(None), 1 => value].boxed(),
            Self::There => {
                prop_oneof![1 => Just(None), 1 => Just(Some(Value::Null)), 8 => value].boxed()
            }
        }
    }
}

/// The elements, of which the first that is primary stays so.
fn with_one_primary(mut elements: Vec<Value>) -> Value {
    let marked = elements.iter_mut().filter(|element| element.get("primary") == Some(&json!(true)));
    for element in marked.skip(1) {
        element["primary"] = json!(false);
    }
    Value::Array(elements)
}
