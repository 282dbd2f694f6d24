//! What the examples share: a user roster to provision, and a directory to provision it from.

pub mod causes;
pub mod directory;
pub mod directory_source;
pub mod export;
pub mod import;
pub mod job;
pub mod roster;
pub mod service_provider;
pub mod tour;

/// The examples of the README, which must compile.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;

/// The examples of the guide to filters.
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide/filters.md")]
pub struct FilterGuide;

/// The examples of the guide to PATCH.
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide/patch.md")]
pub struct PatchGuide;

/// The examples of the guide to schemas and resources.
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide/schemas.md")]
pub struct SchemaGuide;

/// The examples of the guide to storage.
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide/storage.md")]
pub struct StorageGuide;

/// The examples of the guide to clients.
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide/client.md")]
pub struct ClientGuide;

/// The examples of the guide to service providers.
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide/server.md")]
pub struct ServerGuide;

/// The examples of the guide to provisioning.
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide/provisioning.md")]
pub struct ProvisioningGuide;
