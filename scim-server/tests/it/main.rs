//! Tests of the crate from outside.
#![allow(clippy::unwrap_used, reason = "a test reports by panicking")]

#[cfg(all(feature = "memory", feature = "sqlite"))]
mod store;
