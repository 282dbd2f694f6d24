//! Okta.

mod groups;
mod import;
mod scenario;
mod users;

use http::{HeaderMap, HeaderValue, header};
use uuid::Uuid;

use super::{
    Error, Expectation, IdentityProvider, Provisioned, Report, Transport, answer::Answer, ask::Ask,
    wire::Wire,
};

/// The provisioning of Okta.
///
/// It looks a person up by `userName`, creates one with a password and an empty `groups`, changes
/// profiles by PUT of what it has read, never deletes a user, and pushes groups with PATCH. Beyond
/// that it reads back what it changed.
#[derive(Debug)]
pub struct Okta<'t> {
    wire: Wire<'t>,
    application: OktaApplication,
    page_size: u64,
}

/// How an application was set up.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum OktaApplication {
    /// From the Okta Integration Network: PATCH for `active` and the password, PUT for profiles.
    #[default]
    IntegrationNetwork,
    /// Made with the App Integration Wizard: PUT for all that happens to a user.
    Wizard,
}

impl<'t> Okta<'t> {
    /// Okta with the URL and the token that an administrator gives it.
    pub fn new(
        transport: &'t dyn Transport,
        base_url: impl AsRef<str>,
        token: impl Into<String>,
    ) -> Self {
        let scim = HeaderValue::from_static("application/scim+json");
        let scim_utf8 = HeaderValue::from_static("application/scim+json; charset=utf-8");
        let headers = HeaderMap::from_iter([
            (header::ACCEPT, scim),
            (header::ACCEPT_CHARSET, HeaderValue::from_static("utf-8")),
            // On a GET as well.
            (header::CONTENT_TYPE, scim_utf8),
            (header::USER_AGENT, HeaderValue::from_static("Okta SCIM Client 1.0.0")),
        ]);
        let provider = IdentityProvider::Okta;
        let wire = Wire::new(provider, transport, base_url.as_ref(), token.into(), headers);
        Self { wire, application: OktaApplication::default(), page_size: 100 }
    }

    /// Another kind of application.
    #[must_use]
    pub fn with_application(mut self, application: OktaApplication) -> Self {
        self.application = application;
        self
    }

    /// Another size of the pages of an import; 100 by default, and at least 1.
    #[must_use]
    pub fn with_page_size(mut self, resources: u64) -> Self {
        self.page_size = resources.max(1);
        self
    }

    /// All that was sent so far, and what came back; also after an error.
    pub fn report(&self) -> Report {
        self.wire.report_since(0)
    }

    /// Looks for a user that there is not.
    ///
    /// # Errors
    /// If the answer is neither an empty list nor 404.
    pub async fn test_connection(&self) -> Result<(), Error> {
        let nobody = format!("{}@nowhere.example", Uuid::new_v4());
        let (answer, found) = self.search("/Users", "userName", &nobody).await?;
        answer.expect(found.is_none(), Expectation::EmptyList)
    }

    /// Sends a request with a token that nobody was given.
    ///
    /// # Errors
    /// If it is not refused with 401 and a SCIM error, which Okta reads strictly.
    pub async fn test_credentials(&self) -> Result<(), Error> {
        let ask = Ask::get("/Users").with("startIndex", "1").with("count", "1");
        let answer = self.wire.send_unknown(ask).await?.expect_status(&[401])?;
        answer.expect_error_body()
    }

    /// Looks something up; 404 is taken for an empty list.
    async fn search(
        &self,
        endpoint: &str,
        attribute: &str,
        value: &str,
    ) -> Result<(Answer, Option<Provisioned>), Error> {
        let ask = Ask::get(endpoint)
            .with_filter(&[(attribute, value)])
            .with("startIndex", "1")
            .with("count", "100");
        let answer = self.wire.send(ask).await?.expect_status(&[200, 404])?;
        if answer.status == 404 {
            answer.expect_error_body()?;
            return Ok((answer, None));
        }
        let found = answer.found()?;
        Ok((answer, found))
    }
}
