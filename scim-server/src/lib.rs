#![cfg_attr(feature = "memory", doc = include_str!("../README.md"))]
#![cfg_attr(not(feature = "memory"), doc = "A SCIM 2.0 service provider over any storage.")]

pub mod audit;
pub mod auth;
#[cfg(feature = "axum")]
pub mod axum;
#[cfg(feature = "conformance")]
pub mod conformance;
#[cfg(feature = "emulate")]
pub mod emulate;
pub mod service;
pub mod store;
#[cfg(feature = "tower")]
pub mod tower;

mod catch_panic;
mod clock;
mod context;
mod cursor;
mod error;
mod operation;
mod request_id;
mod tenant;

pub use auth::{Access, Authenticator, Authorizer, Principal, SystemAccounts, Token};
pub use clock::{Clock, SystemClock};
pub use context::Context;
pub use request_id::{InvalidRequestId, RequestId};
pub use scim_core;
pub use service::{Limits, PatchAnswer, Policy, ScimService, ScimServiceBuilder, UnknownMembers};
pub use store::ResourceStore;
pub use tenant::{InvalidTenant, Tenant, Tenants};
