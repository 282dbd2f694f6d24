use scim_core::ResourceId;

use super::CycleReport;
use crate::provision::{cycle::CycleKind, source::SourceId};

/// Something that happens in a cycle.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// A cycle has read its source and begins to work.
    Began {
        /// What kind of cycle it is.
        kind: CycleKind,
        /// How many objects there are to look at.
        objects: usize,
    },
    /// An object has been dealt with.
    Object(ObjectEvent),
    /// A cycle is over.
    Ended(CycleReport),
}

/// What became of an object.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ObjectEvent {
    /// The object.
    pub source_id: SourceId,
    /// The resource that stands for it, if one does.
    pub target_id: Option<ResourceId>,
    /// What was to be done.
    pub action: ObjectAction,
    /// Whether it was.
    pub status: ObjectStatus,
}

/// What was to be done about an object.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
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
