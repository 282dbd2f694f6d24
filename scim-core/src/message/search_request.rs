use serde::{Deserialize, Serialize, Serializer, ser::SerializeMap};
use serde_json::Value;

use crate::{
    filter::ParseLimits,
    members::{self, Members},
    query::{ListQuery, ListQueryError, Parameters, not_an_integer},
    schema_uri::SchemaUri,
};

/// A query in the body of a POST ([RFC 7644 §3.4.3], [RFC 9865 §3]).
///
/// Reading takes the members in any case, numbers as text, and lists of attributes as one text
/// with commas. [`list_query`](Self::list_query) gives what it means.
///
/// ```
/// use scim_core::{SearchRequest, filter::ParseLimits};
///
/// let body = r#"{"FILTER": "active eq true", "count": "10", "attributes": "userName, name"}"#;
/// let request: SearchRequest = serde_json::from_str(body)?;
/// assert_eq!(request.count, Some(10));
/// let query = request.list_query(&ParseLimits::new())?;
/// assert!(query.filter().is_some());
///
/// let json = serde_json::to_value(&request)?;
/// assert_eq!(json["attributes"], serde_json::json!(["userName", "name"]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [RFC 7644 §3.4.3]: https://www.rfc-editor.org/rfc/rfc7644#section-3.4.3
/// [RFC 9865 §3]: https://www.rfc-editor.org/rfc/rfc9865#section-3
#[derive(Clone, Debug, Default, Eq, PartialEq, Deserialize)]
#[serde(try_from = "Value")]
#[non_exhaustive]
pub struct SearchRequest {
    /// `schemas` of the message.
    pub schemas: Vec<SchemaUri>,
    /// The attributes to return.
    pub attributes: Option<Vec<String>>,
    /// The attributes to leave out.
    pub excluded_attributes: Option<Vec<String>>,
    /// The filter, as text.
    pub filter: Option<String>,
    /// The attribute to sort by.
    pub sort_by: Option<String>,
    /// `ascending` or `descending`.
    pub sort_order: Option<String>,
    /// The place of the first resource, counted from 1.
    pub start_index: Option<i64>,
    /// The most resources to return.
    pub count: Option<i64>,
    /// Where the page begins; the empty text asks for the first page by cursor.
    pub cursor: Option<String>,
}

impl SearchRequest {
    /// A query for everything.
    pub fn new() -> Self {
        Self { schemas: vec![SchemaUri::literal(SchemaUri::SEARCH_REQUEST)], ..Self::default() }
    }

    /// Reads a query as a client sent it.
    ///
    /// # Errors
    /// If it is not a JSON object, or `startIndex`, `count` or another member has a value of
    /// another type.
    pub fn read(body: Value) -> Result<Self, ListQueryError> {
        let mut members = Members::of(body).ok_or(ListQueryError::Message)?;
        let schemas = members.read_list("schemas");
        let cursor = text(&mut members, "cursor")?;
        let start_index = integer(&mut members, "startIndex", not_an_integer("startIndex"))?;
        let count = integer(&mut members, "count", Parameters::invalid_count(cursor.is_some()))?;
        Ok(Self {
            schemas,
            attributes: list(&mut members, "attributes")?,
            excluded_attributes: list(&mut members, "excludedAttributes")?,
            filter: text(&mut members, "filter")?.filter(|text| !text.is_empty()),
            sort_by: text(&mut members, "sortBy")?.filter(|text| !text.is_empty()),
            sort_order: text(&mut members, "sortOrder")?.filter(|text| !text.is_empty()),
            start_index,
            count,
            cursor,
        })
    }

    /// What the request means.
    ///
    /// # Errors
    /// If one of the members cannot be read, or `cursor` is given together with `startIndex`.
    pub fn list_query(&self, limits: &ParseLimits) -> Result<ListQuery, ListQueryError> {
        let names =
            |names: &Option<Vec<String>>| names.as_ref().map(|names| names.join(",").into());
        let parameters = Parameters {
            filter: self.filter.as_deref().map(Into::into),
            sort_by: self.sort_by.as_deref().map(Into::into),
            sort_order: self.sort_order.as_deref().map(Into::into),
            attributes: names(&self.attributes),
            excluded_attributes: names(&self.excluded_attributes),
            start_index: self.start_index,
            count: self.count,
            cursor: self.cursor.as_deref().map(Into::into),
        };
        parameters.query(limits)
    }
}

fn text(members: &mut Members, name: &'static str) -> Result<Option<String>, ListQueryError> {
    match members.take(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(ListQueryError::Parameter { name, reason: "must be a string" }),
    }
}

/// The integer; a text without any is none.
fn integer(
    members: &mut Members,
    name: &str,
    error: ListQueryError,
) -> Result<Option<i64>, ListQueryError> {
    match members.take(name) {
        None => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Ok(None),
        Some(value) => members::integer(&value).map(Some).ok_or(error),
    }
}

/// The names of a list, or of one text with commas between them; none if there is no name.
fn list(members: &mut Members, name: &'static str) -> Result<Option<Vec<String>>, ListQueryError> {
    let mut names = Vec::new();
    for value in members.list(name) {
        let Value::String(text) = value else {
            let reason = "must be a list of strings";
            return Err(ListQueryError::Parameter { name, reason });
        };
        let given = text.split(',').map(str::trim).filter(|name| !name.is_empty());
        names.extend(given.map(str::to_owned));
    }
    Ok((!names.is_empty()).then_some(names))
}

impl TryFrom<Value> for SearchRequest {
    type Error = ListQueryError;

    fn try_from(body: Value) -> Result<Self, Self::Error> {
        Self::read(body)
    }
}

impl Serialize for SearchRequest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("schemas", &[SchemaUri::SEARCH_REQUEST])?;
        for (name, names) in
            [("attributes", &self.attributes), ("excludedAttributes", &self.excluded_attributes)]
        {
            if let Some(names) = names {
                map.serialize_entry(name, names)?;
            }
        }
        for (name, text) in
            [("filter", &self.filter), ("sortBy", &self.sort_by), ("sortOrder", &self.sort_order)]
        {
            if let Some(text) = text {
                map.serialize_entry(name, text)?;
            }
        }
        for (name, number) in [("startIndex", self.start_index), ("count", self.count)] {
            if let Some(number) = number {
                map.serialize_entry(name, &number)?;
            }
        }
        if let Some(cursor) = &self.cursor {
            map.serialize_entry("cursor", cursor)?;
        }
        map.end()
    }
}
