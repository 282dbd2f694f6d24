mod index;
mod list;
mod members;
mod readers;
mod schema;
mod statements;
mod writer;

use std::{collections::BTreeSet, fmt, path::Path};

use async_trait::async_trait;
use rusqlite::{CachedStatement, Connection, TransactionBehavior};

use self::{index::Indexed, readers::Readers, schema::open_error, writer::Writer};
use super::{
    Expected, MembershipChange, MembershipOutcome, NewResource, Page, ResourceKey, ResourceStore,
    StoreError, StoreQuery, StoredResource, Update, Wanted,
};
use crate::context::Context;

/// A store in one SQLite file.
///
/// An answered write is on the disk. Writes run on one thread of the store's own, which commits
/// what arrives while the disk is busy in one go. Reads run on the thread that asks, for some
/// microseconds. Filters that ask for `id`, `externalId`, a unique attribute, a member or one of
/// [`SqliteSettings::with_index`] are looked up; any other filter, or a sort, takes as long as reading all
/// resources of the type, and is refused beyond [`SqliteSettings::with_scan_limit`].
///
/// The write-ahead log lies beside the file, in `-wal` and `-shm`.
pub struct SqliteStore {
    readers: Readers,
    writer: Writer,
    scan_limit: u64,
}

/// How a [`SqliteStore`] uses its file.
///
/// ```
/// use scim_server::store::SqliteSettings;
///
/// let settings = SqliteSettings::new().with_index("name.familyName").with_scan_limit(50_000);
/// let directory = tempfile::tempdir()?;
/// settings.open(directory.path().join("scim.db"))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct SqliteSettings {
    indexed: BTreeSet<String>,
    scan_limit: u64,
}

/// A file that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenSqliteError {
    /// SQLite cannot open it, or cannot read or write it.
    #[error("the file cannot be opened")]
    Sqlite(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It belongs to another application.
    #[error("the file belongs to another application")]
    OtherApplication,
    /// A version of this library from before its first release has written it.
    #[error("the file was written before the first release")]
    OlderVersion,
    /// A newer version of this library has written it.
    #[error("the file was written by a newer version")]
    NewerVersion,
}

/// How many documents a query may look at, unless one says otherwise.
const SCAN_LIMIT: u64 = 100_000;

impl SqliteSettings {
    /// Indexes of `displayName` and `emails.value`, and a limit of 100,000 documents.
    pub fn new() -> Self {
        Self { indexed: index::USUAL.map(str::to_owned).into(), scan_limit: SCAN_LIMIT }
    }

    /// The settings with an index of the texts at a path, in the schema's spelling, such as
    /// `emails.value` or `urn:…:enterprise:2.0:User:employeeNumber`.
    ///
    /// A file is brought in line with the indexes that are asked for when it is opened; that counts
    /// for all that have it open.
    #[must_use]
    pub fn with_index(mut self, path: impl Into<String>) -> Self {
        self.indexed.insert(path.into());
        self
    }

    /// The settings without any index but those that a store cannot do without.
    #[must_use]
    pub fn without_indexes(mut self) -> Self {
        self.indexed.clear();
        self
    }

    /// The settings with another limit to the documents that a query may look at.
    #[must_use]
    pub fn with_scan_limit(mut self, documents: u64) -> Self {
        self.scan_limit = documents;
        self
    }

    /// Opens a file, and makes it if it is not there.
    ///
    /// # Errors
    /// If the file cannot be opened, belongs to another application, or is newer than the library.
    pub fn open(self, path: impl AsRef<Path>) -> Result<SqliteStore, OpenSqliteError> {
        let path = path.as_ref();
        let mut connection = schema::open_for_writing(path)?;
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(open_error)?;
        Indexed::bring_about(&transaction, &self.indexed).map_err(open_error)?;
        transaction.commit().map_err(open_error)?;
        Ok(SqliteStore {
            readers: Readers::new(path),
            writer: Writer::start(connection)?,
            scan_limit: self.scan_limit,
        })
    }
}

impl SqliteStore {
    /// Opens a file with the usual settings, and makes it if it is not there.
    ///
    /// # Errors
    /// If the file cannot be opened, belongs to another application, or is newer than the library.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, OpenSqliteError> {
        SqliteSettings::new().open(path)
    }
}

impl Default for SqliteSettings {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl ResourceStore for SqliteStore {
    async fn create(&self, cx: &Context, new: NewResource) -> Result<StoredResource, StoreError> {
        let tenant = cx.tenant.clone();
        self.writer.run(move |transaction| statements::create(transaction, &tenant, new)).await
    }

    async fn get(
        &self,
        cx: &Context,
        key: &ResourceKey,
        wanted: Wanted,
    ) -> Result<StoredResource, StoreError> {
        let (tenant, readers) = (&cx.tenant, &self.readers);
        let row = readers.read_once(|connection| statements::row(connection, tenant, key))?;
        if row.is_whole(wanted) {
            return row.into_stored();
        }
        readers.read(|connection| statements::get(connection, tenant, key, wanted))
    }

    async fn list(&self, cx: &Context, query: &StoreQuery) -> Result<Page, StoreError> {
        self.readers.read(|connection| list::list(connection, &cx.tenant, query, self.scan_limit))
    }

    async fn update(&self, cx: &Context, update: Update) -> Result<StoredResource, StoreError> {
        let tenant = cx.tenant.clone();
        self.writer.run(move |transaction| statements::update(transaction, &tenant, update)).await
    }

    async fn delete(
        &self,
        cx: &Context,
        key: &ResourceKey,
        expected: Expected,
    ) -> Result<(), StoreError> {
        let (cx, key) = (cx.clone(), key.clone());
        self.writer
            .run(move |transaction| statements::delete(transaction, &cx, &key, &expected))
            .await
    }

    async fn change_membership(
        &self,
        cx: &Context,
        change: MembershipChange,
    ) -> Result<MembershipOutcome, StoreError> {
        let cx = cx.clone();
        self.writer.run(move |transaction| members::change(transaction, &cx, &change)).await
    }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore").field("scan_limit", &self.scan_limit).finish_non_exhaustive()
    }
}

fn prepare<'c>(connection: &'c Connection, sql: &str) -> Result<CachedStatement<'c>, StoreError> {
    connection.prepare_cached(sql).map_err(store_error)
}

/// What an error of SQLite means for the caller; its text carries no value of a resource.
fn store_error(error: rusqlite::Error) -> StoreError {
    use rusqlite::ErrorCode;

    match error.sqlite_error_code() {
        Some(
            ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::DiskFull
            | ErrorCode::SystemIoFailure
            | ErrorCode::CannotOpen
            | ErrorCode::ReadOnly
            | ErrorCode::OutOfMemory,
        ) => StoreError::unavailable(error),
        _ => StoreError::internal(error),
    }
}
