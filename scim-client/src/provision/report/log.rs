use std::{
    fmt,
    io::Write,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use super::{
    ErrorCode, Event, EventSink, ModifiedProperty, ObjectAction, ObjectEvent, ObjectStatus, Step,
};
use crate::provision::source::ObjectKind;

/// An event about an object in the shape of Entra ID's provisioning log.
///
/// It holds values of the object, but for those whose mapping hides them.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ProvisioningEvent<'e> {
    /// The name of the event.
    pub id: String,
    /// The name of the change; all events of an object in a cycle have the same.
    pub change_id: String,
    /// The name of the cycle.
    pub cycle_id: &'e str,
    /// The name of the job.
    pub job_id: &'e str,
    /// When.
    pub activity_date_time: String,
    /// What was to be done.
    pub provisioning_action: &'static str,
    /// Whether it was.
    pub provisioning_status_info: StatusInfo<'e>,
    /// Where the object comes from.
    pub source_system: &'e str,
    /// Where it goes.
    pub target_system: &'e str,
    /// The object.
    pub source_identity: Identity<'e>,
    /// The resource.
    pub target_identity: Option<Identity<'e>>,
    /// What has changed.
    pub modified_properties: &'e [ModifiedProperty],
    /// How it came to that.
    pub provisioning_steps: &'e [Step],
}

/// Whether something was done.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct StatusInfo<'e> {
    /// `success`, `failure` or `skipped`.
    pub status: &'static str,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_information: Option<ErrorInformation<'e>>,
}

/// Why something was not done.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ErrorInformation<'e> {
    /// In a word.
    pub error_code: Option<ErrorCode>,
    /// In a sentence.
    pub reason: &'e str,
}

/// Somebody, by the name that one of the two systems has for them.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Identity<'e> {
    /// The name.
    pub id: &'e str,
    /// `User` or `Group`.
    pub identity_type: &'static str,
}

/// The names that go into each event.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Origin {
    /// The name of the job.
    pub job: String,
    /// Where objects come from.
    pub source_system: String,
    /// Where they go.
    pub target_system: String,
}

/// Writes each event about an object as a line of JSON.
///
/// A line that cannot be written is left out; [`JsonLinesLog::lost`] counts those.
pub struct JsonLinesLog<W> {
    origin: Origin,
    inner: Mutex<Inner<W>>,
}

struct Inner<W> {
    writer: W,
    cycle: String,
    number: u64,
    lost: u64,
}

impl Origin {
    /// The names of a job and of the two systems.
    pub fn new(
        job: impl Into<String>,
        source_system: impl Into<String>,
        target_system: impl Into<String>,
    ) -> Self {
        Self {
            job: job.into(),
            source_system: source_system.into(),
            target_system: target_system.into(),
        }
    }
}

impl<'e> ProvisioningEvent<'e> {
    /// The event of that number in a cycle.
    pub fn new(event: &'e ObjectEvent, origin: &'e Origin, cycle: &'e str, number: u64) -> Self {
        let identity_type = match event.kind {
            ObjectKind::User => "User",
            ObjectKind::Group => "Group",
        };
        let (status, reason) = match &event.status {
            ObjectStatus::Done => ("success", None),
            ObjectStatus::Skipped(reason) => ("skipped", Some(reason)),
            ObjectStatus::Failed(reason) => ("failure", Some(reason)),
        };
        let target_id = event.target_id.as_ref().map(scim_core::ResourceId::as_str);
        Self {
            id: format!("{cycle}-{number}"),
            change_id: format!("{cycle}-{}", event.source_id),
            cycle_id: cycle,
            job_id: &origin.job,
            activity_date_time: time(event.at),
            provisioning_action: action(event.action),
            provisioning_status_info: StatusInfo {
                status,
                error_information: reason
                    .map(|reason| ErrorInformation { error_code: event.code, reason }),
            },
            source_system: &origin.source_system,
            target_system: &origin.target_system,
            source_identity: Identity { id: event.source_id.as_str(), identity_type },
            target_identity: target_id.map(|id| Identity { id, identity_type }),
            modified_properties: &event.modified,
            provisioning_steps: &event.steps,
        }
    }
}

impl<W: Write + Send + 'static> JsonLinesLog<W> {
    /// A log that writes there; a `BufWriter` is flushed at the end of each cycle.
    pub fn new(origin: Origin, writer: W) -> Self {
        let inner = Inner { writer, cycle: String::new(), number: 0, lost: 0 };
        Self { origin, inner: Mutex::new(inner) }
    }

    /// How many lines could not be written.
    pub fn lost(&self) -> u64 {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).lost
    }
}

impl<W: Write + Send + 'static> EventSink for JsonLinesLog<W> {
    fn record(&self, event: &Event) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let written = match event {
            Event::Began { cycle, .. } => {
                inner.cycle.clone_from(cycle);
                inner.number = 0;
                Ok(())
            }
            Event::Object(event) => inner.write(event, &self.origin),
            Event::Ended(_) => inner.writer.flush(),
            Event::Progress(_) => Ok(()),
        };
        if written.is_err() {
            inner.lost += 1;
        }
    }
}

impl<W: Write> Inner<W> {
    fn write(&mut self, event: &ObjectEvent, origin: &Origin) -> std::io::Result<()> {
        self.number += 1;
        let event = ProvisioningEvent::new(event, origin, &self.cycle, self.number);
        let mut line = serde_json::to_vec(&event)?;
        line.push(b'\n');
        self.writer.write_all(&line)
    }
}

impl<W> fmt::Debug for JsonLinesLog<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsonLinesLog").field("origin", &self.origin).finish_non_exhaustive()
    }
}

fn action(action: ObjectAction) -> &'static str {
    match action {
        ObjectAction::Create => "create",
        ObjectAction::Adopt | ObjectAction::Update | ObjectAction::Enable => "update",
        ObjectAction::Disable => "disable",
        ObjectAction::Delete => "delete",
        ObjectAction::Stage => "stagedDelete",
        ObjectAction::Unlink | ObjectAction::None => "other",
    }
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}
