//! A source of people and groups that is changed between cycles, gives pages, and fails as told.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
};

use async_trait::async_trait;
use scim_client::provision::{
    IdentitySource, SourceId, SourceObject,
    source::{Batch, Change, Following, Position, SourceError, Watermark},
};

/// Clones are the same source.
#[derive(Clone)]
pub(super) struct People(Arc<Mutex<Inner>>);

struct Inner {
    /// In the order in which they came; nobody in the place of who is gone.
    objects: Vec<Option<SourceObject>>,
    places: HashMap<SourceId, usize>,
    feed: Vec<SourceId>,
    page: usize,
    reads: usize,
    failing_read: Option<usize>,
}

impl People {
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(Inner {
            objects: Vec::new(),
            places: HashMap::new(),
            feed: Vec::new(),
            page: 1_000,
            reads: 0,
            failing_read: None,
        })))
    }

    /// Gives no more than that many objects at once.
    pub(super) fn with_page(self, objects: usize) -> Self {
        self.inner().page = objects;
        self
    }

    /// Puts objects in, or in the place of those with the same identifier.
    pub(super) fn put(&self, objects: impl IntoIterator<Item = SourceObject>) {
        let mut inner = self.inner();
        for object in objects {
            inner.put(object);
        }
    }

    pub(super) fn change(&self, id: &str, change: impl FnOnce(SourceObject) -> SourceObject) {
        let object = self.find(id).unwrap();
        self.put([change(object)]);
    }

    pub(super) fn remove(&self, id: &str) {
        let mut inner = self.inner();
        let id = SourceId::from(id);
        if let Some(place) = inner.places.remove(&id) {
            inner.objects[place] = None;
        }
        inner.feed.push(id);
    }

    pub(super) fn find(&self, id: &str) -> Option<SourceObject> {
        self.inner().find(&SourceId::from(id))
    }

    pub(super) fn all(&self) -> Vec<SourceObject> {
        self.inner().objects.iter().flatten().cloned().collect()
    }

    /// Fails the read with this number from now on, counted from 0, and no other one.
    pub(super) fn fail_read(&self, number: Option<usize>) {
        let mut inner = self.inner();
        inner.reads = 0;
        inner.failing_read = number;
    }

    /// How many reads there were since.
    pub(super) fn reads(&self) -> usize {
        self.inner().reads
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap()
    }
}

#[async_trait]
impl IdentitySource for People {
    async fn read(&self, position: &Position) -> Result<Batch, SourceError> {
        self.inner().read(position)
    }

    async fn get(&self, id: &SourceId) -> Result<Option<SourceObject>, SourceError> {
        Ok(self.inner().find(id))
    }
}

/// Where a page begins: of everyone there is, or of what the feed tells up to a place.
struct Place {
    since: Option<usize>,
    start: usize,
    end: usize,
}

impl Inner {
    fn put(&mut self, object: SourceObject) {
        self.feed.push(object.id.clone());
        let end = self.objects.len();
        let place = *self.places.entry(object.id.clone()).or_insert(end);
        match self.objects.get_mut(place) {
            Some(slot) => *slot = Some(object),
            None => self.objects.push(Some(object)),
        }
    }

    fn find(&self, id: &SourceId) -> Option<SourceObject> {
        self.places.get(id).and_then(|place| self.objects[*place].clone())
    }

    fn read(&mut self, position: &Position) -> Result<Batch, SourceError> {
        self.reads += 1;
        if self.failing_read == Some(self.reads - 1) {
            return Err(SourceError::new("as told"));
        }
        let Place { since, start, end } = self.place(position);
        let all: Vec<Change> = match since {
            None => self.objects.iter().flatten().cloned().map(Change::Present).collect(),
            Some(since) => self.feed[since..end].iter().map(|id| self.change(id)).collect(),
        };
        let next = start + self.page;
        let following = if next < all.len() {
            let since = since.map_or_else(|| "-".to_owned(), |since| since.to_string());
            Following::More(format!("{since} {next} {end}"))
        } else {
            Following::End(Watermark::new(end.to_string()))
        };
        Ok(Batch::new(all.into_iter().skip(start).take(self.page).collect(), following))
    }

    fn place(&self, position: &Position) -> Place {
        let end = self.feed.len();
        match position {
            Position::Start => Place { since: None, start: 0, end },
            Position::Since(since) => {
                Place { since: Some(since.as_str().parse().unwrap()), start: 0, end }
            }
            Position::Next(text) => {
                let numbers: Vec<Option<usize>> =
                    text.split(' ').map(|part| part.parse().ok()).collect();
                Place { since: numbers[0], start: numbers[1].unwrap(), end: numbers[2].unwrap() }
            }
        }
    }

    fn change(&self, id: &SourceId) -> Change {
        self.find(id).map_or_else(|| Change::Removed(id.clone()), Change::Present)
    }
}
