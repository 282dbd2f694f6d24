//! The table `notifications` of a job file: who is told how the job stands.

mod recipients;
#[cfg(feature = "smtp")]
mod smtp;
mod webhook;

use std::error::Error;

use serde::Deserialize;

use self::{recipients::Recipients, webhook::WebhookTable};
use crate::{failure::Failure, job_file::JobFile};

#[cfg(feature = "smtp")]
use self::smtp::SmtpTable;
#[cfg(not(feature = "smtp"))]
use serde::de::IgnoredAny as SmtpTable;

/// Who is told of trouble; nobody, if it is empty.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct NotificationTable {
    smtp: Option<SmtpTable>,
    webhook: Option<WebhookTable>,
}

/// A part of the table that cannot be used; it shows no value.
#[derive(Debug, thiserror::Error)]
#[error("{place} cannot be used")]
struct InvalidNotification {
    place: &'static str,
    source: Box<dyn Error + Send + Sync>,
}

impl NotificationTable {
    /// Everybody who is told.
    pub(crate) fn recipients(&self, job: &JobFile) -> Result<Recipients, Failure> {
        let mut recipients = Recipients::default();
        #[cfg(feature = "smtp")]
        if let Some(table) = &self.smtp {
            recipients = recipients.with("notifications.smtp", table.notifier(job)?);
        }
        #[cfg(not(feature = "smtp"))]
        if self.smtp.is_some() {
            let needed = "e-mail needs the feature: run it with `--features smtp`";
            return Err(unusable("`notifications.smtp`")(needed));
        }
        if let Some(table) = &self.webhook {
            recipients = recipients.with("notifications.webhook", table.notifier(job)?);
        }
        Ok(recipients)
    }
}

/// Says which part of the table is at fault.
fn unusable<E: Into<Box<dyn Error + Send + Sync>>>(place: &'static str) -> impl Fn(E) -> Failure {
    move |source| Failure::unusable(InvalidNotification { place, source: source.into() })
}
