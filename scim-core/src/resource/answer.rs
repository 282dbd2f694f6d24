use serde_json::{Map, Value};

use super::{Resource, scalar};
use crate::schema::{AttributeDefinition, AttributeType, ResourceSchema};

impl Resource {
    /// Reads a resource that a service provider has answered with, for what it means.
    ///
    /// Names get the schema's spelling ([RFC 7643 §2.1]: they are read without regard to case), and
    /// what is unassigned is left out. A value gets the form that the schema says where it is plain
    /// what is meant: a list of one, a boolean or a number as text, a complex value by its `value`
    /// alone. Whatever else is odd or unknown stays as it is, so that nothing is lost.
    ///
    /// ```
    /// use scim_core::{Resource, SchemaRegistry};
    /// use serde_json::json;
    ///
    /// let registry = SchemaRegistry::standard();
    /// let users = registry.resource_type("User").ok_or("no such resource type")?;
    /// let answer = json!({"ID": 7, "username": "bjensen", "active": "True", "emails": null, "x": 1});
    /// let user = Resource::from_answer(answer.as_object().cloned().unwrap_or_default(), users);
    /// assert_eq!(
    ///     serde_json::to_value(&user)?,
    ///     json!({"id": "7", "userName": "bjensen", "active": true, "x": 1}),
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// [RFC 7643 §2.1]: https://www.rfc-editor.org/rfc/rfc7643#section-2.1
    #[must_use]
    pub fn from_answer(mut attributes: Map<String, Value>, schema: &ResourceSchema) -> Self {
        let mut others = Vec::new();
        attributes.retain(|key, value| {
            if let Some(definition) = schema.attribute(key) {
                note_other(&mut others, key, definition.name.as_str());
                return shape(definition, value);
            }
            let extension = key.contains(':').then(|| schema.extension(key)).flatten();
            if let (Some(extension), Value::Object(members)) = (extension, value) {
                note_other(&mut others, key, extension.id.as_str());
                shape_members(members, |key| extension.attribute(key));
            }
            true
        });
        rename(&mut attributes, others);
        Self { attributes }
    }
}

/// Gives members their spelling and their form, and takes out those that are unassigned.
fn shape_members<'s>(
    members: &mut Map<String, Value>,
    definition: impl Fn(&str) -> Option<&'s AttributeDefinition>,
) {
    let mut others = Vec::new();
    members.retain(|key, value| {
        let Some(definition) = definition(key) else { return true };
        note_other(&mut others, key, definition.name.as_str());
        shape(definition, value)
    });
    rename(members, others);
}

/// Takes note of a name in another spelling than it should have.
fn note_other(others: &mut Vec<(String, String)>, key: &str, name: &str) {
    if key != name {
        others.push((key.to_owned(), name.to_owned()));
    }
}

/// Gives members their names; of two that mean the same, the one that has it already keeps it.
fn rename(members: &mut Map<String, Value>, others: Vec<(String, String)>) {
    for (key, name) in others {
        if members.contains_key(&name) {
            continue;
        }
        if let Some(value) = members.remove(&key) {
            members.insert(name, value);
        }
    }
}

/// Gives a value its form; `false` if it is unassigned.
fn shape(definition: &AttributeDefinition, value: &mut Value) -> bool {
    match value {
        Value::Null => return false,
        Value::Array(values) if definition.multi_valued => {
            values.retain_mut(|value| shape_element(definition, value));
        }
        Value::Array(values) => {
            if let [single] = &mut **values {
                *value = single.take();
                return shape_element(definition, value);
            }
        }
        single => {
            let is_assigned = shape_element(definition, single);
            if definition.multi_valued && is_assigned {
                *single = Value::Array(vec![single.take()]);
            }
            return is_assigned;
        }
    }
    true
}

fn shape_element(definition: &AttributeDefinition, value: &mut Value) -> bool {
    match (definition.attribute_type, &mut *value) {
        (_, Value::Null) => return false,
        (AttributeType::Complex, Value::Object(members)) => {
            shape_members(members, |key| definition.sub_attribute(key));
        }
        (AttributeType::Complex, Value::String(_))
            if definition.sub_attribute("value").is_some() =>
        {
            *value = Value::Object(Map::from_iter([("value".to_owned(), value.take())]));
        }
        (AttributeType::Boolean, Value::String(text)) => {
            if let Some(boolean) = scalar::boolean(text) {
                *value = Value::Bool(boolean);
            }
        }
        (AttributeType::String | AttributeType::Reference, Value::Number(number)) => {
            *value = Value::String(number.to_string());
        }
        _ => {}
    }
    true
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{SchemaRegistry, User};

    fn read(answer: &Value) -> Value {
        let registry = SchemaRegistry::standard();
        let users = registry.resource_type("User").unwrap();
        let attributes = answer.as_object().unwrap().clone();
        serde_json::to_value(Resource::from_answer(attributes, users)).unwrap()
    }

    #[test]
    fn what_is_meant_is_read_and_nothing_is_lost() {
        let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
        let odd = json!({
            "Schemas": "urn:ietf:params:scim:schemas:core:2.0:User",
            "ID": "2819", "USERNAME": "bjensen", "username": "other", "externalid": 701_984,
            "NAME": {"GivenName": "Barbara", "familyName": null, "nick": "Babs"},
            "emails": {"Value": "bjensen@example.com", "PRIMARY": "TRUE"},
            "phoneNumbers": [null, "555"], "title": ["Guide"], "ims": null, "addresses": [],
            "META": {"Location": "../Users/2819"},
            enterprise.to_uppercase(): {"EmployeeNumber": 7, "Manager": "26118915", "x": 1},
            "urn:unheard:of": {"A": null}, "unheard": null, "active": "perhaps",
        });
        let expected = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "id": "2819", "userName": "bjensen", "username": "other", "externalId": "701984",
            "name": {"givenName": "Barbara", "nick": "Babs"},
            "emails": [{"value": "bjensen@example.com", "primary": true}],
            "phoneNumbers": [{"value": "555"}], "title": "Guide", "addresses": [],
            "meta": {"location": "../Users/2819"},
            enterprise: {"employeeNumber": "7", "manager": {"value": "26118915"}, "x": 1},
            "urn:unheard:of": {"A": null}, "unheard": null, "active": "perhaps",
        });
        assert_eq!(read(&odd), expected);
    }

    #[test]
    fn what_is_as_it_should_be_stays_as_it_is() {
        let mut user = User::new("bjensen");
        user.active = Some(true);
        let user = serde_json::to_value(user).unwrap();
        assert_eq!(read(&user), user);
    }
}
