//! An application's own table, and the struct that it already works with.

use std::{
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use rusqlite::{Connection, ErrorCode, Row as SqlRow, params};
use scim_server::{
    Context,
    scim_core::{Meta, ResourceId, ResourceVersion, TypedResource},
    store::{Row, StoreError, Table, UniqueKey},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What the application knows of a person; what else there is it keeps and never looks at.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Employee {
    pub(crate) id: Option<ResourceId>,
    #[serde(rename = "userName")]
    pub(crate) login: String,
    #[serde(rename = "active", skip_serializing_if = "Option::is_none")]
    pub(crate) is_employed: Option<bool>,
    #[serde(flatten)]
    pub(crate) rest: Map<String, Value>,
}

impl TypedResource for Employee {
    const SCHEMA: &'static str = "urn:ietf:params:scim:schemas:core:2.0:User";
    const RESOURCE_TYPE: &'static str = "User";
    const ENDPOINT: &'static str = "/Users";

    fn id(&self) -> Option<&ResourceId> {
        self.id.as_ref()
    }

    fn meta(&self) -> Option<&Meta> {
        None
    }
}

const SCHEMA: &str = "
    create table if not exists employee(
        number     integer primary key autoincrement,
        realm      text not null,
        scim_id    text not null,
        login      text not null,
        login_key  text not null,
        employed   integer,
        rest       text not null,
        version    text not null,
        created    text not null,
        modified   text not null,
        unique(realm, scim_id),
        unique(realm, login_key)
    ) strict";

const COLUMNS: &str = "number, scim_id, login, employed, rest, version, created, modified";

pub(crate) struct Employees(Mutex<Connection>);

impl Employees {
    pub(crate) fn open(path: &Path) -> rusqlite::Result<Self> {
        let connection = Connection::open(path)?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.execute_batch(SCHEMA)?;
        Ok(Self(Mutex::new(connection)))
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The employees of a realm for whom a condition on `?2` holds, in the order of creation.
    fn select(
        &self,
        cx: &Context,
        condition: &str,
        value: impl rusqlite::ToSql,
    ) -> Result<Vec<Row<Employee>>, StoreError> {
        let connection = self.lock();
        let sql = format!(
            "select {COLUMNS} from employee where realm = ?1 and {condition} order by number"
        );
        let mut statement = connection.prepare_cached(&sql).map_err(StoreError::internal)?;
        let rows = statement.query_map(params![cx.tenant.as_str(), value], employee);
        rows.and_then(Iterator::collect).map_err(StoreError::internal)
    }
}

#[async_trait]
impl Table for Employees {
    type Resource = Employee;

    async fn insert(
        &self,
        cx: &Context,
        row: Row<Employee>,
        unique: Vec<UniqueKey>,
    ) -> Result<(), StoreError> {
        let sql = "insert into employee(realm, scim_id, login, login_key, employed, rest, version,
                   created, modified) values(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        self.lock()
            .execute(
                sql,
                params![
                    cx.tenant.as_str(),
                    row.resource.id.as_ref().map(ResourceId::as_str),
                    row.resource.login,
                    login_key(&unique),
                    row.resource.is_employed,
                    Value::Object(row.resource.rest).to_string(),
                    row.version.as_str(),
                    row.created.to_string(),
                    row.modified.to_string(),
                ],
            )
            .map(drop)
            .map_err(taken)
    }

    async fn find(
        &self,
        cx: &Context,
        id: &ResourceId,
    ) -> Result<Option<Row<Employee>>, StoreError> {
        Ok(self.select(cx, "scim_id = ?2", id.as_str())?.into_iter().next())
    }

    async fn scan(&self, cx: &Context, behind: u64) -> Result<Vec<Row<Employee>>, StoreError> {
        self.select(cx, "number > ?2", i64::try_from(behind).unwrap_or(i64::MAX))
    }

    async fn update(
        &self,
        cx: &Context,
        row: Row<Employee>,
        unique: Vec<UniqueKey>,
        version: &ResourceVersion,
    ) -> Result<bool, StoreError> {
        let sql = "update employee set login = ?4, login_key = ?5, employed = ?6, rest = ?7,
                   version = ?8, modified = ?9 where realm = ?1 and scim_id = ?2 and version = ?3";
        self.lock()
            .execute(
                sql,
                params![
                    cx.tenant.as_str(),
                    row.resource.id.as_ref().map(ResourceId::as_str),
                    version.as_str(),
                    row.resource.login,
                    login_key(&unique),
                    row.resource.is_employed,
                    Value::Object(row.resource.rest).to_string(),
                    row.version.as_str(),
                    row.modified.to_string(),
                ],
            )
            .map(|count| count == 1)
            .map_err(taken)
    }

    async fn delete(
        &self,
        cx: &Context,
        id: &ResourceId,
        version: &ResourceVersion,
    ) -> Result<bool, StoreError> {
        let sql = "delete from employee where realm = ?1 and scim_id = ?2 and version = ?3";
        self.lock()
            .execute(sql, params![cx.tenant.as_str(), id.as_str(), version.as_str()])
            .map(|count| count == 1)
            .map_err(StoreError::internal)
    }

    async fn find_by_key(
        &self,
        cx: &Context,
        key: &UniqueKey,
    ) -> Result<Option<Vec<Row<Employee>>>, StoreError> {
        let is_login = key.attribute == "userName";
        is_login.then(|| self.select(cx, "login_key = ?2", &key.key)).transpose()
    }
}

/// The login in the form in which it is unique.
fn login_key(unique: &[UniqueKey]) -> Option<&str> {
    unique.iter().find(|key| key.attribute == "userName").map(|key| key.key.as_str())
}

fn employee(row: &SqlRow<'_>) -> rusqlite::Result<Row<Employee>> {
    let text = |column| row.get::<_, String>(column);
    Ok(Row {
        place: row.get::<_, i64>(0)?.unsigned_abs(),
        resource: Employee {
            id: text(1)?.parse().ok(),
            login: text(2)?,
            is_employed: row.get(3)?,
            rest: parsed(4, serde_json::from_str(&text(4)?))?,
        },
        version: text(5)?.into(),
        created: parsed(6, text(6)?.parse())?,
        modified: parsed(7, text(7)?.parse())?,
    })
}

fn parsed<T, E: std::error::Error + Send + Sync + 'static>(
    column: usize,
    value: Result<T, E>,
) -> rusqlite::Result<T> {
    value.map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(
            column,
            rusqlite::types::Type::Text,
            Box::new(error),
        )
    })
}

/// What a constraint says.
fn taken(error: rusqlite::Error) -> StoreError {
    if error.sqlite_error_code() != Some(ErrorCode::ConstraintViolation) {
        return StoreError::internal(error);
    }
    let is_login = error.to_string().contains("login_key");
    StoreError::Uniqueness { attribute: if is_login { "userName" } else { "id" }.to_owned() }
}
