use serde::{Deserialize, Serialize};

use crate::schema_uri::SchemaUri;

/// A query in the body of a POST ([RFC 7644 §3.4.3]).
///
/// [RFC 7644 §3.4.3]: https://www.rfc-editor.org/rfc/rfc7644#section-3.4.3
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SearchRequest {
    /// `schemas` of the message.
    #[serde(default)]
    pub schemas: Vec<SchemaUri>,
    /// The attributes to return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attributes: Option<Vec<String>>,
    /// The attributes to leave out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excluded_attributes: Option<Vec<String>>,
    /// The filter, as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// The attribute to sort by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort_by: Option<String>,
    /// `ascending` or `descending`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort_order: Option<String>,
    /// The place of the first resource, counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_index: Option<i64>,
    /// The most resources to return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<i64>,
}

impl SearchRequest {
    /// A query for everything.
    pub fn new() -> Self {
        Self { schemas: vec![SchemaUri::literal(SchemaUri::SEARCH_REQUEST)], ..Self::default() }
    }
}
