use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use scim_core::{DateTime, Resource, filter::Lookup};
use serde_json::{Map, Value, json};

use super::{
    entry::{Content, Entry},
    members::Members,
    type_resources::TypeResources,
};
use crate::store::{
    Expected, Membership, MembershipChange, MembershipOutcome, NewResource, ResourceKey,
    StoreError, StoreQuery, Update, Wanted,
};

/// The resources of one tenant, and which of them belong to which.
#[derive(Debug, Default)]
pub(super) struct TenantResources {
    types: HashMap<String, TypeResources>,
    /// What each `value` belongs to, by resource type and place; it may be the `id` of no resource.
    belongings: HashMap<String, BTreeSet<(String, u64)>>,
}

impl TenantResources {
    pub(super) fn create(&mut self, new: NewResource) -> Result<Arc<Entry>, StoreError> {
        let NewResource { key, resource, unique, membership } = new;
        let (content, members) = taken_apart(resource, unique, membership);
        let values: Vec<_> = members.values().cloned().collect();
        let resources = self.types.entry(key.resource_type.clone()).or_default();
        let entry = resources.create(key.id.as_str(), content, members)?;
        self.note_came(&key.resource_type, entry.place, values);
        Ok(entry)
    }

    pub(super) fn find(&self, key: &ResourceKey) -> Option<Arc<Entry>> {
        self.types.get(&key.resource_type)?.find(key.id.as_str())
    }

    /// The resources that a query can match, in order of creation, behind a place.
    pub(super) fn candidates(&self, query: &StoreQuery, behind: u64) -> Vec<Arc<Entry>> {
        let Some(resources) = self.types.get(&query.resource_type) else { return Vec::new() };
        let cost = |lookup: &Lookup<'_>| cost(lookup, query);
        let lookups = query.filter.as_ref().and_then(|filter| filter.lookups(&cost));
        let Some(lookups) = lookups else { return resources.behind(behind).cloned().collect() };
        let found = lookups.iter().flat_map(|lookup| self.found_by(lookup, query, resources));
        let places: BTreeSet<u64> = found.filter(|place| *place > behind).collect();
        places.into_iter().filter_map(|place| resources.at(place)).cloned().collect()
    }

    fn found_by(
        &self,
        lookup: &Lookup<'_>,
        query: &StoreQuery,
        resources: &TypeResources,
    ) -> Vec<u64> {
        if lookup.sub_attribute.is_none() {
            return resources.places(lookup);
        }
        let groups = self.belongings.get(lookup.text).into_iter().flatten();
        let groups = groups.filter(|(resource_type, _)| *resource_type == query.resource_type);
        groups.map(|(_, place)| *place).collect()
    }

    /// The resource as it is now, if it still is there.
    pub(super) fn current(&self, resource_type: &str, entry: &Arc<Entry>) -> Arc<Entry> {
        let current = self.types.get(resource_type).and_then(|types| types.at(entry.place));
        Arc::clone(current.unwrap_or(entry))
    }

    /// The document with what belongs to it and what it belongs to, as far as wanted; `None` if
    /// that adds nothing.
    pub(super) fn composed(
        &self,
        resource_type: &str,
        entry: &Entry,
        wanted: Wanted,
    ) -> Option<Resource> {
        let members = entry.membership.as_ref().filter(|_| wanted.membership).and_then(|name| {
            let members = self.types.get(resource_type)?.members(entry.place)?;
            Some((name, members.elements().cloned().collect::<Vec<_>>()))
        });
        let groups = self.belongings.get(&entry.id).filter(|_| wanted.groups);
        if members.is_none() && groups.is_none() {
            return None;
        }
        let mut resource = entry.compact.to_resource();
        let attributes = resource.attributes_mut();
        if let Some((name, elements)) = members.filter(|(_, elements)| !elements.is_empty()) {
            attributes.insert(name.clone(), Value::Array(elements));
        }
        if let Some(groups) = groups {
            let groups = groups.iter().filter_map(|(resource_type, place)| {
                self.types.get(resource_type)?.at(*place).map(|group| as_group(group))
            });
            attributes.insert("groups".to_owned(), groups.collect());
        }
        Some(resource)
    }

    pub(super) fn update(&mut self, update: Update) -> Result<Arc<Entry>, StoreError> {
        let Update { key, expected, resource, unique, membership, .. } = update;
        let resources = self.types.get_mut(&key.resource_type).ok_or(StoreError::NotFound)?;
        let old = resources.expected(key.id.as_str(), &expected)?;
        let membership = match membership {
            Membership::Given(attribute) => attribute,
            Membership::Stays => {
                let content = Content { resource, unique, membership: old.membership.clone() };
                return resources.update(&old, content);
            }
        };
        let (content, members) = taken_apart(resource, unique, membership);
        let entry = resources.update(&old, content)?;
        let values = |members: &Members| members.values().cloned().collect::<BTreeSet<String>>();
        let after = values(&members);
        let before = values(&resources.put_members(old.place, members));
        self.note_went(&key.resource_type, old.place, before.difference(&after));
        self.note_came(&key.resource_type, old.place, after.difference(&before).cloned());
        Ok(entry)
    }

    /// Removes a resource, also from what it belonged to.
    pub(super) fn delete(
        &mut self,
        key: &ResourceKey,
        expected: &Expected,
        now: DateTime,
    ) -> Result<(), StoreError> {
        let resources = self.types.get_mut(&key.resource_type).ok_or(StoreError::NotFound)?;
        let old = resources.expected(key.id.as_str(), expected)?;
        let members = resources.delete(&old);
        self.note_went(&key.resource_type, old.place, members.values());
        for (resource_type, place) in self.belongings.remove(&old.id).unwrap_or_default() {
            let Some(resources) = self.types.get_mut(&resource_type) else { continue };
            resources.members_mut(place).remove(&old.id);
            resources.touch(place, now)?;
        }
        Ok(())
    }

    pub(super) fn change_membership(
        &mut self,
        change: &MembershipChange,
        now: DateTime,
    ) -> Result<MembershipOutcome, StoreError> {
        let MembershipChange { key, attribute, expected, delta } = change;
        let resources = self.types.get_mut(&key.resource_type).ok_or(StoreError::NotFound)?;
        let old = resources.expected(key.id.as_str(), expected)?;
        if old.membership.as_ref() != Some(attribute) {
            // It came before the attribute was one to be kept apart, and is in the document.
            return Ok(MembershipOutcome::NotOffered);
        }
        let moved = resources.members_mut(old.place).change(delta);
        if !moved.is_change {
            return Ok(MembershipOutcome::Unchanged(old.version()));
        }
        let entry = resources.touch(old.place, now)?;
        self.note_went(&key.resource_type, old.place, &moved.went);
        self.note_came(&key.resource_type, old.place, moved.came);
        Ok(MembershipOutcome::Changed(entry.version()))
    }

    fn note_came(
        &mut self,
        resource_type: &str,
        place: u64,
        values: impl IntoIterator<Item = String>,
    ) {
        for value in values {
            self.belongings.entry(value).or_default().insert((resource_type.to_owned(), place));
        }
    }

    fn note_went<'v>(
        &mut self,
        resource_type: &str,
        place: u64,
        values: impl IntoIterator<Item = &'v String>,
    ) {
        let group = (resource_type.to_owned(), place);
        for value in values {
            let Some(groups) = self.belongings.get_mut(value) else { continue };
            groups.remove(&group);
            if groups.is_empty() {
                self.belongings.remove(value);
            }
        }
    }
}

/// What a look-up costs, of those that are offered: what is kept of a resource beside it, and
/// what belongs to it.
fn cost(lookup: &Lookup<'_>, query: &StoreQuery) -> Option<u64> {
    if lookup.is_prefix {
        return None;
    }
    let path = lookup.path();
    match path.as_str() {
        "id" | "externalId" => Some(1),
        path if query.unique.iter().any(|unique| unique == path) => Some(1),
        _ => {
            let is_member = lookup.extension.is_none()
                && query.membership.as_deref() == Some(lookup.attribute)
                && lookup.sub_attribute == Some("value");
            is_member.then_some(10)
        }
    }
}

/// A document without the attribute that is kept apart, and the elements of that.
fn taken_apart(
    mut resource: Resource,
    unique: Vec<crate::store::UniqueKey>,
    membership: Option<String>,
) -> (Content, Members) {
    let taken = membership.as_ref().and_then(|name| resource.attributes_mut().remove(name));
    let members = match taken {
        Some(Value::Array(elements)) => Members::of(elements),
        _ => Members::default(),
    };
    (Content { resource, unique, membership }, members)
}

/// An element of `groups` (RFC 7643 §4.1.2).
fn as_group(group: &Entry) -> Value {
    let mut element = Map::new();
    element.insert("value".to_owned(), json!(group.id));
    if let Some(name) = group.compact.text("displayName") {
        element.insert("display".to_owned(), json!(name));
    }
    element.insert("type".to_owned(), json!("direct"));
    Value::Object(element)
}
