use std::{
    path::Path,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use rusqlite::{
    Connection, ErrorCode, OptionalExtension, Transaction, TransactionBehavior, params,
};

use super::{Link, State, StateError, StateStore, StateWrite};
use crate::provision::source::{SourceId, Watermark};

/// Remembers in a SQLite file, which may hold the state of several jobs.
///
/// Each commit is on the disk when it is answered. Calls run on the thread that makes them, for
/// as long as the disk takes.
#[derive(Debug)]
pub struct SqliteState {
    connection: Mutex<Connection>,
    job: String,
}

/// A file that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenStateError {
    /// SQLite cannot open it, or cannot read or write it.
    #[error("the state file cannot be opened")]
    Sqlite(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It belongs to another application.
    #[error("the file is not a state file of the provisioning engine")]
    OtherApplication,
    /// A newer version of the engine has written it.
    #[error("the state file was written by a newer version")]
    NewerVersion,
}

/// How long another connection may keep the file to itself.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// `SCPV`
const APPLICATION_ID: i32 = 0x5343_5056;
const SCHEMA_VERSION: i32 = 1;
const SCHEMA: &str = "
    create table link(
        job text not null, source_id text not null, document text not null,
        primary key(job, source_id)) strict, without rowid;
    create table intent(
        job text not null, source_id text not null,
        primary key(job, source_id)) strict, without rowid;
    create table escrow(
        job text not null, source_id text not null,
        primary key(job, source_id)) strict, without rowid;
    create table watermark(job text primary key, watermark text not null) strict, without rowid;
";

impl SqliteState {
    /// Opens the file for a job, and makes it if it is not there.
    ///
    /// # Errors
    /// If the file cannot be opened, is not one of the engine's, or is newer than the engine.
    pub fn open(path: impl AsRef<Path>, job: impl Into<String>) -> Result<Self, OpenStateError> {
        let mut connection = Connection::open(path).map_err(open_error)?;
        prepare(&mut connection)?;
        Ok(Self { connection: Mutex::new(connection), job: job.into() })
    }

    fn read(&self, connection: &Connection) -> Result<State, StateError> {
        let mut state = State::default();
        let mut statement = connection
            .prepare_cached("select document from link where job = ?1")
            .map_err(StateError::new)?;
        let documents = statement.query_map([&self.job], |row| row.get::<_, String>(0));
        for document in documents.map_err(StateError::new)? {
            let document = document.map_err(StateError::new)?;
            let link: Link = serde_json::from_str(&document).map_err(StateError::new)?;
            state.links.insert(link.source_id.clone(), link);
        }
        state.intents = self.ids(connection, "select source_id from intent where job = ?1")?;
        state.escrow = self.ids(connection, "select source_id from escrow where job = ?1")?;
        let watermark = connection
            .query_row("select watermark from watermark where job = ?1", [&self.job], |row| {
                row.get::<_, String>(0)
            })
            .optional();
        state.watermark = watermark.map_err(StateError::new)?.map(Watermark::new);
        Ok(state)
    }

    fn ids<C: FromIterator<SourceId>>(
        &self,
        connection: &Connection,
        sql: &str,
    ) -> Result<C, StateError> {
        let mut statement = connection.prepare_cached(sql).map_err(StateError::new)?;
        let ids =
            statement.query_map([&self.job], |row| Ok(SourceId::from(row.get::<_, String>(0)?)));
        ids.map_err(StateError::new)?.collect::<Result<_, _>>().map_err(StateError::new)
    }

    fn write(&self, transaction: &Transaction<'_>, write: StateWrite) -> Result<(), StateError> {
        let run = |sql: &str, id: &str| {
            transaction
                .prepare_cached(sql)
                .and_then(|mut statement| statement.execute(params![self.job, id]))
                .map(|_| ())
                .map_err(StateError::new)
        };
        match write {
            StateWrite::BeginIntent(id) => {
                run("insert or ignore into intent values(?1, ?2)", id.as_str())
            }
            StateWrite::CommitLink(link) => {
                let document = serde_json::to_string(&link).map_err(StateError::new)?;
                let id = link.source_id.as_str();
                transaction
                    .prepare_cached("insert or replace into link values(?1, ?2, ?3)")
                    .and_then(|mut statement| statement.execute(params![self.job, id, document]))
                    .map_err(StateError::new)?;
                run("delete from intent where job = ?1 and source_id = ?2", id)?;
                run("delete from escrow where job = ?1 and source_id = ?2", id)
            }
            StateWrite::Unlink(id) => {
                run("delete from intent where job = ?1 and source_id = ?2", id.as_str())?;
                run("delete from link where job = ?1 and source_id = ?2", id.as_str())
            }
            StateWrite::Escrow(id) => {
                run("insert or ignore into escrow values(?1, ?2)", id.as_str())
            }
            StateWrite::ClearEscrow(id) => {
                run("delete from escrow where job = ?1 and source_id = ?2", id.as_str())
            }
            StateWrite::Checkpoint(watermark) => {
                run("insert or replace into watermark values(?1, ?2)", watermark.as_str())
            }
            StateWrite::ForgetWatermark => transaction
                .prepare_cached("delete from watermark where job = ?1")
                .and_then(|mut statement| statement.execute([&self.job]))
                .map(|_| ())
                .map_err(StateError::new),
        }
    }
}

#[async_trait]
impl StateStore for SqliteState {
    async fn load(&self) -> Result<State, StateError> {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = connection.transaction().map_err(StateError::new)?;
        self.read(&transaction)
    }

    async fn commit(&self, writes: Vec<StateWrite>) -> Result<(), StateError> {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(StateError::new)?;
        for write in writes {
            self.write(&transaction, write)?;
        }
        transaction.commit().map_err(StateError::new)
    }
}

fn prepare(connection: &mut Connection) -> Result<(), OpenStateError> {
    connection.busy_timeout(BUSY_TIMEOUT).map_err(open_error)?;
    // Whoever is first makes the tables; others wait here, and find them.
    let behavior = TransactionBehavior::Immediate;
    if is_new(connection)? {
        let transaction = connection.transaction_with_behavior(behavior).map_err(open_error)?;
        if is_new(&transaction)? {
            transaction.execute_batch(SCHEMA).map_err(open_error)?;
            let set = |pragma, value| transaction.pragma_update(None, pragma, value);
            set("application_id", APPLICATION_ID).map_err(open_error)?;
            set("user_version", SCHEMA_VERSION).map_err(open_error)?;
        }
        transaction.commit().map_err(open_error)?;
    }
    use_write_ahead_log(connection).map_err(open_error)?;
    connection.pragma_update(None, "synchronous", "full").map_err(open_error)
}

/// Changes a new file to the write-ahead log, which stays so.
///
/// SQLite does not wait when it finds the file in use here, as it does elsewhere; so this waits
/// for its turn to write, and tries again.
fn use_write_ahead_log(connection: &mut Connection) -> rusqlite::Result<()> {
    let began = Instant::now();
    loop {
        let outcome = connection.pragma_update(None, "journal_mode", "wal");
        let is_busy = outcome
            .as_ref()
            .is_err_and(|error| error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy));
        if !is_busy || began.elapsed() > BUSY_TIMEOUT {
            return outcome;
        }
        drop(connection.transaction_with_behavior(TransactionBehavior::Immediate));
    }
}

/// Whether the file is nobody's yet; it is an error if it is not the engine's.
fn is_new(connection: &Connection) -> Result<bool, OpenStateError> {
    let number = |pragma: &str| {
        connection.pragma_query_value(None, pragma, |row| row.get::<_, i32>(0)).map_err(open_error)
    };
    let is_empty = connection
        .query_row("select count(*) = 0 from sqlite_schema", [], |row| row.get::<_, bool>(0))
        .map_err(open_error)?;
    let application_id = number("application_id")?;
    if is_empty && application_id == 0 {
        return Ok(true);
    }
    if application_id != APPLICATION_ID {
        return Err(OpenStateError::OtherApplication);
    }
    if number("user_version")? > SCHEMA_VERSION {
        return Err(OpenStateError::NewerVersion);
    }
    Ok(false)
}

fn open_error(error: rusqlite::Error) -> OpenStateError {
    OpenStateError::Sqlite(Box::new(error))
}
