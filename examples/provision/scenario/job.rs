use std::path::Path;

use scim_client::{
    Client,
    provision::{EventSink, Provisioner, state::SqliteState},
};
use scim_examples::{
    directory_source::DirectorySource,
    job::{mapping, scope},
};

use super::Outcome;

/// The job as the administrator configures it.
pub(super) fn job(
    client: &Client,
    source: &DirectorySource,
    folder: &Path,
    progress: impl EventSink,
) -> Outcome<Provisioner> {
    let state = SqliteState::open(folder.join("provisioning.sqlite"), "roster")?;
    let job = Provisioner::new(client, mapping()?, source.clone(), state)?;
    Ok(job.with_scope(scope()).with_events(progress))
}
