use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
};

use serde_json::Value;

use crate::{
    resource::{Resource, identity},
    schema::{AttributeDefinition, ResourceSchema},
};

/// What happens to the members of a group, or to the elements of any other attribute that refers
/// to resources, without a look at those that stay.
///
/// It is carried out in this order: all elements go if it [`clears`](Self::clears), then those
/// [`removed`](Self::removed), then those [`added`](Self::added) come. An added element that is
/// there already takes up the sub-attributes that are given for it.
///
/// [`PatchPlan::take_delta`](super::PatchPlan::take_delta) gives it for a PATCH,
/// [`between`](Self::between) for any two states.
#[derive(Clone, Default)]
pub struct MembershipDelta {
    clears: bool,
    removed: BTreeSet<String>,
    /// By the order in which they came.
    added: BTreeMap<usize, Value>,
    /// Where an element stands among the added ones.
    places: HashMap<String, usize>,
}

impl MembershipDelta {
    /// What leads from one state of a resource to another.
    ///
    /// ```
    /// use scim_core::{Resource, SchemaRegistry, patch::MembershipDelta};
    /// use serde_json::json;
    ///
    /// let registry = SchemaRegistry::standard();
    /// let groups = registry.resource_type("Group").ok_or("no such resource type")?;
    /// let of = |ids: &[&str]| -> Resource {
    ///     let members: Vec<_> = ids.iter().map(|id| json!({"value": id})).collect();
    ///     Resource::from_canonical([("members".to_owned(), json!(members))].into_iter().collect())
    /// };
    /// let delta = MembershipDelta::between(&of(&["1", "2"]), &of(&["2", "3"]), "members", groups);
    /// assert_eq!(delta.removed().collect::<Vec<_>>(), ["1"]);
    /// assert_eq!(delta.added().collect::<Vec<_>>(), [&json!({"value": "3"})]);
    /// # Ok::<(), &str>(())
    /// ```
    pub fn between(
        before: &Resource,
        after: &Resource,
        attribute: &str,
        schema: &ResourceSchema,
    ) -> Self {
        let mut delta = Self::default();
        let Some(definition) = schema.attribute(attribute) else { return delta };
        let (before, after) = (elements(before, definition), elements(after, definition));
        let known: HashMap<_, _> = before.iter().map(|e| (key(definition, e), e)).collect();
        let stays: HashSet<_> = after.iter().map(|element| key(definition, element)).collect();
        for gone in known.keys().filter(|key| !stays.contains(*key)) {
            delta.removed.insert(gone.to_string());
        }
        for element in after {
            let key = key(definition, element);
            let old = known.get(&key).copied();
            if old == Some(element) {
                continue;
            }
            if old.is_some_and(|old| !names_all_of(element, old)) {
                // It lacks a part that the old one would hand on.
                delta.removed.insert(key.into_owned());
            }
            delta.add(definition, element.clone());
        }
        delta
    }

    /// Whether all elements that were there go first.
    pub fn clears(&self) -> bool {
        self.clears
    }

    /// The `value` of each element that goes.
    pub fn removed(&self) -> impl Iterator<Item = &str> {
        self.removed.iter().map(String::as_str)
    }

    /// The elements that come.
    pub fn added(&self) -> impl Iterator<Item = &Value> {
        self.added.values()
    }

    /// The elements that come, to be completed; what they are known by, their `value`, stays.
    pub fn added_mut(&mut self) -> impl Iterator<Item = &mut Value> {
        self.added.values_mut()
    }

    /// Whether nothing happens.
    pub fn is_empty(&self) -> bool {
        !self.clears && self.removed.is_empty() && self.added.is_empty()
    }

    /// Then everything goes.
    pub(super) fn clear(&mut self) {
        *self = Self { clears: true, ..Self::default() };
    }

    /// Then the element of that `value` goes.
    pub(super) fn remove(&mut self, value: String) {
        if let Some(place) = self.places.remove(&value) {
            self.added.remove(&place);
        }
        if !self.clears {
            self.removed.insert(value);
        }
    }

    /// Then elements go.
    pub(super) fn remove_all(&mut self, definition: &AttributeDefinition, elements: &[Value]) {
        for element in elements {
            self.remove(key(definition, element).into_owned());
        }
    }

    /// Then an element comes.
    fn add(&mut self, definition: &AttributeDefinition, element: Value) {
        let next = self.added.last_key_value().map_or(0, |(last, _)| last + 1);
        let place = *self.places.entry(key(definition, &element).into_owned()).or_insert(next);
        match self.added.get_mut(&place) {
            Some(known) => take_up(known, &element),
            None => drop(self.added.insert(place, element)),
        }
    }

    /// Then elements come.
    pub(super) fn add_all(
        &mut self,
        definition: &AttributeDefinition,
        elements: impl IntoIterator<Item = Value>,
    ) {
        for element in elements {
            self.add(definition, element);
        }
    }

    /// Then another delta.
    pub(super) fn append(&mut self, definition: &AttributeDefinition, other: Self) {
        if other.clears {
            self.clear();
        }
        for value in other.removed {
            self.remove(value);
        }
        self.add_all(definition, other.added.into_values());
    }

    /// Carries it out.
    pub(super) fn apply(&self, definition: &AttributeDefinition, elements: &mut Vec<Value>) {
        if self.clears {
            elements.clear();
        } else if !self.removed.is_empty() {
            elements.retain(|element| !self.removed.contains(&*key(definition, element)));
        }
        let mut coming = self.added.clone();
        for element in elements.iter_mut() {
            let place = self.places.get(&*key(definition, element));
            if let Some(given) = place.and_then(|place| coming.remove(place)) {
                take_up(element, &given);
            }
        }
        elements.extend(coming.into_values());
    }
}

impl std::fmt::Debug for MembershipDelta {
    /// Counts, and keeps who it is about to itself.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MembershipDelta")
            .field("clears", &self.clears)
            .field("removed", &self.removed.len())
            .field("added", &self.added.len())
            .finish_non_exhaustive()
    }
}

fn elements<'r>(resource: &'r Resource, definition: &AttributeDefinition) -> &'r [Value] {
    match resource.attributes().get(definition.name.as_str()) {
        Some(Value::Array(elements)) => elements,
        _ => &[],
    }
}

/// What an element is known by: the `value` of one that refers to a resource.
fn key<'v>(definition: &AttributeDefinition, element: &'v Value) -> Cow<'v, str> {
    match element.get("value") {
        Some(Value::String(value)) => Cow::Borrowed(value),
        _ => Cow::Owned(identity(definition, element)),
    }
}

/// RFC 7644 §3.5.2.1: an element that is there takes up what is given for it.
fn take_up(element: &mut Value, given: &Value) {
    if let (Value::Object(element), Value::Object(given)) = (element, given) {
        element.extend(given.clone());
    }
}

fn names_all_of(element: &Value, old: &Value) -> bool {
    let (Value::Object(element), Value::Object(old)) = (element, old) else { return false };
    old.keys().all(|name| element.contains_key(name))
}
