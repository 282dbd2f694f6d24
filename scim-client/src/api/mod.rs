//! What can be done with the resources of one type: each call gives a builder to be awaited.

mod create;
mod delete;
mod get;
mod list;
mod patch;
mod replace;

use std::{borrow::Cow, marker::PhantomData};

use http::Method;
use scim_core::ResourceId;

use crate::{client::Client, protocol::Request};

pub use create::Create;
pub use delete::Delete;
pub use get::Get;
pub use list::List;
pub use patch::Patch;
pub use replace::Replace;

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
        Get::new(self.clone(), id.clone())
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
        Replace::new(self.clone(), id.clone(), resource)
    }

    /// Changes parts of a resource ([RFC 7644 §3.5.2]).
    ///
    /// [RFC 7644 §3.5.2]: https://www.rfc-editor.org/rfc/rfc7644#section-3.5.2
    pub fn patch(&self, id: &ResourceId) -> Patch<R> {
        Patch::new(self.clone(), id.clone())
    }

    /// Deletes a resource ([RFC 7644 §3.6]).
    ///
    /// [RFC 7644 §3.6]: https://www.rfc-editor.org/rfc/rfc7644#section-3.6
    pub fn delete(&self, id: &ResourceId) -> Delete<R> {
        Delete::new(self.clone(), id.clone())
    }

    fn request(&self, method: Method) -> Request {
        Request::new(method, &self.endpoint)
    }
}

impl<R> Clone for Api<R> {
    fn clone(&self) -> Self {
        Self::new(self.client.clone(), self.endpoint.clone())
    }
}
