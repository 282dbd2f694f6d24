use std::{path::PathBuf, str::FromStr, sync::Arc};

use scim_server::store::{MemoryStore, OpenSqliteError, ResourceStore, SqliteStore};

/// Where a roster keeps its resources: `memory` or `sqlite:FILE`.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum StoreChoice {
    /// In memory, for as long as it runs.
    Memory,
    /// In a file.
    Sqlite(PathBuf),
}

/// A text that names no store.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a store is `memory` or `sqlite:FILE`")]
#[non_exhaustive]
pub struct InvalidStoreChoice;

impl StoreChoice {
    pub(super) fn open(&self) -> Result<Arc<dyn ResourceStore>, OpenSqliteError> {
        match self {
            Self::Memory => Ok(Arc::new(MemoryStore::new())),
            Self::Sqlite(path) => Ok(Arc::new(SqliteStore::open(path)?)),
        }
    }
}

impl FromStr for StoreChoice {
    type Err = InvalidStoreChoice;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            None if text == "memory" => Ok(Self::Memory),
            Some(("sqlite", path)) if !path.is_empty() => Ok(Self::Sqlite(path.into())),
            _ => Err(InvalidStoreChoice),
        }
    }
}
