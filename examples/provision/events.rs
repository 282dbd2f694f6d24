//! Who hears of what happens in a cycle.

use std::{
    fs::{File, OpenOptions},
    io::{self, LineWriter},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use scim_client::provision::{
    Event, EventSink,
    report::{JsonLinesLog, ObjectEvent, Origin},
};

/// Several who hear of everything, one after the other.
#[derive(Default)]
pub(crate) struct Listeners(Vec<Box<dyn EventSink>>);

/// The events about objects, kept to be shown; clones keep the same.
#[derive(Clone, Default)]
pub(crate) struct Collected(Arc<Mutex<Vec<ObjectEvent>>>);

impl Listeners {
    /// These and one more.
    #[must_use]
    pub(crate) fn with(mut self, listener: impl EventSink) -> Self {
        self.0.push(Box::new(listener));
        self
    }
}

impl EventSink for Listeners {
    fn record(&self, event: &Event) {
        for listener in &self.0 {
            listener.record(event);
        }
    }
}

impl Collected {
    /// Everything until now.
    pub(crate) fn take(&self) -> Vec<ObjectEvent> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl EventSink for Collected {
    fn record(&self, event: &Event) {
        if let Event::Object(event) = event {
            let mut events = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            events.push(event.as_ref().clone());
        }
    }
}

/// A log at the end of that file, each line written when it is whole.
pub(crate) fn log(path: &Path, origin: Origin) -> io::Result<JsonLinesLog<LineWriter<File>>> {
    let file = of_owner().append(true).create(true).open(path)?;
    Ok(JsonLinesLog::new(origin, LineWriter::new(file)))
}

/// A new file, which nobody else may read: what goes there is about people.
pub(crate) fn new_file(path: &Path) -> io::Result<File> {
    of_owner().write(true).create_new(true).open(path)
}

fn of_owner() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}
