//! The job that a job file describes.

use std::{path::PathBuf, time::Duration};

use clap::Args;
use scim_client::{
    Client,
    provision::{
        Mapping, Provisioner,
        mapping::InvalidMapping,
        plan::{Removal, RemovalPolicy},
        report::Origin,
        state::{EscrowPolicy, SqliteState},
    },
    target::Profile,
};
use scim_examples::service_provider;

use crate::{
    events::{Listeners, log},
    failure::Failure,
    job_file::{JobFile, PolicyTable, SideTable},
    secret::SecretPlace,
};

/// Which job.
#[derive(Args)]
pub(crate) struct JobArgument {
    /// The job file
    #[arg(long, value_name = "FILE", default_value = "provisioning.toml", global = true)]
    pub(crate) job: PathBuf,
}

/// A service provider as a job file has it.
pub(crate) struct Provider<'p> {
    pub(crate) url: &'p str,
    pub(crate) profile: &'p str,
    pub(crate) token: SecretPlace<'p>,
}

/// A file that is meant for the job and cannot be used.
#[derive(Debug, thiserror::Error)]
enum JobError {
    #[error("there is no profile `{1}` for `{0}.profile`")]
    Profile(&'static str, String),
    #[error("`{0}.url` or its token cannot be used")]
    Client(&'static str, #[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("`{0}.mappings` does not fit the service provider")]
    Mapping(&'static str, #[source] InvalidMapping),
    #[error("the file of `state.file` cannot be used")]
    State(#[source] scim_client::provision::state::OpenStateError),
    #[error("the file of `log.file` cannot be written")]
    Log(#[source] std::io::Error),
}

impl JobArgument {
    /// Reads the job file.
    pub(crate) fn read(&self) -> Result<JobFile, Failure> {
        JobFile::read(&self.job).map_err(Failure::unusable)
    }

    /// Opens the job, with nobody who hears of what happens.
    pub(crate) async fn open(&self) -> Result<Provisioner, Failure> {
        let file = self.read()?;
        provisioner(&file, &target(&file)?).await
    }

    /// Opens the job with its log, whoever else listens, and whoever is told of trouble.
    pub(crate) async fn open_to_run(&self, listeners: Listeners) -> Result<Provisioner, Failure> {
        let file = self.read()?;
        let client = target(&file)?;
        let recipients = file.tables.notifications.recipients(&file)?;
        let job = provisioner(&file, &client).await?.with_notifier(recipients);
        let kind = file.tables.source.kind();
        let origin = Origin::new(&file.tables.name, kind, client.base_url().to_string());
        let log =
            log(&file.log(), origin).map_err(|error| Failure::unusable(JobError::Log(error)))?;
        Ok(job.with_events(listeners.with(log)))
    }
}

/// The client of the target of a job.
pub(crate) fn target(file: &JobFile) -> Result<Client, Failure> {
    let table = &file.tables.target;
    client(&Provider {
        url: &table.url,
        profile: &table.profile,
        token: SecretPlace {
            table: "target",
            name: "token",
            file: table.token_file.as_deref().map(|token| file.path(token)),
            variable: table.token_variable.as_deref(),
        },
    })
}

/// A client of a service provider.
pub(crate) fn client(provider: &Provider<'_>) -> Result<Client, Failure> {
    let table = provider.token.table;
    let no_profile = || JobError::Profile(table, provider.profile.to_owned());
    let profile = Profile::preset(provider.profile).ok_or_else(no_profile);
    let profile = profile.map_err(Failure::unusable)?;
    let token = provider.token.read().map_err(Failure::unusable)?;
    service_provider::client(provider.url, Some(token), profile)
        .map_err(|error| Failure::unusable(JobError::Client(table, error)))
}

async fn provisioner(file: &JobFile, client: &Client) -> Result<Provisioner, Failure> {
    let tables = &file.tables;
    if tables.target.discover {
        client.discover().await?;
    }
    let source = file.tables.source.open(file)?;
    let state = SqliteState::open(file.path(&tables.state.file), &tables.name)
        .map_err(|error| Failure::unusable(JobError::State(error)))?;
    let users = &tables.users;
    let mapping = |table| move |error| Failure::unusable(JobError::Mapping(table, error));
    let mut job = Provisioner::new(client, users.mappings.clone(), source, state)
        .map_err(mapping("users"))?
        .with_name(&tables.name)
        .with_scope(users.scope.clone())
        .with_removal(users.removal(RemovalPolicy::disable()));
    if let Some(groups) = &tables.groups {
        let removal = groups.removal(RemovalPolicy::all(Removal::Delete));
        job = job
            .with_groups(groups.mappings.clone(), groups.scope.clone())
            .map_err(mapping("groups"))?
            .with_group_removal(removal);
    }
    if let Some(holder) = &tables.state.holder {
        job = job.with_holder(holder);
    }
    Ok(tables.policies.on(job))
}

impl SideTable {
    fn removal(&self, otherwise: RemovalPolicy) -> RemovalPolicy {
        let causes = self.removal.iter();
        causes.fold(otherwise, |policy, (cause, removal)| policy.with(*cause, *removal))
    }
}

impl PolicyTable {
    fn on(&self, job: Provisioner) -> Provisioner {
        let mut job = job
            .with_adoption(self.adopt)
            .with_guard(self.guard.clone())
            .with_quarantine(self.quarantine.clone())
            .with_grace(Duration::from_secs(self.grace_seconds));
        if let Some(minutes) = &self.escrow_minutes {
            let intervals = minutes.iter().map(|minutes| Duration::from_secs(minutes * 60));
            job = job.with_escrow(EscrowPolicy::new(intervals));
        }
        if let Some(seconds) = self.lease_seconds {
            job = job.with_lease(Duration::from_secs(seconds.get()));
        }
        job
    }
}

/// What a mapping says of itself in a job file.
pub(crate) struct MappingView {
    rows: Vec<serde_json::Value>,
}

impl MappingView {
    /// The rows of a mapping.
    pub(crate) fn of(mapping: &Mapping) -> Self {
        Self {
            rows: mapping.attributes().filter_map(|row| serde_json::to_value(row).ok()).collect(),
        }
    }

    /// The attribute that is looked for first.
    pub(crate) fn first_matching(&self) -> Option<&str> {
        let keyed = self
            .rows
            .iter()
            .filter_map(|row| Some((row.get("matching")?.as_u64()?, row.get("target")?.as_str()?)));
        keyed.min_by_key(|(precedence, _)| *precedence).map(|(_, target)| target)
    }

    /// Whether no values of that attribute are shown.
    pub(crate) fn hides(&self, target: &str) -> bool {
        self.rows.iter().any(|row| {
            row.get("target").is_some_and(|name| name == target)
                && row.get("redact").is_some_and(|is_hidden| is_hidden == true)
        })
    }
}
