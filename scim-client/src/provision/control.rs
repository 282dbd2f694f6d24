use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

/// What pauses a job, stops it and wakes it, from wherever; clones control the same job.
#[derive(Clone, Default)]
pub struct Control(Arc<Inner>);

#[derive(Default)]
struct Inner {
    is_paused: AtomicBool,
    is_stopped: AtomicBool,
    is_woken: AtomicBool,
    changed: event_listener::Event,
}

impl Control {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Ends a cycle before its next change, and lets none begin.
    pub fn pause(&self) {
        self.0.is_paused.store(true, Ordering::SeqCst);
        self.0.changed.notify(usize::MAX);
    }

    /// Lets cycles begin again.
    pub fn resume(&self) {
        self.0.is_paused.store(false, Ordering::SeqCst);
        self.0.changed.notify(usize::MAX);
    }

    /// Ends [`watch`](super::Provisioner::watch), and a cycle before its next change.
    pub fn stop(&self) {
        self.0.is_stopped.store(true, Ordering::SeqCst);
        self.0.changed.notify(usize::MAX);
    }

    /// Has the next cycle begin soon, since something has changed in the source.
    pub fn wake(&self) {
        self.0.is_woken.store(true, Ordering::SeqCst);
        self.0.changed.notify(usize::MAX);
    }

    /// Whether cycles are to end, and none to begin.
    pub fn is_paused(&self) -> bool {
        self.0.is_paused.load(Ordering::SeqCst)
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.0.is_stopped.load(Ordering::SeqCst)
    }

    pub(super) fn is_halted(&self) -> bool {
        self.is_paused() || self.is_stopped()
    }

    pub(super) fn take_wake(&self) -> bool {
        self.0.is_woken.swap(false, Ordering::SeqCst)
    }

    pub(super) fn is_woken(&self) -> bool {
        self.0.is_woken.load(Ordering::SeqCst)
    }

    pub(super) fn listen(&self) -> event_listener::EventListener {
        self.0.changed.listen()
    }
}

impl fmt::Debug for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Control").field("is_paused", &self.is_paused()).finish_non_exhaustive()
    }
}
