//! [`ScimService`] as an [`axum::Router`].

use crate::service::ScimService;

/// A router that gives every request to the service.
///
/// The service looks at the whole path, so the router is merged or served as it is; nesting it
/// takes a part of the path away.
///
/// ```
/// use scim_server::{ScimService, SystemAccounts, store::MemoryStore};
///
/// let service = ScimService::builder("https://host/scim", MemoryStore::new(), SystemAccounts::new())
///     .with_tenant("acme".parse()?)
///     .build()?;
/// let app: axum::Router = scim_server::axum::router(service);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn router(service: ScimService) -> axum::Router {
    axum::Router::new().fallback_service(service)
}
