use std::{fmt, pin::Pin};

use scim_core::{ResourceId, ResourceVersion, SearchRequest};
use serde::de::DeserializeOwned;

use super::Api;
use crate::{
    error::Error,
    protocol::{Answer, Request, Versioned},
    transport::Operation,
};

/// A request to read one resource, to be awaited ([RFC 7644 §3.4.1]).
///
/// ```
/// # use bytes::Bytes;
/// # use http::{Request, Response};
/// use scim_client::{Client, Group, transport::InProcessTransport};
///
/// # let service = |request: Request<Bytes>| async move {
/// #     assert_eq!(request.uri().query(), Some("excludedAttributes=members"));
/// #     Response::new(Bytes::from_static(br#"{"id": "e9e3", "displayName": "Guides"}"#))
/// # };
/// # let client = Client::builder("https://scim.example.com/v2")
/// #     .transport(InProcessTransport::new(service))
/// #     .build()?;
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let groups = client.api::<Group>();
/// let group = groups.get(&"e9e3".parse()?).excluded_attributes(["members"]).await?;
/// assert_eq!(group.resource.display_name, "Guides");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) if there is no such resource.
///
/// [RFC 7644 §3.4.1]: https://www.rfc-editor.org/rfc/rfc7644#section-3.4.1
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until it is awaited"]
pub struct Get<R> {
    api: Api<R>,
    id: Option<ResourceId>,
    query: SearchRequest,
}

impl<R> Get<R> {
    pub(super) fn new(api: Api<R>, id: Option<ResourceId>) -> Self {
        Self { api, id, query: SearchRequest::new() }
    }

    /// Asks for these attributes only, besides those that are always returned.
    pub fn attributes(mut self, names: impl IntoIterator<Item = impl fmt::Display>) -> Self {
        self.query.attributes = Some(names.into_iter().map(|name| name.to_string()).collect());
        self
    }

    /// Asks for what is returned by default without these attributes.
    pub fn excluded_attributes(
        mut self,
        names: impl IntoIterator<Item = impl fmt::Display>,
    ) -> Self {
        let names = names.into_iter().map(|name| name.to_string()).collect();
        self.query.excluded_attributes = Some(names);
        self
    }

    /// Reads the resource only if it has another version by now.
    pub fn if_none_match(self, version: ResourceVersion) -> GetIfChanged<R> {
        GetIfChanged { get: self, version }
    }

    fn request(&self) -> Request {
        let request = self.api.request(Operation::Get).with_id(self.id.clone());
        if self.api.client.profile().projects { request.with_query(&self.query) } else { request }
    }
}

impl<R: DeserializeOwned + 'static> IntoFuture for Get<R> {
    type Output = Result<Versioned<R>, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let request = self.request();
        let client = self.api.client;
        Box::pin(async move { client.send(request).await?.resource() })
    }
}

/// A request to read one resource if it has changed, to be awaited ([RFC 7644 §3.14]).
///
/// It gives nothing if the resource still has the version.
///
/// ```
/// # use bytes::Bytes;
/// # use http::{Request, Response};
/// # use scim_client::{Client, User, transport::InProcessTransport};
/// # let service = |request: Request<Bytes>| async move {
/// #     assert_eq!(request.headers()["if-none-match"], "W/\"1\"");
/// #     let mut response = Response::new(Bytes::new());
/// #     *response.status_mut() = http::StatusCode::NOT_MODIFIED;
/// #     response
/// # };
/// # let client = Client::builder("https://scim.example.com/v2")
/// #     .transport(InProcessTransport::new(service))
/// #     .build()?;
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let users = client.api::<User>();
/// let changed = users.get(&"2819".parse()?).if_none_match("W/\"1\"".parse()?).await?;
/// assert!(changed.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As [`Get`].
///
/// [RFC 7644 §3.14]: https://www.rfc-editor.org/rfc/rfc7644#section-3.14
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until it is awaited"]
pub struct GetIfChanged<R> {
    get: Get<R>,
    version: ResourceVersion,
}

impl<R: DeserializeOwned + 'static> IntoFuture for GetIfChanged<R> {
    type Output = Result<Option<Versioned<R>>, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let request = self.get.request().with_if_none_match(Some(self.version));
        let client = self.get.api.client;
        Box::pin(
            async move { client.send_if_changed(request).await?.map(Answer::resource).transpose() },
        )
    }
}
