//! A store of an application's own table and struct.

mod arc;
mod document;
mod store;

use async_trait::async_trait;
use scim_core::{DateTime, ResourceId, ResourceVersion, TypedResource};

pub use store::Typed;

use super::{StoreError, UniqueKey};
use crate::context::Context;

/// An application's own table of one resource type, which [`Typed`] makes a store of.
///
/// What the struct does not name is not lost behind anyone's back: a document whose struct does not
/// give it back is refused with [`StoreError::Unsupported`]. A struct with a flattened map, kept in
/// a column of JSON, takes every document.
///
/// # Contract
/// - A method either takes effect whole or returns an error and changes nothing.
/// - Every row belongs to the tenant of the context that it was inserted with, and is there for no
///   other.
/// - A row keeps what it was given, and its place.
///
/// ```
/// use async_trait::async_trait;
/// use scim_core::{Meta, ResourceId, ResourceVersion, TypedResource};
/// use scim_server::{Context, store::{Row, StoreError, Table, Typed, UniqueKey}};
/// use serde::{Deserialize, Serialize};
/// use std::sync::Mutex;
///
/// /// What the application knows of a user.
/// #[derive(Clone, Serialize, Deserialize)]
/// #[serde(rename_all = "camelCase")]
/// struct Employee {
///     id: Option<ResourceId>,
///     user_name: String,
///     active: Option<bool>,
/// }
///
/// impl TypedResource for Employee {
///     const SCHEMA: &'static str = "urn:ietf:params:scim:schemas:core:2.0:User";
///     const RESOURCE_TYPE: &'static str = "User";
///     const ENDPOINT: &'static str = "/Users";
///
///     fn id(&self) -> Option<&ResourceId> {
///         self.id.as_ref()
///     }
///
///     fn meta(&self) -> Option<&Meta> {
///         None
///     }
/// }
///
/// /// The rows of a single tenant; a database has a transaction where this has a lock.
/// #[derive(Default)]
/// struct Employees(Mutex<Vec<(Row<Employee>, Vec<UniqueKey>)>>);
///
/// #[async_trait]
/// impl Table for Employees {
///     type Resource = Employee;
///
///     async fn insert(
///         &self,
///         _: &Context,
///         row: Row<Employee>,
///         unique: Vec<UniqueKey>,
///     ) -> Result<(), StoreError> {
///         let mut rows = self.0.lock().map_err(|_| StoreError::internal("poisoned"))?;
///         let taken = unique.iter().find(|key| rows.iter().any(|(_, known)| known.contains(key)));
///         if let Some(key) = taken {
///             return Err(StoreError::Uniqueness { attribute: key.attribute.clone() });
///         }
///         let place = rows.last().map_or(0, |(last, _)| last.place) + 1;
///         rows.push((Row { place, ..row }, unique));
///         Ok(())
///     }
///
///     async fn find(
///         &self,
///         _: &Context,
///         id: &ResourceId,
///     ) -> Result<Option<Row<Employee>>, StoreError> {
///         let rows = self.0.lock().map_err(|_| StoreError::internal("poisoned"))?;
///         Ok(rows.iter().map(|(row, _)| row).find(|row| row.resource.id() == Some(id)).cloned())
///     }
///     # async fn scan(&self, _: &Context, behind: u64) -> Result<Vec<Row<Employee>>, StoreError> {
///     #     let rows = self.0.lock().map_err(|_| StoreError::internal("poisoned"))?;
///     #     Ok(rows.iter().map(|(row, _)| row).filter(|row| row.place > behind).cloned().collect())
///     # }
///     # async fn update(
///     #     &self,
///     #     _: &Context,
///     #     _: Row<Employee>,
///     #     _: Vec<UniqueKey>,
///     #     _: &ResourceVersion,
///     # ) -> Result<bool, StoreError> {
///     #     Ok(false)
///     # }
///     # async fn delete(
///     #     &self,
///     #     _: &Context,
///     #     _: &ResourceId,
///     #     _: &ResourceVersion,
///     # ) -> Result<bool, StoreError> {
///     #     Ok(false)
///     # }
///     // … and `scan`, `update`, `delete`.
/// }
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// use scim_core::Resource;
/// use scim_server::store::{NewResource, ResourceKey, ResourceStore, Wanted};
/// use serde_json::json;
///
/// let store = Typed::new(Employees::default());
/// let cx = Context::new("clinic".parse()?);
/// let create = |id: &str, document: serde_json::Value| -> Result<_, Box<dyn std::error::Error>> {
///     let resource = Resource::from_canonical(document.as_object().ok_or("no object")?.clone());
///     Ok(NewResource::new(ResourceKey::new("User", id.parse()?), resource))
/// };
/// let user = create("7", json!({"id": "7", "userName": "bjensen", "active": true}))?;
/// let key = user.key.clone();
/// store.create(&cx, user).await?;
/// let read = store.get(&cx, &key, Wanted::ALL).await?;
/// assert_eq!(read.resource()?.text("userName"), Some("bjensen"));
///
/// // The struct has no title, and the table no column for it.
/// let user = create("8", json!({"id": "8", "userName": "mary", "title": "Guide"}))?;
/// let error = store.create(&cx, user).await.unwrap_err();
/// assert_eq!(error.to_string(), "the store does not keep `title`");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[async_trait]
pub trait Table: Send + Sync + 'static {
    /// What the application knows of a resource.
    type Resource: TypedResource;

    /// Adds a row, and gives it the next place.
    ///
    /// # Errors
    /// [`StoreError::Uniqueness`] if its `id` (then the attribute is `id`) or one of the keys is
    /// taken, which the table finds out by a constraint.
    async fn insert(
        &self,
        cx: &Context,
        row: Row<Self::Resource>,
        unique: Vec<UniqueKey>,
    ) -> Result<(), StoreError>;

    /// The row of that `id`.
    ///
    /// # Errors
    /// If the table cannot be read.
    async fn find(
        &self,
        cx: &Context,
        id: &ResourceId,
    ) -> Result<Option<Row<Self::Resource>>, StoreError>;

    /// All rows behind a place, in the order of their places, as they are at one moment.
    ///
    /// # Errors
    /// If the table cannot be read, or [`StoreError::TooMany`] if that would cost too much.
    async fn scan(&self, cx: &Context, behind: u64)
    -> Result<Vec<Row<Self::Resource>>, StoreError>;

    /// Puts a row in the place of the one of the same `id`, if that has the version; its place
    /// stays. The keys are in place of what they were.
    ///
    /// Whether there was such a row, as `update … where id = … and version = …` counts it.
    ///
    /// # Errors
    /// [`StoreError::Uniqueness`] if a key is taken.
    async fn update(
        &self,
        cx: &Context,
        row: Row<Self::Resource>,
        unique: Vec<UniqueKey>,
        version: &ResourceVersion,
    ) -> Result<bool, StoreError>;

    /// Removes the row of an `id`, if it has the version.
    ///
    /// Whether there was such a row.
    ///
    /// # Errors
    /// If the table cannot be written.
    async fn delete(
        &self,
        cx: &Context,
        id: &ResourceId,
        version: &ResourceVersion,
    ) -> Result<bool, StoreError>;

    /// The rows that have a key, if the table has an index of it; `None` sends the search through
    /// all rows.
    ///
    /// # Errors
    /// If the table cannot be read.
    async fn find_by_key(
        &self,
        _cx: &Context,
        _key: &UniqueKey,
    ) -> Result<Option<Vec<Row<Self::Resource>>>, StoreError> {
        Ok(None)
    }
}

/// A row of a [`Table`].
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "an application makes it of its columns")]
pub struct Row<T> {
    /// Its place in the order of creation, from 1 on, which no other row ever has: an identity
    /// column. In a row to write it means nothing.
    pub place: u64,
    /// What the application knows of the resource, with its `id`.
    pub resource: T,
    /// The version; the adapter gives a new one to every row that it writes.
    pub version: ResourceVersion,
    /// `meta.created`
    pub created: DateTime,
    /// `meta.lastModified`
    pub modified: DateTime,
}
