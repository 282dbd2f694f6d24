//! What can be done with the resources of one type: each call gives a builder to be awaited.

mod create;
mod delete;
mod get;
mod list;
mod me;
mod patch;
mod replace;
mod update;

use std::{borrow::Cow, marker::PhantomData, time::Duration};

use scim_core::ResourceId;

use crate::{client::Client, protocol::Request, transport::Operation};

pub use create::Create;
pub use delete::Delete;
pub use get::{Get, GetIfChanged};
pub use list::List;
pub use me::Me;
pub use patch::Patch;
pub use replace::Replace;
pub use update::Update;

/// The resources of one type at a service provider.
///
/// [`Client::api`] gives one for a type, [`Client::dynamic`] one for an endpoint.
#[derive(Debug)]
pub struct Api<R> {
    client: Client,
    endpoint: Cow<'static, str>,
    resource: PhantomData<fn() -> R>,
}

impl<R> Api<R> {
    pub(crate) fn new(client: Client, endpoint: Cow<'static, str>) -> Self {
        Self { client, endpoint, resource: PhantomData }
    }

    /// The endpoint below the base URL, such as `/Users`.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Creates a resource ([RFC 7644 §3.3]).
    ///
    /// [RFC 7644 §3.3]: https://www.rfc-editor.org/rfc/rfc7644#section-3.3
    pub fn create<'a>(&self, resource: &'a R) -> Create<'a, R> {
        Create::new(self.clone(), resource)
    }

    /// Reads one resource ([RFC 7644 §3.4.1]).
    ///
    /// [RFC 7644 §3.4.1]: https://www.rfc-editor.org/rfc/rfc7644#section-3.4.1
    pub fn get(&self, id: &ResourceId) -> Get<R> {
        Get::new(self.clone(), Some(id.clone()))
    }

    /// Reads many resources ([RFC 7644 §3.4.2]).
    ///
    /// [RFC 7644 §3.4.2]: https://www.rfc-editor.org/rfc/rfc7644#section-3.4.2
    pub fn list(&self) -> List<R> {
        List::new(self.clone())
    }

    /// Puts a resource in the place of the one with that `id` ([RFC 7644 §3.5.1]).
    ///
    /// [RFC 7644 §3.5.1]: https://www.rfc-editor.org/rfc/rfc7644#section-3.5.1
    pub fn replace<'a>(&self, id: &ResourceId, resource: &'a R) -> Replace<'a, R> {
        Replace::new(self.clone(), Some(id.clone()), resource)
    }

    /// Changes parts of a resource ([RFC 7644 §3.5.2]).
    ///
    /// [RFC 7644 §3.5.2]: https://www.rfc-editor.org/rfc/rfc7644#section-3.5.2
    pub fn patch(&self, id: &ResourceId) -> Patch<R> {
        Patch::new(self.clone(), Some(id.clone()))
    }

    /// Deletes a resource ([RFC 7644 §3.6]).
    ///
    /// [RFC 7644 §3.6]: https://www.rfc-editor.org/rfc/rfc7644#section-3.6
    pub fn delete(&self, id: &ResourceId) -> Delete<R> {
        Delete::new(self.clone(), Some(id.clone()))
    }

    /// Makes the second of two resources of the first, by a PATCH of what differs, or by a PUT
    /// where there is no PATCH.
    pub fn update<'a>(&self, old: &'a R, new: &'a R) -> Update<'a, R> {
        Update::new(self.clone(), old, new)
    }

    /// The same resources for calls that take no longer than that, all attempts and waits
    /// together.
    ///
    /// It needs a timer.
    #[must_use]
    pub fn with_deadline(&self, limit: Duration) -> Self {
        Self::new(self.client.with_deadline(limit), self.endpoint.clone())
    }

    fn request(&self, operation: Operation) -> Request {
        Request::new(operation, &self.endpoint)
    }
}

impl<R> Clone for Api<R> {
    fn clone(&self) -> Self {
        Self::new(self.client.clone(), self.endpoint.clone())
    }
}
