use std::{
    cmp::Ordering,
    path::Path,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use chrono::DateTime;
use rusqlite::{
    Connection, ErrorCode, OptionalExtension, Transaction, TransactionBehavior, params,
    params_from_iter,
};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    Escrow, Fence, Intent, JobRecord, Lease, LeaseRequest, Link, Presence, SourceGroup, State,
    StateError, StateStore, StateWrite,
};
use crate::provision::source::SourceId;

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
    /// A version of the engine from before the first release has written it.
    #[error("the state file was written by a version that was never released")]
    UnreleasedVersion,
}

/// How long another connection may keep the file to itself.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// `SCPV`
const APPLICATION_ID: i32 = 0x5343_5056;
const SCHEMA_VERSION: i32 = 3;
const SCHEMA: &str = "
    create table link(
        job text not null, id text not null, document text not null,
        primary key(job, id)) strict, without rowid;
    create table intent(
        job text not null, id text not null, document text not null,
        primary key(job, id)) strict, without rowid;
    create table escrow(
        job text not null, id text not null, document text not null,
        primary key(job, id)) strict, without rowid;
    create table source_group(
        job text not null, id text not null, document text not null,
        primary key(job, id)) strict, without rowid;
    create table member(
        job text not null, group_id text not null, id text not null, in_doubt integer not null,
        primary key(job, group_id, id)) strict, without rowid;
    create table job(job text primary key, document text not null) strict, without rowid;
    create table unfinished(job text primary key, document text not null) strict, without rowid;
    create table lease(
        job text primary key, holder text not null, fence integer not null,
        until integer not null) strict, without rowid;
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
        let mut links = Vec::new();
        self.documents(connection, "link", |link: Link| {
            links.push((link.source_id.clone(), link));
        })?;
        // A map that is made at once has no gaps, as one that grows has.
        state.links = links.into_iter().collect();
        self.documents(connection, "intent", |intent: Intent| {
            state.intents.insert(intent.source_id.clone(), intent);
        })?;
        self.documents(connection, "escrow", |escrow: Escrow| {
            state.escrow.insert(escrow.source_id.clone(), escrow);
        })?;
        self.documents(connection, "source_group", |group: SourceGroup| {
            state.groups.insert(group.source_id.clone(), group);
        })?;
        self.documents(connection, "job", |job: JobRecord| state.job = job)?;
        self.documents(connection, "unfinished", |unfinished| state.unfinished = Some(unfinished))?;
        let mut statement = connection
            .prepare_cached("select group_id, id, in_doubt from member where job = ?1")
            .map_err(StateError::new)?;
        let mut rows = statement.query([&self.job]).map_err(StateError::new)?;
        while let Some(row) = rows.next().map_err(StateError::new)? {
            let text = |place| row.get::<_, String>(place).map_err(StateError::new);
            let is_in_doubt: bool = row.get(2).map_err(StateError::new)?;
            let presence = if is_in_doubt { Presence::InDoubt } else { Presence::Sent };
            let changes = vec![(text(1)?.into(), presence)];
            state.take(StateWrite::Members(text(0)?.into(), changes));
        }
        Ok(state)
    }

    fn documents<T: DeserializeOwned>(
        &self,
        connection: &Connection,
        table: &str,
        mut take: impl FnMut(T),
    ) -> Result<(), StateError> {
        let mut statement = connection
            .prepare_cached(&format!("select document from {table} where job = ?1"))
            .map_err(StateError::new)?;
        let mut rows = statement.query([&self.job]).map_err(StateError::new)?;
        while let Some(row) = rows.next().map_err(StateError::new)? {
            let document = row.get_ref(0).and_then(|text| Ok(text.as_str()?));
            let document = document.map_err(StateError::new)?;
            take(serde_json::from_str(document).map_err(StateError::new)?);
        }
        Ok(())
    }

    fn write(&self, transaction: &Transaction<'_>, write: StateWrite) -> Result<(), StateError> {
        let rows = Rows { transaction, job: &self.job };
        match write {
            StateWrite::BeginIntent(intent) => rows.put("intent", &intent.source_id, &intent),
            StateWrite::CommitLink(link) => {
                rows.put("link", &link.source_id, &link)?;
                rows.remove("intent", &link.source_id)
            }
            StateWrite::Unlink(id) => {
                rows.remove("intent", &id)?;
                rows.remove("link", &id)?;
                rows.run("delete from member where job = ?1 and group_id = ?2", &[&id])
            }
            StateWrite::Escrow(escrow) => rows.put("escrow", &escrow.source_id, &escrow),
            StateWrite::ClearEscrow(id) => rows.remove("escrow", &id),
            StateWrite::Group(group) => rows.put("source_group", &group.source_id, &group),
            StateWrite::ForgetGroup(id) => rows.remove("source_group", &id),
            StateWrite::Members(group, changes) => {
                let mut changes = changes.iter();
                changes.try_for_each(|(member, presence)| rows.member(&group, member, *presence))
            }
            StateWrite::Begin(unfinished) => rows.put_one("unfinished", &unfinished),
            StateWrite::End => rows.run("delete from unfinished where job = ?1", &[]),
            StateWrite::Job(job) => rows.put_one("job", &job),
        }
    }

    fn held(&self, transaction: &Transaction<'_>) -> Result<Lease, StateError> {
        let sql = "select holder, fence, until from lease where job = ?1";
        let lease = transaction.query_row(sql, [&self.job], |row| {
            let (fence, until): (i64, i64) = (row.get(1)?, row.get(2)?);
            Ok(Lease {
                holder: row.get(0)?,
                fence: Fence::new(fence.unsigned_abs()),
                until: DateTime::from_timestamp_millis(until).unwrap_or_default(),
            })
        });
        Ok(lease.optional().map_err(StateError::new)?.unwrap_or_default())
    }

    /// Does something whole or not at all, with the file to itself.
    fn alone<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StateError>,
    ) -> Result<T, StateError> {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let behavior = TransactionBehavior::Immediate;
        let transaction =
            connection.transaction_with_behavior(behavior).map_err(StateError::new)?;
        let done = work(&transaction)?;
        transaction.commit().map_err(StateError::new)?;
        Ok(done)
    }
}

/// The rows of one job, in a transaction.
struct Rows<'t> {
    transaction: &'t Transaction<'t>,
    job: &'t str,
}

impl Rows<'_> {
    fn put(&self, table: &str, id: &SourceId, value: &impl Serialize) -> Result<(), StateError> {
        let document = serde_json::to_string(value).map_err(StateError::new)?;
        let sql = format!("insert or replace into {table} values(?1, ?2, ?3)");
        self.execute(&sql, params![self.job, id.as_str(), document])
    }

    /// Puts what there is one of.
    fn put_one(&self, table: &str, value: &impl Serialize) -> Result<(), StateError> {
        let document = serde_json::to_string(value).map_err(StateError::new)?;
        let sql = format!("insert or replace into {table} values(?1, ?2)");
        self.execute(&sql, params![self.job, document])
    }

    fn remove(&self, table: &str, id: &SourceId) -> Result<(), StateError> {
        let sql = format!("delete from {table} where job = ?1 and id = ?2");
        self.execute(&sql, params![self.job, id.as_str()])
    }

    fn member(
        &self,
        group: &SourceId,
        member: &SourceId,
        presence: Presence,
    ) -> Result<(), StateError> {
        let sql = match presence {
            Presence::Sent => "insert or replace into member values(?1, ?2, ?3, 0)",
            Presence::InDoubt => "insert or replace into member values(?1, ?2, ?3, 1)",
            Presence::Absent => "delete from member where job = ?1 and group_id = ?2 and id = ?3",
        };
        self.run(sql, &[group, member])
    }

    fn run(&self, sql: &str, ids: &[&SourceId]) -> Result<(), StateError> {
        let parameters = std::iter::once(self.job).chain(ids.iter().map(|id| id.as_str()));
        self.execute(sql, params_from_iter(parameters))
    }

    fn execute(&self, sql: &str, parameters: impl rusqlite::Params) -> Result<(), StateError> {
        let mut statement = self.transaction.prepare_cached(sql).map_err(StateError::new)?;
        statement.execute(parameters).map(|_| ()).map_err(StateError::new)
    }
}

#[async_trait]
impl StateStore for SqliteState {
    async fn lease(&self, request: &LeaseRequest) -> Result<Fence, StateError> {
        self.alone(|transaction| {
            let lease = self.held(transaction)?.granted(request).ok_or_else(StateError::leased)?;
            let fence = i64::try_from(lease.fence.number()).map_err(StateError::new)?;
            transaction
                .execute(
                    "insert or replace into lease values(?1, ?2, ?3, ?4)",
                    params![self.job, lease.holder, fence, lease.until.timestamp_millis()],
                )
                .map_err(StateError::new)?;
            Ok(lease.fence)
        })
    }

    async fn load(&self) -> Result<State, StateError> {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = connection.transaction().map_err(StateError::new)?;
        self.read(&transaction)
    }

    async fn commit(&self, fence: Fence, writes: Vec<StateWrite>) -> Result<(), StateError> {
        self.alone(|transaction| {
            if self.held(transaction)?.fence != fence {
                return Err(StateError::fenced());
            }
            writes.into_iter().try_for_each(|write| self.write(transaction, write))
        })
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
    match number("user_version")?.cmp(&SCHEMA_VERSION) {
        Ordering::Equal => Ok(false),
        Ordering::Greater => Err(OpenStateError::NewerVersion),
        Ordering::Less => Err(OpenStateError::UnreleasedVersion),
    }
}

fn open_error(error: rusqlite::Error) -> OpenStateError {
    OpenStateError::Sqlite(Box::new(error))
}
