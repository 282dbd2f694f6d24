#![doc = include_str!("../README.md")]

pub mod api;
pub mod bulk;
#[cfg(feature = "provision")]
pub mod provision;
pub mod target;
pub mod transport;

mod base_url;
mod client;
mod error;
mod pages;
mod protocol;
mod random;

pub use api::Api;
pub use base_url::{BaseUrl, InvalidBaseUrl};
pub use client::{Client, ClientBuilder};
pub use error::{Error, ErrorKind};
pub use pages::{Consistency, Pages};
pub use protocol::{Patched, Versioned};
pub use scim_core::{
    self, Filter, Group, ListResponse, PatchOp, Resource, ResourceId, ResourceVersion,
    TypedResource, User,
};
pub use transport::{Transport, TransportError};
