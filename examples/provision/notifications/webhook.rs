use std::path::PathBuf;

use scim_client::provision::report::notify::WebhookNotifier;
use scim_examples::service_provider;
use serde::Deserialize;

use super::unusable;
use crate::{failure::Failure, job_file::JobFile, secret::SecretPlace};

/// A URL that is posted what has happened.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WebhookTable {
    url: String,
    token_file: Option<PathBuf>,
    token_variable: Option<String>,
}

impl WebhookTable {
    /// Whoever posts to it.
    pub(super) fn notifier(&self, job: &JobFile) -> Result<WebhookNotifier, Failure> {
        const URL: &str = "`notifications.webhook.url`";
        let transport = service_provider::transport(&self.url).map_err(unusable(URL))?;
        let notifier = WebhookNotifier::new(&self.url, transport).map_err(unusable(URL))?;
        let token = SecretPlace {
            table: "notifications.webhook",
            name: "token",
            file: self.token_file.as_deref().map(|file| job.path(file)),
            variable: self.token_variable.as_deref(),
        };
        if !token.is_given() {
            return Ok(notifier);
        }
        let bearer = format!("Bearer {}", token.read().map_err(Failure::unusable)?);
        notifier
            .with_header("authorization", &bearer)
            .map_err(unusable("the token of `notifications.webhook`"))
    }
}
