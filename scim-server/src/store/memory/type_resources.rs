use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use scim_core::{Resource, ResourceVersion};

use crate::store::{Expected, NewResource, StoreError, StoreQuery, UniqueKey, Update};

/// The resources of one type in one tenant, with what they are found by.
#[derive(Debug, Default)]
pub(super) struct TypeResources {
    /// By order of creation.
    entries: BTreeMap<u64, Arc<Entry>>,
    by_id: HashMap<String, u64>,
    by_unique_key: HashMap<UniqueKey, u64>,
    by_external_id: HashMap<String, Vec<u64>>,
    /// Counts creations and changes: an order, and versions that never come back.
    counter: u64,
}

/// One resource.
#[derive(Debug)]
pub(super) struct Entry {
    place: u64,
    id: String,
    unique: Vec<UniqueKey>,
    pub(super) resource: Resource,
    pub(super) version: u64,
}

impl TypeResources {
    pub(super) fn create(&mut self, new: &NewResource) -> Result<Arc<Entry>, StoreError> {
        let id = new.key.id.as_str();
        if self.by_id.contains_key(id) {
            return Err(StoreError::Uniqueness { attribute: "id".to_owned() });
        }
        self.check_unique(&new.unique, None)?;
        self.counter += 1;
        let entry = Arc::new(Entry {
            place: self.counter,
            id: id.to_owned(),
            unique: new.unique.clone(),
            resource: new.resource.clone(),
            version: self.counter,
        });
        self.insert(&entry);
        Ok(entry)
    }

    pub(super) fn find(&self, id: &str) -> Option<Arc<Entry>> {
        self.by_id.get(id).and_then(|place| self.entries.get(place)).map(Arc::clone)
    }

    /// The resources that a query can match, in order of creation.
    pub(super) fn candidates(&self, query: &StoreQuery) -> Vec<Arc<Entry>> {
        match self.places(query) {
            Some(places) => {
                places.iter().filter_map(|place| self.entries.get(place)).map(Arc::clone).collect()
            }
            None => self.entries.values().map(Arc::clone).collect(),
        }
    }

    pub(super) fn update(&mut self, update: &Update) -> Result<Arc<Entry>, StoreError> {
        let old = self.find(update.key.id.as_str()).ok_or(StoreError::NotFound)?;
        old.check_version(&update.expected)?;
        self.check_unique(&update.unique, Some(old.place))?;
        self.counter += 1;
        let entry = Arc::new(Entry {
            place: old.place,
            id: old.id.clone(),
            unique: update.unique.clone(),
            resource: update.resource.clone(),
            version: self.counter,
        });
        self.remove(&old);
        self.insert(&entry);
        Ok(entry)
    }

    pub(super) fn delete(&mut self, id: &str, expected: &Expected) -> Result<(), StoreError> {
        let old = self.find(id).ok_or(StoreError::NotFound)?;
        old.check_version(expected)?;
        self.remove(&old);
        Ok(())
    }

    /// The places of the resources that have a text which the filter requires.
    fn places(&self, query: &StoreQuery) -> Option<Vec<u64>> {
        let filter = query.filter.as_ref()?;
        if let Some(id) = filter.required_text("id") {
            return Some(self.by_id.get(id).copied().into_iter().collect());
        }
        if let Some(id) = filter.required_text("externalId") {
            return Some(self.by_external_id.get(id).cloned().unwrap_or_default());
        }
        let key = query.unique.as_ref()?;
        Some(self.by_unique_key.get(key).copied().into_iter().collect())
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
        self.by_id.insert(entry.id.clone(), place);
        for key in &entry.unique {
            self.by_unique_key.insert(key.clone(), place);
        }
        if let Some(external_id) = entry.resource.external_id() {
            let places = self.by_external_id.entry(external_id.to_owned()).or_default();
            let position = places.partition_point(|other| *other < place);
            places.insert(position, place);
        }
        self.entries.insert(place, Arc::clone(entry));
    }

    fn remove(&mut self, entry: &Entry) {
        self.entries.remove(&entry.place);
        self.by_id.remove(&entry.id);
        for key in &entry.unique {
            self.by_unique_key.remove(key);
        }
        let Some(external_id) = entry.resource.external_id() else { return };
        if let Some(places) = self.by_external_id.get_mut(external_id) {
            places.retain(|place| *place != entry.place);
            if places.is_empty() {
                self.by_external_id.remove(external_id);
            }
        }
    }
}

impl Entry {
    fn check_version(&self, expected: &Expected) -> Result<(), StoreError> {
        if expected.allows(&ResourceVersion::from_counter(self.version)) {
            Ok(())
        } else {
            Err(StoreError::VersionMismatch)
        }
    }
}
