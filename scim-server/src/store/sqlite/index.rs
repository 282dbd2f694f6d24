//! Texts of documents in a table of their own, by which resources are found.

use std::{borrow::Cow, collections::BTreeSet};

use rusqlite::{Connection, ToSql, params};
use scim_core::{Resource, filter::Lookup, fold};
use serde_json::Value;

use super::{prepare, store_error};
use crate::store::{CanonicalText, StoreError, StoreQuery};

/// The attributes that have an index unless one says otherwise.
pub(super) const USUAL: [&str; 2] = ["displayName", "emails.value"];

/// The most characters of a text that are kept; what they lead to is looked at once more.
const KEPT: usize = 255;

/// The attributes that have an index, as the file says: another process may have it otherwise than
/// when it was opened.
#[derive(Clone, Debug, Default)]
pub(super) struct Indexed(Vec<IndexedPath>);

/// The path of an attribute, taken apart.
#[derive(Clone, Debug, Eq, PartialEq)]
struct IndexedPath {
    path: String,
    extension: Option<String>,
    attribute: String,
    sub_attribute: Option<String>,
    /// Its number in the file.
    number: i64,
}

impl Indexed {
    /// The attributes that have an index now.
    pub(super) fn read(connection: &Connection) -> Result<Self, StoreError> {
        let mut statement = prepare(connection, "select path, number from indexed")?;
        let paths = statement
            .query_map([], |row| Ok(IndexedPath::new(row.get_ref(0)?.as_str()?, row.get(1)?)));
        paths.and_then(Iterator::collect).map(Self).map_err(store_error)
    }

    /// Brings the index of a file in line with the attributes that are to have one.
    pub(super) fn bring_about(
        connection: &Connection,
        paths: &BTreeSet<String>,
    ) -> Result<(), StoreError> {
        let mut statement = prepare(connection, "select path from indexed")?;
        let known: BTreeSet<String> = statement
            .query_map([], |row| row.get(0))
            .and_then(Iterator::collect)
            .map_err(store_error)?;
        for gone in known.difference(paths) {
            for sql in [
                "delete from text_key where path = (select number from indexed where path = ?1)",
                "delete from indexed where path = ?1",
            ] {
                prepare(connection, sql)?.execute([gone]).map_err(store_error)?;
            }
        }
        let mut new = Vec::new();
        for path in paths {
            prepare(connection, "insert into indexed(path) values(?1) on conflict do nothing")?
                .execute([path])
                .map_err(store_error)?;
            let number = prepare(connection, "select number from indexed where path = ?1")?
                .query_row([path], |row| row.get(0))
                .map_err(store_error)?;
            new.push(IndexedPath::new(path, number));
        }
        let missing = new.iter().filter(|each| !known.contains(&each.path)).cloned().collect();
        Self(missing).fill(connection)
    }

    /// Enters what every document says.
    fn fill(&self, connection: &Connection) -> Result<(), StoreError> {
        if self.0.is_empty() {
            return Ok(());
        }
        let mut statement = prepare(connection, "select pk, document from resource")?;
        let mut rows = statement.query([]).map_err(store_error)?;
        while let Some(row) = rows.next().map_err(store_error)? {
            let (resource, text) =
                (row.get(0).map_err(store_error)?, row.get(1).map_err(store_error)?);
            let document = CanonicalText::from_stored(text)?.to_resource()?;
            self.enter(connection, resource, &document)?;
        }
        Ok(())
    }

    /// Enters what a new document says.
    pub(super) fn enter(
        &self,
        connection: &Connection,
        resource: i64,
        document: &Resource,
    ) -> Result<(), StoreError> {
        let mut statement = prepare(
            connection,
            "insert into text_key(path, tenant, resource_type, key, resource)
             select ?1, tenant, resource_type, ?2, pk from resource where pk = ?3
             on conflict do nothing",
        )?;
        for path in &self.0 {
            for key in path.keys(document) {
                statement.execute(params![path.number, key, resource]).map_err(store_error)?;
            }
        }
        Ok(())
    }

    /// Enters what a document says in the place of what it said.
    pub(super) fn change(
        &self,
        connection: &Connection,
        resource: i64,
        document: &Resource,
    ) -> Result<(), StoreError> {
        prepare(connection, "delete from text_key where resource = ?1")?
            .execute([resource])
            .map_err(store_error)?;
        self.enter(connection, resource, document)
    }

    /// What a look-up costs, of those that the file answers.
    pub(super) fn cost(&self, lookup: &Lookup<'_>, query: &StoreQuery) -> Option<u64> {
        let cost = match self.way(lookup, query)? {
            Way::Id | Way::Unique => 1,
            Way::ExternalId => 2,
            Way::Text(_) => 5,
            Way::Member => 10,
            Way::Group => 100,
        };
        // Nobody knows how many begin alike.
        Some(if lookup.is_prefix { 1000 * cost } else { cost })
    }

    /// The primary keys of what a look-up leads to.
    pub(super) fn find(
        &self,
        connection: &Connection,
        tenant: i64,
        lookup: &Lookup<'_>,
        query: &StoreQuery,
    ) -> Result<Vec<i64>, StoreError> {
        let Some(way) = self.way(lookup, query) else { return Ok(Vec::new()) };
        let path = lookup.path();
        let text = if matches!(way, Way::Text(_)) { kept(lookup.text) } else { lookup.text.into() };
        let end = if lookup.is_prefix { end_of_prefix(&text) } else { None };
        let mut parameters: Vec<&dyn ToSql> = vec![&tenant, &query.resource_type, &text];
        let from = match &way {
            Way::Id => "pk from resource where tenant = ?1 and resource_type = ?2 and id",
            Way::ExternalId => {
                "pk from resource where tenant = ?1 and resource_type = ?2 and external_id"
            }
            Way::Unique => {
                parameters.push(&path);
                "resource from unique_key where tenant = ?1 and resource_type = ?2
                 and attribute = ?4 and key"
            }
            Way::Text(number) => {
                parameters.push(number);
                "resource from text_key where path = ?4 and tenant = ?1 and resource_type = ?2
                 and key"
            }
            Way::Member => {
                "m.resource from member m join resource r on r.pk = m.resource
                 where m.tenant = ?1 and r.resource_type = ?2 and m.value"
            }
            Way::Group => {
                "r.pk from resource g join member m on m.resource = g.pk
                 join resource r on r.tenant = ?1 and r.resource_type = ?2 and r.id = m.value
                 where g.tenant = ?1 and g.id"
            }
        };
        let condition = match (lookup.is_prefix, &end) {
            (false, _) => "= ?3".to_owned(),
            (true, None) => ">= ?3".to_owned(),
            (true, Some(end)) => {
                parameters.push(end);
                let number = parameters.len();
                // Of the two, the column stands before each.
                format!(">= ?3 and key < ?{number}")
            }
        };
        prepare(connection, &format!("select {from} {condition}"))?
            .query_map(parameters.as_slice(), |row| row.get(0))
            .and_then(Iterator::collect)
            .map_err(store_error)
    }

    fn way(&self, lookup: &Lookup<'_>, query: &StoreQuery) -> Option<Way> {
        let path = lookup.path();
        if query.unique.contains(&path) {
            return Some(Way::Unique);
        }
        let indexed = self.0.iter().find(|indexed| indexed.path == path);
        // Where case counts, what is folded for the index need not begin as it did.
        if let Some(indexed) = indexed.filter(|_| !(lookup.is_prefix && lookup.case_exact)) {
            return Some(Way::Text(indexed.number));
        }
        let is_member = |name: &str| lookup.extension.is_none() && lookup.attribute == name;
        match (path.as_str(), lookup.sub_attribute) {
            // These are kept as they are, and not folded.
            _ if lookup.is_prefix || !lookup.case_exact => None,
            ("id", _) => Some(Way::Id),
            ("externalId", _) => Some(Way::ExternalId),
            ("groups.value", _) => Some(Way::Group),
            (_, Some("value")) if query.membership.as_deref().is_some_and(is_member) => {
                Some(Way::Member)
            }
            _ => None,
        }
    }
}

/// What leads from a look-up to resources.
enum Way {
    Id,
    ExternalId,
    Unique,
    /// The index of that number.
    Text(i64),
    /// Whom the members are of.
    Member,
    /// The members of a group.
    Group,
}

impl IndexedPath {
    fn new(path: &str, number: i64) -> Self {
        // A URI has dots and colons of its own; no name has.
        let (extension, rest) = match path.rsplit_once(':') {
            Some((uri, rest)) => (Some(uri.to_owned()), rest),
            None => (None, path),
        };
        let (attribute, sub_attribute) = match rest.split_once('.') {
            Some((attribute, sub)) => (attribute, Some(sub.to_owned())),
            None => (rest, None),
        };
        let (path, attribute) = (path.to_owned(), attribute.to_owned());
        Self { path, extension, attribute, sub_attribute, number }
    }

    /// What a document is found by.
    fn keys(&self, document: &Resource) -> BTreeSet<String> {
        let container = match &self.extension {
            Some(uri) => document.attributes().get(uri).and_then(Value::as_object),
            None => Some(document.attributes()),
        };
        let value = container.and_then(|container| container.get(&self.attribute));
        let values = match value {
            Some(Value::Array(elements)) => elements.as_slice(),
            Some(single) => std::slice::from_ref(single),
            None => &[],
        };
        let texts = values.iter().filter_map(|value| match &self.sub_attribute {
            Some(name) => value.get(name)?.as_str(),
            None => value.as_str(),
        });
        texts.map(|text| kept(text).into_owned()).collect()
    }
}

/// The form in which a text is kept: folded, since case may not count, and its beginning alone.
fn kept(text: &str) -> Cow<'_, str> {
    let folded = fold(text);
    match folded.char_indices().nth(KEPT) {
        Some((end, _)) => Cow::Owned(folded.get(..end).unwrap_or_default().to_owned()),
        None => folded,
    }
}

/// The first text behind all that begin with a prefix; `None` if nothing is behind them.
fn end_of_prefix(prefix: &str) -> Option<String> {
    let mut chars: Vec<char> = prefix.chars().collect();
    while let Some(last) = chars.pop() {
        // The surrogates between them are no characters.
        let next =
            if last == '\u{D7FF}' { Some('\u{E000}') } else { char::from_u32(last as u32 + 1) };
        if let Some(next) = next {
            chars.push(next);
            return Some(chars.into_iter().collect());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_ends_before_the_next_text() {
        let cases = [
            ("a", Some("b")),
            ("az", Some("a{")),
            ("", None),
            ("\u{10FFFF}", None),
            ("a\u{10FFFF}", Some("b")),
            ("\u{D7FF}", Some("\u{E000}")),
            ("é", Some("ê")),
        ];
        for (prefix, end) in cases {
            assert_eq!(end_of_prefix(prefix).as_deref(), end, "{prefix}");
        }
    }

    #[test]
    fn a_path_is_taken_apart() {
        let uri = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
        let document = serde_json::json!({
            "displayName": "Babs",
            "emails": [{"value": "B@x.org"}, {"value": "c@x.org"}, {"type": "work"}],
            "name": {"familyName": "Jensen"},
            (uri): {"employeeNumber": "7", "manager": {"value": "26"}},
        });
        let document = Resource::from_canonical(document.as_object().unwrap().clone());
        let cases: [(&str, &[&str]); 7] = [
            ("displayName", &["babs"]),
            ("emails.value", &["b@x.org", "c@x.org"]),
            ("name.familyName", &["jensen"]),
            (&format!("{uri}:employeeNumber"), &["7"]),
            (&format!("{uri}:manager.value"), &["26"]),
            ("name", &[]),
            ("nickName", &[]),
        ];
        for (path, expected) in cases {
            let keys = IndexedPath::new(path, 1).keys(&document);
            assert_eq!(keys.iter().map(String::as_str).collect::<Vec<_>>(), expected, "{path}");
        }
    }
}
