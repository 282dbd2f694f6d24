use rusqlite::{CachedStatement, Connection, ErrorCode, OptionalExtension, Row, params};
use scim_core::{BoundFilter, Resource, ResourceVersion};

use super::store_error;
use crate::{
    store::{
        Expected, NewResource, Page, ResourceKey, StoreError, StoreQuery, StoredResource,
        UniqueKey, Update,
    },
    tenant::Tenant,
};

pub(super) fn create(
    connection: &Connection,
    tenant: &Tenant,
    new: NewResource,
) -> Result<StoredResource, StoreError> {
    let version = next_version(connection)?;
    prepare(connection, "insert into tenant(name) values(?1) on conflict do nothing")?
        .execute([tenant.as_str()])
        .map_err(store_error)?;
    let key = &new.key;
    let inserted = prepare(
        connection,
        "insert into resource(tenant, resource_type, id, version, external_id, document)
         select pk, ?2, ?3, ?4, ?5, ?6 from tenant where name = ?1",
    )?
    .execute(params![
        tenant.as_str(),
        key.resource_type,
        key.id.as_str(),
        version,
        new.resource.external_id(),
        document(&new.resource)?,
    ]);
    inserted.map_err(|error| taken(error, "id"))?;
    insert_unique_keys(connection, connection.last_insert_rowid(), &new.unique)?;
    Ok(StoredResource::new(new.resource, version_text(version)))
}

pub(super) fn get(
    connection: &Connection,
    tenant: &Tenant,
    key: &ResourceKey,
) -> Result<StoredResource, StoreError> {
    let found = prepare(
        connection,
        "select r.version, r.document from tenant t
         join resource r on r.tenant = t.pk and r.resource_type = ?2 and r.id = ?3
         where t.name = ?1",
    )?
    .query_row(params![tenant.as_str(), key.resource_type, key.id.as_str()], columns)
    .optional();
    stored(found.map_err(store_error)?.ok_or(StoreError::NotFound)?)
}

pub(super) fn update(
    connection: &Connection,
    tenant: &Tenant,
    update: Update,
) -> Result<StoredResource, StoreError> {
    let pk = find_expected(connection, tenant, &update.key, &update.expected)?;
    let version = next_version(connection)?;
    prepare(
        connection,
        "update resource set version = ?2, external_id = ?3, document = ?4 where pk = ?1",
    )?
    .execute(params![pk, version, update.resource.external_id(), document(&update.resource)?])
    .map_err(store_error)?;
    prepare(connection, "delete from unique_key where resource = ?1")?
        .execute([pk])
        .map_err(store_error)?;
    insert_unique_keys(connection, pk, &update.unique)?;
    Ok(StoredResource::new(update.resource, version_text(version)))
}

pub(super) fn delete(
    connection: &Connection,
    tenant: &Tenant,
    key: &ResourceKey,
    expected: &Expected,
) -> Result<(), StoreError> {
    let pk = find_expected(connection, tenant, key, expected)?;
    prepare(connection, "delete from resource where pk = ?1")?
        .execute([pk])
        .map(|_| ())
        .map_err(store_error)
}

pub(super) fn list(
    connection: &Connection,
    tenant: &Tenant,
    query: &StoreQuery,
    scan_limit: u64,
) -> Result<Page, StoreError> {
    let tenant = prepare(connection, "select pk from tenant where name = ?1")?
        .query_row([tenant.as_str()], |row| row.get::<_, i64>(0))
        .optional();
    let Some(tenant) = tenant.map_err(store_error)? else { return Ok(Page::default()) };
    let scan = Scan { connection, tenant, query };
    match (&query.filter, &query.sort) {
        (None, None) => scan.page(),
        (filter, _) => scan.matching(filter.as_ref(), scan_limit),
    }
}

/// A document that is not JSON.
#[derive(Debug, thiserror::Error)]
#[error("a stored document is damaged")]
struct DamagedDocument;

/// A query in one tenant.
struct Scan<'q> {
    connection: &'q Connection,
    tenant: i64,
    query: &'q StoreQuery,
}

impl Scan<'_> {
    /// A page of all resources, in order of creation.
    fn page(&self) -> Result<Page, StoreError> {
        let total = prepare(
            self.connection,
            "select count(*) from resource where tenant = ?1 and resource_type = ?2",
        )?
        .query_row(params![self.tenant, self.query.resource_type], |row| row.get::<_, i64>(0))
        .map_err(store_error)?;
        let limit = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let mut statement = prepare(
            self.connection,
            "select version, document from resource where tenant = ?1 and resource_type = ?2
             order by pk limit ?3 offset ?4",
        )?;
        let (count, offset) = (limit(self.query.count), limit(self.query.offset));
        let rows = statement
            .query_map(params![self.tenant, self.query.resource_type, count, offset], columns)
            .map_err(store_error)?;
        let resources =
            rows.map(|row| stored(row.map_err(store_error)?)).collect::<Result<_, _>>()?;
        Ok(Page::new(resources, u64::try_from(total).unwrap_or(0)))
    }

    /// A page of the resources that match, each of them looked at.
    fn matching(&self, filter: Option<&BoundFilter>, scan_limit: u64) -> Result<Page, StoreError> {
        let driver = Driver::of(self.query);
        let condition = driver.condition();
        let sql = format!(
            "select version, document from resource where tenant = ?1 and resource_type = ?2
             {condition} order by pk"
        );
        let mut statement = prepare(self.connection, &sql)?;
        let (tenant, resource_type) = (self.tenant, &self.query.resource_type);
        let rows = match driver {
            Driver::Id(text) | Driver::ExternalId(text) => {
                statement.query(params![tenant, resource_type, text])
            }
            Driver::Unique(key) => {
                statement.query(params![tenant, resource_type, key.key, key.attribute])
            }
            Driver::None => statement.query(params![tenant, resource_type]),
        };
        let mut rows = rows.map_err(store_error)?;
        let mut page = Page::default();
        let mut looked_at = 0;
        while let Some(row) = rows.next().map_err(store_error)? {
            looked_at += 1;
            if looked_at > scan_limit {
                return Err(StoreError::TooMany);
            }
            let resource = stored(columns(row).map_err(store_error)?)?;
            if filter.is_none_or(|filter| filter.matches(resource.resource.attributes())) {
                self.take(&mut page, resource);
            }
        }
        Ok(self.sorted(page))
    }

    /// Counts a resource that matches, and keeps it if it may be part of the page.
    fn take(&self, page: &mut Page, resource: StoredResource) {
        let place = page.total;
        page.total += 1;
        let end = self.query.offset.saturating_add(self.query.count);
        if self.query.sort.is_some() || (self.query.offset..end).contains(&place) {
            page.resources.push(resource);
        }
    }

    fn sorted(&self, mut page: Page) -> Page {
        let Some(sort) = &self.query.sort else { return page };
        page.resources
            .sort_by(|a, b| sort.compare(a.resource.attributes(), b.resource.attributes()));
        let size = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
        let resources = page.resources.into_iter().skip(size(self.query.offset));
        Page::new(resources.take(size(self.query.count)).collect(), page.total)
    }
}

/// What leads to the resources that can match.
enum Driver<'q> {
    Id(&'q str),
    Unique(&'q UniqueKey),
    ExternalId(&'q str),
    /// Nothing: all have to be looked at.
    None,
}

impl<'q> Driver<'q> {
    fn of(query: &'q StoreQuery) -> Self {
        let Some(filter) = &query.filter else { return Self::None };
        let text = |attribute| filter.required_text(attribute);
        match (text("id"), &query.unique, text("externalId")) {
            (Some(id), ..) => Self::Id(id),
            (_, Some(key), _) => Self::Unique(key),
            (.., Some(external_id)) => Self::ExternalId(external_id),
            _ => Self::None,
        }
    }

    fn condition(&self) -> &'static str {
        match self {
            Self::Id(_) => "and id = ?3",
            Self::Unique(_) => {
                "and pk in (select resource from unique_key where tenant = ?1
                    and resource_type = ?2 and key = ?3 and attribute = ?4)"
            }
            Self::ExternalId(_) => "and external_id = ?3",
            Self::None => "",
        }
    }
}

/// The primary key of a resource that has the version it must have.
fn find_expected(
    connection: &Connection,
    tenant: &Tenant,
    key: &ResourceKey,
    expected: &Expected,
) -> Result<i64, StoreError> {
    let found = prepare(
        connection,
        "select r.pk, r.version from tenant t
         join resource r on r.tenant = t.pk and r.resource_type = ?2 and r.id = ?3
         where t.name = ?1",
    )?
    .query_row(params![tenant.as_str(), key.resource_type, key.id.as_str()], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
    })
    .optional();
    let (pk, version) = found.map_err(store_error)?.ok_or(StoreError::NotFound)?;
    if expected.allows(&version_text(version)) { Ok(pk) } else { Err(StoreError::VersionMismatch) }
}

fn insert_unique_keys(
    connection: &Connection,
    pk: i64,
    unique: &[UniqueKey],
) -> Result<(), StoreError> {
    let mut statement = prepare(
        connection,
        "insert into unique_key(tenant, resource_type, attribute, key, resource)
         select tenant, resource_type, ?2, ?3, pk from resource where pk = ?1",
    )?;
    for key in unique {
        statement
            .execute(params![pk, key.attribute, key.key])
            .map_err(|error| taken(error, &key.attribute))?;
    }
    Ok(())
}

/// A version that no resource had before: versions never come back, not even with an `id`.
fn next_version(connection: &Connection) -> Result<i64, StoreError> {
    prepare(connection, "update version_counter set next = next + 1 returning next - 1")?
        .query_row([], |row| row.get(0))
        .map_err(store_error)
}

fn taken(error: rusqlite::Error, attribute: &str) -> StoreError {
    if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) {
        StoreError::Uniqueness { attribute: attribute.to_owned() }
    } else {
        store_error(error)
    }
}

fn prepare<'c>(connection: &'c Connection, sql: &str) -> Result<CachedStatement<'c>, StoreError> {
    connection.prepare_cached(sql).map_err(store_error)
}

fn columns(row: &Row<'_>) -> rusqlite::Result<(i64, String)> {
    Ok((row.get(0)?, row.get(1)?))
}

fn stored((version, document): (i64, String)) -> Result<StoredResource, StoreError> {
    // What serde has to say may hold a value of the document.
    let resource: Resource =
        serde_json::from_str(&document).map_err(|_| StoreError::internal(DamagedDocument))?;
    Ok(StoredResource::new(resource, version_text(version)))
}

fn document(resource: &Resource) -> Result<String, StoreError> {
    serde_json::to_string(resource).map_err(StoreError::internal)
}

fn version_text(version: i64) -> ResourceVersion {
    ResourceVersion::from_counter(version.unsigned_abs())
}
