use std::fmt;

use http::Method;
use scim_core::{Filter, ListResponse, SearchRequest, query::SortOrder};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Api;
use crate::{
    error::{Error, ErrorKind},
    pages::Walk,
    protocol::{Answer, Request},
};

/// A query for resources ([RFC 7644 §3.4.2]), to be ended by how much of the answer is wanted.
///
/// ```
/// # use bytes::Bytes;
/// # use http::{Request, Response};
/// use scim_client::{Client, Filter, User, transport::InProcessTransport};
///
/// # let service = |request: Request<Bytes>| async move {
/// #     let query = request.uri().query().unwrap_or_default();
/// #     assert_eq!(query, "filter=userName%20eq%20%22bjensen%22");
/// #     Response::new(Bytes::from_static(
/// #         br#"{"totalResults": 1, "Resources": [{"id": "2819", "userName": "bjensen"}]}"#,
/// #     ))
/// # };
/// # let client = Client::builder("https://scim.example.com/v2")
/// #     .transport(InProcessTransport::new(service))
/// #     .build()?;
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let users = client.api::<User>();
/// let filter = Filter::eq("userName", "bjensen")?;
/// let user = users.list().filter(filter).at_most_one().await?;
/// assert_eq!(user.and_then(|user| user.id), Some("2819".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [RFC 7644 §3.4.2]: https://www.rfc-editor.org/rfc/rfc7644#section-3.4.2
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until it is ended"]
pub struct List<R> {
    api: Api<R>,
    query: SearchRequest,
}

/// Where a query begins, counted from 1.
const FIRST: u64 = 1;

impl<R> List<R> {
    pub(super) fn new(api: Api<R>) -> Self {
        Self { api, query: SearchRequest::new() }
    }

    /// Asks for the resources that match.
    pub fn filter(mut self, filter: impl Into<Filter>) -> Self {
        self.query.filter = Some(filter.into().to_string());
        self
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

    /// Begins at that place of the list, counted from 1.
    pub fn start_index(mut self, start_index: u64) -> Self {
        self.query.start_index = Some(i64::try_from(start_index).unwrap_or(i64::MAX));
        self
    }

    /// Asks for pages of no more than that many resources.
    pub fn count(mut self, count: u64) -> Self {
        self.query.count = Some(i64::try_from(count).unwrap_or(i64::MAX));
        self
    }

    /// Asks for the resources in the order of that attribute.
    pub fn sort_by(mut self, attribute: impl fmt::Display) -> Self {
        self.query.sort_by = Some(attribute.to_string());
        self
    }

    /// Asks for that direction of the order.
    pub fn sort_order(mut self, order: SortOrder) -> Self {
        self.query.sort_order = Some(match order {
            SortOrder::Ascending => "ascending".to_owned(),
            SortOrder::Descending => "descending".to_owned(),
        });
        self
    }
}

impl<R: DeserializeOwned> List<R> {
    /// Reads one page.
    ///
    /// # Errors
    /// [`ErrorKind::NotScim`] if there is no list at the endpoint, and whatever else a request
    /// can fail with.
    pub async fn first_page(self) -> Result<ListResponse<R>, Error> {
        self.api.client.send(self.request()).await?.list()
    }

    /// Reads page after page, and gives all resources, each `id` once.
    ///
    /// The pages are no snapshot: a resource that moves while they are read may be missing.
    ///
    /// # Errors
    /// As [`List::first_page`]; what was read until then is lost.
    pub async fn all(self) -> Result<Vec<R>, Error> {
        let mut walk = self.walk();
        let mut all = Vec::new();
        while let Some(page) = self.next_page(&mut walk).await? {
            all.extend(page);
        }
        self.decode(all)
    }

    /// Reads the one resource that matches, if any does.
    ///
    /// # Errors
    /// [`ErrorKind::Ambiguous`] if several match, and as [`List::first_page`].
    pub async fn at_most_one(self) -> Result<Option<R>, Error> {
        let mut walk = self.walk();
        let mut found = Vec::new();
        while let Some(page) = self.next_page(&mut walk).await? {
            found.extend(page);
            if found.len() > 1 {
                return Err(self.request().error(ErrorKind::Ambiguous));
            }
        }
        Ok(self.decode(found)?.pop())
    }

    fn walk(&self) -> Walk {
        let start = self.query.start_index.and_then(|start| u64::try_from(start).ok());
        Walk::new(start.unwrap_or(FIRST))
    }

    /// What the next page of the walk brings, or nothing if the walk is over.
    async fn next_page(&self, walk: &mut Walk) -> Result<Option<Vec<Value>>, Error> {
        let Some(start) = walk.next_start() else { return Ok(None) };
        // Some service providers refuse the parameter, so the first page goes without.
        let page = if start == FIRST { self.request() } else { self.request_from(start) };
        let page = self.api.client.send(page).await?.list()?;
        Ok(Some(walk.take(page)))
    }

    fn decode(&self, resources: Vec<Value>) -> Result<Vec<R>, Error> {
        let request = self.request();
        let resources = resources.into_iter();
        resources.map(|json| Answer::decode_resource(&request, json)).collect()
    }

    fn request(&self) -> Request {
        self.api.request(Method::GET).with_query(&self.query)
    }

    fn request_from(&self, start: u64) -> Request {
        let mut query = self.query.clone();
        query.start_index = Some(i64::try_from(start).unwrap_or(i64::MAX));
        self.api.request(Method::GET).with_query(&query)
    }
}
