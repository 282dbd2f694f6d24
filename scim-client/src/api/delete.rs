use std::pin::Pin;

use scim_core::{ResourceId, ResourceVersion};

use super::Api;
use crate::{error::Error, transport::Operation};

/// A request to delete a resource, to be awaited ([RFC 7644 §3.6]).
///
/// ```
/// # use bytes::Bytes;
/// # use http::{Request, Response};
/// use scim_client::{Client, User, transport::InProcessTransport};
///
/// # let service = |request: Request<Bytes>| async move {
/// #     assert_eq!(request.method(), "DELETE");
/// #     let mut response = Response::new(Bytes::new());
/// #     *response.status_mut() = http::StatusCode::NOT_FOUND;
/// #     response
/// # };
/// # let client = Client::builder("https://scim.example.com/v2")
/// #     .transport(InProcessTransport::new(service))
/// #     .build()?;
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// match client.api::<User>().delete(&"2819".parse()?).await {
///     Err(error) => assert!(error.is_not_found()),
///     Ok(()) => panic!("nobody is there"),
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A resource that is gone when the request had to be repeated counts as deleted.
///
/// # Errors
/// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) if there is no such resource,
/// [`ErrorKind::Precondition`](crate::ErrorKind::Precondition) if it has another version.
///
/// [RFC 7644 §3.6]: https://www.rfc-editor.org/rfc/rfc7644#section-3.6
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until it is awaited"]
pub struct Delete<R> {
    api: Api<R>,
    id: Option<ResourceId>,
    if_match: Option<ResourceVersion>,
}

impl<R> Delete<R> {
    pub(super) fn new(api: Api<R>, id: Option<ResourceId>) -> Self {
        Self { api, id, if_match: None }
    }

    /// Deletes the resource only if it still has this version.
    pub fn if_match(mut self, version: ResourceVersion) -> Self {
        self.if_match = Some(version);
        self
    }
}

impl<R> IntoFuture for Delete<R> {
    type Output = Result<(), Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let request = self.api.request(Operation::Delete).with_id(self.id);
        let request = request.with_if_match(self.if_match);
        let client = self.api.client;
        Box::pin(async move {
            match client.send(request).await {
                // An attempt before has deleted it, and its answer did not arrive.
                Err(error) if error.is_not_found() && error.is_in_doubt() => Ok(()),
                outcome => outcome.map(drop),
            }
        })
    }
}
