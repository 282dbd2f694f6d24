//! The service provider that an example of the client works with.

use std::{
    fs,
    future::pending,
    path::{Path, PathBuf},
};

use clap::Args;
use scim_client::{
    Client,
    provision::{CycleKind, Provisioner, state::MemoryState},
    target::Profile,
    transport::{ReqwestTransport, RetryPolicy, TokioTimer},
};

use crate::{
    directory::Directory,
    directory_source::DirectorySource,
    job::{mapping, scope},
    roster::{Roster, RosterSettings, StoreChoice},
};

type AnyError = Box<dyn std::error::Error + Send + Sync>;

/// What the command line says of it.
#[derive(Args, Clone, Debug, Default)]
#[non_exhaustive]
pub struct ServiceProviderArguments {
    /// The base URL; without one, a roster in the same process
    pub base_url: Option<String>,
    /// A file with the bearer token, in place of the variable `SCIM_TOKEN`
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// The kind of service provider: rfc, aws, entra, github, slack, salesforce, atlassian, google
    /// or cerner
    #[arg(long, value_name = "NAME", default_value = "rfc", value_parser = profile)]
    pub profile: Profile,
}

/// A service provider elsewhere, or a roster in the same process.
#[derive(Debug)]
pub struct ServiceProvider {
    client: Client,
    roster: Option<Roster>,
}

impl ServiceProvider {
    /// Makes a client of it, and opens the roster if there is no base URL.
    ///
    /// # Errors
    /// If the token cannot be read, the client not be built, or the roster not be opened.
    pub async fn open(arguments: ServiceProviderArguments) -> Result<Self, AnyError> {
        let ServiceProviderArguments { base_url, token_file, profile } = arguments;
        if let Some(base_url) = base_url {
            let token = token(token_file.as_deref())?;
            return Ok(Self { client: client(&base_url, token, profile)?, roster: None });
        }
        let address = "127.0.0.1:0".parse()?;
        let settings = RosterSettings::new(address, StoreChoice::Memory, "clinic".parse()?);
        let roster = Roster::open(settings).await?;
        let token = roster.token().reveal().to_owned();
        let client = client(roster.base_url(), Some(token), profile)?;
        Ok(Self { client, roster: Some(roster) })
    }

    /// The client.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Whether it is a roster in the same process, which has nobody in it yet.
    pub fn is_in_process(&self) -> bool {
        self.roster.is_some()
    }

    /// Does the work while the roster, if there is one, answers.
    pub async fn during<T>(self, work: impl Future<Output = T>) -> T {
        let Some(roster) = self.roster else { return work.await };
        tokio::select! {
            outcome = work => outcome,
            never = async { roster.serve(pending()).await; pending().await } => never,
        }
    }
}

/// Provisions so many people, all made up.
///
/// # Errors
/// If not all of them could be created.
pub async fn provision(client: &Client, people: usize) -> Result<(), AnyError> {
    let source = DirectorySource::new(Directory::generate(42, people, 0));
    let job = Provisioner::new(client, mapping()?, source, MemoryState::new())?;
    let report = job.with_scope(scope()).run(CycleKind::Initial).await?;
    if report.failed.is_empty() { Ok(()) } else { Err("not all could be provisioned".into()) }
}

/// A client that waits, and repeats what may be repeated.
///
/// # Errors
/// If the base URL or the token is none, or the base URL asks for TLS that was not built in.
pub fn client(base_url: &str, token: Option<String>, profile: Profile) -> Result<Client, AnyError> {
    let mut builder = Client::builder(base_url)
        .profile(profile)
        .transport(transport(base_url)?)
        .timer(TokioTimer::new())
        // Whoever answers that there were too many requests has done nothing yet.
        .retry(RetryPolicy::new().with_throttled_posts());
    if let Some(token) = token {
        builder = builder.bearer_token(token);
    }
    Ok(builder.build()?)
}

/// A transport to that URL.
///
/// # Errors
/// If the URL asks for TLS that was not built in.
pub fn transport(url: &str) -> Result<ReqwestTransport, AnyError> {
    if url.trim_start().starts_with("https:") && cfg!(not(feature = "rustls")) {
        return Err("`https` needs TLS: run it with `--features rustls`".into());
    }
    Ok(ReqwestTransport::new()?)
}

/// The token of the file, or else of the environment; some service providers need none.
fn token(file: Option<&Path>) -> Result<Option<String>, AnyError> {
    let Some(file) = file else { return Ok(token_of_environment()) };
    let text = fs::read_to_string(file)
        .map_err(|error| format!("the token file cannot be read: {}", error.kind()))?;
    Ok(Some(text.trim().to_owned()))
}

#[expect(clippy::disallowed_methods, reason = "an application reads its own environment")]
fn token_of_environment() -> Option<String> {
    std::env::var("SCIM_TOKEN").ok()
}

fn profile(name: &str) -> Result<Profile, &'static str> {
    Profile::preset(name).ok_or("there is no such profile")
}
