use std::fmt::Write as _;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

/// Trouble that somebody should know of; it holds no value of an object.
///
/// ```
/// use chrono::DateTime;
/// use scim_client::provision::report::notify::{Notification, NotificationEvent};
///
/// let event = NotificationEvent::RemovalsStaged;
/// let notification =
///     Notification::new("roster", DateTime::UNIX_EPOCH, event).with_removals(120, 1_000);
/// assert_eq!(notification.subject(), "roster: removals wait for approval");
/// assert!(notification.text().contains("120 of 1000 resources"));
/// ```
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Notification {
    /// The name of the job.
    pub job: String,
    /// When.
    pub at: DateTime<Utc>,
    /// What has happened.
    pub event: NotificationEvent,
    /// Why, in a word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Why, in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// How many removals are held back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub removals: Option<u64>,
    /// How many resources are linked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub linked: Option<u64>,
    /// When the engine tries again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_attempt: Option<DateTime<Utc>>,
    /// What to approve the removals by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approval: Option<String>,
}

/// What has happened.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum NotificationEvent {
    /// The job is stopped.
    QuarantineBegan,
    /// The job is stopped for another reason than before.
    QuarantineReasonChanged,
    /// The job goes on.
    QuarantineLifted,
    /// The job was stopped for so long that it is not tried again by itself.
    JobDisabled,
    /// There are so many removals that they wait until somebody approves them.
    RemovalsStaged,
    /// A cycle could not use the service provider or the source, after one that could.
    CycleFailed,
}

impl Notification {
    /// Trouble of a job.
    pub fn new(job: impl Into<String>, at: DateTime<Utc>, event: NotificationEvent) -> Self {
        Self {
            job: job.into(),
            at,
            event,
            reason: None,
            detail: None,
            removals: None,
            linked: None,
            next_attempt: None,
            approval: None,
        }
    }

    /// The trouble with why.
    #[must_use]
    pub fn with_reason(mut self, reason: impl Into<String>, detail: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self.detail = Some(detail.into());
        self
    }

    /// The trouble with how many removals there are among how many links.
    #[must_use]
    pub fn with_removals(mut self, removals: u64, linked: u64) -> Self {
        self.removals = Some(removals);
        self.linked = Some(linked);
        self
    }

    /// The trouble with when the engine tries again.
    #[must_use]
    pub fn with_next_attempt(mut self, next_attempt: Option<DateTime<Utc>>) -> Self {
        self.next_attempt = next_attempt;
        self
    }

    /// The trouble with what to approve the removals by.
    #[must_use]
    pub fn with_approval(mut self, approval: impl Into<String>) -> Self {
        self.approval = Some(approval.into());
        self
    }

    /// A line for people, without control characters.
    pub fn subject(&self) -> String {
        let what = match self.event {
            NotificationEvent::QuarantineBegan => "provisioning has stopped",
            NotificationEvent::QuarantineReasonChanged => {
                "provisioning is stopped, now for another reason"
            }
            NotificationEvent::QuarantineLifted => "provisioning goes on",
            NotificationEvent::JobDisabled => "provisioning is disabled",
            NotificationEvent::RemovalsStaged => "removals wait for approval",
            NotificationEvent::CycleFailed => "a provisioning cycle has failed",
        };
        format!("{}: {what}", one_line(&self.job))
    }

    /// A text for people: what has happened, what the engine does now, and what they can do.
    pub fn text(&self) -> String {
        let at = time(self.at);
        let mut text = format!("{}\n\nJob: {}\nTime: {at}\n", self.what(), one_line(&self.job));
        // Writing to a string cannot fail.
        if let Some(reason) = &self.reason {
            let _ = writeln!(text, "Reason: {}", one_line(reason));
        }
        if let Some(detail) = &self.detail {
            let _ = writeln!(text, "Detail: {}", one_line(detail));
        }
        if let Some(next) = self.next_attempt {
            let _ = writeln!(text, "Next attempt: {}", time(next));
        }
        if let Some(approval) = &self.approval {
            let _ = writeln!(text, "Approval: {}", one_line(approval));
        }
        let _ = write!(text, "\n{}\n", self.advice());
        text
    }

    fn what(&self) -> String {
        match (self.event, self.removals, self.linked) {
            (NotificationEvent::RemovalsStaged, Some(removals), Some(linked)) => format!(
                "A cycle would disable or delete {removals} of {linked} resources, more than the \
                 job allows."
            ),
            (NotificationEvent::RemovalsStaged, ..) => {
                "A cycle would disable or delete more resources than the job allows.".to_owned()
            }
            (NotificationEvent::QuarantineBegan, ..) => "The job has been stopped.".to_owned(),
            (NotificationEvent::QuarantineReasonChanged, ..) => {
                "The job is still stopped, now for another reason.".to_owned()
            }
            (NotificationEvent::QuarantineLifted, ..) => {
                "The service provider can be used again, and the job goes on.".to_owned()
            }
            (NotificationEvent::JobDisabled, ..) => {
                "The job was stopped for so long that it is not tried again.".to_owned()
            }
            (NotificationEvent::CycleFailed, ..) => "A cycle has come to no end.".to_owned(),
        }
    }

    fn advice(&self) -> &'static str {
        match self.event {
            NotificationEvent::QuarantineBegan | NotificationEvent::QuarantineReasonChanged => {
                "Nothing is sent until a test of the connection succeeds. Check the URL and the \
                 token of the service provider, and the objects that failed."
            }
            NotificationEvent::QuarantineLifted => "There is nothing to do.",
            NotificationEvent::JobDisabled => {
                "Restart the job when the service provider can be used again."
            }
            NotificationEvent::RemovalsStaged => {
                "They wait, and everything else goes on. If they are meant, approve them by the \
                 words above; if they are not, repair the source or the scope."
            }
            NotificationEvent::CycleFailed => {
                "What was done is remembered, and the next cycle goes on from there."
            }
        }
    }
}

/// The text without line breaks and other control characters, which would forge a line.
fn one_line(text: &str) -> String {
    text.chars().map(|char| if char.is_control() { ' ' } else { char }).collect()
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
