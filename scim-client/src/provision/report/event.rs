use std::{fmt, sync::Arc};

use chrono::{DateTime, Utc};
use scim_core::ResourceId;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{CycleReport, ErrorCode, Progress, Step};
use crate::provision::{
    cycle::CycleKind,
    source::{ObjectKind, SourceId},
};

/// Something that happens in a cycle.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// A cycle has read its source and begins to work.
    Began {
        /// The name of the cycle.
        cycle: String,
        /// What kind of cycle it is.
        kind: CycleKind,
        /// How many objects there are to look at.
        objects: usize,
    },
    /// An object has been dealt with.
    Object(Box<ObjectEvent>),
    /// The work has come on.
    Progress(Progress),
    /// A cycle is over.
    Ended(Box<CycleReport>),
}

/// What became of an object.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ObjectEvent {
    /// When.
    pub at: DateTime<Utc>,
    /// The object.
    pub source_id: SourceId,
    /// What it stands for.
    pub kind: ObjectKind,
    /// The resource that stands for it, if one does.
    pub target_id: Option<ResourceId>,
    /// What was to be done.
    pub action: ObjectAction,
    /// Whether it was.
    pub status: ObjectStatus,
    /// What went wrong, or why it was left alone.
    pub code: Option<ErrorCode>,
    /// What has changed at the service provider, or was to.
    pub modified: Vec<ModifiedProperty>,
    /// How it came to that.
    pub steps: Vec<Step>,
}

/// An attribute that changes.
///
/// `Debug` names it and keeps the values, which are personal, to itself.
#[derive(Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ModifiedProperty {
    /// The path of the attribute.
    #[serde(rename = "displayName")]
    pub name: Arc<str>,
    /// What it was, if that is known; stars if the mapping hides it.
    #[serde(rename = "oldValue")]
    pub old: Option<Value>,
    /// What it becomes; nothing if it is cleared.
    #[serde(rename = "newValue")]
    pub new: Option<Value>,
}

/// What was to be done about an object.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum ObjectAction {
    /// A resource for it.
    Create,
    /// A link to a resource of somebody else.
    Adopt,
    /// A change of its resource.
    Update,
    /// A change of its resource that enables it.
    Enable,
    /// A change of its resource that disables it.
    Disable,
    /// The end of its resource.
    Delete,
    /// The end of its link.
    Unlink,
    /// A removal that is held back.
    Stage,
    /// Nothing.
    None,
}

/// Whether it was done.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum ObjectStatus {
    /// It was.
    Done,
    /// It was left alone, for this reason.
    Skipped(String),
    /// It failed, for this reason.
    Failed(String),
}

/// Someone who wants to hear of it: a progress bar, a log, a metric.
pub trait EventSink: Send + Sync + 'static {
    /// Takes an event; the engine waits until it is taken.
    fn record(&self, event: &Event);
}

impl<F: Fn(&Event) + Send + Sync + 'static> EventSink for F {
    fn record(&self, event: &Event) {
        self(event);
    }
}

impl ModifiedProperty {
    /// An attribute that changes.
    pub fn new(name: Arc<str>, old: Option<Value>, new: Option<Value>) -> Self {
        Self { name, old, new }
    }

    /// The same without its values.
    #[must_use]
    pub fn redacted(self) -> Self {
        let stars = |value: Option<Value>| value.map(|_| Value::from("***"));
        Self { old: stars(self.old), new: stars(self.new), ..self }
    }
}

impl fmt::Debug for ModifiedProperty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}
