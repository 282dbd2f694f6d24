//! What belongs to a resource, in a table of its own.

use std::borrow::Cow;

use rusqlite::{Connection, OptionalExtension, params};
use scim_core::{Resource, patch::MembershipDelta};
use serde_json::{Map, Value, json};

use super::{
    prepare,
    statements::{document, next_version, version_text},
    store_error,
};
use crate::{
    context::Context,
    store::{
        CanonicalText, MembershipChange, MembershipOutcome, StoreError,
        touch::{last_modified, touched},
    },
};

/// The elements that belong to a resource, in the order in which they came.
pub(super) fn read(connection: &Connection, resource: i64) -> Result<Vec<Value>, StoreError> {
    let mut statement =
        prepare(connection, "select element from member where resource = ?1 order by place")?;
    let rows =
        statement.query_map([resource], |row| row.get::<_, String>(0)).map_err(store_error)?;
    rows.map(|element| element_of(&element.map_err(store_error)?)).collect()
}

/// The elements of `groups` for what a `value` belongs to (RFC 7643 §4.1.2).
pub(super) fn groups(
    connection: &Connection,
    tenant: i64,
    value: &str,
) -> Result<Vec<Value>, StoreError> {
    let mut statement = prepare(
        connection,
        "select r.id, r.document ->> '$.displayName' from member m join resource r on r.pk = m.resource
         where m.tenant = ?1 and m.value = ?2 order by m.resource",
    )?;
    let rows = statement
        .query_map(params![tenant, value], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, Option<String>>(1)?))
        })
        .map_err(store_error)?;
    rows.map(|row| {
        let (id, name) = row.map_err(store_error)?;
        let mut element = Map::new();
        element.insert("value".to_owned(), json!(id));
        if let Some(name) = name {
            element.insert("display".to_owned(), json!(name));
        }
        element.insert("type".to_owned(), json!("direct"));
        Ok(Value::Object(element))
    })
    .collect()
}

/// Takes the elements out of a document, to be kept apart.
pub(super) fn take(resource: &mut Resource, membership: Option<&str>) -> Vec<Value> {
    match membership.and_then(|name| resource.attributes_mut().remove(name)) {
        Some(Value::Array(elements)) => elements,
        _ => Vec::new(),
    }
}

/// Makes these the elements that belong to a resource; those that stay are not touched.
pub(super) fn write(
    connection: &Connection,
    resource: i64,
    elements: &[Value],
) -> Result<(), StoreError> {
    let before = read(connection, resource)?;
    if before == elements {
        return Ok(());
    }
    let is_continued = elements.get(..before.len()).is_some_and(|kept| kept == before);
    let new =
        if is_continued { elements.get(before.len()..).unwrap_or_default() } else { elements };
    if !is_continued {
        remove_all(connection, resource)?;
    }
    for element in new {
        insert(connection, resource, element)?;
    }
    Ok(())
}

/// Carries a change out on a resource, which gets a new version if anything changes.
pub(super) fn change(
    connection: &Connection,
    cx: &Context,
    change: &MembershipChange,
) -> Result<MembershipOutcome, StoreError> {
    let found =
        super::statements::find_expected(connection, &cx.tenant, &change.key, &change.expected)?;
    if found.membership.as_ref() != Some(&change.attribute) {
        // It came before the attribute was one to be kept apart, and is in the document.
        return Ok(MembershipOutcome::NotOffered);
    }
    if carry_out(connection, found.pk, &change.delta)? {
        touch(connection, found.pk, cx).map(MembershipOutcome::Changed)
    } else {
        Ok(MembershipOutcome::Unchanged(version_text(found.version)))
    }
}

/// Takes a resource out of all that it belongs to.
pub(super) fn leave_all(
    connection: &Connection,
    cx: &Context,
    tenant: i64,
    value: &str,
) -> Result<(), StoreError> {
    let mut statement =
        prepare(connection, "select resource from member where tenant = ?1 and value = ?2")?;
    let groups = statement
        .query_map(params![tenant, value], |row| row.get::<_, i64>(0))
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(store_error)?;
    for group in groups {
        remove(connection, group, value)?;
        touch(connection, group, cx)?;
    }
    Ok(())
}

/// Whether anything changed.
fn carry_out(
    connection: &Connection,
    resource: i64,
    delta: &MembershipDelta,
) -> Result<bool, StoreError> {
    if delta.clears() {
        let next: Vec<_> = delta.added().cloned().collect();
        let is_change = read(connection, resource)? != next;
        if is_change {
            write(connection, resource, &next)?;
        }
        return Ok(is_change);
    }
    let mut is_change = false;
    for value in delta.removed() {
        is_change |= remove(connection, resource, value)?;
    }
    for element in delta.added() {
        is_change |= put(connection, resource, element)?;
    }
    Ok(is_change)
}

/// Adds an element, or has the one that is there take up what is given (RFC 7644 §3.5.2.1).
fn put(connection: &Connection, resource: i64, element: &Value) -> Result<bool, StoreError> {
    let known =
        prepare(connection, "select element from member where resource = ?1 and value = ?2")?
            .query_row(params![resource, &*value(element)], |row| row.get::<_, String>(0))
            .optional()
            .map_err(store_error)?;
    let Some(known) = known else {
        insert(connection, resource, element)?;
        return Ok(true);
    };
    let before = element_of(&known)?;
    let mut after = before.clone();
    if let (Value::Object(after), Value::Object(given)) = (&mut after, element) {
        after.extend(given.clone());
    }
    if after == before {
        return Ok(false);
    }
    prepare(connection, "update member set element = ?3 where resource = ?1 and value = ?2")?
        .execute(params![resource, &*value(element), after.to_string()])
        .map_err(store_error)?;
    Ok(true)
}

fn insert(connection: &Connection, resource: i64, element: &Value) -> Result<(), StoreError> {
    prepare(
        connection,
        "insert into member(resource, value, tenant, place, element)
         select pk, ?2, tenant,
                coalesce((select max(place) + 1 from member where resource = ?1), 1), ?3
         from resource where pk = ?1
         on conflict(resource, value) do update set element = excluded.element",
    )?
    .execute(params![resource, &*value(element), element.to_string()])
    .map(|_| ())
    .map_err(store_error)
}

fn remove(connection: &Connection, resource: i64, value: &str) -> Result<bool, StoreError> {
    prepare(connection, "delete from member where resource = ?1 and value = ?2")?
        .execute(params![resource, value])
        .map(|count| count > 0)
        .map_err(store_error)
}

fn remove_all(connection: &Connection, resource: i64) -> Result<(), StoreError> {
    prepare(connection, "delete from member where resource = ?1")?
        .execute([resource])
        .map(|_| ())
        .map_err(store_error)
}

/// Gives a resource another version and a later `meta.lastModified`.
fn touch(
    connection: &Connection,
    resource: i64,
    cx: &Context,
) -> Result<scim_core::ResourceVersion, StoreError> {
    let text = prepare(connection, "select document from resource where pk = ?1")?
        .query_row([resource], |row| row.get::<_, String>(0))
        .map_err(store_error)?;
    let before = CanonicalText::from_stored(text)?.to_resource()?;
    let modified = last_modified(&before);
    let after = touched(before, modified, cx.now);
    let version = next_version(connection)?;
    prepare(connection, "update resource set version = ?2, document = ?3 where pk = ?1")?
        .execute(params![resource, version, document(&after)?.as_str()])
        .map_err(store_error)?;
    Ok(version_text(version))
}

/// What an element is known by: its `value`, or else all of it.
fn value(element: &Value) -> Cow<'_, str> {
    match element.get("value") {
        Some(Value::String(value)) => Cow::Borrowed(value),
        _ => Cow::Owned(element.to_string()),
    }
}

fn element_of(text: &str) -> Result<Value, StoreError> {
    // What serde has to say may hold a value of the element.
    serde_json::from_str(text).map_err(|_| StoreError::internal(DamagedElement))
}

/// An element that is not JSON.
#[derive(Debug, thiserror::Error)]
#[error("a stored element is damaged")]
struct DamagedElement;
