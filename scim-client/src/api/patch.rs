use std::pin::Pin;

use scim_core::{
    PatchOp, Resource, ResourceId, ResourceVersion, Tolerances,
    filter::ParseError,
    patch::{Effect, Patched as PatchedResource},
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Api, Get, Replace};
use crate::{
    error::{Error, ErrorKind},
    protocol::{Answer, Patched, Request, Versioned},
    target::adapt::adapt_patch,
    transport::Operation,
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
/// Where the service provider wants another form, such as fewer members in a request, the profile
/// says so and the PATCH is sent in that form, in several requests if need be. Where it has no
/// PATCH, the resource is read, changed here and replaced by a PUT.
///
/// # Errors
/// [`ErrorKind::NotFound`] if there is no such resource, [`ErrorKind::Precondition`] if it has
/// another version, [`ErrorKind::Request`] if there is no operation, or it cannot be brought into
/// the form that the service provider takes. If one of several requests fails, those before it have
/// taken effect, and the error is in doubt.
///
/// [RFC 7644 §3.5.2]: https://www.rfc-editor.org/rfc/rfc7644#section-3.5.2
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until it is awaited"]
pub struct Patch<R> {
    api: Api<R>,
    id: Option<ResourceId>,
    operations: PatchOp,
    if_match: Option<ResourceVersion>,
}

/// A PATCH that would change nothing, which RFC 7644 §3.5.2 does not allow.
#[derive(Debug, thiserror::Error)]
#[error("there is no operation")]
struct NoOperation;

impl<R> Patch<R> {
    pub(super) fn new(api: Api<R>, id: Option<ResourceId>) -> Self {
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
        match change(std::mem::take(&mut self.operations)) {
            Ok(operations) => Ok(Self { operations, ..self }),
            Err(error) => Err(self.unsent().error(ErrorKind::Request).with_source(error)),
        }
    }

    fn unsent(&self) -> Request {
        self.api.request(Operation::Patch).with_id(self.id.clone())
    }
}

impl<R: DeserializeOwned + Send + 'static> Patch<R> {
    async fn run(self) -> Result<Patched<R>, Error> {
        if self.operations.operations().is_empty() {
            return Err(self.unsent().error(ErrorKind::Request).with_source(NoOperation));
        }
        let (client, endpoint) = (&self.api.client, self.api.endpoint());
        if !client.target().offers(Operation::Patch, endpoint) {
            return self.by_replacement(self.unsent().error(ErrorKind::Unsupported)).await;
        }
        match self.send().await {
            Err(error) if error.kind() == ErrorKind::Unsupported && !error.is_in_doubt() => {
                self.by_replacement(error).await
            }
            Err(error) if error.is_precondition_failed() && error.is_in_doubt() => {
                self.confirm(error).await
            }
            outcome => outcome,
        }
    }

    /// Sends the operations in the form that the service provider takes.
    async fn send(&self) -> Result<Patched<R>, Error> {
        let unadaptable = |error| self.unsent().error(ErrorKind::Request).with_source(error);
        let client = &self.api.client;
        let requests = adapt_patch(client.profile(), &self.operations).map_err(unadaptable)?;
        let mut version = self.if_match.clone();
        let mut last = Patched { resource: None, version: None };
        for (index, patch) in requests.iter().enumerate() {
            let request = self.unsent().with_if_match(version).with_patch(patch)?;
            let patched = client.send(request).await.and_then(Answer::patched);
            let patched = patched.map_err(|error| {
                let is_in_doubt = error.is_in_doubt() || index > 0;
                error.with_doubt(is_in_doubt)
            })?;
            // The next one is for what this one has made of the resource.
            version = patched.version.clone().filter(|_| self.if_match.is_some());
            last = patched;
        }
        Ok(last)
    }

    /// Whether the resource is as the operations make it, after a repeated request was refused
    /// because the version had passed: then the first one has been done.
    async fn confirm(&self, refused: Error) -> Result<Patched<R>, Error> {
        let Ok(read) = self.get().await else { return Err(refused) };
        match self.applied_to(&read.resource) {
            Some(applied) if applied.effect() == Effect::Unchanged => {
                let resource = Some(self.decode(read.resource)?);
                Ok(Patched { resource, version: read.version })
            }
            _ => Err(refused),
        }
    }

    /// Changes the resource here, and sends the whole of it; `unsupported` if that cannot be done
    /// without a loss.
    async fn by_replacement(&self, unsupported: Error) -> Result<Patched<R>, Error> {
        let (client, endpoint) = (&self.api.client, self.api.endpoint());
        let target = client.target();
        let schema = target.schema_at(endpoint);
        let hides_some = schema.as_ref().is_some_and(|schema| schema.membership().is_some())
            && !client.profile().shows_members;
        if schema.is_none() || hides_some || !target.offers(Operation::Replace, endpoint) {
            return Err(unsupported);
        }
        let read = self.get().await?;
        if self.if_match.is_some() && self.if_match != read.version {
            return Err(self.unsent().error(ErrorKind::Precondition));
        }
        let Some(applied) = self.applied_to(&read.resource) else {
            return Err(self.unsent().error(ErrorKind::Invalid));
        };
        if applied.effect() == Effect::Unchanged {
            let resource = Some(self.decode(read.resource)?);
            return Ok(Patched { resource, version: read.version });
        }
        let resource = applied.into_resource();
        let mut replace = Replace::new(self.dynamic(), self.id.clone(), &resource);
        if let Some(version) = read.version {
            replace = replace.if_match(version);
        }
        let Versioned { resource, version, .. } = replace.await?;
        Ok(Patched { resource: Some(self.decode(resource)?), version })
    }

    fn get(&self) -> Get<Resource> {
        Get::new(self.dynamic(), self.id.clone())
    }

    fn dynamic(&self) -> Api<Resource> {
        Api::new(self.api.client.clone(), self.api.endpoint.clone())
    }

    fn applied_to(&self, resource: &Resource) -> Option<PatchedResource> {
        let schema = self.api.client.target().schema_at(self.api.endpoint())?;
        resource.patched(&self.operations, &schema, Tolerances::default()).ok()
    }

    fn decode(&self, resource: Resource) -> Result<R, Error> {
        Answer::decode_resource(&self.unsent(), Value::Object(resource.into_attributes()))
    }
}

impl<R: DeserializeOwned + Send + 'static> IntoFuture for Patch<R> {
    type Output = Result<Patched<R>, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}
