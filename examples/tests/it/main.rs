//! Both ends together: a directory provisions a user roster.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test reports by panicking"
)]

mod client_examples;
mod client_tour;
mod comparison;
mod custom_store;
mod emulated;
mod goals;
mod in_process;
mod killed_roster;
mod loopback;
mod provision_tool;
mod roster_process;
mod schema_files;
mod slow_clients;
