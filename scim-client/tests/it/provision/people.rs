//! A source that is changed between cycles, gives pages, and fails as it is told.

use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use scim_client::provision::{
    IdentitySource, SourceId, SourceObject,
    source::{Batch, Change, Following, Position, SourceError, Watermark},
};

/// Clones are the same source.
#[derive(Clone)]
pub(super) struct People(Arc<Mutex<Inner>>);

struct Inner {
    people: Vec<SourceObject>,
    feed: Vec<SourceId>,
    page: usize,
    reads: usize,
    failing_read: Option<usize>,
    never_ends: bool,
    is_get_failing: bool,
}

impl People {
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(Inner {
            people: Vec::new(),
            feed: Vec::new(),
            page: 2,
            reads: 0,
            failing_read: None,
            never_ends: false,
            is_get_failing: false,
        })))
    }

    /// Puts people in, or in the place of those with the same identifier.
    pub(super) fn put(&self, people: impl IntoIterator<Item = SourceObject>) {
        let mut inner = self.inner();
        for person in people {
            inner.feed.push(person.id.clone());
            match inner.people.iter_mut().find(|old| old.id == person.id) {
                Some(old) => *old = person,
                None => inner.people.push(person),
            }
        }
    }

    /// Changes one.
    pub(super) fn change(&self, id: &str, change: impl FnOnce(SourceObject) -> SourceObject) {
        self.put([change(self.find(id).unwrap())]);
    }

    pub(super) fn remove(&self, id: &str) {
        let mut inner = self.inner();
        inner.people.retain(|person| person.id.as_str() != id);
        inner.feed.push(SourceId::from(id));
    }

    /// Removes one without a word in the feed.
    pub(super) fn lose(&self, id: &str) {
        self.inner().people.retain(|person| person.id.as_str() != id);
    }

    pub(super) fn find(&self, id: &str) -> Option<SourceObject> {
        self.inner().people.iter().find(|person| person.id.as_str() == id).cloned()
    }

    /// Whether the last word of the feed is about this one.
    pub(super) fn is_in_feed_last(&self, id: &str) -> bool {
        self.inner().feed.last().is_some_and(|last| last.as_str() == id)
    }

    pub(super) fn watermark(&self) -> Watermark {
        Watermark::new(self.inner().feed.len().to_string())
    }

    /// Fails the read with this number from now on, counted from 0, and no other one.
    pub(super) fn fail_read(&self, number: Option<usize>) {
        let mut inner = self.inner();
        inner.reads = 0;
        inner.failing_read = number;
    }

    /// Has the last page not answer at all.
    pub(super) fn never_end(&self) {
        self.inner().never_ends = true;
    }

    pub(super) fn fail_get(&self, fails: bool) {
        self.inner().is_get_failing = fails;
    }

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
        let batch = self.inner().read(position)?;
        if self.inner().never_ends && matches!(batch.following, Following::End(_)) {
            std::future::pending::<()>().await;
        }
        Ok(batch)
    }

    async fn get(&self, id: &SourceId) -> Result<Option<SourceObject>, SourceError> {
        if self.inner().is_get_failing {
            return Err(SourceError::new("as told"));
        }
        Ok(self.find(id.as_str()))
    }
}

impl Inner {
    fn read(&mut self, position: &Position) -> Result<Batch, SourceError> {
        self.reads += 1;
        if self.failing_read == Some(self.reads - 1) {
            return Err(SourceError::new("as told"));
        }
        let end = self.feed.len();
        let (since, start, end) = match position {
            Position::Start => (None, 0, end),
            Position::Since(watermark) => (Some(watermark.as_str().parse().unwrap()), 0, end),
            Position::Next(text) => {
                let mut parts = text.split(' ').map(|part| part.parse::<usize>().ok());
                let mut next = || parts.next().unwrap();
                (next(), next().unwrap(), next().unwrap())
            }
        };
        let all: Vec<Change> = match since {
            None => self.people.iter().cloned().map(Change::Present).collect(),
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

    fn change(&self, id: &SourceId) -> Change {
        let person = self.people.iter().find(|person| person.id == *id).cloned();
        person.map_or_else(|| Change::Removed(id.clone()), Change::Present)
    }
}
