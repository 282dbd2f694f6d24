//! What a service provider is able to do.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::{
    members::{self, Members},
    schema_uri::SchemaUri,
};

/// What a service provider is able to do ([RFC 7643 §5]).
///
/// Reading takes members in any case, numbers and booleans as text, and for what is missing or
/// cannot be read that it does not work.
///
/// ```
/// use scim_core::ServiceProviderConfig;
///
/// let config = ServiceProviderConfig::new();
/// assert!(!config.patch.supported);
///
/// let config: ServiceProviderConfig =
///     serde_json::from_str(r#"{"PATCH": {"supported": "True"}, "filter": {"maxResults": "200"}}"#)?;
/// assert!(config.patch.supported);
/// assert_eq!(config.filter.max_results, 200);
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// [RFC 7643 §5]: https://www.rfc-editor.org/rfc/rfc7643#section-5
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
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
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Supported {
    /// Whether it works.
    pub supported: bool,
}

/// Whether bulk works, and its limits.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
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
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct FilterSupport {
    /// Whether they work.
    pub supported: bool,
    /// The most resources of an answer.
    pub max_results: u64,
}

/// One way to prove who one is.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
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
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
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

impl BulkSupport {
    /// Bulk works, with at most that many operations and bytes.
    pub fn new(max_operations: u64, max_payload_size: u64) -> Self {
        Self { supported: true, max_operations, max_payload_size }
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

    /// The same, and paging by cursors that live so many seconds.
    #[must_use]
    pub fn and_by_cursor(mut self, cursor_timeout: u64) -> Self {
        self.cursor = true;
        self.cursor_timeout = Some(cursor_timeout);
        self
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

impl<'de> Deserialize<'de> for ServiceProviderConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut members = Members::deserialize(deserializer)?;
        Ok(Self {
            schemas: members.schemas(SchemaUri::SERVICE_PROVIDER_CONFIG),
            documentation_uri: members.nonempty("documentationUri"),
            patch: members.read("patch"),
            bulk: members.read("bulk"),
            filter: members.read("filter"),
            change_password: members.read("changePassword"),
            sort: members.read("sort"),
            etag: members.read("etag"),
            authentication_schemes: members.read_list("authenticationSchemes"),
            pagination: members.read("pagination"),
        })
    }
}

/// What is said of a feature: an object, or for some `true` or `false` alone.
fn feature<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(bool, Members), D::Error> {
    let value = Value::deserialize(deserializer)?;
    let alone = members::boolean(&value).unwrap_or_default();
    let mut members = Members::of(value).unwrap_or_default();
    Ok((members.boolean("supported").unwrap_or(alone), members))
}

impl<'de> Deserialize<'de> for Supported {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (supported, _) = feature(deserializer)?;
        Ok(Self { supported })
    }
}

impl<'de> Deserialize<'de> for BulkSupport {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (supported, mut members) = feature(deserializer)?;
        let max_operations = members.count("maxOperations").unwrap_or_default();
        let max_payload_size = members.count("maxPayloadSize").unwrap_or_default();
        Ok(Self { supported, max_operations, max_payload_size })
    }
}

impl<'de> Deserialize<'de> for FilterSupport {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (supported, mut members) = feature(deserializer)?;
        Ok(Self { supported, max_results: members.count("maxResults").unwrap_or_default() })
    }
}

impl<'de> Deserialize<'de> for AuthenticationScheme {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut members = Members::deserialize(deserializer)?;
        Ok(Self {
            scheme_type: members.text("type").unwrap_or_default(),
            name: members.text("name").unwrap_or_default(),
            description: members.text("description").unwrap_or_default(),
            spec_uri: members.nonempty("specUri"),
            documentation_uri: members.nonempty("documentationUri"),
            primary: members.boolean("primary"),
        })
    }
}

impl<'de> Deserialize<'de> for Pagination {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut members = Members::deserialize(deserializer)?;
        Ok(Self {
            cursor: members.boolean("cursor").unwrap_or_default(),
            index: members.boolean("index").unwrap_or_default(),
            default_pagination_method: members.nonempty("defaultPaginationMethod"),
            default_page_size: members.count("defaultPageSize"),
            max_page_size: members.count("maxPageSize"),
            cursor_timeout: members.count("cursorTimeout"),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn odd_documents_are_read_for_what_they_say() {
        let body = json!({
            "Schemas": "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig",
            "patch": true,
            "BULK": {"Supported": "TRUE", "maxoperations": "1000", "maxPayloadSize": 1_048_576.0},
            "filter": {"supported": true, "maxResults": null},
            "sort": {"supported": "perhaps"},
            "etag": [],
            "authenticationSchemes": {"type": "oauthbearertoken", "primary": "true"},
            "pagination": {"cursor": "true", "maxPageSize": "250"},
            "xmlDataFormat": {"supported": false},
        });
        let config: ServiceProviderConfig = serde_json::from_value(body).unwrap();
        assert!(config.patch.supported && config.bulk.supported && config.filter.supported);
        assert!(!config.sort.supported && !config.etag.supported);
        assert!(!config.change_password.supported);
        assert_eq!((config.bulk.max_operations, config.bulk.max_payload_size), (1000, 1_048_576));
        assert_eq!(config.schemas, [SchemaUri::SERVICE_PROVIDER_CONFIG]);
        assert_eq!(config.authentication_schemes[0].primary, Some(true));
        assert_eq!(config.pagination.unwrap().max_page_size, Some(250));
    }

    #[test]
    fn what_was_written_reads_as_it_was() {
        let mut config = ServiceProviderConfig::new();
        config.bulk = BulkSupport::new(9, 99);
        config.authentication_schemes = vec![AuthenticationScheme::bearer_token()];
        config.pagination = Some(Pagination::by_index(10, 100));
        let json = serde_json::to_value(&config).unwrap();
        assert_eq!(serde_json::from_value::<ServiceProviderConfig>(json).unwrap(), config);
    }
}
