use super::{EntraId, Error, Expectation, IdentityProvider, Person, Report, Transport, ask::Ask};

/// Entra ID with a user roster, such as that of Cerner Central: one realm, users and no groups.
///
/// Users are created, changed and disabled in the default dialect, and never deleted. The URL may
/// be that of the realm or of its users.
///
/// ```
/// use scim_server::emulate::UserRoster;
/// use scim_server::{Access, ScimService, SystemAccounts, Tenants, store::MemoryStore};
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let realms = Tenants::new();
/// realms.insert("clinic".parse()?);
/// let accounts = SystemAccounts::new();
/// let token = accounts.add("azure", Access::to_tenant("clinic".parse()?))?;
/// let service = ScimService::builder("https://host/scim/v1", MemoryStore::new(), accounts)
///     .with_tenants_in_path("Realms", realms)
///     .build()?;
/// let url = "https://host/scim/v1/Realms/clinic/Users";
/// let report = UserRoster::new(&service, url, token.reveal()).run_all().await?;
/// assert!(report.exchanges().iter().all(|exchange| exchange.method() != "DELETE"));
/// # Ok(())
/// # }
/// # let mut run = std::pin::pin!(run());
/// # let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
/// # let std::task::Poll::Ready(outcome) = run.as_mut().poll(&mut cx) else { panic!("pending") };
/// # outcome.unwrap();
/// ```
#[derive(Debug)]
pub struct UserRoster<'t>(EntraId<'t>);

impl<'t> UserRoster<'t> {
    /// The roster at the URL of a realm, with the token of a system account.
    pub fn new(
        transport: &'t dyn Transport,
        realm_url: impl AsRef<str>,
        token: impl Into<String>,
    ) -> Self {
        let provider = IdentityProvider::UserRoster;
        Self(EntraId::of(provider, transport, realm_url.as_ref(), token.into()))
    }

    /// The client, for single steps.
    pub fn entra_id(&self) -> &EntraId<'t> {
        &self.0
    }

    /// All that was sent so far, and what came back; also after an error.
    pub fn report(&self) -> Report {
        self.0.report()
    }

    /// Plays a whole life with people of its own: connection, initial cycle, a marriage, a leaver
    /// who comes back, and an `id` that is no longer there. Everyone is disabled in the end.
    ///
    /// # Errors
    /// The first expectation that is not met.
    pub async fn run_all(&self) -> Result<Report, Error> {
        let entra = &self.0;
        let place = entra.wire().place();
        entra.test_connection_with_users().await?;
        entra.test_credentials().await?;
        self.look_for_more().await?;
        let people = Person::cast();
        let [head, maren, tobias] = &entra.initial_cycle(&people).await?;
        let [_, before, leaver] = &people;
        let married = before.clone().with_name("Maren", "Holt-Berg").with_title("Charge nurse");
        entra.update(maren.id(), before, &married).await?;
        entra.disable(tobias.id()).await?;
        self.expect_found(leaver, tobias.id(), false).await?;
        entra.restore(tobias.id()).await?;
        self.expect_found(leaver, tobias.id(), true).await?;
        self.lose_id(&married, maren.id()).await?;
        for user in [head, maren, tobias] {
            entra.disable(user.id()).await?;
        }
        Ok(entra.wire().report_since(place))
    }

    /// A roster need not have groups, nor the configuration of SCIM 1.1.
    async fn look_for_more(&self) -> Result<(), Error> {
        let name = uuid::Uuid::new_v4().to_string();
        let groups = Ask::get("/Groups").with_filter(&[("displayName", &name)]);
        self.0.wire().send(groups).await?.expect_status(&[200, 404, 501])?;
        let configuration = Ask::get("/ServiceProviderConfigs");
        self.0.wire().send(configuration).await?.expect_status(&[200, 404])?;
        Ok(())
    }

    /// An `id` that was remembered is not there, so the person is looked up again.
    async fn lose_id(&self, person: &Person, id: &str) -> Result<(), Error> {
        let lost = Ask::get(&format!("/Users/{}", uuid::Uuid::new_v4()));
        self.0.wire().send(lost).await?.expect_status(&[404])?;
        self.expect_found(person, id, true).await
    }

    async fn expect_found(&self, person: &Person, id: &str, active: bool) -> Result<(), Error> {
        let (answer, found) = self.0.search(&[("userName", &person.user_name)]).await?;
        let Some(found) = found else { return Err(answer.broken(Expectation::FoundOnce)) };
        answer.expect_active(&found, id, active)
    }
}
