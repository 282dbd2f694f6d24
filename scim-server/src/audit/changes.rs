use std::collections::BTreeSet;

use scim_core::{Resource, ResourceSchema, patch::MembershipDelta};
use serde_json::{Map, Value};

/// What a write did, by names alone.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Changes {
    pub(crate) attributes: Vec<String>,
    pub(crate) members_added: Vec<String>,
    pub(crate) members_removed: Vec<String>,
}

impl Changes {
    /// What leads from one state of a resource to another.
    pub(crate) fn between(before: &Resource, after: &Resource, schema: &ResourceSchema) -> Self {
        let mut changes = Self::default();
        let (old, new) = (before.attributes(), after.attributes());
        for name in differing(old, new) {
            match name {
                "id" | "meta" | "schemas" => {}
                name if schema.extension(name).is_some() => changes.note_extension(name, old, new),
                name => changes.note(name, old, new, name),
            }
        }
        let members = schema.attributes().filter(|definition| {
            definition.multi_valued && definition.sub_attribute("$ref").is_some()
        });
        for definition in members {
            let name = definition.name.as_str();
            changes.note_members(&MembershipDelta::between(before, after, name, schema));
        }
        changes
    }

    /// What a change of members alone asks for.
    pub(crate) fn of_members(attribute: &str, delta: &MembershipDelta) -> Self {
        let mut changes = Self { attributes: vec![attribute.to_owned()], ..Self::default() };
        changes.note_members(delta);
        changes
    }

    fn note_extension(&mut self, uri: &str, old: &Map<String, Value>, new: &Map<String, Value>) {
        let (old, new) = (inner(old, uri), inner(new, uri));
        for attribute in differing(&old, &new) {
            self.note(&format!("{uri}:{attribute}"), &old, &new, attribute);
        }
    }

    fn note(&mut self, path: &str, old: &Map<String, Value>, new: &Map<String, Value>, name: &str) {
        match (old.get(name), new.get(name)) {
            (Some(Value::Object(old)), Some(Value::Object(new))) => {
                let parts = differing(old, new).into_iter().map(|part| format!("{path}.{part}"));
                self.attributes.extend(parts);
            }
            _ => self.attributes.push(path.to_owned()),
        }
    }

    fn note_members(&mut self, delta: &MembershipDelta) {
        let id = |member: &Value| member.get("value")?.as_str().map(str::to_owned);
        let added: BTreeSet<String> = delta.added().filter_map(id).collect();
        let removed: BTreeSet<String> = delta.removed().map(str::to_owned).collect();
        // A member that takes the place of itself was there and stays.
        self.members_added.extend(added.difference(&removed).cloned());
        self.members_removed.extend(removed.difference(&added).cloned());
    }
}

fn inner(object: &Map<String, Value>, name: &str) -> Map<String, Value> {
    object.get(name).and_then(Value::as_object).cloned().unwrap_or_default()
}

/// The names that two objects have other values for.
fn differing<'m>(old: &'m Map<String, Value>, new: &'m Map<String, Value>) -> Vec<&'m str> {
    let names: BTreeSet<&str> = old.keys().chain(new.keys()).map(String::as_str).collect();
    names.into_iter().filter(|name| old.get(*name) != new.get(*name)).collect()
}

#[cfg(test)]
mod tests {
    use scim_core::{Resource, SchemaRegistry};
    use serde_json::{Value, json};

    use super::Changes;

    fn resource(value: Value) -> Resource {
        let Value::Object(object) = value else { panic!("an object") };
        Resource::from_canonical(object)
    }

    #[test]
    fn changes_are_named_to_the_sub_attribute_and_without_a_value() {
        let registry = SchemaRegistry::standard();
        let users = registry.resource_type("User").unwrap();
        let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
        let before = resource(json!({
            "id": "1", "title": "a", "name": { "givenName": "a", "familyName": "b" },
            "emails": [{ "value": "a" }], enterprise: { "department": "a", "costCenter": "b" },
            "meta": { "lastModified": "a" },
        }));
        let after = resource(json!({
            "id": "1", "nickName": "a", "name": { "givenName": "c", "familyName": "b" },
            "emails": [{ "value": "b" }], enterprise: { "department": "c", "costCenter": "b" },
            "meta": { "lastModified": "b" },
        }));
        let changes = Changes::between(&before, &after, users);
        let department = format!("{enterprise}:department");
        assert_eq!(
            changes.attributes,
            ["emails", "name.givenName", "nickName", "title", department.as_str()]
        );
        assert_eq!(Changes::between(&after, &after, users), Changes::default());
    }

    #[test]
    fn members_are_named_as_they_come_and_go() {
        let registry = SchemaRegistry::standard();
        let groups = registry.resource_type("Group").unwrap();
        let of = |members: Value| resource(json!({ "members": members }));
        let before = of(json!([{ "value": "1" }, { "value": "2", "type": "User" }]));
        let after = of(json!([{ "value": "2" }, { "value": "3" }]));
        let changes = Changes::between(&before, &after, groups);
        assert_eq!(changes.attributes, ["members"]);
        assert_eq!(
            (changes.members_added, changes.members_removed),
            (vec!["3".into()], vec!["1".into()])
        );
    }
}
