use std::pin::Pin;

use scim_core::{ResourceId, ResourceVersion};
use serde::{Serialize, de::DeserializeOwned};

use super::Api;
use crate::{
    error::{Error, ErrorKind},
    protocol::{Request, Versioned},
    target::adapt::adapt_resource,
    transport::Operation,
};

/// A request to put a resource in the place of another, to be awaited ([RFC 7644 §3.5.1]).
///
/// What the new resource does not have, the service provider may clear. It is sent without
/// `meta`.
///
/// ```
/// # use bytes::Bytes;
/// # use http::{Request, Response};
/// use scim_client::{Client, User, transport::InProcessTransport};
///
/// # let service = |request: Request<Bytes>| async move {
/// #     assert_eq!(request.method(), "PUT");
/// #     assert_eq!(request.headers()["if-match"], "W/\"1\"");
/// #     Response::new(Bytes::from_static(br#"{"id": "2819", "userName": "babs"}"#))
/// # };
/// # let client = Client::builder("https://scim.example.com/v2")
/// #     .transport(InProcessTransport::new(service))
/// #     .build()?;
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let users = client.api::<User>();
/// let replaced =
///     users.replace(&"2819".parse()?, &User::new("babs")).if_match("W/\"1\"".parse()?).await?;
/// assert_eq!(replaced.resource.user_name, "babs");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) if there is no such resource,
/// [`ErrorKind::Precondition`](crate::ErrorKind::Precondition) if it has another version.
///
/// [RFC 7644 §3.5.1]: https://www.rfc-editor.org/rfc/rfc7644#section-3.5.1
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until it is awaited"]
pub struct Replace<'a, R> {
    api: Api<R>,
    id: Option<ResourceId>,
    resource: &'a R,
    if_match: Option<ResourceVersion>,
}

impl<'a, R> Replace<'a, R> {
    pub(super) fn new(api: Api<R>, id: Option<ResourceId>, resource: &'a R) -> Self {
        Self { api, id, resource, if_match: None }
    }

    /// Replaces the resource only if it still has this version.
    pub fn if_match(mut self, version: ResourceVersion) -> Self {
        self.if_match = Some(version);
        self
    }
}

impl<R: Serialize> Replace<'_, R> {
    fn request(&self) -> Result<Request, Error> {
        let request = self.api.request(Operation::Replace).with_id(self.id.clone());
        let mut attributes = request.attributes(self.resource, &["meta"])?;
        adapt_resource(self.api.client.profile(), &self.api.endpoint, &mut attributes)
            .map_err(|error| request.error(ErrorKind::Request).with_source(error))?;
        request.with_if_match(self.if_match.clone()).with_body(&attributes)
    }
}

impl<R: Serialize + DeserializeOwned + 'static> IntoFuture for Replace<'_, R> {
    type Output = Result<Versioned<R>, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let request = self.request();
        let client = self.api.client;
        Box::pin(async move { client.send(request?).await?.resource() })
    }
}
