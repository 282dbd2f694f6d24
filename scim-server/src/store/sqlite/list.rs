use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, ToSql, params};
use scim_core::{Resource, filter::Lookup, query::BoundSort, resource::ResourceRef};
use serde_json::{Map, Value};

use super::{
    index::Indexed,
    prepare,
    statements::{ResourceRow, columns},
    store_error,
};
use crate::{
    store::{
        CanonicalText, Page, Position, Start, StoreError, StoreQuery, StoredResource, Wanted,
        choose::{Behind, Candidate, choose},
    },
    tenant::Tenant,
};

pub(super) fn list(
    connection: &Connection,
    tenant: &Tenant,
    query: &StoreQuery,
    scan_limit: u64,
) -> Result<Page, StoreError> {
    let tenant = prepare(connection, "select pk from tenant where name = ?1")?
        .query_row([tenant.as_str()], |row| row.get::<_, i64>(0))
        .optional();
    let Some(tenant) = tenant.map_err(store_error)? else {
        let total = matches!(query.start, Start::Offset(_)).then_some(0);
        return Ok(Page { total, ..Page::default() });
    };
    let list = List { connection, tenant, query };
    match (&query.filter, &query.sort) {
        (None, None) => list.everything(),
        _ => list.matching(scan_limit),
    }
}

/// A query in one tenant.
struct List<'q> {
    connection: &'q Connection,
    tenant: i64,
    query: &'q StoreQuery,
}

/// A resource that a query can match.
struct Document {
    row: ResourceRow,
    /// With what is kept apart, where the query asks for that.
    resource: Resource,
}

impl List<'_> {
    /// A page of all resources, in order of creation.
    fn everything(&self) -> Result<Page, StoreError> {
        let limit = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let count = self.query.count;
        match &self.query.start {
            Start::Offset(offset) => {
                let rows = self
                    .rows("order by r.pk limit ?3 offset ?4", &[&limit(count), &limit(*offset)])?;
                Ok(Page::new(self.stored(rows)?, self.total()?))
            }
            Start::After(_) => {
                let place = limit(Behind::of(self.query)?.first_place());
                // One more than the page holds tells whether another one follows.
                let more = limit(count.saturating_add(1));
                let mut rows =
                    self.rows("and r.pk > ?4 order by r.pk limit ?3", &[&more, &place])?;
                let is_followed = u64::try_from(rows.len()).is_ok_and(|length| length > count);
                rows.truncate(usize::try_from(count).unwrap_or(usize::MAX));
                let last = rows.last().filter(|_| is_followed);
                let next = last.map(|row| Position::new(row.pk.to_be_bytes()));
                Ok(Page::before(self.stored(rows)?, next))
            }
        }
    }

    fn total(&self) -> Result<u64, StoreError> {
        prepare(
            self.connection,
            "select count(*) from resource where tenant = ?1 and resource_type = ?2",
        )?
        .query_row(params![self.tenant, self.query.resource_type], |row| row.get::<_, i64>(0))
        .map(|total| u64::try_from(total).unwrap_or(0))
        .map_err(store_error)
    }

    fn rows(&self, rest: &str, more: &[&dyn ToSql]) -> Result<Vec<ResourceRow>, StoreError> {
        let mut statement = prepare(self.connection, &select(rest))?;
        let mut parameters: Vec<&dyn ToSql> = vec![&self.tenant, &self.query.resource_type];
        parameters.extend(more);
        statement
            .query_map(parameters.as_slice(), ResourceRow::read)
            .and_then(Iterator::collect)
            .map_err(store_error)
    }

    fn stored(&self, rows: Vec<ResourceRow>) -> Result<Vec<StoredResource>, StoreError> {
        rows.into_iter().map(|row| row.stored(self.connection, self.query.wanted)).collect()
    }

    /// A page of the resources that match, each of them looked at that can.
    fn matching(&self, scan_limit: u64) -> Result<Page, StoreError> {
        let behind = Behind::of(self.query)?;
        let first = i64::try_from(behind.first_place()).unwrap_or(i64::MAX);
        let indexed = Indexed::read(self.connection)?;
        let cost = |lookup: &Lookup<'_>| indexed.cost(lookup, self.query);
        let lookups = self.query.filter.as_ref().and_then(|filter| filter.lookups(&cost));
        let mut looked_at = 0;
        let mut document = |row: rusqlite::Result<ResourceRow>| {
            looked_at += 1;
            if looked_at > scan_limit {
                return Err(StoreError::TooMany);
            }
            self.document(row.map_err(store_error)?)
        };
        let chosen = if let Some(lookups) = lookups {
            let mut places = BTreeSet::new();
            for lookup in lookups {
                let found = indexed.find(self.connection, self.tenant, &lookup, self.query)?;
                places.extend(found.into_iter().filter(|place| *place > first));
            }
            let mut statement = prepare(self.connection, &select("and r.pk = ?3"))?;
            let rows = places.iter().map(|place| {
                let parameters = params![self.tenant, self.query.resource_type, place];
                statement.query_row(parameters, ResourceRow::read)
            });
            choose(self.query, &behind, rows.map(&mut document))?
        } else {
            let mut statement = prepare(self.connection, &select("and r.pk > ?3 order by r.pk"))?;
            let parameters = params![self.tenant, self.query.resource_type, first];
            let rows = statement.query_map(parameters, ResourceRow::read).map_err(store_error)?;
            choose(self.query, &behind, rows.map(&mut document))?
        };
        let rows = chosen.candidates.into_iter().map(|document| document.row).collect();
        Ok(Page { resources: self.stored(rows)?, total: chosen.total, next: chosen.next })
    }

    fn document(&self, row: ResourceRow) -> Result<Document, StoreError> {
        let mut resource = CanonicalText::from_stored(row.text.clone())?.to_resource()?;
        let membership = row.membership.as_ref().is_some_and(|name| self.query.asks_for(name));
        let asked = Wanted::OWN.with_membership(membership);
        let asked = asked.with_groups(self.query.asks_for("groups"));
        resource.attributes_mut().extend(row.apart(self.connection, asked)?);
        Ok(Document { row, resource })
    }
}

impl Candidate for Document {
    fn place(&self) -> u64 {
        self.row.pk.unsigned_abs()
    }

    fn document(&self) -> ResourceRef<'_> {
        (&self.resource).into()
    }

    fn key(&self, sort: &BoundSort) -> Map<String, Value> {
        sort.key(self.resource.attributes())
    }
}

fn select(rest: &str) -> String {
    let columns = columns!();
    format!("select {columns} from resource r where r.tenant = ?1 and r.resource_type = ?2 {rest}")
}
