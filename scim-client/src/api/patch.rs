use std::pin::Pin;

use http::Method;
use scim_core::{PatchOp, ResourceId, ResourceVersion, filter::ParseError};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Api;
use crate::{
    error::{Error, ErrorKind},
    protocol::{Patched, Request},
};

/// A request to change parts of a resource, to be awaited ([RFC 7644 §3.5.2]).
///
/// ```
/// # use bytes::Bytes;
/// # use http::{Request, Response};
/// use scim_client::{Client, User, transport::InProcessTransport};
///
/// # let service = |request: Request<Bytes>| async move {
/// #     assert_eq!(request.method(), "PATCH");
/// #     Response::new(Bytes::from_static(br#"{"id": "2819", "active": false}"#))
/// # };
/// # let client = Client::builder("https://scim.example.com/v2")
/// #     .transport(InProcessTransport::new(service))
/// #     .build()?;
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let users = client.api::<User>();
/// let patched = users
///     .patch(&"2819".parse()?)
///     .replace("active", false)?
///     .remove(r#"emails[type eq "home"]"#)?
///     .await?;
/// assert_eq!(patched.resource.and_then(|user| user.active), Some(false));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`ErrorKind::NotFound`] if there is no such resource, [`ErrorKind::Precondition`] if it has
/// another version, [`ErrorKind::Request`] if there is no operation.
///
/// [RFC 7644 §3.5.2]: https://www.rfc-editor.org/rfc/rfc7644#section-3.5.2
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until it is awaited"]
pub struct Patch<R> {
    api: Api<R>,
    id: ResourceId,
    operations: PatchOp,
    if_match: Option<ResourceVersion>,
}

/// A PATCH that would change nothing, which RFC 7644 §3.5.2 does not allow.
#[derive(Debug, thiserror::Error)]
#[error("there is no operation")]
struct NoOperation;

impl<R> Patch<R> {
    pub(super) fn new(api: Api<R>, id: ResourceId) -> Self {
        Self { api, id, operations: PatchOp::new(), if_match: None }
    }

    /// Adds a value.
    ///
    /// # Errors
    /// If `path` is not a PATCH path.
    pub fn add(self, path: &str, value: impl Into<Value>) -> Result<Self, Error> {
        self.changed(|patch| patch.add(path, value))
    }

    /// Puts a value in the place of others.
    ///
    /// # Errors
    /// If `path` is not a PATCH path.
    pub fn replace(self, path: &str, value: impl Into<Value>) -> Result<Self, Error> {
        self.changed(|patch| patch.replace(path, value))
    }

    /// Removes values.
    ///
    /// # Errors
    /// If `path` is not a PATCH path.
    pub fn remove(self, path: &str) -> Result<Self, Error> {
        self.changed(|patch| patch.remove(path))
    }

    /// Does these operations after those that were given before.
    pub fn operations(mut self, patch: &PatchOp) -> Self {
        let operations = patch.operations().iter().cloned();
        self.operations = operations.fold(self.operations, PatchOp::with_operation);
        self
    }

    /// Changes the resource only if it still has this version.
    pub fn if_match(mut self, version: ResourceVersion) -> Self {
        self.if_match = Some(version);
        self
    }

    fn changed(
        mut self,
        change: impl FnOnce(PatchOp) -> Result<PatchOp, ParseError>,
    ) -> Result<Self, Error> {
        let unwritable = self.unsent().error(ErrorKind::Request);
        self.operations = change(self.operations).map_err(|error| unwritable.with_source(error))?;
        Ok(self)
    }

    fn request(&self) -> Result<Request, Error> {
        let request = self.unsent();
        if self.operations.operations().is_empty() {
            return Err(request.error(ErrorKind::Request).with_source(NoOperation));
        }
        request.with_if_match(self.if_match.clone()).with_body(&self.operations)
    }

    fn unsent(&self) -> Request {
        self.api.request(Method::PATCH).with_id(self.id.clone())
    }
}

impl<R: DeserializeOwned + 'static> IntoFuture for Patch<R> {
    type Output = Result<Patched<R>, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let request = self.request();
        let client = self.api.client;
        Box::pin(async move { client.send(request?).await?.patched() })
    }
}
