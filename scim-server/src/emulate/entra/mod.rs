//! Microsoft Entra ID.

mod change;
mod dialect;
mod groups;
mod scenario;
mod users;

use http::{HeaderMap, HeaderValue, header};
use serde_json::Value;
use uuid::Uuid;

pub use dialect::{Dialect, Matching};

use super::{Error, Expectation, IdentityProvider, Report, Transport, ask::Ask, wire::Wire};

/// How many requests Entra ID has on the way at a time.
const PARALLEL: usize = 5;

/// The provisioning service of Microsoft Entra ID.
///
/// It looks a person up by a filter before it creates one, changes users with PATCH, disables
/// whoever leaves, and reads groups without their members. Beyond that it reads back what it
/// changed, as the next cycle would; an identity provider does so later, or never.
///
/// It clears no attribute: what a person no longer has stays as it was.
#[derive(Debug)]
pub struct EntraId<'t> {
    wire: Wire<'t>,
    dialect: Dialect,
    matching: Matching,
}

impl<'t> EntraId<'t> {
    /// Entra ID with the URL and the token that an administrator gives it, in the default dialect.
    pub fn new(
        transport: &'t dyn Transport,
        base_url: impl AsRef<str>,
        token: impl Into<String>,
    ) -> Self {
        Self::of(IdentityProvider::EntraId, transport, base_url.as_ref(), token.into())
    }

    pub(super) fn of(
        provider: IdentityProvider,
        transport: &'t dyn Transport,
        base_url: &str,
        token: String,
    ) -> Self {
        let accept = HeaderValue::from_static("application/scim+json");
        let headers = HeaderMap::from_iter([(header::ACCEPT, accept)]);
        let wire = Wire::new(provider, transport, base_url, token, headers);
        Self { wire, dialect: Dialect::default(), matching: Matching::default() }
    }

    /// Another dialect of PATCH.
    #[must_use]
    pub fn with_dialect(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
        self
    }

    /// Another attribute to find people by.
    #[must_use]
    pub fn with_matching(mut self, matching: Matching) -> Self {
        self.matching = matching;
        self
    }

    /// All that was sent so far, and what came back; also after an error.
    pub fn report(&self) -> Report {
        self.wire.report_since(0)
    }

    /// Tests the connection as the button does: looks for a user and a group that there are not.
    ///
    /// # Errors
    /// If a search without a hit is not an empty list. A 404 puts the job into quarantine.
    pub async fn test_connection(&self) -> Result<(), Error> {
        self.test_connection_with_users().await?;
        let name = Uuid::new_v4().to_string();
        let groups = Self::find_group_ask(&name);
        self.expect_nobody(groups).await
    }

    pub(super) async fn test_connection_with_users(&self) -> Result<(), Error> {
        let nobody = Uuid::new_v4().to_string();
        let mut users = Ask::get("/Users");
        if self.dialect == Dialect::AadOptscim062020 {
            // The flag may still stand in the query of the URL that the administrator gave.
            users = users.with("aadOptscim062020", "");
        }
        self.expect_nobody(users.with_filter(&[(self.matching.attribute(), &nobody)])).await
    }

    /// Sends a request with a token that nobody was given.
    ///
    /// # Errors
    /// If it is not refused with 401 or 403, which Entra ID shows as wrong credentials.
    pub async fn test_credentials(&self) -> Result<(), Error> {
        let nobody = Uuid::new_v4().to_string();
        let ask = Ask::get("/Users").with_filter(&[(self.matching.attribute(), &nobody)]);
        self.wire.send_unknown(ask).await?.expect_status(&[401, 403])?;
        Ok(())
    }

    /// Reads the schemas, as a gallery application does when its configuration is saved.
    ///
    /// # Errors
    /// If they are not a list, or have a null or another spelling than that of RFC 7643.
    pub async fn discover_schemas(&self) -> Result<(), Error> {
        let answer = self.wire.send(Ask::get("/Schemas")).await?.expect_status(&[200])?;
        let page = answer.page()?;
        let is_right = !page.resources.is_empty() && page.resources.iter().all(has_rfc_words);
        answer.expect(is_right, Expectation::SchemaWords)
    }

    pub(super) fn wire(&self) -> &Wire<'t> {
        &self.wire
    }

    async fn expect_nobody(&self, ask: Ask) -> Result<(), Error> {
        let answer = self.wire.send(ask).await?.expect_status(&[200])?;
        answer.expect(answer.page()?.total == 0, Expectation::EmptyList)
    }
}

/// RFC 7643 §7: the values of the characteristics, in their spelling.
fn has_rfc_words(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(values) => values.iter().all(has_rfc_words),
        Value::Object(members) => members.iter().all(|(name, value)| {
            let words: &[&str] = match name.as_str() {
                "mutability" => &["readOnly", "readWrite", "immutable", "writeOnly"],
                "returned" => &["always", "never", "default", "request"],
                "uniqueness" => &["none", "server", "global"],
                _ => return has_rfc_words(value),
            };
            value.as_str().is_some_and(|value| words.contains(&value))
        }),
        _ => true,
    }
}
