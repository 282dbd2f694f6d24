use std::{pin::Pin, sync::Arc};

use scim_core::{PatchOp, Resource, ResourceId, ResourceSchema, ResourceVersion};
use serde::{Serialize, de::DeserializeOwned};

use super::{Api, Patch, Replace};
use crate::{
    error::{Error, ErrorKind},
    protocol::{Patched, Request, Versioned},
    target::adapt::without_replacement,
    transport::Operation,
};

/// A request to make one resource of another, to be awaited.
///
/// It sends the smallest PATCH ([`PatchOp::between`]), or a PUT where there is no PATCH, and
/// nothing where nothing differs: then it gives `None`.
///
/// ```
/// # use bytes::Bytes;
/// # use http::{Request, Response};
/// # use scim_client::{Client, User, transport::InProcessTransport};
/// # let service = |request: Request<Bytes>| async move {
/// #     let body: serde_json::Value = serde_json::from_slice(request.body()).unwrap();
/// #     assert_eq!(body["Operations"][0]["path"], "title");
/// #     assert_eq!(body["Operations"].as_array().unwrap().len(), 1);
/// #     Response::new(Bytes::from_static(br#"{"id": "2819", "userName": "bjensen", "title": "Guide"}"#))
/// # };
/// # let client = Client::builder("https://scim.example.com/v2")
/// #     .transport(InProcessTransport::new(service))
/// #     .build()?;
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let users = client.api::<User>();
/// let mut old = User::new("bjensen");
/// old.id = Some("2819".parse()?);
/// let mut new = old.clone();
/// new.title = Some("Guide".to_owned());
/// let patched = users.update(&old, &new).await?;
/// assert!(patched.and_then(|patched| patched.resource).is_some_and(|user| user.title == new.title));
/// assert!(users.update(&new, &new).await?.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As [`Patch`] and [`Replace`]; [`ErrorKind::Request`] if the old resource has no `id`, or the
/// schema of its type is not known: that of a standard type is, and one that was discovered or
/// given by [`Update::schema`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until it is awaited"]
pub struct Update<'a, R> {
    api: Api<R>,
    old: &'a R,
    new: &'a R,
    schema: Option<Arc<ResourceSchema>>,
    if_match: Option<ResourceVersion>,
}

/// Why two resources cannot be compared.
#[derive(Debug, thiserror::Error)]
enum Incomparable {
    #[error("the old resource has no `id`")]
    NoId,
    #[error("the schema of the resource type is not known")]
    NoSchema,
}

impl<'a, R> Update<'a, R> {
    pub(super) fn new(api: Api<R>, old: &'a R, new: &'a R) -> Self {
        Self { api, old, new, schema: None, if_match: None }
    }

    /// Compares by this schema.
    pub fn schema(mut self, schema: Arc<ResourceSchema>) -> Self {
        self.schema = Some(schema);
        self
    }

    /// Changes the resource only if it still has this version.
    pub fn if_match(mut self, version: ResourceVersion) -> Self {
        self.if_match = Some(version);
        self
    }

    fn unsent(&self) -> Request {
        self.api.request(Operation::Patch)
    }
}

impl<R: Serialize> Update<'_, R> {
    /// What differs, and whose it is.
    fn difference(&self) -> Result<(ResourceId, PatchOp), Error> {
        let incomparable = |error| self.unsent().error(ErrorKind::Request).with_source(error);
        let target = self.api.client.target();
        let schema = self.schema.clone().or_else(|| target.schema_at(self.api.endpoint()));
        let schema = schema.ok_or_else(|| incomparable(Incomparable::NoSchema))?;
        let resource =
            |resource: &R| self.unsent().attributes(resource, &[]).map(Resource::from_canonical);
        let (old, new) = (resource(self.old)?, resource(self.new)?);
        let id = old.id().and_then(|id| id.parse().ok());
        let id = id.ok_or_else(|| incomparable(Incomparable::NoId))?;
        let patch = PatchOp::between(&old, &new, &schema);
        let profile = self.api.client.profile();
        let patch =
            if profile.replaces_members { patch } else { without_replacement(&patch, &old) };
        Ok((id, patch))
    }
}

impl<R: Serialize + DeserializeOwned + Send + Sync + 'static> Update<'_, R> {
    async fn run(self) -> Result<Option<Patched<R>>, Error> {
        let (id, patch) = self.difference()?;
        if patch.operations().is_empty() {
            return Ok(None);
        }
        let target = self.api.client.target();
        if !target.offers(Operation::Patch, self.api.endpoint())
            && target.offers(Operation::Replace, self.api.endpoint())
        {
            let mut replace = Replace::new(self.api.clone(), Some(id), self.new);
            if let Some(version) = self.if_match.clone() {
                replace = replace.if_match(version);
            }
            let Versioned { resource, version, .. } = replace.await?;
            return Ok(Some(Patched { resource: Some(resource), version }));
        }
        let mut request = Patch::new(self.api.clone(), Some(id)).operations(&patch);
        if let Some(version) = self.if_match.clone() {
            request = request.if_match(version);
        }
        request.await.map(Some)
    }
}

impl<'a, R: Serialize + DeserializeOwned + Send + Sync + 'static> IntoFuture for Update<'a, R> {
    type Output = Result<Option<Patched<R>>, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}
