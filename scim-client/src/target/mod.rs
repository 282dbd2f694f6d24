//! What is known about one service provider.

mod probe;

pub use probe::{Probe, ProbeOutcome};
