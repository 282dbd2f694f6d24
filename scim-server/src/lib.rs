#![cfg_attr(feature = "memory", doc = include_str!("../README.md"))]
#![cfg_attr(not(feature = "memory"), doc = "A SCIM 2.0 service provider over any storage.")]

pub mod auth;
#[cfg(feature = "axum")]
pub mod axum;
#[cfg(feature = "conformance")]
pub mod conformance;
pub mod service;
pub mod store;
#[cfg(feature = "tower")]
pub mod tower;

mod clock;
mod context;
mod error;
mod operation;
mod tenant;

pub use auth::{Access, Authenticator, Principal, SystemAccounts, Token};
pub use clock::{Clock, SystemClock};
pub use context::Context;
pub use scim_core;
pub use service::{Limits, PatchAnswer, Policy, ScimService, ScimServiceBuilder};
pub use store::ResourceStore;
pub use tenant::{InvalidTenant, Tenant, Tenants};
