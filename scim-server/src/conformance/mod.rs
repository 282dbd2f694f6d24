//! The contract of [`ResourceStore`] as checks, for those who implement one.
//!
//! [`check`] holds every rule against a store and reports which it breaks. [`store_tests!`] makes a
//! test of each rule. [`Kit`] does either with more to say: what a store [`Offers`], and how to
//! run calls at once on threads.
//!
//! ```
//! use scim_server::{conformance, store::MemoryStore};
//!
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! let report = conformance::check(|| async { MemoryStore::new() }).await;
//! report.assert_held();
//! # });
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! [`store_tests!`]: crate::store_tests

mod documents;
mod fault;
mod generate;
mod kit;
mod naive;
mod offers;
mod random;
mod report;
mod rule;
mod rules;
mod subject;

pub use kit::Kit;
pub use offers::Offers;
pub use report::{Breach, Report};

use crate::store::ResourceStore;

/// Holds every rule of the contract against the stores that a function makes, each without
/// resources.
pub async fn check<S, F>(new_store: impl Fn() -> F + Send + Sync + 'static) -> Report
where
    S: ResourceStore,
    F: Future<Output = S> + Send + 'static,
{
    Kit::new(new_store).check().await
}
