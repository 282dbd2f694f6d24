use scim_core::TypedResource;
use scim_core::User;
use serde_json::{Map, Value};

use super::Unadaptable;
use crate::target::Profile;

/// Brings a resource that is to be created or replaced into the form that the service provider
/// takes.
pub(crate) fn adapt_resource(
    profile: &Profile,
    endpoint: &str,
    attributes: &mut Map<String, Value>,
) -> Result<(), Unadaptable> {
    if !endpoint.eq_ignore_ascii_case(User::ENDPOINT) {
        return Ok(());
    }
    attributes.retain(|name, _| !profile.omitted.iter().any(|out| out.eq_ignore_ascii_case(name)));
    if !profile.takes_several_values {
        attributes.iter_mut().for_each(keep_one);
    }
    profile.required.iter().try_for_each(|path| require(path, attributes))
}

/// Leaves the primary value, or else the first, of an attribute that has several; `schemas` stay.
fn keep_one((name, value): (&String, &mut Value)) {
    if let Value::Object(extension) = value {
        extension.iter_mut().for_each(keep_one);
    }
    let Value::Array(values) = value else { return };
    if values.len() < 2 || name.eq_ignore_ascii_case("schemas") {
        return;
    }
    let is_primary = |value: &Value| value.get("primary") == Some(&Value::Bool(true));
    let index = values.iter().position(is_primary).unwrap_or_default();
    values.swap(0, index);
    values.truncate(1);
}

/// Makes sure that there is a value. A `displayName` follows from the other names.
fn require(path: &str, attributes: &mut Map<String, Value>) -> Result<(), Unadaptable> {
    let found = path.split('.').try_fold(None, |at: Option<&Value>, name| {
        let object = at.map_or(Some(&*attributes), Value::as_object)?;
        Some(Some(object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?.1))
    });
    let is_value = |value: &Value| !value.is_null() && value.as_str() != Some("");
    if found.flatten().is_some_and(is_value) {
        return Ok(());
    }
    match display_name(attributes).filter(|_| path == "displayName") {
        Some(name) => {
            attributes.insert("displayName".to_owned(), Value::String(name));
            Ok(())
        }
        None => Err(Unadaptable::Missing(path.to_owned())),
    }
}

/// The formatted name, or the given name and the family name, or the user name.
fn display_name(attributes: &Map<String, Value>) -> Option<String> {
    let name = attributes.get("name");
    let part = |part: &str| name?.get(part)?.as_str().filter(|text| !text.is_empty());
    let both = [part("givenName"), part("familyName")].into_iter().flatten().collect::<Vec<_>>();
    let whole = part("formatted").map(str::to_owned);
    let whole = whole.or_else(|| (!both.is_empty()).then(|| both.join(" ")));
    whole.or_else(|| attributes.get("userName")?.as_str().map(str::to_owned))
}
