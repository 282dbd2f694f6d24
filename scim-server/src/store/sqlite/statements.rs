use rusqlite::{Connection, ErrorCode, OptionalExtension, params};
use scim_core::{Resource, ResourceVersion};
use serde_json::Value;

use super::{index::Indexed, members, prepare, store_error};
use crate::{
    context::Context,
    store::{
        CanonicalText, Expected, Membership, NewResource, ResourceKey, StoreError, StoredResource,
        UniqueKey, Update, Wanted,
    },
    tenant::Tenant,
};

pub(super) fn create(
    connection: &Connection,
    tenant: &Tenant,
    new: NewResource,
) -> Result<StoredResource, StoreError> {
    let NewResource { key, mut resource, unique, membership } = new;
    let elements = members::take(&mut resource, membership.as_deref());
    let version = next_version(connection)?;
    prepare(connection, "insert into tenant(name) values(?1) on conflict do nothing")?
        .execute([tenant.as_str()])
        .map_err(store_error)?;
    let inserted = prepare(
        connection,
        "insert into resource(tenant, resource_type, id, version, external_id, membership, document)
         select pk, ?2, ?3, ?4, ?5, ?6, ?7 from tenant where name = ?1",
    )?
    .execute(params![
        tenant.as_str(),
        key.resource_type,
        key.id.as_str(),
        version,
        resource.external_id(),
        membership,
        document(&resource)?.as_str(),
    ]);
    inserted.map_err(|error| taken(error, "id"))?;
    let pk = connection.last_insert_rowid();
    insert_unique_keys(connection, pk, &unique)?;
    Indexed::read(connection)?.enter(connection, pk, &resource)?;
    members::write(connection, pk, &elements)?;
    row(connection, tenant, &key)?.stored(connection, Wanted::ALL)
}

/// A row of `resource`, before what is kept apart is put to it.
#[derive(Debug)]
pub(super) struct ResourceRow {
    pub(super) pk: i64,
    pub(super) tenant: i64,
    pub(super) id: String,
    pub(super) version: i64,
    pub(super) membership: Option<String>,
    /// Whether it belongs to another resource.
    pub(super) is_member: bool,
    pub(super) text: String,
}

/// The columns of a [`ResourceRow`], of `resource` under the name `r`.
macro_rules! columns {
    () => {
        "r.pk, r.tenant, r.id, r.version, r.membership,
         exists(select 1 from member m where m.tenant = r.tenant and m.value = r.id), r.document"
    };
}
pub(super) use columns;

impl ResourceRow {
    pub(super) fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            pk: row.get(0)?,
            tenant: row.get(1)?,
            id: row.get(2)?,
            version: row.get(3)?,
            membership: row.get(4)?,
            is_member: row.get(5)?,
            text: row.get(6)?,
        })
    }

    /// Whether nothing that is wanted is kept apart.
    pub(super) fn is_whole(&self, wanted: Wanted) -> bool {
        !(wanted.membership && self.membership.is_some() || wanted.groups && self.is_member)
    }

    /// The resource without what is kept apart.
    pub(super) fn into_stored(self) -> Result<StoredResource, StoreError> {
        let text = CanonicalText::from_stored(self.text)?;
        Ok(StoredResource::from_text(self.id, text, version_text(self.version)))
    }

    /// The resource with what belongs to it and what it belongs to, as far as wanted.
    pub(super) fn stored(
        self,
        connection: &Connection,
        wanted: Wanted,
    ) -> Result<StoredResource, StoreError> {
        let apart = self.apart(connection, wanted)?;
        if apart.is_empty() {
            return self.into_stored();
        }
        let version = version_text(self.version);
        let mut resource = CanonicalText::from_stored(self.text)?.to_resource()?;
        resource.attributes_mut().extend(apart);
        Ok(StoredResource::new(resource, version))
    }

    /// What is kept apart and wanted.
    pub(super) fn apart(
        &self,
        connection: &Connection,
        wanted: Wanted,
    ) -> Result<Vec<(String, Value)>, StoreError> {
        let mut apart = Vec::new();
        if let Some(membership) = self.membership.as_ref().filter(|_| wanted.membership) {
            apart.push((membership.clone(), members::read(connection, self.pk)?));
        }
        if wanted.groups && self.is_member {
            let groups = members::groups(connection, self.tenant, &self.id)?;
            apart.push(("groups".to_owned(), groups));
        }
        let some = apart.into_iter().filter(|(_, elements)| !elements.is_empty());
        Ok(some.map(|(name, elements)| (name, Value::Array(elements))).collect())
    }
}

pub(super) fn get(
    connection: &Connection,
    tenant: &Tenant,
    key: &ResourceKey,
    wanted: Wanted,
) -> Result<StoredResource, StoreError> {
    row(connection, tenant, key)?.stored(connection, wanted)
}

pub(super) fn row(
    connection: &Connection,
    tenant: &Tenant,
    key: &ResourceKey,
) -> Result<ResourceRow, StoreError> {
    let found = prepare(
        connection,
        concat!(
            "select ",
            columns!(),
            " from tenant t
             join resource r on r.tenant = t.pk and r.resource_type = ?2 and r.id = ?3
             where t.name = ?1"
        ),
    )?
    .query_row(params![tenant.as_str(), key.resource_type, key.id.as_str()], ResourceRow::read)
    .optional();
    found.map_err(store_error)?.ok_or(StoreError::NotFound)
}

pub(super) fn update(
    connection: &Connection,
    tenant: &Tenant,
    update: Update,
) -> Result<StoredResource, StoreError> {
    let Update { key, expected, mut resource, unique, membership, wanted } = update;
    let pk = find_expected(connection, tenant, &key, &expected)?.pk;
    if let Membership::Given(membership) = &membership {
        let elements = members::take(&mut resource, membership.as_deref());
        members::write(connection, pk, &elements)?;
        prepare(connection, "update resource set membership = ?2 where pk = ?1")?
            .execute(params![pk, membership])
            .map_err(store_error)?;
    }
    let version = next_version(connection)?;
    prepare(
        connection,
        "update resource set version = ?2, external_id = ?3, document = ?4 where pk = ?1",
    )?
    .execute(params![pk, version, resource.external_id(), document(&resource)?.as_str()])
    .map_err(store_error)?;
    prepare(connection, "delete from unique_key where resource = ?1")?
        .execute([pk])
        .map_err(store_error)?;
    insert_unique_keys(connection, pk, &unique)?;
    Indexed::read(connection)?.change(connection, pk, &resource)?;
    row(connection, tenant, &key)?.stored(connection, wanted)
}

/// Removes a resource, also from what it belonged to.
pub(super) fn delete(
    connection: &Connection,
    cx: &Context,
    key: &ResourceKey,
    expected: &Expected,
) -> Result<(), StoreError> {
    let found = find_expected(connection, &cx.tenant, key, expected)?;
    prepare(connection, "delete from resource where pk = ?1")?
        .execute([found.pk])
        .map_err(store_error)?;
    members::leave_all(connection, cx, found.tenant, key.id.as_str())
}

/// A resource that has the version it must have.
pub(super) struct Found {
    pub(super) pk: i64,
    pub(super) tenant: i64,
    pub(super) version: i64,
    pub(super) membership: Option<String>,
}

pub(super) fn find_expected(
    connection: &Connection,
    tenant: &Tenant,
    key: &ResourceKey,
    expected: &Expected,
) -> Result<Found, StoreError> {
    let found = prepare(
        connection,
        "select r.pk, r.tenant, r.version, r.membership from tenant t
         join resource r on r.tenant = t.pk and r.resource_type = ?2 and r.id = ?3
         where t.name = ?1",
    )?
    .query_row(params![tenant.as_str(), key.resource_type, key.id.as_str()], |row| {
        Ok(Found {
            pk: row.get(0)?,
            tenant: row.get(1)?,
            version: row.get(2)?,
            membership: row.get(3)?,
        })
    })
    .optional();
    let found = found.map_err(store_error)?.ok_or(StoreError::NotFound)?;
    if expected.allows(&version_text(found.version)) {
        Ok(found)
    } else {
        Err(StoreError::VersionMismatch)
    }
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
pub(super) fn next_version(connection: &Connection) -> Result<i64, StoreError> {
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

pub(super) fn document(resource: &Resource) -> Result<CanonicalText, StoreError> {
    CanonicalText::of(resource)
}

pub(super) fn version_text(version: i64) -> ResourceVersion {
    ResourceVersion::from_counter(version.unsigned_abs())
}
