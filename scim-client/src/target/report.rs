use std::{error::Error as _, fmt};

use super::{Capabilities, Probe};
use crate::{client::Client, error::Error};

/// What a test of the connection has shown, line by line for people by `Display`.
#[derive(Debug)]
#[non_exhaustive]
pub struct ConnectionReport {
    /// The look-up of somebody who does not exist.
    pub probe: Probe,
    /// What the service provider is able to do, if it was worth asking.
    pub capabilities: Option<Capabilities>,
    /// The name of the profile.
    pub profile: String,
}

impl Client {
    /// Tests the connection and asks what the service provider is able to do: [`Client::probe`],
    /// and where that finds somebody who speaks SCIM, [`Client::discover`].
    ///
    /// ```
    /// # use bytes::Bytes;
    /// # use http::{Request, Response};
    /// # use scim_client::{Client, transport::InProcessTransport};
    /// # let service = |_: Request<Bytes>| async {
    /// #     Response::new(Bytes::from_static(
    /// #         br#"{"totalResults": 0, "Resources": [], "patch": {"supported": true}}"#,
    /// #     ))
    /// # };
    /// # let client = Client::builder("https://scim.example.com/v2")
    /// #     .transport(InProcessTransport::new(service))
    /// #     .build()?;
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let report = client.test_connection("userName").await?;
    /// assert!(report.probe.is_ready());
    /// println!("{report}");
    /// # assert!(report.to_string().contains("filters users by `userName`: yes"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Request`](crate::ErrorKind::Request) if `matching_attribute` is no attribute
    /// path. Whatever goes wrong on the way is part of the report.
    pub async fn test_connection(
        &self,
        matching_attribute: &str,
    ) -> Result<ConnectionReport, Error> {
        let probe = self.probe(matching_attribute).await?;
        let is_known = probe.is_scim() && self.discover().await.is_ok();
        Ok(ConnectionReport {
            capabilities: is_known.then(|| self.capabilities()),
            profile: self.target().profile().name.clone(),
            probe,
        })
    }
}

impl fmt::Display for ConnectionReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let probe = &self.probe;
        let attribute = probe.attribute();
        // Each takes those before it.
        let steps = [
            ("reachable".to_owned(), probe.is_reachable()),
            ("answers without failing".to_owned(), probe.is_working()),
            ("accepts the credentials".to_owned(), probe.is_authorized()),
            ("speaks SCIM".to_owned(), probe.is_scim()),
            (format!("filters users by `{attribute}`"), probe.is_ready()),
        ];
        let mut has_failed = false;
        for (name, is_met) in steps {
            let word = match (is_met, has_failed) {
                (true, _) => "yes",
                (false, false) => "NO",
                (false, true) => "not known",
            };
            has_failed |= !is_met;
            writeln!(f, "{name}: {word}")?;
        }
        if let Some(error) = probe.error() {
            writeln!(f, "the answer: {error}")?;
            let mut cause = error.source();
            while let Some(error) = cause {
                writeln!(f, "  because: {error}")?;
                cause = error.source();
            }
        }
        write!(f, "profile: {}", self.profile)?;
        match &self.capabilities {
            Some(capabilities) => write!(f, "\n{capabilities}"),
            None => Ok(()),
        }
    }
}
