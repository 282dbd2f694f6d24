use std::path::PathBuf;

use http::Uri;
use scim_client::provision::report::notify::{SmtpNotifier, SmtpNotifierBuilder, SmtpTls};
use serde::Deserialize;

use super::unusable;
use crate::{failure::Failure, job_file::JobFile, secret::SecretPlace};

/// A mail server, and between whom it carries messages.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SmtpTable {
    url: String,
    from: String,
    to: Vec<String>,
    username: Option<String>,
    password_file: Option<PathBuf>,
    password_variable: Option<String>,
}

/// Text that is no URL of a mail server; it is not repeated.
#[derive(Debug, thiserror::Error)]
#[error("it is `smtps://`, `smtp+starttls://` or `smtp://` with a host, and a port if need be")]
struct InvalidMailUrl;

/// A password of nobody.
#[derive(Debug, thiserror::Error)]
#[error("there is a password, and nobody who signs in by it")]
struct NoUsername;

impl SmtpTable {
    /// Whoever sends through it.
    pub(super) fn notifier(&self, job: &JobFile) -> Result<SmtpNotifier, Failure> {
        let builder = server(&self.url)
            .ok_or(InvalidMailUrl)
            .map_err(unusable("`notifications.smtp.url`"))?
            .from(&self.from)
            .map_err(unusable("`notifications.smtp.from`"))?;
        let mut builder = self.signed_in(builder, job)?;
        for mailbox in &self.to {
            builder = builder.to(mailbox).map_err(unusable("`notifications.smtp.to`"))?;
        }
        builder.build().map_err(unusable("`notifications.smtp`"))
    }

    fn signed_in(
        &self,
        builder: SmtpNotifierBuilder,
        job: &JobFile,
    ) -> Result<SmtpNotifierBuilder, Failure> {
        let password = SecretPlace {
            table: "notifications.smtp",
            name: "password",
            file: self.password_file.as_deref().map(|file| job.path(file)),
            variable: self.password_variable.as_deref(),
        };
        match &self.username {
            Some(username) => {
                let password = password.read().map_err(Failure::unusable)?;
                Ok(builder.credentials(username, password))
            }
            None if password.is_given() => {
                Err(unusable("`notifications.smtp.username`")(NoUsername))
            }
            None => Ok(builder),
        }
    }
}

fn server(url: &str) -> Option<SmtpNotifierBuilder> {
    let url: Uri = url.trim().parse().ok()?;
    let tls = match url.scheme_str()? {
        "smtps" => SmtpTls::Required,
        "smtp+starttls" => SmtpTls::StartTls,
        "smtp" => SmtpTls::None,
        _ => return None,
    };
    let (host, port) = (url.host()?, url.port_u16());
    let whole = port.map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    let has_more = url.path().len() > 1 || url.query().is_some();
    if host.is_empty() || has_more || url.authority()?.as_str() != whole {
        return None;
    }
    let builder = SmtpNotifier::builder(host.trim_matches(['[', ']'])).tls(tls);
    Some(match port {
        Some(port) => builder.port(port),
        None => builder,
    })
}
