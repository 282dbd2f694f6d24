//! Made-up filters, over values that resources have and values that are nearly the same.

use scim_core::Resource;
use serde_json::Value;

use super::documents::text;
use crate::conformance::{
    documents::{ENTERPRISE, GROUP},
    random::Random,
};

/// What an attribute holds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    Text,
    Boolean,
    Instant,
}

/// A path and what is there.
type Attribute = (&'static str, Kind);

/// Instants that resources have, and some between them or with another offset.
const INSTANTS: [&str; 5] = [
    "2020-01-01T00:00:00Z",
    "2020-01-01T02:00:00.000001+02:00",
    "2019-12-31T23:59:59.999Z",
    "2020-06-30T12:00:00Z",
    "1998-12-31T19:00:00-05:00",
];

const OF_USERS: [Attribute; 13] = [
    ("id", Kind::Text),
    ("userName", Kind::Text),
    ("externalId", Kind::Text),
    ("displayName", Kind::Text),
    ("nickName", Kind::Text),
    ("title", Kind::Text),
    ("name.familyName", Kind::Text),
    ("emails.value", Kind::Text),
    ("emails", Kind::Text),
    ("active", Kind::Boolean),
    ("meta.lastModified", Kind::Instant),
    ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber", Kind::Text),
    ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value", Kind::Text),
];
const OF_EMAILS: [Attribute; 3] =
    [("value", Kind::Text), ("type", Kind::Text), ("primary", Kind::Boolean)];
const OF_GROUPS: [Attribute; 6] = [
    ("id", Kind::Text),
    ("externalId", Kind::Text),
    ("displayName", Kind::Text),
    ("members.value", Kind::Text),
    ("members.type", Kind::Text),
    ("meta.lastModified", Kind::Instant),
];
const OF_MEMBERS: [Attribute; 3] =
    [("value", Kind::Text), ("type", Kind::Text), ("display", Kind::Text)];

/// What filters are made of.
pub(in crate::conformance) struct Filters<'r> {
    random: Random,
    resources: &'r [Resource],
    attributes: &'static [Attribute],
    /// The attribute whose elements a filter may be about, and what is in one.
    elements: (&'static str, &'static [Attribute]),
}

impl<'r> Filters<'r> {
    pub(in crate::conformance) fn new(
        resource_type: &str,
        resources: &'r [Resource],
        seed: u64,
    ) -> Self {
        let random = Random::new(seed);
        if resource_type == GROUP {
            let elements = ("members", OF_MEMBERS.as_slice());
            return Self { random, resources, attributes: &OF_GROUPS, elements };
        }
        let elements = ("emails", OF_EMAILS.as_slice());
        Self { random, resources, attributes: &OF_USERS, elements }
    }

    /// The next one.
    pub(in crate::conformance) fn next(&mut self) -> String {
        self.filter(3)
    }

    /// A path to sort by.
    pub(in crate::conformance) fn path(&mut self) -> &'static str {
        self.random.one_of(self.attributes).map_or("id", |(path, _)| path)
    }

    fn filter(&mut self, depth: usize) -> String {
        match self.random.below(100) {
            0..12 if depth > 0 => {
                format!("({}) and ({})", self.filter(depth - 1), self.filter(depth - 1))
            }
            12..24 if depth > 0 => {
                format!("{} or {}", self.filter(depth - 1), self.filter(depth - 1))
            }
            24..34 if depth > 0 => format!("not ({})", self.filter(depth - 1)),
            34..42 => self.many(),
            42..58 => {
                let (attribute, inner) = self.elements;
                format!("{attribute}[{}]", self.inside(inner, 2))
            }
            _ => {
                let attribute = self.random.one_of(self.attributes).copied();
                self.compare(attribute.unwrap_or(("id", Kind::Text)), None)
            }
        }
    }

    /// What one element is to meet.
    fn inside(&mut self, attributes: &'static [Attribute], depth: usize) -> String {
        match self.random.below(100) {
            0..30 if depth > 0 => format!(
                "{} and {}",
                self.inside(attributes, depth - 1),
                self.inside(attributes, depth - 1)
            ),
            30..45 if depth > 0 => format!(
                "({} or {})",
                self.inside(attributes, depth - 1),
                self.inside(attributes, depth - 1)
            ),
            45..60 if depth > 0 => format!("not ({})", self.inside(attributes, depth - 1)),
            _ => {
                let attribute = self.random.one_of(attributes).copied();
                let of = self.elements.0;
                self.compare(attribute.unwrap_or(("value", Kind::Text)), Some(of))
            }
        }
    }

    /// A chain of equalities, as for a look-up of many.
    fn many(&mut self) -> String {
        let path = self.path();
        let texts: Vec<_> = (0..2 + self.random.below(6))
            .map(|_| format!("{path} eq {}", self.literal(path, None)))
            .collect();
        if path == "active" || path == "meta.lastModified" {
            return format!("{path} pr");
        }
        texts.join(" or ")
    }

    fn compare(&mut self, (path, kind): Attribute, of: Option<&str>) -> String {
        match (self.random.below(20), kind) {
            (0, _) => format!("{path} pr"),
            (1, _) => format!("{path} {} null", self.random.text(&["eq", "ne"])),
            (_, Kind::Boolean) => {
                let op = self.random.text(&["eq", "ne"]);
                format!("{path} {op} {}", self.random.percent(50))
            }
            (_, Kind::Instant) => {
                let op = self.random.text(&["eq", "ne", "gt", "ge", "lt", "le"]);
                format!("{path} {op} \"{}\"", self.random.text(&INSTANTS))
            }
            (_, Kind::Text) => {
                let ops = ["eq", "eq", "eq", "ne", "sw", "sw", "co", "ew", "gt", "ge", "lt", "le"];
                let op = self.random.text(&ops);
                format!("{path} {op} {}", self.literal(path, of))
            }
        }
    }

    /// A text that is there, or a part or another form of it, or any.
    fn literal(&mut self, path: &str, of: Option<&str>) -> String {
        let values: Vec<String> = self
            .random
            .one_of(self.resources)
            .map(|resource| texts_at(resource, path, of))
            .unwrap_or_default();
        let text = self.random.one_of(&values).cloned();
        let text = text.unwrap_or_else(|| text_of(&mut self.random));
        let text = match self.random.below(10) {
            0 => text.to_uppercase(),
            1 => text.to_lowercase(),
            2 => text.chars().take(1 + self.random.below(3)).collect(),
            3 => text.chars().skip(1).collect(),
            4 => text_of(&mut self.random),
            _ => text,
        };
        Value::from(text).to_string()
    }
}

fn text_of(random: &mut Random) -> String {
    text(random).to_owned()
}

/// The texts that a resource has at a path, which may begin at an element.
fn texts_at(resource: &Resource, path: &str, of: Option<&str>) -> Vec<String> {
    let (container, rest) = match path.strip_prefix(ENTERPRISE) {
        Some(rest) => (resource.attributes().get(ENTERPRISE), rest.trim_start_matches(':')),
        None => (None, path),
    };
    let names = of.into_iter().chain(rest.split('.'));
    let mut values: Vec<&Value> = Vec::new();
    for (place, name) in names.enumerate() {
        values = if place == 0 {
            let object = match container {
                Some(container) => container.as_object(),
                None => Some(resource.attributes()),
            };
            object.and_then(|object| object.get(name)).into_iter().collect()
        } else {
            values.into_iter().flat_map(each).filter_map(|value| value.get(name)).collect()
        };
    }
    let texts = values
        .into_iter()
        .flat_map(each)
        .filter_map(|value| value.as_str().or_else(|| value.get("value")?.as_str()));
    texts.map(str::to_owned).collect()
}

/// The elements of an array, or the value itself.
fn each(value: &Value) -> &[Value] {
    value.as_array().map_or_else(|| std::slice::from_ref(value), Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use scim_core::SchemaRegistry;

    use super::*;
    use crate::conformance::documents::{USER, document};

    #[test]
    fn every_filter_has_a_meaning() {
        let registry = SchemaRegistry::standard();
        let person = document(
            USER,
            "1",
            serde_json::json!({
                "userName": "a", "emails": [{"value": "e"}], (ENTERPRISE): {"employeeNumber": "7"},
            }),
        );
        for resource_type in [USER, GROUP] {
            let schema = registry.resource_type(resource_type).unwrap();
            let resources = [person.clone()];
            let mut filters = Filters::new(resource_type, &resources, 1);
            for _ in 0..2000 {
                let filter = filters.next();
                let parsed: scim_core::Filter = filter.parse().unwrap();
                assert!(parsed.bind(schema).is_ok(), "{filter}");
            }
        }
    }

    #[test]
    fn texts_are_found_where_a_path_leads() {
        let person = document(
            USER,
            "1",
            serde_json::json!({
                "userName": "a", "emails": [{"value": "e"}, {"value": "f", "type": "work"}],
                "name": {"familyName": "n"},
                (ENTERPRISE): {"employeeNumber": "7", "manager": {"value": "26"}},
            }),
        );
        let cases: [(&str, Option<&str>, &[&str]); 7] = [
            ("userName", None, &["a"]),
            ("emails", None, &["e", "f"]),
            ("emails.value", None, &["e", "f"]),
            ("type", Some("emails"), &["work"]),
            ("name.familyName", None, &["n"]),
            (
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber",
                None,
                &["7"],
            ),
            (
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value",
                None,
                &["26"],
            ),
        ];
        for (path, of, expected) in cases {
            assert_eq!(texts_at(&person, path, of), expected, "{path}");
        }
    }
}
