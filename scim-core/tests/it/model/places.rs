//! The attributes that a filter can ask about, and the ways to spell a path to them.

use std::sync::Arc;

use proptest::prelude::*;
use scim_core::{
    ResourceSchema,
    schema::{AttributeDefinition, Returned},
};

/// An attribute, or a sub-attribute of it.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The URI of the extension that the attribute belongs to.
    pub(crate) extension: Option<String>,
    pub(crate) attribute: Arc<AttributeDefinition>,
    pub(crate) sub_attribute: Option<Arc<AttributeDefinition>>,
    /// What may stand in front of the name; the empty text if nothing need.
    prefixes: Vec<String>,
}

impl Place {
    /// The name of the attribute.
    pub(crate) fn name(&self) -> &str {
        self.attribute.name.as_str()
    }

    /// The name of the sub-attribute.
    pub(crate) fn sub_name(&self) -> Option<&str> {
        self.sub_attribute.as_ref().map(|sub| sub.name.as_str())
    }

    /// The definition at the end of the path.
    pub(crate) fn definition(&self) -> &AttributeDefinition {
        self.sub_attribute.as_ref().unwrap_or(&self.attribute)
    }

    /// What a comparison compares: of a complex attribute its `value`, if it has one.
    pub(super) fn compared(&self) -> Option<&AttributeDefinition> {
        let end = self.definition();
        if end.is_complex() { end.sub_attribute("value") } else { Some(end) }
    }

    /// What a path inside the brackets of a value path can lead to.
    pub(crate) fn inside(&self) -> Vec<Self> {
        let attribute = &self.attribute;
        let place = |attribute: AttributeDefinition| Self {
            extension: None,
            attribute: Arc::new(attribute),
            sub_attribute: None,
            prefixes: vec![String::new()],
        };
        if attribute.is_complex() {
            attribute.sub_attributes.iter().cloned().map(place).filter(Self::is_visible).collect()
        } else {
            // The elements of a list of plain values are the value themselves.
            let mut value = AttributeDefinition::clone(attribute);
            value.name = "value".parse().unwrap();
            value.multi_valued = false;
            vec![place(value)]
        }
    }

    /// Whether an answer may show it, and a filter ask about it.
    pub(crate) fn is_visible(&self) -> bool {
        let never = |definition: &AttributeDefinition| definition.returned == Returned::Never;
        !never(&self.attribute) && !never(self.definition())
    }

    /// The path in the schema's spelling, up to the sub-attribute.
    pub(crate) fn path(&self) -> String {
        match &self.extension {
            Some(uri) => format!("{uri}:{}", self.name()),
            None => self.name().to_owned(),
        }
    }

    /// One of the paths that lead here.
    pub(super) fn spelling(&self) -> BoxedStrategy<String> {
        let sub = self.sub_name().map_or_else(String::new, |sub| format!(".{sub}"));
        let place = self.clone();
        let behind = move |choices| place.spelt(choices) + &in_case(&sub, choices);
        any::<u64>().prop_map(behind).boxed()
    }

    /// One of the paths that lead here, up to the sub-attribute.
    pub(crate) fn spelt(&self, choices: u64) -> String {
        let which = usize::try_from(choices >> 32).unwrap() % self.prefixes.len();
        in_case(&format!("{}{}", self.prefixes[which], self.name()), choices)
    }
}

/// The text with some of its letters in the other case.
pub(crate) fn in_case(text: &str, choices: u64) -> String {
    let flip = |(index, c): (usize, char)| match c {
        c if choices.rotate_right(u32::try_from(index).unwrap()) & 3 != 0 => c,
        c if c.is_ascii_lowercase() => c.to_ascii_uppercase(),
        c => c.to_ascii_lowercase(),
    };
    text.chars().enumerate().map(flip).collect()
}

/// All attributes, each behind its sub-attributes.
pub(crate) fn places(schema: &ResourceSchema) -> Vec<Place> {
    let core_uri = schema.core_uri().as_str();
    let mut places = Vec::new();
    for attribute in schema.attributes() {
        let mut prefixes = uri_prefixes(core_uri);
        prefixes.extend([String::new(), String::new(), String::new()]);
        add(None, attribute, &prefixes, &mut places);
    }
    for extension in schema.extensions() {
        let uri = extension.id.as_str();
        for attribute in &extension.attributes {
            let mut prefixes = uri_prefixes(uri);
            if schema.attribute(attribute.name.as_str()).is_none() {
                prefixes.push(String::new());
            }
            add(Some(uri), attribute, &prefixes, &mut places);
        }
    }
    places
}

fn add(
    extension: Option<&str>,
    attribute: &AttributeDefinition,
    prefixes: &[String],
    places: &mut Vec<Place>,
) {
    let whole = Place {
        extension: extension.map(ToOwned::to_owned),
        attribute: Arc::new(attribute.clone()),
        sub_attribute: None,
        prefixes: prefixes.to_vec(),
    };
    for sub in &attribute.sub_attributes {
        places.push(Place { sub_attribute: Some(Arc::new(sub.clone())), ..whole.clone() });
    }
    places.push(whole);
}

/// The URI as it is and as drafts and SCIM 1.1 had it.
fn uri_prefixes(uri: &str) -> Vec<String> {
    let older: &[&str] = match uri {
        "urn:ietf:params:scim:schemas:core:2.0:User" => &["urn:scim:schemas:core:2.0:User"],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User" => &[
            "urn:scim:schemas:extension:enterprise:1.0",
            "urn:scim:schemas:extension:enterprise:2.0",
        ],
        _ => &[],
    };
    older.iter().copied().chain([uri]).map(|uri| format!("{uri}:")).collect()
}
