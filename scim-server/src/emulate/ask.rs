use http::Method;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use scim_core::SchemaUri;

/// All but the unreserved characters (RFC 3986 §2.3), so a `+` travels as `%2B`.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A request to be, below the base URL.
#[derive(Clone, Debug)]
pub(super) struct Ask {
    pub(super) method: Method,
    pub(super) target: String,
    /// The request as an error shows it: without the values of a filter.
    pub(super) shown: String,
    pub(super) body: Option<Value>,
}

impl Ask {
    pub(super) fn get(path: &str) -> Self {
        Self::new(Method::GET, path)
    }

    pub(super) fn post(path: &str, body: Value) -> Self {
        Self::new(Method::POST, path).with_body(body)
    }

    pub(super) fn put(path: &str, body: Value) -> Self {
        Self::new(Method::PUT, path).with_body(body)
    }

    /// A PATCH of some operations.
    pub(super) fn patch(path: &str, operations: &[Value]) -> Self {
        let body = json!({ "schemas": [SchemaUri::PATCH_OP], "Operations": operations });
        Self::new(Method::PATCH, path).with_body(body)
    }

    pub(super) fn delete(path: &str) -> Self {
        Self::new(Method::DELETE, path)
    }

    fn new(method: Method, path: &str) -> Self {
        let shown = format!("{method} {path}");
        Self { method, target: path.to_owned(), shown, body: None }
    }

    fn with_body(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    /// With one more parameter.
    pub(super) fn with(self, name: &str, value: &str) -> Self {
        self.with_shown(name, value, value)
    }

    /// With a filter: these attributes have these values.
    pub(super) fn with_filter(self, terms: &[(&str, &str)]) -> Self {
        let join = |terms: Vec<String>| terms.join(" and ");
        let filter = join(
            terms
                .iter()
                .map(|(name, value)| format!("{name} eq {}", Value::from(*value)))
                .collect(),
        );
        let shown = join(terms.iter().map(|(name, _)| format!("{name} eq \"…\"")).collect());
        self.with_shown("filter", &filter, &shown)
    }

    fn with_shown(mut self, name: &str, value: &str, shown: &str) -> Self {
        let before = if self.target.contains('?') { '&' } else { '?' };
        self.target.extend([before]);
        self.target.extend([name, "="]);
        self.target.extend(utf8_percent_encode(value, ENCODED));
        self.shown.extend([before]);
        self.shown.extend([name, "=", shown]);
        self
    }
}

/// The path to a resource.
pub(super) fn path_to(endpoint: &str, id: &str) -> String {
    format!("{endpoint}/{}", utf8_percent_encode(id, ENCODED))
}
