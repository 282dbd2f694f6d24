use std::pin::Pin;

use http::Method;
use serde::{Serialize, de::DeserializeOwned};

use super::Api;
use crate::{
    error::Error,
    protocol::{Request, Versioned},
};

/// A request to create a resource, to be awaited ([RFC 7644 §3.3]).
///
/// The resource is sent without `id` and `meta`, which the service provider assigns.
///
/// ```
/// # use bytes::Bytes;
/// # use http::{Request, Response};
/// use scim_client::{Client, User, transport::InProcessTransport};
///
/// # let service = |request: Request<Bytes>| async move {
/// #     assert_eq!(request.method(), "POST");
/// #     Response::new(Bytes::from_static(
/// #         br#"{"id": "2819", "userName": "bjensen", "meta": {"version": "W/\"1\""}}"#,
/// #     ))
/// # };
/// # let client = Client::builder("https://scim.example.com/v2")
/// #     .transport(InProcessTransport::new(service))
/// #     .build()?;
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let created = client.api::<User>().create(&User::new("bjensen")).await?;
/// assert_eq!(created.resource.id, Some("2819".parse()?));
/// assert_eq!(created.version, Some("W/\"1\"".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`ErrorKind::Conflict`](crate::ErrorKind::Conflict) if there is such a resource already.
///
/// [RFC 7644 §3.3]: https://www.rfc-editor.org/rfc/rfc7644#section-3.3
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until it is awaited"]
pub struct Create<'a, R> {
    api: Api<R>,
    resource: &'a R,
}

impl<'a, R> Create<'a, R> {
    pub(super) fn new(api: Api<R>, resource: &'a R) -> Self {
        Self { api, resource }
    }
}

impl<R: Serialize> Create<'_, R> {
    fn request(&self) -> Result<Request, Error> {
        self.api.request(Method::POST).with_resource(self.resource, &["id", "meta"])
    }
}

impl<R: Serialize + DeserializeOwned + 'static> IntoFuture for Create<'_, R> {
    type Output = Result<Versioned<R>, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let request = self.request();
        let client = self.api.client;
        Box::pin(async move { client.send(request?).await?.resource() })
    }
}
