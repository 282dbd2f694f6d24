use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use scim_core::Resource;
use serde_json::{Map, Value};

use crate::{
    context::Context,
    store::{
        Expected, MembershipChange, MembershipOutcome, NewResource, Page, ResourceKey,
        ResourceStore, StoreError, StoreQuery, StoredResource, Update, Wanted,
    },
};

/// What a call of the store counts besides the documents that it is about.
const CALL: usize = 512;

/// A store that counts the bytes of the documents that go in and out, and the calls.
///
/// What an operation costs besides, such as carrying out a PATCH, is bounded by the size of its
/// document and of the request.
pub(super) struct Meter {
    store: Arc<dyn ResourceStore>,
    bytes: AtomicUsize,
}

impl Meter {
    pub(super) fn new(store: Arc<dyn ResourceStore>) -> Self {
        Self { store, bytes: AtomicUsize::new(0) }
    }

    /// The bytes until now.
    pub(super) fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Relaxed)
    }

    fn count_call(&self) {
        self.bytes.fetch_add(CALL, Ordering::Relaxed);
    }

    fn count(&self, resource: &Resource) {
        self.bytes.fetch_add(size(resource.attributes()), Ordering::Relaxed);
    }

    fn count_stored(&self, stored: &StoredResource) -> Result<(), StoreError> {
        match stored.text() {
            Some(text) => {
                self.bytes.fetch_add(text.as_str().len(), Ordering::Relaxed);
            }
            None => self.count(stored.resource()?.as_ref()),
        }
        Ok(())
    }
}

#[async_trait]
impl ResourceStore for Meter {
    async fn create(&self, cx: &Context, new: NewResource) -> Result<StoredResource, StoreError> {
        self.count_call();
        self.count(&new.resource);
        self.store.create(cx, new).await
    }

    async fn get(
        &self,
        cx: &Context,
        key: &ResourceKey,
        wanted: Wanted,
    ) -> Result<StoredResource, StoreError> {
        self.count_call();
        let stored = self.store.get(cx, key, wanted).await?;
        self.count_stored(&stored)?;
        Ok(stored)
    }

    async fn list(&self, cx: &Context, query: &StoreQuery) -> Result<Page, StoreError> {
        self.count_call();
        let page = self.store.list(cx, query).await?;
        page.resources.iter().try_for_each(|stored| self.count_stored(stored))?;
        Ok(page)
    }

    async fn update(&self, cx: &Context, update: Update) -> Result<StoredResource, StoreError> {
        self.count_call();
        self.count(&update.resource);
        self.store.update(cx, update).await
    }

    async fn delete(
        &self,
        cx: &Context,
        key: &ResourceKey,
        expected: Expected,
    ) -> Result<(), StoreError> {
        self.count_call();
        self.store.delete(cx, key, expected).await
    }

    async fn change_membership(
        &self,
        cx: &Context,
        change: MembershipChange,
    ) -> Result<MembershipOutcome, StoreError> {
        self.count_call();
        self.store.change_membership(cx, change).await
    }
}

/// At most the length of the object as JSON.
pub(super) fn size(object: &Map<String, Value>) -> usize {
    let member = |(name, value): (&String, _)| (name.len() + 3, value);
    let mut waiting: Vec<(usize, &Value)> = object.iter().map(member).collect();
    let mut size = 2;
    while let Some((before, value)) = waiting.pop() {
        size += before;
        size += match value {
            Value::String(text) => text.len() + 2,
            Value::Array(elements) => {
                waiting.extend(elements.iter().map(|element| (0, element)));
                2
            }
            Value::Object(object) => {
                waiting.extend(object.iter().map(member));
                2
            }
            Value::Null | Value::Bool(_) => 4,
            Value::Number(_) => 1,
        };
    }
    size
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn an_object_is_never_taken_for_longer_than_it_is() {
        for value in [
            json!({}),
            json!({"a": 1}),
            json!({"a": [], "b": {}, "c": "x\"y", "d": [1, null, true, false, {"e": [[-7.5]]}]}),
        ] {
            let (size, length) = (super::size(value.as_object().unwrap()), value.to_string().len());
            assert!(size <= length && length <= size * 2, "{value}: {size}");
        }
    }
}
