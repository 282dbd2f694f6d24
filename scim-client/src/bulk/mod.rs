//! Several operations in as few requests as the service provider takes.

mod answers;
mod chunk;
mod outcome;
mod send;

use std::pin::Pin;

use percent_encoding::utf8_percent_encode;
use scim_core::{
    PatchOp, ResourceId, ResourceVersion, TypedResource,
    bulk::{BulkId, BulkOperation, BulkPath, BulkRequest, InvalidBulkPath},
};
use serde::Serialize;
use serde_json::{Map, Value};

pub use outcome::{BulkOutcome, BulkReport};

use crate::{
    client::Client,
    error::{Error, ErrorKind},
    protocol::{RESERVED, Request},
    target::adapt::adapt_resource,
    transport::Operation,
};

/// Several operations, to be awaited ([RFC 7644 §3.7]).
///
/// They go out in requests as large as the service provider takes, which [`Client::discover`]
/// tells, and which is asked first where it is not known. Where there is no bulk, they go out one
/// by one. An operation may refer to a resource that another one creates: the creation is sent in
/// the same request, or before and its `id` put in. Of creations that refer to each other one is
/// completed afterwards.
///
/// ```
/// # use bytes::Bytes;
/// # use http::{Request, Response};
/// use scim_client::{Client, Group, User, transport::InProcessTransport};
/// use serde_json::json;
///
/// # let service = |request: Request<Bytes>| async move {
/// #     Response::new(Bytes::from_static(if request.uri().path() == "/v2/Bulk" {
/// #         br#"{"Operations": [
/// #             {"method": "POST", "bulkId": "guides", "location": "/v2/Groups/g7", "status": "201"},
/// #             {"method": "POST", "bulkId": "1", "status": {"code": 409}}
/// #         ]}"#
/// #     } else {
/// #         br#"{"bulk": {"supported": true, "maxOperations": 1000, "maxPayloadSize": 1048576}}"#
/// #     }))
/// # };
/// # let client = Client::builder("https://scim.example.com/v2")
/// #     .transport(InProcessTransport::new(service))
/// #     .build()?;
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let report = client
///     .bulk()
///     .create(&User::new("bjensen"))?
///     .create_as("guides".parse()?, &Group::new("Guides"))?
///     .await?;
/// let [user, group] = report.outcomes() else { return Err("two operations".into()) };
/// assert!(user.error().is_some_and(|error| error.is_conflict()));
/// assert_eq!(group.id(), Some(&"g7".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`ErrorKind::Request`] if an operation cannot be written. Whatever goes wrong on the way is in
/// the report, operation by operation.
///
/// [RFC 7644 §3.7]: https://www.rfc-editor.org/rfc/rfc7644#section-3.7
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until it is awaited"]
pub struct Bulk {
    client: Client,
    request: BulkRequest,
    /// The `bulkId`s given so far by this type.
    given: u64,
}

impl Bulk {
    pub(crate) fn new(client: Client) -> Self {
        Self { client, request: BulkRequest::new(), given: 0 }
    }

    /// Creates a resource.
    ///
    /// # Errors
    /// If it is no JSON object, or lacks what the service provider needs by its profile.
    pub fn create<R: TypedResource>(mut self, resource: &R) -> Result<Self, Error> {
        self.given += 1;
        let bulk_id = self.given.to_string().parse().map_err(invalid)?;
        self.create_as(bulk_id, resource)
    }

    /// Creates a resource to which others refer as `bulkId:` and this name.
    ///
    /// # Errors
    /// As [`create`](Self::create).
    pub fn create_as<R: TypedResource>(self, bulk_id: BulkId, resource: &R) -> Result<Self, Error> {
        let api = self.client.api::<R>();
        let endpoint = path_to(api.endpoint(), None)?;
        let data = self.data(Operation::Create, api.endpoint(), resource)?;
        Ok(self.operation(BulkOperation::post(endpoint, bulk_id, data)))
    }

    /// Puts a resource in the place of the one with that `id`.
    ///
    /// # Errors
    /// As [`create`](Self::create).
    pub fn replace<R: TypedResource>(self, id: &ResourceId, resource: &R) -> Result<Self, Error> {
        let api = self.client.api::<R>();
        let path = path_to(api.endpoint(), Some(id))?;
        let data = self.data(Operation::Replace, api.endpoint(), resource)?;
        Ok(self.operation(BulkOperation::put(path, data)))
    }

    /// Changes parts of a resource.
    ///
    /// # Errors
    /// If the PATCH cannot be written.
    pub fn patch<R: TypedResource>(self, id: &ResourceId, patch: &PatchOp) -> Result<Self, Error> {
        let api = self.client.api::<R>();
        let resource = path_to(api.endpoint(), Some(id))?;
        let request = Request::new(Operation::Patch, api.endpoint());
        let data = request.attributes(patch, &[])?;
        Ok(self.operation(BulkOperation::patch(resource, data)))
    }

    /// Deletes a resource.
    ///
    /// # Errors
    /// If the `id` cannot stand in a path.
    pub fn delete<R: TypedResource>(self, id: &ResourceId) -> Result<Self, Error> {
        let path = path_to(self.client.api::<R>().endpoint(), Some(id))?;
        Ok(self.operation(BulkOperation::delete(path)))
    }

    /// Does an operation that was made elsewhere.
    pub fn operation(mut self, operation: BulkOperation) -> Self {
        self.request = self.request.with_operation(operation);
        self
    }

    /// Does the last operation only if the resource still has this version.
    pub fn if_match(self, version: ResourceVersion) -> Self {
        let fail_on_errors = self.request.fail_on_errors();
        let mut operations = self.request.into_operations();
        let last = operations.pop().map(|last| last.with_version(version));
        operations.extend(last);
        let mut request = BulkRequest::new();
        if let Some(errors) = fail_on_errors {
            request = request.with_fail_on_errors(errors);
        }
        let request = operations.into_iter().fold(request, BulkRequest::with_operation);
        Self { request, ..self }
    }

    /// Does nothing more after that many errors.
    pub fn fail_on_errors(mut self, errors: u64) -> Self {
        self.request = self.request.with_fail_on_errors(errors);
        self
    }

    fn data(
        &self,
        operation: Operation,
        endpoint: &str,
        resource: &impl Serialize,
    ) -> Result<Map<String, Value>, Error> {
        let request = Request::new(operation, endpoint);
        let left_out: &[&str] = match operation {
            Operation::Create => &["id", "meta"],
            _ => &["meta"],
        };
        let mut attributes = request.attributes(resource, left_out)?;
        adapt_resource(self.client.profile(), endpoint, &mut attributes)
            .map_err(|error| request.error(ErrorKind::Request).with_source(error))?;
        Ok(attributes)
    }
}

fn path_to(endpoint: &str, id: Option<&ResourceId>) -> Result<BulkPath, Error> {
    let path = match id {
        Some(id) => format!("{endpoint}/{}", utf8_percent_encode(id.as_str(), RESERVED)),
        None => endpoint.to_owned(),
    };
    path.parse().map_err(invalid::<InvalidBulkPath>)
}

fn invalid<E: std::error::Error + Send + Sync + 'static>(error: E) -> Error {
    Request::new(Operation::Bulk, send::ENDPOINT).error(ErrorKind::Request).with_source(error)
}

impl IntoFuture for Bulk {
    type Output = Result<BulkReport, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(send::send(self.client, self.request))
    }
}
