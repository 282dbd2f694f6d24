use std::{fmt, pin::Pin};

use http::Method;
use scim_core::{ResourceId, SearchRequest};
use serde::de::DeserializeOwned;

use super::Api;
use crate::{error::Error, protocol::Versioned};

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
    id: ResourceId,
    query: SearchRequest,
}

impl<R> Get<R> {
    pub(super) fn new(api: Api<R>, id: ResourceId) -> Self {
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
}

impl<R: DeserializeOwned + 'static> IntoFuture for Get<R> {
    type Output = Result<Versioned<R>, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let request = self.api.request(Method::GET).with_id(self.id).with_query(&self.query);
        let client = self.api.client;
        Box::pin(async move { client.send(request).await?.resource() })
    }
}
