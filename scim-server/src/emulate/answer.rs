use bytes::Bytes;
use http::{HeaderMap, header};
use scim_core::SchemaUri;
use serde_json::Value;

use super::{Error, Expectation, IdentityProvider, Provisioned, target::Target};

/// What a request was answered with.
#[derive(Debug)]
pub(super) struct Answer {
    provider: IdentityProvider,
    request: String,
    pub(super) status: u16,
    headers: HeaderMap,
    body: Bytes,
}

/// A page of a list.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) total: u64,
    pub(super) resources: Vec<Value>,
}

impl Answer {
    pub(super) fn new(
        provider: IdentityProvider,
        request: String,
        status: u16,
        headers: HeaderMap,
        body: Bytes,
    ) -> Self {
        Self { provider, request, status, headers, body }
    }

    /// The answer does not meet the expectation.
    pub(super) fn broken(&self, expectation: Expectation) -> Error {
        Error::broken(self.provider, expectation, &self.request, self.status)
    }

    /// Fails unless it is met.
    pub(super) fn expect(&self, is_met: bool, expectation: Expectation) -> Result<(), Error> {
        if is_met { Ok(()) } else { Err(self.broken(expectation)) }
    }

    /// Fails unless the status is one of these.
    pub(super) fn expect_status(self, statuses: &'static [u16]) -> Result<Self, Error> {
        self.expect(statuses.contains(&self.status), Expectation::Status(statuses))?;
        Ok(self)
    }

    /// The body.
    pub(super) fn json(&self) -> Result<Value, Error> {
        let media_type = self.headers.get(header::CONTENT_TYPE).map(|value| value.to_str());
        let essence = media_type.and_then(Result::ok).and_then(|text| text.split(';').next());
        let is_json = essence.is_some_and(|essence| {
            ["application/scim+json", "application/json"]
                .iter()
                .any(|taken| taken.eq_ignore_ascii_case(essence.trim()))
        });
        let body = serde_json::from_slice(&self.body).ok().filter(|_| is_json);
        body.ok_or_else(|| self.broken(Expectation::Json))
    }

    /// The resource that the body is.
    pub(super) fn resource(&self) -> Result<Provisioned, Error> {
        Provisioned::new(self.json()?).ok_or_else(|| self.broken(Expectation::Id))
    }

    /// The list that the body is.
    pub(super) fn page(&self) -> Result<Page, Error> {
        let body = self.json()?;
        let total = body.get("totalResults").and_then(Value::as_u64);
        let resources = body.get("Resources").and_then(Value::as_array);
        // RFC 7644 §3.4.2 leaves these two out of a list that is whole.
        let has_counts = ["startIndex", "itemsPerPage"]
            .iter()
            .all(|name| body.get(name).is_none_or(Value::is_u64));
        let is_list = names_schema(&body, SchemaUri::LIST_RESPONSE);
        match (total, resources) {
            (Some(total), Some(resources)) if has_counts && is_list => {
                Ok(Page { total, resources: resources.clone() })
            }
            _ => Err(self.broken(Expectation::List)),
        }
    }

    /// The one resource that a query found, or none.
    pub(super) fn found(&self) -> Result<Option<Provisioned>, Error> {
        let Page { total, resources } = self.page()?;
        let mut resources = resources.into_iter();
        match (total, resources.next(), resources.next()) {
            (0, None, None) => Ok(None),
            (1, Some(resource), None) => {
                let found = Provisioned::new(resource);
                found.map(Some).ok_or_else(|| self.broken(Expectation::Id))
            }
            _ => Err(self.broken(Expectation::FoundOnce)),
        }
    }

    /// Fails unless the resource has these values.
    pub(super) fn expect_kept(
        &self,
        resource: &Value,
        mapped: &[(Target, String)],
    ) -> Result<(), Error> {
        mapped.iter().try_for_each(|(target, value)| {
            let is_kept = target.read(resource).and_then(Value::as_str) == Some(value);
            self.expect(is_kept, Expectation::Kept(target.path()))
        })
    }

    /// Fails unless the resource is that one, enabled or disabled.
    pub(super) fn expect_active(
        &self,
        resource: &Provisioned,
        id: &str,
        active: bool,
    ) -> Result<(), Error> {
        self.expect(resource.id() == id, Expectation::Id)?;
        let is_kept = resource.resource()["active"] == active;
        self.expect(is_kept, Expectation::Kept("active".to_owned()))
    }

    /// Fails unless the body is a SCIM error of the status (RFC 7644 §3.12).
    pub(super) fn expect_error_body(&self) -> Result<(), Error> {
        let body = self.json()?;
        let names_error = names_schema(&body, SchemaUri::ERROR);
        let status = self.status.to_string();
        let is_text = body.get("status").is_some_and(|told| *told == status);
        self.expect(names_error && is_text, Expectation::ErrorBody)
    }

    /// Whether the body holds the text anywhere.
    pub(super) fn holds(&self, text: &str) -> bool {
        String::from_utf8_lossy(&self.body).contains(text)
    }
}

/// Whether the message is of that schema and no other.
fn names_schema(body: &Value, uri: &str) -> bool {
    let schemas = body.get("schemas").and_then(Value::as_array).map(Vec::as_slice);
    matches!(schemas, Some([only]) if only == uri)
}
