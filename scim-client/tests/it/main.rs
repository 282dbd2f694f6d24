//! The client against service providers that answer from a script.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test reports by panicking")]

mod aws;
mod bulk;
mod calls;
mod changes;
#[cfg(feature = "tokio")]
mod credentials;
mod errors;
#[cfg(feature = "tokio")]
mod faults;
mod paging;
mod probe;
#[cfg(feature = "provision")]
mod provision;
mod requests;
#[cfg(feature = "reqwest")]
mod reqwest;
mod script;
mod secrets;
mod targets;
#[cfg(feature = "tower")]
mod tower;
#[cfg(feature = "tokio")]
mod waiting;
