//! Tests of the crate from outside.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test reports by panicking"
)]

#[cfg(all(feature = "memory", feature = "sqlite", feature = "tower"))]
mod attacks;
#[cfg(all(feature = "emulate", feature = "memory", feature = "sqlite"))]
mod emulate;
#[cfg(all(feature = "memory", feature = "sqlite"))]
mod reply;
#[cfg(all(feature = "memory", feature = "sqlite"))]
mod service;
#[cfg(all(feature = "memory", feature = "sqlite", feature = "conformance"))]
mod store;
#[cfg(all(feature = "memory", feature = "sqlite"))]
mod transcripts;
