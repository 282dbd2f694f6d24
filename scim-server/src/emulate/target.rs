use scim_core::SchemaUri;
use serde_json::{Map, Value, json};

use super::Person;

/// An attribute that an identity provider maps something to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Target {
    /// An attribute of the core schema.
    Plain(&'static str),
    /// A part of `name`.
    Name(&'static str),
    /// The `value` of the element for work.
    Work(&'static str),
    /// An attribute of the enterprise extension.
    Enterprise(&'static str),
}

impl Target {
    /// The path of a PATCH, or the key of a value without a path.
    pub(super) fn path(self) -> String {
        match self {
            Self::Plain(name) => name.to_owned(),
            Self::Name(part) => format!("name.{part}"),
            Self::Work(name) => format!(r#"{name}[type eq "work"].value"#),
            Self::Enterprise(name) => format!("{}:{name}", SchemaUri::ENTERPRISE_USER),
        }
    }

    /// What is there in a resource.
    pub(super) fn read(self, resource: &Value) -> Option<&Value> {
        match self {
            Self::Plain(name) => resource.get(name),
            Self::Name(part) => resource.get("name")?.get(part),
            Self::Work(name) => {
                let elements = resource.get(name)?.as_array()?;
                elements.iter().find(|element| element["type"] == "work")?.get("value")
            }
            Self::Enterprise(name) => resource.get(SchemaUri::ENTERPRISE_USER)?.get(name),
        }
    }

    /// Puts a value into a resource that is being made.
    fn write(self, resource: &mut Map<String, Value>, value: &str) {
        let mut within = |name: &str, part: &str| {
            if let Value::Object(parts) = resource.entry(name).or_insert_with(|| json!({})) {
                parts.insert(part.to_owned(), value.into());
            }
        };
        match self {
            Self::Plain(name) => {
                resource.insert(name.to_owned(), value.into());
            }
            Self::Name(part) => within("name", part),
            Self::Enterprise(name) => within(SchemaUri::ENTERPRISE_USER, name),
            Self::Work(name) => {
                let element = if name == "emails" {
                    json!({ "type": "work", "value": value, "primary": true })
                } else {
                    json!({ "type": "work", "value": value })
                };
                resource.insert(name.to_owned(), json!([element]));
            }
        }
    }
}

impl Person {
    /// What is mapped, of the attributes that the person has.
    pub(super) fn mapped(&self) -> Vec<(Target, String)> {
        let display_name = self.display_name();
        let optional = [
            (Target::Plain("displayName"), &display_name),
            (Target::Name("givenName"), &self.given_name),
            (Target::Name("familyName"), &self.family_name),
            (Target::Plain("title"), &self.title),
            (Target::Work("emails"), &self.email),
            (Target::Work("phoneNumbers"), &self.phone_number),
            (Target::Enterprise("department"), &self.department),
            (Target::Enterprise("employeeNumber"), &self.employee_number),
        ];
        let always = [
            (Target::Plain("userName"), self.user_name.clone()),
            (Target::Plain("externalId"), self.external_id.clone()),
        ];
        let there =
            optional.into_iter().filter_map(|(target, value)| Some((target, value.clone()?)));
        always.into_iter().chain(there).collect()
    }

    /// The mapped attributes as a resource.
    pub(super) fn resource(mapped: &[(Target, String)]) -> Map<String, Value> {
        let mut resource = Map::new();
        for (target, value) in mapped {
            target.write(&mut resource, value);
        }
        resource
    }
}
