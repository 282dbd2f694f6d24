use std::{
    collections::{BTreeMap, HashMap},
    ops::Bound,
    sync::Arc,
};

use scim_core::{DateTime, filter::Lookup};

use super::{
    entry::{Content, Entry},
    members::Members,
};
use crate::store::{Expected, StoreError, UniqueKey};

/// The resources of one type in one tenant, with what they are found by.
#[derive(Debug, Default)]
pub(super) struct TypeResources {
    /// By order of creation.
    entries: BTreeMap<u64, Arc<Entry>>,
    by_id: HashMap<String, Arc<Entry>>,
    by_unique_key: HashMap<UniqueKey, u64>,
    by_external_id: HashMap<String, Vec<u64>>,
    /// What belongs to each.
    members: HashMap<u64, Members>,
    /// Counts creations and changes: an order, and versions that never come back.
    counter: u64,
}

impl TypeResources {
    pub(super) fn create(
        &mut self,
        id: &str,
        content: Content,
        members: Members,
    ) -> Result<Arc<Entry>, StoreError> {
        if self.by_id.contains_key(id) {
            return Err(StoreError::Uniqueness { attribute: "id".to_owned() });
        }
        self.check_unique(&content.unique, None)?;
        self.counter += 1;
        let entry = Entry::new(self.counter, id.to_owned(), content, self.counter)?;
        self.insert(&entry);
        self.put_members(entry.place, members);
        Ok(entry)
    }

    pub(super) fn find(&self, id: &str) -> Option<Arc<Entry>> {
        self.by_id.get(id).map(Arc::clone)
    }

    pub(super) fn at(&self, place: u64) -> Option<&Arc<Entry>> {
        self.entries.get(&place)
    }

    /// All resources behind a place, in order of creation.
    pub(super) fn behind(&self, place: u64) -> impl Iterator<Item = &Arc<Entry>> {
        self.entries.range((Bound::Excluded(place), Bound::Unbounded)).map(|(_, entry)| entry)
    }

    /// The places of the resources that an attribute of their own leads to.
    pub(super) fn places(&self, lookup: &Lookup<'_>) -> Vec<u64> {
        match lookup.path().as_str() {
            "id" => self.by_id.get(lookup.text).map(|entry| entry.place).into_iter().collect(),
            "externalId" => self.by_external_id.get(lookup.text).cloned().unwrap_or_default(),
            path => {
                let key = UniqueKey::new(path, lookup.text);
                self.by_unique_key.get(&key).copied().into_iter().collect()
            }
        }
    }

    pub(super) fn update(
        &mut self,
        old: &Entry,
        content: Content,
    ) -> Result<Arc<Entry>, StoreError> {
        self.check_unique(&content.unique, Some(old.place))?;
        let entry = Entry::new(old.place, old.id.clone(), content, self.counter + 1)?;
        self.counter += 1;
        self.remove_keys(old);
        self.insert(&entry);
        Ok(entry)
    }

    /// Gives a resource another version, since what belongs to it has changed.
    pub(super) fn touch(&mut self, place: u64, now: DateTime) -> Result<Arc<Entry>, StoreError> {
        let old = self.entries.get(&place).ok_or(StoreError::NotFound)?;
        let entry = old.touched(self.counter + 1, now)?;
        self.counter += 1;
        self.put(&entry);
        Ok(entry)
    }

    /// Removes a resource; what belonged to it is given back.
    pub(super) fn delete(&mut self, old: &Entry) -> Members {
        self.remove_keys(old);
        self.entries.remove(&old.place);
        self.by_id.remove(&old.id);
        self.members.remove(&old.place).unwrap_or_default()
    }

    pub(super) fn members(&self, place: u64) -> Option<&Members> {
        self.members.get(&place)
    }

    pub(super) fn members_mut(&mut self, place: u64) -> &mut Members {
        self.members.entry(place).or_default()
    }

    /// Puts members in the place of those that are given back.
    pub(super) fn put_members(&mut self, place: u64, members: Members) -> Members {
        let before = self.members.remove(&place).unwrap_or_default();
        if !members.is_empty() {
            self.members.insert(place, members);
        }
        before
    }

    /// The resource of that `id`, if it has the version it must have.
    pub(super) fn expected(&self, id: &str, expected: &Expected) -> Result<Arc<Entry>, StoreError> {
        let entry = self.find(id).ok_or(StoreError::NotFound)?;
        entry.check_version(expected)?;
        Ok(entry)
    }

    fn check_unique(&self, unique: &[UniqueKey], own: Option<u64>) -> Result<(), StoreError> {
        let taken = unique
            .iter()
            .find(|key| self.by_unique_key.get(key).is_some_and(|place| Some(*place) != own));
        match taken {
            Some(key) => Err(StoreError::Uniqueness { attribute: key.attribute.clone() }),
            None => Ok(()),
        }
    }

    fn insert(&mut self, entry: &Arc<Entry>) {
        let place = entry.place;
        for key in &entry.unique {
            self.by_unique_key.insert(key.clone(), place);
        }
        if let Some(external_id) = entry.compact.text("externalId") {
            let places = self.by_external_id.entry(external_id.to_owned()).or_default();
            let position = places.partition_point(|other| *other < place);
            places.insert(position, place);
        }
        self.put(entry);
    }

    /// Puts an entry in the place of the one before it.
    fn put(&mut self, entry: &Arc<Entry>) {
        self.by_id.insert(entry.id.clone(), Arc::clone(entry));
        self.entries.insert(entry.place, Arc::clone(entry));
    }

    fn remove_keys(&mut self, entry: &Entry) {
        for key in &entry.unique {
            self.by_unique_key.remove(key);
        }
        let Some(external_id) = entry.compact.text("externalId") else { return };
        if let Some(places) = self.by_external_id.get_mut(external_id) {
            places.retain(|place| *place != entry.place);
            if places.is_empty() {
                self.by_external_id.remove(external_id);
            }
        }
    }
}
