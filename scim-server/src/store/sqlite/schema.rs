use std::{
    path::Path,
    time::{Duration, Instant},
};

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior, config::DbConfig};

use super::OpenSqliteError;

/// `SCIM`
const APPLICATION_ID: i32 = 0x5343_494d;
const SCHEMA_VERSION: i32 = 2;
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The document is the truth; what can be looked up without reading it stands beside it. Text is
/// compared byte by byte: the library folds it before. What belongs to a resource (`membership`
/// names the attribute) is not in the document but in `member`, in the order of `place`. `text_key`
/// has what the `indexed` attributes say, folded and cut.
const SCHEMA: &str = "
    create table tenant(
        pk   integer primary key,
        name text    not null unique
    ) strict;

    create table resource(
        pk            integer primary key autoincrement,
        tenant        integer not null references tenant(pk) on delete cascade,
        resource_type text    not null,
        id            text    not null,
        version       integer not null,
        external_id   text,
        membership    text,
        document      text    not null
    ) strict;
    create unique index resource_id on resource(tenant, resource_type, id);
    create index resource_order on resource(tenant, resource_type, pk);
    create index resource_external_id on resource(tenant, resource_type, external_id)
        where external_id is not null;

    create table unique_key(
        tenant        integer not null,
        resource_type text    not null,
        attribute     text    not null,
        key           text    not null,
        resource      integer not null references resource(pk) on delete cascade,
        primary key(tenant, resource_type, attribute, key)
    ) strict, without rowid;
    create index unique_key_of_resource on unique_key(resource);

    create table indexed(
        number integer primary key,
        path   text    not null unique
    ) strict;

    create table text_key(
        path          integer not null references indexed(number),
        tenant        integer not null,
        resource_type text    not null,
        key           text    not null,
        resource      integer not null references resource(pk) on delete cascade,
        primary key(path, tenant, resource_type, key, resource)
    ) strict, without rowid;
    create index text_key_of_resource on text_key(resource);

    create table member(
        resource integer not null references resource(pk) on delete cascade,
        value    text    not null,
        tenant   integer not null,
        place    integer not null,
        element  text    not null,
        primary key(resource, value)
    ) strict, without rowid;
    create index member_of on member(tenant, value, resource);
    create index member_place on member(resource, place);

    create table version_counter(next integer not null) strict;
    insert into version_counter values(1);
";

/// Opens the file for the writer, and makes the tables if there are none.
pub(super) fn open_for_writing(path: &Path) -> Result<Connection, OpenSqliteError> {
    let mut connection = Connection::open(path).map_err(open_error)?;
    configure(&connection).map_err(open_error)?;
    let is_new = connection
        .query_row("select count(*) = 0 from sqlite_schema", [], |row| row.get::<_, bool>(0))
        .map_err(open_error)?;
    let application_id = pragma(&connection, "application_id")?;
    let is_unmarked = is_new && application_id == 0;
    if application_id != APPLICATION_ID && !is_unmarked {
        return Err(OpenSqliteError::OtherApplication);
    }
    let version = pragma(&connection, "user_version")?;
    if version > SCHEMA_VERSION {
        return Err(OpenSqliteError::NewerVersion);
    }
    if !is_new && version < SCHEMA_VERSION {
        return Err(OpenSqliteError::OlderVersion);
    }
    use_write_ahead_log(&mut connection).map_err(open_error)?;
    connection.pragma_update(None, "synchronous", "full").map_err(open_error)?;
    if is_new {
        create_tables(&mut connection).map_err(open_error)?;
    }
    Ok(connection)
}

/// Opens the file for a reader.
pub(super) fn open_for_reading(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    configure(&connection)?;
    Ok(connection)
}

fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    // Without this, SQLite plans a statement anew for other values, which takes longer than most
    // of the statements themselves.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

/// Changes a new file to the write-ahead log, which stays so.
///
/// SQLite does not wait when it finds the file in use here, as it does elsewhere; so this waits
/// for its turn to write, and tries again.
fn use_write_ahead_log(connection: &mut Connection) -> rusqlite::Result<()> {
    let start = Instant::now();
    loop {
        let outcome = connection.pragma_update(None, "journal_mode", "wal");
        let is_busy = outcome
            .as_ref()
            .is_err_and(|error| error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy));
        if !is_busy || start.elapsed() > BUSY_TIMEOUT {
            return outcome;
        }
        drop(connection.transaction_with_behavior(TransactionBehavior::Immediate));
    }
}

fn create_tables(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Exclusive)?;
    // Two processes may open a new file at once; the second finds the tables of the first.
    let is_new = transaction
        .query_row("select count(*) = 0 from sqlite_schema", [], |row| row.get::<_, bool>(0))?;
    if is_new {
        transaction.execute_batch(SCHEMA)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    }
    transaction.commit()
}

fn pragma(connection: &Connection, name: &str) -> Result<i32, OpenSqliteError> {
    connection.pragma_query_value(None, name, |row| row.get(0)).map_err(open_error)
}

pub(super) fn open_error(error: impl std::error::Error + Send + Sync + 'static) -> OpenSqliteError {
    OpenSqliteError::Sqlite(Box::new(error))
}
