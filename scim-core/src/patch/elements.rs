//! What happens to the elements of a multi-valued attribute.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::{
    PatchErrorKind,
    assign::{remove, set},
    instruction::{Action, Selection, Target},
};
use crate::{
    filter::same_value,
    resource::{identity, is_primary},
    schema::AttributeDefinition,
};

/// The element that a selection without match creates.
pub(super) fn created(
    target: &Target<'_>,
    template: &Map<String, Value>,
    action: &Action,
) -> Result<Value, PatchErrorKind> {
    let no_target = || PatchErrorKind::NoTarget { path: target.path() };
    let mut element = template.clone();
    match (action, target.sub_attribute) {
        (Action::Add(value) | Action::Replace(value), Some(sub)) => {
            element.insert(sub.name.to_string(), value.clone());
        }
        (Action::Add(Value::Object(members)), None) => element.extend(members.clone()),
        // RFC 7644 §3.5.2.3: a whole value cannot take the place of none.
        _ => return Err(no_target()),
    }
    let element = Value::Object(element);
    // Else the same request would create one more each time.
    let is_found = |selection: &Selection| selection.filter.matches_element(&element);
    if target.selection.as_ref().is_some_and(is_found) { Ok(element) } else { Err(no_target()) }
}

pub(super) fn change_elements(
    target: &Target<'_>,
    elements: &mut Vec<Value>,
    selected: &[bool],
    action: &Action,
) -> Result<(), PatchErrorKind> {
    let is_selected = |index: usize| selected.get(index) == Some(&true);
    match (action, target.sub_attribute) {
        (Action::Remove | Action::RemoveValues(_), None) => {
            let mut index = 0;
            elements.retain(|_| {
                index += 1;
                !is_selected(index - 1)
            });
            return Ok(());
        }
        (Action::ExpectUnchanged(_), _) => return Err(target.refused("is read-only")),
        _ => {}
    }
    for (index, element) in elements.iter_mut().enumerate() {
        if !is_selected(index) {
            continue;
        }
        match (action, target.sub_attribute, &mut *element) {
            (Action::Add(value) | Action::Replace(value), Some(sub), Value::Object(object)) => {
                set(target, sub, object, value)?;
            }
            (Action::Remove, Some(sub), Value::Object(object)) => remove(target, sub, object)?,
            (Action::Add(Value::Object(members)), None, Value::Object(object)) => {
                object.extend(members.clone());
            }
            (Action::Add(value) | Action::Replace(value), None, element) => {
                *element = value.clone();
            }
            _ => {}
        }
    }
    let primary_given = match (action, target.sub_attribute) {
        (Action::Add(value) | Action::Replace(value), Some(sub)) => {
            sub.name == "primary" && *value == Value::Bool(true)
        }
        (Action::Add(value) | Action::Replace(value), None) => is_primary(value),
        _ => false,
    };
    if primary_given {
        keep_one_primary(elements, &|index, _| is_selected(index));
    }
    Ok(())
}

/// Adds elements; one that is there already takes up what is new (RFC 7644 §3.5.2.1).
pub(super) fn add_elements(
    definition: &AttributeDefinition,
    elements: &mut Vec<Value>,
    added: &[Value],
) {
    let mut places: HashMap<String, usize> =
        elements.iter().enumerate().map(|(index, e)| (identity(definition, e), index)).collect();
    let mut primary = None;
    for element in added {
        let key = identity(definition, element);
        let index = *places.entry(key).or_insert(elements.len());
        if is_primary(element) {
            primary = Some(index);
        }
        match (elements.get_mut(index), element) {
            (Some(Value::Object(old)), Value::Object(new)) => old.extend(new.clone()),
            (Some(_), _) => {}
            (None, element) => elements.push(element.clone()),
        }
    }
    if let Some(primary) = primary {
        keep_one_primary(elements, &|index, _| index == primary);
    }
}

/// Removes the elements that the values name.
///
/// What refers to a resource is known by its `value`; anything else may be told in part.
pub(super) fn remove_elements(
    definition: &AttributeDefinition,
    elements: &mut Vec<Value>,
    values: &[Value],
) {
    let named: HashSet<_> = values.iter().map(|value| identity(definition, value)).collect();
    let in_part = if definition.sub_attribute("$ref").is_some() { &[] } else { values };
    elements.retain(|element| {
        let is_named = named.contains(&identity(definition, element))
            || in_part.iter().any(|value| names(definition, value, element));
        !is_named
    });
}

/// RFC 7644 §3.5.2: a new primary value takes the mark from the others.
pub(super) fn keep_one_primary(elements: &mut [Value], keeps: &dyn Fn(usize, usize) -> bool) {
    let last = elements.len().saturating_sub(1);
    let kept = elements
        .iter()
        .enumerate()
        .filter(|(index, element)| keeps(*index, last) && is_primary(element))
        .map(|(index, _)| index)
        .next_back();
    let Some(kept) = kept else { return };
    for (index, element) in elements.iter_mut().enumerate() {
        if index != kept
            && is_primary(element)
            && let Value::Object(object) = element
        {
            object.remove("primary");
        }
    }
}

/// Whether a value given to `remove` means this element, though it tells only part of it.
fn names(definition: &AttributeDefinition, value: &Value, element: &Value) -> bool {
    let (Value::Object(value), Value::Object(element)) = (value, element) else { return false };
    let same =
        |name: &String, given: &Value| match (definition.sub_attribute(name), element.get(name)) {
            (Some(sub), Some(old)) => same_value(sub, old, given),
            _ => false,
        };
    !value.is_empty() && value.iter().all(|(name, given)| same(name, given))
}
