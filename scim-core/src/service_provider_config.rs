//! What a service provider is able to do.

use serde::{Deserialize, Serialize};

use crate::schema_uri::SchemaUri;

/// What a service provider is able to do ([RFC 7643 §5]).
///
/// ```
/// use scim_core::ServiceProviderConfig;
///
/// let config = ServiceProviderConfig::new();
/// assert!(!config.patch.supported);
/// ```
///
/// [RFC 7643 §5]: https://www.rfc-editor.org/rfc/rfc7643#section-5
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ServiceProviderConfig {
    /// `schemas` of the document.
    pub schemas: Vec<SchemaUri>,
    /// The URL of a page for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub documentation_uri: Option<String>,
    /// Whether PATCH works.
    pub patch: Supported,
    /// Whether bulk works.
    pub bulk: BulkSupport,
    /// Whether filters work.
    pub filter: FilterSupport,
    /// Whether passwords can be changed.
    pub change_password: Supported,
    /// Whether results can be sorted.
    pub sort: Supported,
    /// Whether versions are given as entity tags.
    pub etag: Supported,
    /// How clients prove who they are.
    pub authentication_schemes: Vec<AuthenticationScheme>,
    /// How results are paged ([RFC 9865](https://www.rfc-editor.org/rfc/rfc9865)).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pagination: Option<Pagination>,
}

/// Whether a feature works.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Supported {
    /// Whether it works.
    pub supported: bool,
}

/// Whether bulk works, and its limits.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct BulkSupport {
    /// Whether it works.
    pub supported: bool,
    /// The most operations of a request.
    pub max_operations: u64,
    /// The most bytes of a request.
    pub max_payload_size: u64,
}

/// Whether filters work, and their limit.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct FilterSupport {
    /// Whether they work.
    pub supported: bool,
    /// The most resources of an answer.
    pub max_results: u64,
}

/// One way to prove who one is.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct AuthenticationScheme {
    /// `oauth`, `oauth2`, `oauthbearertoken`, `httpbasic` or `httpdigest`.
    #[serde(rename = "type")]
    pub scheme_type: String,
    /// A name for people.
    pub name: String,
    /// A sentence for people.
    pub description: String,
    /// The URL of the specification.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spec_uri: Option<String>,
    /// The URL of a page for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub documentation_uri: Option<String>,
    /// Whether it is the preferred one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary: Option<bool>,
}

/// How results are paged.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Pagination {
    /// Whether by cursor.
    pub cursor: bool,
    /// Whether by index.
    pub index: bool,
    /// `cursor` or `index`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_pagination_method: Option<String>,
    /// How many resources a page holds unless the request says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_page_size: Option<u64>,
    /// The most resources a page holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_page_size: Option<u64>,
    /// How many seconds a cursor lives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor_timeout: Option<u64>,
}

impl ServiceProviderConfig {
    /// The configuration of a service provider that can do nothing optional.
    pub fn new() -> Self {
        let schemas = vec![SchemaUri::literal(SchemaUri::SERVICE_PROVIDER_CONFIG)];
        Self { schemas, ..Self::default() }
    }
}

impl Supported {
    /// Whether a feature works.
    pub fn new(supported: bool) -> Self {
        Self { supported }
    }
}

impl FilterSupport {
    /// Filters work, and give at most that many resources.
    pub fn new(max_results: u64) -> Self {
        Self { supported: true, max_results }
    }
}

impl Pagination {
    /// Paging by index, with the sizes of a page.
    pub fn by_index(default_page_size: u64, max_page_size: u64) -> Self {
        Self {
            index: true,
            default_pagination_method: Some("index".to_owned()),
            default_page_size: Some(default_page_size),
            max_page_size: Some(max_page_size),
            ..Self::default()
        }
    }
}

impl AuthenticationScheme {
    /// Bearer tokens ([RFC 6750](https://www.rfc-editor.org/rfc/rfc6750)).
    pub fn bearer_token() -> Self {
        Self {
            scheme_type: "oauthbearertoken".to_owned(),
            name: "Bearer token".to_owned(),
            description: "The token of a system account in the Authorization header".to_owned(),
            spec_uri: Some("https://www.rfc-editor.org/rfc/rfc6750".to_owned()),
            documentation_uri: None,
            primary: Some(true),
        }
    }
}
