use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
};

use scim_core::patch::MembershipDelta;
use serde_json::{Map, Value};

/// The elements of an attribute that says which resources belong to another one.
#[derive(Debug, Default)]
pub(super) struct Members {
    /// By the order in which they came.
    elements: BTreeMap<u64, Value>,
    /// Where the element of a `value` stands.
    places: HashMap<String, u64>,
    next: u64,
}

/// Who has come and who has gone.
#[derive(Debug, Default)]
pub(super) struct Moved {
    pub(super) came: Vec<String>,
    pub(super) went: Vec<String>,
    /// Whether anything changed at all.
    pub(super) is_change: bool,
}

impl Members {
    pub(super) fn of(elements: Vec<Value>) -> Self {
        let mut members = Self::default();
        for element in elements {
            members.insert(value(&element).into_owned(), element);
        }
        members
    }

    pub(super) fn is_empty(&self) -> bool {
        self.elements.is_empty()
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &String> {
        self.places.keys()
    }

    pub(super) fn elements(&self) -> impl Iterator<Item = &Value> {
        self.elements.values()
    }

    pub(super) fn remove(&mut self, value: &str) -> bool {
        let place = self.places.remove(value);
        place.and_then(|place| self.elements.remove(&place)).is_some()
    }

    /// Carries a change out.
    pub(super) fn change(&mut self, delta: &MembershipDelta) -> Moved {
        let mut moved = Moved::default();
        if delta.clears() {
            return self.replace(delta);
        }
        for value in delta.removed() {
            if self.remove(value) {
                moved.went.push(value.to_owned());
            }
        }
        for element in delta.added() {
            let value = value(element);
            let known = self.places.get(&*value).and_then(|place| self.elements.get_mut(place));
            if let Some(known) = known {
                moved.is_change |= take_up(known, element);
            } else {
                moved.came.push(value.clone().into_owned());
                self.insert(value.into_owned(), element.clone());
            }
        }
        moved.is_change |= !moved.came.is_empty() || !moved.went.is_empty();
        moved
    }

    /// Puts the elements of a change in the place of all that are there.
    fn replace(&mut self, delta: &MembershipDelta) -> Moved {
        let next = Self::of(delta.added().cloned().collect());
        let lacks = |members: &Self, value: &&String| !members.places.contains_key(*value);
        let came = next.values().filter(|value| lacks(self, value)).cloned().collect();
        let went = self.values().filter(|value| lacks(&next, value)).cloned().collect();
        let is_change = !self.elements().eq(next.elements());
        if is_change {
            *self = next;
        }
        Moved { came, went, is_change }
    }

    fn insert(&mut self, value: String, element: Value) {
        let place = *self.places.entry(value).or_insert(self.next);
        self.elements.insert(place, element);
        self.next += 1;
    }
}

/// What an element is known by: its `value`, or else all of it.
fn value(element: &Value) -> Cow<'_, str> {
    match element.get("value") {
        Some(Value::String(value)) => Cow::Borrowed(value),
        _ => Cow::Owned(element.to_string()),
    }
}

/// RFC 7644 §3.5.2.1: an element that is there takes up what is given for it.
fn take_up(known: &mut Value, given: &Value) -> bool {
    let (Value::Object(known), Value::Object(given)) = (known, given) else { return false };
    let news: Map<_, _> = given
        .iter()
        .filter(|(name, value)| known.get(*name) != Some(*value))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let is_change = !news.is_empty();
    known.extend(news);
    is_change
}
