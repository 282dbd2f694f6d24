use std::sync::Arc;

use async_trait::async_trait;
use scim_core::{ResourceId, ResourceVersion};

use super::{Row, Table};
use crate::{
    context::Context,
    store::{StoreError, UniqueKey},
};

/// A table that the application goes on using besides.
#[async_trait]
impl<T: Table + ?Sized> Table for Arc<T> {
    type Resource = T::Resource;

    async fn insert(
        &self,
        cx: &Context,
        row: Row<T::Resource>,
        unique: Vec<UniqueKey>,
    ) -> Result<(), StoreError> {
        self.as_ref().insert(cx, row, unique).await
    }

    async fn find(
        &self,
        cx: &Context,
        id: &ResourceId,
    ) -> Result<Option<Row<T::Resource>>, StoreError> {
        self.as_ref().find(cx, id).await
    }

    async fn scan(&self, cx: &Context, behind: u64) -> Result<Vec<Row<T::Resource>>, StoreError> {
        self.as_ref().scan(cx, behind).await
    }

    async fn update(
        &self,
        cx: &Context,
        row: Row<T::Resource>,
        unique: Vec<UniqueKey>,
        version: &ResourceVersion,
    ) -> Result<bool, StoreError> {
        self.as_ref().update(cx, row, unique, version).await
    }

    async fn delete(
        &self,
        cx: &Context,
        id: &ResourceId,
        version: &ResourceVersion,
    ) -> Result<bool, StoreError> {
        self.as_ref().delete(cx, id, version).await
    }

    async fn find_by_key(
        &self,
        cx: &Context,
        key: &UniqueKey,
    ) -> Result<Option<Vec<Row<T::Resource>>>, StoreError> {
        self.as_ref().find_by_key(cx, key).await
    }
}
