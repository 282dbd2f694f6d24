//! Second stage: instructions are carried out on a copy of the resource, all or none.

use serde_json::{Map, Value};

use super::{
    PatchError, PatchErrorKind, PatchOp, PatchPlan,
    assign::{remove, set},
    budget::Budget,
    elements::{add_elements, change_elements, created, keep_one_primary, remove_elements},
    instruction::{Action, Instruction, Target},
};
use crate::{
    resource::{InvalidResource, Resource, Tolerances, check_required, declare_schemas},
    schema::{AttributeDefinition, ResourceSchema},
};

/// A resource after a PATCH.
#[derive(Clone, Debug)]
pub struct Patched {
    resource: Resource,
    effect: Effect,
    tolerances: Tolerances,
}

/// What a PATCH did.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Effect {
    /// The resource is as it was: no new version, no new `meta.lastModified`.
    Unchanged,
    /// The resource has changed.
    Changed,
}

impl Patched {
    /// The resource.
    pub fn resource(&self) -> &Resource {
        &self.resource
    }

    /// The resource.
    pub fn into_resource(self) -> Resource {
        self.resource
    }

    /// What the PATCH did.
    pub fn effect(&self) -> Effect {
        self.effect
    }

    /// The tolerances that the operations needed.
    pub fn tolerances(&self) -> Tolerances {
        self.tolerances
    }
}

impl Resource {
    /// The resource after a PATCH; this one stays as it is ([RFC 7644 §3.5.2]).
    ///
    /// # Errors
    /// If an operation cannot be done, or the result would lack what the schema requires.
    ///
    /// [RFC 7644 §3.5.2]: https://www.rfc-editor.org/rfc/rfc7644#section-3.5.2
    pub fn patched(
        &self,
        patch: &PatchOp,
        schema: &ResourceSchema,
        tolerances: Tolerances,
    ) -> Result<Patched, PatchError> {
        patch.plan(schema, tolerances)?.apply(self)
    }
}

impl PatchPlan<'_> {
    /// The resource after the PATCH; the one that is given stays as it is.
    ///
    /// # Errors
    /// If an operation cannot be done, the result would lack what the schema requires, or the
    /// operations together would cost much more than a look at the resource and the request.
    pub fn apply(&self, resource: &Resource) -> Result<Patched, PatchError> {
        let (schema, tolerances) = (self.schema, self.tolerances);
        let mut attributes = resource.attributes().clone();
        let mut budget = Budget::new(&attributes, self.size);
        for instruction in &self.instructions {
            apply(instruction, &mut attributes, &mut budget)
                .map_err(|kind| PatchError::in_operation(instruction.operation, kind))?;
        }
        remove_unassigned(&mut attributes);
        if attributes != *resource.attributes() {
            declare_schemas(&mut attributes, schema);
        }
        if attributes == *resource.attributes() {
            let resource = resource.clone();
            return Ok(Patched { resource, effect: Effect::Unchanged, tolerances });
        }
        let violations = check_required(&attributes, schema);
        if !violations.is_empty() {
            return Err(PatchError::new(PatchErrorKind::Result(InvalidResource::new(violations))));
        }
        let resource = Resource::from_canonical(attributes);
        Ok(Patched { resource, effect: Effect::Changed, tolerances })
    }
}

fn apply(
    instruction: &Instruction<'_>,
    resource: &mut Map<String, Value>,
    budget: &mut Budget,
) -> Result<(), PatchErrorKind> {
    let Instruction { target, action, .. } = instruction;
    let container = match target.extension {
        Some(uri) => resource
            .entry(uri.as_str())
            .or_insert_with(|| Value::Object(Map::new()))
            .as_object_mut(),
        None => Some(resource),
    };
    let no_container = || PatchErrorKind::NoTarget { path: target.path() };
    let container = container.ok_or_else(no_container)?;
    budget.pay(instruction, container.get(target.attribute.name.as_str()))?;
    let place = Place { target, container };
    match (&target.selection, target.sub_attribute) {
        (Some(_), _) => place.change_selected(action),
        (None, Some(sub)) => place.change_sub_attribute(sub, action),
        (None, None) => place.change_attribute(action),
    }
}

/// A target and the object that holds its attribute.
struct Place<'t, 's> {
    target: &'t Target<'s>,
    container: &'t mut Map<String, Value>,
}

impl<'t> Place<'t, '_> {
    fn name(&self) -> &'t str {
        self.target.attribute.name.as_str()
    }

    fn change_attribute(self, action: &Action) -> Result<(), PatchErrorKind> {
        let attribute = self.target.attribute;
        match action {
            Action::Add(Value::Array(added)) if attribute.multi_valued => {
                if let Some(elements) = self.elements() {
                    add_elements(attribute, elements, added);
                }
                Ok(())
            }
            Action::Delta(delta) => {
                if let Some(elements) = self.elements() {
                    delta.apply(attribute, elements);
                }
                Ok(())
            }
            Action::Add(value) | Action::Replace(value) => {
                set(self.target, attribute, self.container, value)
            }
            Action::Remove => remove(self.target, attribute, self.container),
            Action::RemoveValues(values) => {
                if let Some(Value::Array(elements)) = self.container.get_mut(self.name()) {
                    remove_elements(attribute, elements, values);
                }
                Ok(())
            }
            Action::ExpectUnchanged(value) => {
                let is_there = self.container.get(self.name()).is_some_and(|old| holds(old, value));
                let says_nothing = value.is_null() || *value == Value::Array(Vec::new());
                if is_there || says_nothing {
                    Ok(())
                } else {
                    Err(self.target.refused("is read-only"))
                }
            }
        }
    }

    /// The elements of the attribute, to change.
    fn elements(self) -> Option<&'t mut Vec<Value>> {
        let slot = self.container.entry(self.target.attribute.name.as_str());
        let slot = slot.or_insert_with(|| Value::Array(Vec::new()));
        if !slot.is_array() {
            *slot = Value::Array(vec![slot.take()]);
        }
        slot.as_array_mut()
    }

    fn change_sub_attribute(
        self,
        sub: &AttributeDefinition,
        action: &Action,
    ) -> Result<(), PatchErrorKind> {
        let target = self.target;
        let attribute = target.attribute;
        let name = attribute.name.as_str();
        match (action, self.container.get_mut(name)) {
            (Action::Remove, Some(value)) => {
                each_object(value, |object| remove(target, sub, object))
            }
            (Action::Add(value) | Action::Replace(value), Some(old)) if !is_empty(old) => {
                each_object(old, |object| set(target, sub, object, value))?;
                if let Value::Array(elements) = old
                    && sub.name == "primary"
                {
                    keep_one_primary(elements, &|_, _| true);
                }
                Ok(())
            }
            (Action::Add(value) | Action::Replace(value), _) => {
                let object = Map::from_iter([(sub.name.to_string(), value.clone())]);
                let object = Value::Object(object);
                let value =
                    if attribute.multi_valued { Value::Array(vec![object]) } else { object };
                self.container.insert(name.to_owned(), value);
                Ok(())
            }
            (Action::ExpectUnchanged(value), old) => {
                let old = old.and_then(|old| old.get(sub.name.as_str()));
                let is_there = old.is_some_and(|old| holds(old, value));
                if is_there || value.is_null() {
                    Ok(())
                } else {
                    Err(target.refused("is read-only"))
                }
            }
            (Action::Remove | Action::RemoveValues(_) | Action::Delta(_), _) => Ok(()),
        }
    }

    fn change_selected(self, action: &Action) -> Result<(), PatchErrorKind> {
        let target = self.target;
        let Some(selection) = &target.selection else { return Ok(()) };
        let name = target.attribute.name.as_str();
        let mut elements = match self.container.remove(name) {
            Some(Value::Array(elements)) => elements,
            Some(single) => vec![single],
            None => Vec::new(),
        };
        let selected: Vec<bool> =
            elements.iter().map(|element| selection.filter.matches_element(element)).collect();
        if selected.contains(&true) {
            change_elements(target, &mut elements, &selected, action)?;
        } else {
            match (action, &selection.template) {
                // RFC 7644 §3.5.2.2: whoever is no member is removed with success.
                (Action::Remove | Action::RemoveValues(_), _) => {}
                (action, Some(template)) => {
                    elements.push(created(target, template, action)?);
                    keep_one_primary(&mut elements, &|index, last| index == last);
                }
                (_, None) => return Err(PatchErrorKind::NoTarget { path: target.path() }),
            }
        }
        let value = if target.attribute.multi_valued {
            Value::Array(elements)
        } else {
            elements.into_iter().next().unwrap_or(Value::Null)
        };
        self.container.insert(name.to_owned(), value);
        Ok(())
    }
}

/// Whether what is there holds at least what is given.
fn holds(old: &Value, given: &Value) -> bool {
    match (old, given) {
        (Value::Object(old), Value::Object(given)) => given.iter().all(|(name, given)| {
            old.get(name).map_or_else(|| given.is_null(), |old| holds(old, given))
        }),
        (Value::Array(old), Value::Array(given)) => {
            given.iter().all(|given| old.iter().any(|old| holds(old, given)))
        }
        (old, given) => old == given,
    }
}

fn each_object(
    value: &mut Value,
    mut change: impl FnMut(&mut Map<String, Value>) -> Result<(), PatchErrorKind>,
) -> Result<(), PatchErrorKind> {
    match value {
        Value::Object(object) => change(object),
        Value::Array(elements) => {
            elements.iter_mut().filter_map(Value::as_object_mut).try_for_each(change)
        }
        _ => Ok(()),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(elements) => elements.is_empty(),
        Value::Object(object) => object.is_empty(),
        _ => false,
    }
}

/// RFC 7643 §2.5: empty lists and objects are no values.
fn remove_unassigned(object: &mut Map<String, Value>) {
    object.retain(|_, value| {
        match value {
            Value::Object(inner) => remove_unassigned(inner),
            Value::Array(elements) => elements.retain_mut(|element| {
                if let Value::Object(inner) = element {
                    remove_unassigned(inner);
                }
                !is_empty(element)
            }),
            _ => {}
        }
        !is_empty(value)
    });
}
