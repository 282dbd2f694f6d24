use std::pin::Pin;

use scim_core::ResourceId;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{Api, Patch};
use crate::{
    error::{Error, ErrorKind},
    protocol::{Request, Versioned},
    target::adapt::{adapt_resource, take_members},
    transport::Operation,
};

/// A request to create a resource, to be awaited ([RFC 7644 §3.3]).
///
/// The resource is sent without `id` and `meta`, which the service provider assigns. Where it takes
/// fewer members in a request than a group has, the others are added afterwards; should that fail,
/// [`Error::created`] tells the group.
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

impl<R: Serialize + DeserializeOwned + Send + 'static> Create<'_, R> {
    /// The request, and the members that go into requests after it.
    fn request(&self) -> Result<(Request, Vec<Value>), Error> {
        let request = self.api.request(Operation::Create);
        let mut attributes = request.attributes(self.resource, &["id", "meta"])?;
        let profile = self.api.client.profile();
        adapt_resource(profile, &self.api.endpoint, &mut attributes)
            .map_err(|error| request.error(ErrorKind::Request).with_source(error))?;
        let rest = take_members(profile, &mut attributes);
        Ok((request.with_body(&attributes)?, rest))
    }
}

/// Adds the members that did not go into the first request.
async fn add_members<R>(
    api: Api<R>,
    created: &mut Versioned<R>,
    members: Vec<Value>,
) -> Result<(), Error>
where
    R: Serialize + DeserializeOwned + Send + 'static,
{
    let request = api.request(Operation::Create);
    let id = request
        .attributes(&created.resource, &[])?
        .get("id")
        .and_then(Value::as_str)
        .map(str::parse);
    let Some(Ok(id)) = id else {
        return Err(request.error(ErrorKind::Decode).with_doubt(true));
    };
    let patch = Patch::new(api, Some(ResourceId::clone(&id))).add("members", members)?;
    let patched = patch.await.map_err(|error| error.with_created(Some(id)))?;
    if let Some(resource) = patched.resource {
        created.resource = resource;
    }
    created.version = patched.version;
    Ok(())
}

impl<R: Serialize + DeserializeOwned + Send + 'static> IntoFuture for Create<'_, R> {
    type Output = Result<Versioned<R>, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let request = self.request();
        let api = self.api;
        Box::pin(async move {
            let (request, rest) = request?;
            let mut created = api.client.send(request).await?.resource()?;
            if !rest.is_empty() {
                add_members(api, &mut created, rest).await?;
            }
            Ok(created)
        })
    }
}
