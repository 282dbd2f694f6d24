use std::cmp::Ordering;

use serde_json::{Value, json};

use super::{Cursor, ListQuery, PagePlace, PageRequest, Projection, Sort, SortOrder};
use crate::{
    filter::ParseLimits,
    message::{ListResponse, SearchRequest},
    schema::SchemaRegistry,
    scim_type::ScimType,
};

type Pairs = &'static [(&'static str, &'static str)];

fn of_parameters(pairs: &[(&str, &str)]) -> Result<ListQuery, ScimType> {
    let read = ListQuery::from_parameters(pairs.iter().copied(), &ParseLimits::new());
    read.map_err(|error| error.scim_type())
}

fn of_message(body: Value) -> Result<ListQuery, ScimType> {
    let request = SearchRequest::read(body).map_err(|error| error.scim_type())?;
    request.list_query(&ParseLimits::new()).map_err(|error| error.scim_type())
}

/// The same query as parameters and as a message.
fn of_both(pairs: &[(&str, &str)]) -> Result<ListQuery, ScimType> {
    let body = pairs.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    let query = of_message(Value::Object(body));
    assert_eq!(of_parameters(pairs), query);
    query
}

#[test]
fn a_query_is_read_from_parameters_and_from_a_message() {
    let query = of_both(&[
        ("FILTER", "title pr"),
        ("sortby", "name.familyName"),
        ("sortOrder", "Descending"),
        ("attributes", "userName, emails"),
        ("excludedAttributes", "emails.type"),
        ("startIndex", "11"),
        ("count", "10"),
        ("unknown", "x"),
    ]);
    let sort = Sort::by("name.familyName".parse().unwrap()).with_order(SortOrder::Descending);
    let expected = ListQuery::new()
        .with_filter("title pr".parse().unwrap())
        .with_sort(sort)
        .with_projection(Projection::parse(Some("userName,emails"), Some("emails.type")).unwrap())
        .with_page(PageRequest::by_index(11).with_count(10));
    assert_eq!(query, Ok(expected));
}

#[test]
fn pages_are_asked_for_by_index_or_by_cursor() {
    let cursor: Cursor = "VZUTiyhEQJ94IR".parse().unwrap();
    let by_cursor = || PageRequest::by_cursor(Some(cursor.clone()));
    let cases: [(Pairs, Result<PageRequest, ScimType>); 18] = [
        (&[], Ok(PageRequest::new())),
        (&[("startIndex", "")], Ok(PageRequest::new())),
        (&[("startIndex", "3")], Ok(PageRequest::by_index(3))),
        (&[("startIndex", "0")], Ok(PageRequest::by_index(1))),
        (&[("startIndex", "-7")], Ok(PageRequest::by_index(1))),
        (&[("startIndex", "x")], Err(ScimType::InvalidValue)),
        (&[("count", "0")], Ok(PageRequest::new().with_count(0))),
        (&[("count", "-1")], Ok(PageRequest::new().with_count(0))),
        (
            &[("count", "99999999999999999999")],
            Ok(PageRequest::new().with_count(i64::MAX.unsigned_abs())),
        ),
        (&[("count", "ten")], Err(ScimType::InvalidValue)),
        (&[("cursor", "")], Ok(PageRequest::by_cursor(None))),
        (&[("cursor", ""), ("count", "10")], Ok(PageRequest::by_cursor(None).with_count(10))),
        (&[("cursor", ""), ("count", "-10")], Ok(PageRequest::by_cursor(None).with_count(0))),
        (&[("Cursor", "VZUTiyhEQJ94IR")], Ok(by_cursor())),
        (&[("cursor", "a b")], Err(ScimType::InvalidCursor)),
        (&[("cursor", "a/b=")], Err(ScimType::InvalidCursor)),
        (&[("cursor", "a"), ("count", "ten")], Err(ScimType::InvalidCount)),
        (&[("cursor", "a"), ("startIndex", "1")], Err(ScimType::InvalidValue)),
    ];
    for (pairs, expected) in cases {
        assert_eq!(of_both(pairs).map(|query| query.page().clone()), expected, "{pairs:?}");
    }
}

#[test]
fn what_cannot_be_read_has_a_detail_code() {
    let cases: [(Pairs, ScimType); 6] = [
        (&[("filter", "title")], ScimType::InvalidFilter),
        (&[("sortBy", "1st")], ScimType::InvalidPath),
        (&[("sortOrder", "up")], ScimType::InvalidValue),
        (&[("attributes", "1st")], ScimType::InvalidValue),
        (&[("excludedAttributes", "name,1st")], ScimType::InvalidValue),
        (&[("count", "1.5")], ScimType::InvalidValue),
    ];
    for (pairs, expected) in cases {
        assert_eq!(of_both(pairs), Err(expected), "{pairs:?}");
    }
    let twice = of_parameters(&[("count", "1"), ("COUNT", "1")]);
    assert_eq!(twice, Err(ScimType::InvalidValue));
    assert_eq!(of_message(json!([])), Err(ScimType::InvalidSyntax));
    assert_eq!(of_message(json!({"filter": 7})), Err(ScimType::InvalidValue));
}

#[test]
fn a_message_is_read_liberally_and_written_strictly() {
    // RFC 9865 §3.
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
        "attributes": ["displayName", "userName"],
        "filter": "displayName sw \"smith\"",
        "cursor": "",
        "count": 10,
    });
    let request = SearchRequest::read(body.clone()).unwrap();
    assert_eq!(serde_json::to_value(&request).unwrap(), body);

    let odd = json!({
        "Attributes": "displayName, userName", "FILTER": "displayName sw \"smith\"",
        "Cursor": "", "COUNT": "10", "sortBy": "", "startIndex": null, "x": 1,
        "schemas": "urn:ietf:params:scim:api:messages:2.0:SearchRequest",
    });
    assert_eq!(SearchRequest::read(odd).unwrap(), request);
}

#[test]
fn a_page_says_where_it_stands() {
    let cursor = |text: &str| Some(text.parse::<Cursor>().unwrap());
    let place = PagePlace::by_cursor()
        .with_total_results(100)
        .with_previous(cursor("ze7L30kMiiLX6x"))
        .with_next(cursor("YkU3OF86Pz0rGv"));
    let page = ListResponse::of_page(vec![json!({"id": "1"})], place);
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": 100, "itemsPerPage": 1, "Resources": [{"id": "1"}],
        "nextCursor": "YkU3OF86Pz0rGv", "previousCursor": "ze7L30kMiiLX6x",
    });
    assert_eq!(serde_json::to_value(&page).unwrap(), body);
    let odd = json!({
        "TotalResults": "100", "itemsperpage": 1.0, "resources": [{"id": "1"}],
        "nextcursor": "YkU3OF86Pz0rGv", "PREVIOUSCURSOR": "ze7L30kMiiLX6x", "startIndex": null,
    });
    for body in [body, odd] {
        assert_eq!(serde_json::from_value::<ListResponse<Value>>(body).unwrap(), page);
    }
}

#[test]
fn a_key_stands_where_its_resource_does_and_holds_nothing_else() {
    let registry = SchemaRegistry::standard();
    let users = registry.resource_type("User").unwrap();
    let user = json!({
        "userName": "b", "name": {"familyName": "J", "givenName": "B"},
        "emails": [{"value": "x@example.com"}, {"value": "b@example.com", "primary": true}],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
            "costCenter": "7", "manager": {"value": "1", "displayName": "M"},
        },
    });
    let uri = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    for (by, expected) in [
        ("userName", json!({"userName": "b"})),
        ("name.familyName", json!({"name": {"familyName": "J"}})),
        ("emails", json!({"emails": {"value": "b@example.com"}})),
        ("emails.value", json!({"emails": {"value": "b@example.com"}})),
        ("costCenter", json!({ uri: {"costCenter": "7"} })),
        ("manager.displayName", json!({ uri: {"manager": {"displayName": "M"}} })),
        ("title", json!({})),
    ] {
        let sort = Sort::by(by.parse().unwrap()).bind(users).unwrap();
        let user = user.as_object().unwrap();
        let key = sort.key(user);
        assert_eq!(Value::from(key.clone()), expected, "{by}");
        assert_eq!(sort.compare(user, &key), Ordering::Equal, "{by}");
        let nothing = serde_json::Map::new();
        assert_eq!(sort.compare(&key, &nothing), sort.compare(user, &nothing), "{by}");
    }
}
