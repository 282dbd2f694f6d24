//! The provisioning engine against a service provider, a source and a state in the same process.
#![allow(clippy::panic, reason = "a test reports by panicking")]

mod changing;
mod crashing;
mod cycling;
mod expressions;
mod failing;
mod house;
mod leaving;
#[cfg(feature = "smtp")]
mod mailing;
mod matching;
mod modelling;
mod notifying;
mod people;
mod provider;
mod reading;
mod referring;
mod scoping;
mod secrets;
mod sources;
#[cfg(feature = "sqlite")]
mod sqlite;
