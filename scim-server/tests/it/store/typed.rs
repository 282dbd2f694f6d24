//! Tables of an application's own, as stores.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use async_trait::async_trait;
use scim_core::{Filter, Meta, ResourceId, ResourceVersion, SchemaRegistry, TypedResource};
use scim_server::{
    Context, ResourceStore, Tenant,
    conformance::{Kit, Offers},
    store::{
        MemoryStore, NewResource, Row, StoreError, StoreQuery, Stores, Table, Typed, UniqueKey,
        Wanted,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{clinic, conformance::on_threads, document, key, new, user_name_key};

/// What an application knows of a user, and a column of JSON for the rest.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Employee {
    id: Option<ResourceId>,
    user_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    active: Option<bool>,
    #[serde(flatten)]
    other: Map<String, Value>,
}

/// The same without such a column.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Account {
    id: Option<ResourceId>,
    user_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    active: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    display_name: Option<String>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Team {
    id: Option<ResourceId>,
    display_name: String,
    #[serde(flatten)]
    other: Map<String, Value>,
}

macro_rules! typed_resource {
    ($name:ident, $resource_type:literal, $endpoint:literal) => {
        impl TypedResource for $name {
            const SCHEMA: &'static str =
                concat!("urn:ietf:params:scim:schemas:core:2.0:", $resource_type);
            const RESOURCE_TYPE: &'static str = $resource_type;
            const ENDPOINT: &'static str = $endpoint;

            fn id(&self) -> Option<&ResourceId> {
                self.id.as_ref()
            }

            fn meta(&self) -> Option<&Meta> {
                None
            }
        }
    };
}
typed_resource!(Employee, "User", "/Users");
typed_resource!(Account, "User", "/Users");
typed_resource!(Team, "Group", "/Groups");

type ByPlace<T> = BTreeMap<u64, (Row<T>, Vec<UniqueKey>)>;

/// The rows of all tenants, with their keys.
struct Rows<T> {
    tenants: Mutex<BTreeMap<Tenant, ByPlace<T>>>,
    place: Mutex<u64>,
    has_index: bool,
    scans: AtomicUsize,
}

impl<T> Rows<T> {
    fn new(has_index: bool) -> Self {
        let (tenants, place) = (Mutex::default(), Mutex::new(0));
        Self { tenants, place, has_index, scans: AtomicUsize::new(0) }
    }
}

/// The place of the row of an `id`, if no other row has one of its keys.
fn place_of<T: TypedResource>(
    rows: &ByPlace<T>,
    id: Option<&ResourceId>,
    unique: &[UniqueKey],
) -> Result<Option<u64>, StoreError> {
    let (own, others): (Vec<_>, Vec<_>) =
        rows.values().partition(|(row, _)| row.resource.id() == id);
    match unique.iter().find(|key| others.iter().any(|(_, known)| known.contains(key))) {
        Some(key) => Err(StoreError::Uniqueness { attribute: key.attribute.clone() }),
        None => Ok(own.first().map(|(row, _)| row.place)),
    }
}

#[async_trait]
impl<T: TypedResource + Clone> Table for Rows<T> {
    type Resource = T;

    async fn insert(
        &self,
        cx: &Context,
        row: Row<T>,
        unique: Vec<UniqueKey>,
    ) -> Result<(), StoreError> {
        let mut tenants = self.tenants.lock().unwrap();
        let rows = tenants.entry(cx.tenant.clone()).or_default();
        let is_there = rows.values().any(|(known, _)| known.resource.id() == row.resource.id());
        if is_there {
            return Err(StoreError::Uniqueness { attribute: "id".to_owned() });
        }
        place_of(rows, row.resource.id(), &unique)?;
        let mut place = self.place.lock().unwrap();
        *place += 1;
        rows.insert(*place, (Row { place: *place, ..row }, unique));
        Ok(())
    }

    async fn find(&self, cx: &Context, id: &ResourceId) -> Result<Option<Row<T>>, StoreError> {
        let tenants = self.tenants.lock().unwrap();
        let mut rows = tenants.get(&cx.tenant).into_iter().flat_map(BTreeMap::values);
        Ok(rows.find(|(row, _)| row.resource.id() == Some(id)).map(|(row, _)| row.clone()))
    }

    async fn scan(&self, cx: &Context, behind: u64) -> Result<Vec<Row<T>>, StoreError> {
        self.scans.fetch_add(1, Ordering::Relaxed);
        let tenants = self.tenants.lock().unwrap();
        let rows = tenants.get(&cx.tenant).into_iter().flat_map(|rows| rows.range(behind + 1..));
        Ok(rows.map(|(_, (row, _))| row.clone()).collect())
    }

    async fn update(
        &self,
        cx: &Context,
        row: Row<T>,
        unique: Vec<UniqueKey>,
        version: &ResourceVersion,
    ) -> Result<bool, StoreError> {
        let mut tenants = self.tenants.lock().unwrap();
        let Some(rows) = tenants.get_mut(&cx.tenant) else { return Ok(false) };
        let place = place_of(rows, row.resource.id(), &unique)?;
        let Some((known, keys)) = place.and_then(|place| rows.get_mut(&place)) else {
            return Ok(false);
        };
        if known.version != *version {
            return Ok(false);
        }
        (*known, *keys) = (Row { place: known.place, ..row }, unique);
        Ok(true)
    }

    async fn delete(
        &self,
        cx: &Context,
        id: &ResourceId,
        version: &ResourceVersion,
    ) -> Result<bool, StoreError> {
        let mut tenants = self.tenants.lock().unwrap();
        let Some(rows) = tenants.get_mut(&cx.tenant) else { return Ok(false) };
        let before = rows.len();
        rows.retain(|_, (row, _)| row.resource.id() != Some(id) || row.version != *version);
        Ok(rows.len() < before)
    }

    async fn find_by_key(
        &self,
        cx: &Context,
        key: &UniqueKey,
    ) -> Result<Option<Vec<Row<T>>>, StoreError> {
        if !self.has_index {
            return Ok(None);
        }
        let tenants = self.tenants.lock().unwrap();
        let rows = tenants.get(&cx.tenant).into_iter().flat_map(BTreeMap::values);
        let found = rows.filter(|(_, keys)| keys.contains(key));
        Ok(Some(found.map(|(row, _)| row.clone()).collect()))
    }
}

fn employees(has_index: bool) -> Typed<Rows<Employee>> {
    Typed::new(Rows::new(has_index))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn tables_with_a_column_for_the_rest_hold_every_rule() {
    let offers = Offers::new().without_membership_changes().without_told_groups();
    for has_index in [false, true] {
        let new_store = move || async move {
            Stores::new()
                .with("User", employees(has_index))
                .with("Group", Typed::new(Rows::<Team>::new(has_index)))
        };
        let report = on_threads(Kit::new(new_store)).with_offers(offers.clone()).check().await;
        report.assert_held();
        assert_eq!(report.skipped().len(), 7, "{:?}", report.skipped());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_table_that_refuses_the_rest_holds_the_rules_for_what_it_keeps() {
    let kit = Kit::new(|| async { Typed::new(Rows::<Account>::new(true)) });
    let offers = Offers::new().without_groups().with_attributes(["active", "displayName"]);
    let report = on_threads(kit.clone()).with_offers(offers).check().await;
    report.assert_held();
    assert!(report.held().len() > 45, "{report}");
    // With more asked of it than it offers, it says so.
    let report = kit.check_rule("documents_of_any_kind_come_back_whole").await;
    assert!(report.broken()[0].what.contains("the store does not keep `"), "{report}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_store_for_several_types_holds_every_rule() {
    let new_store = || async {
        let both = std::sync::Arc::new(MemoryStore::new());
        Stores::new().with("User", std::sync::Arc::clone(&both)).with("Group", both)
    };
    on_threads(Kit::new(new_store)).check().await.assert_held();
}

#[tokio::test]
async fn what_a_struct_has_no_place_for_is_refused_by_its_path() {
    let accounts = Typed::new(Rows::<Account>::new(false));
    let rows = [
        (json!({ "title": "Guide" }), "title"),
        (json!({ "name": { "familyName": "J" } }), "name"),
        (json!({ "urn:example:Badge": { "number": 7 } }), "urn:example:Badge"),
        (json!({ "active": "perhaps" }), "active"),
    ];
    for (more, path) in rows {
        let mut person = document(json!({ "id": "1", "userName": "b" }));
        person.attributes_mut().extend(more.as_object().unwrap().clone());
        let error = accounts.create(&clinic(), new(person)).await.unwrap_err();
        let StoreError::Unsupported { attribute } = error else { panic!("{error}") };
        assert_eq!(attribute, path);
    }
    let listed = accounts.list(&clinic(), &StoreQuery::new("User")).await.unwrap();
    assert_eq!(listed.total, Some(0));
}

#[tokio::test]
async fn a_look_up_reads_no_other_row_where_the_table_has_an_index() {
    let registry = SchemaRegistry::standard();
    let users = registry.resource_type("User").unwrap();
    for (has_index, filter, scans) in [
        (true, r#"userName eq "B""#, 0),
        (false, r#"userName eq "B""#, 1),
        (true, r#"active eq true and userName eq "B""#, 0),
        (true, r#"userName eq "B" or active eq true"#, 1),
        (false, r#"id eq "1""#, 0),
        (false, r#"id eq "1" or id eq "2""#, 0),
    ] {
        let table = std::sync::Arc::new(Rows::<Employee>::new(has_index));
        let store = Typed::new(std::sync::Arc::clone(&table));
        for (id, name) in [("1", "b"), ("2", "c")] {
            let person = json!({ "id": id, "userName": name, "active": true });
            let unique = vec![user_name_key(name)];
            let new = NewResource::new(key(id), document(person)).with_unique(unique);
            store.create(&clinic(), new).await.unwrap();
        }
        let mut query = StoreQuery::new("User");
        query.unique = vec!["userName".to_owned()];
        let bound = filter.parse::<Filter>().unwrap().bind(users).unwrap();
        query.filter = Some(bound);
        let page = store.list(&clinic(), &query).await.unwrap();
        assert!(page.resources.iter().any(|stored| stored.id() == "1"), "{filter}");
        assert_eq!(table.scans.load(Ordering::Relaxed), scans, "{filter}");
    }
}

#[tokio::test]
async fn a_type_without_a_store_has_nothing_and_takes_nothing() {
    let stores = Stores::new().with("Group", MemoryStore::new());
    let person = document(json!({ "id": "1", "userName": "b" }));
    let error = stores.create(&clinic(), new(person)).await.unwrap_err();
    assert!(matches!(error, StoreError::Internal(_)));
    let error = stores.get(&clinic(), &key("1"), Wanted::ALL).await.unwrap_err();
    assert!(matches!(error, StoreError::NotFound));
    assert_eq!(stores.list(&clinic(), &StoreQuery::new("User")).await.unwrap().total, Some(0));
}
