use std::fmt;

use scim_core::{Filter, ListResponse, SearchRequest, query::SortOrder};
use serde::de::DeserializeOwned;

use super::Api;
use crate::{
    error::{Error, ErrorKind},
    pages::{Pages, Place, Walk},
    protocol::{Answer, Request},
    target::Paging,
    transport::Operation,
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
    by_search: bool,
}

/// Where a query begins, counted from 1.
const FIRST: u64 = 1;

impl<R> List<R> {
    pub(super) fn new(api: Api<R>) -> Self {
        Self { api, query: SearchRequest::new(), by_search: false }
    }

    /// Sends the query in the body of a POST to `.search` ([RFC 7644 §3.4.3]), which keeps its
    /// values out of the URL and so out of logs.
    ///
    /// A query whose URL would be too long goes there by itself.
    ///
    /// [RFC 7644 §3.4.3]: https://www.rfc-editor.org/rfc/rfc7644#section-3.4.3
    pub fn by_search(mut self) -> Self {
        self.by_search = true;
        self
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

impl<R: DeserializeOwned + Send + 'static> List<R> {
    /// Reads one page.
    ///
    /// # Errors
    /// [`ErrorKind::NotScim`] if there is no list at the endpoint, and whatever else a request
    /// can fail with.
    pub async fn first_page(self) -> Result<ListResponse<R>, Error> {
        let page = self.answer(&self.query).await?.list()?;
        let request = self.request(&self.query);
        page.try_map(|json| Answer::decode_resource(&request, json))
    }

    /// Reads page after page, while the resources are taken.
    ///
    /// By which method they are paged is known from the profile and discovery, or seen at the
    /// first page.
    pub fn pages(self) -> Pages<R> {
        let walk = Walk::new(self.start(), self.paging());
        Pages::new(self, walk)
    }

    /// Reads page after page, and gives all resources, each `id` once.
    ///
    /// The pages are no snapshot; [`Pages::consistency`] tells whether the list has moved.
    ///
    /// # Errors
    /// As [`List::first_page`], and for a resource that cannot be read; what was read until then
    /// is lost.
    pub async fn all(self) -> Result<Vec<R>, Error> {
        let mut pages = self.pages();
        let mut all = Vec::new();
        while let Some(resource) = pages.next().await {
            all.push(resource?);
        }
        Ok(all)
    }

    /// Reads the one resource that matches, if any does.
    ///
    /// # Errors
    /// [`ErrorKind::Ambiguous`] if several match, and as [`List::first_page`].
    pub async fn at_most_one(self) -> Result<Option<R>, Error> {
        let ambiguous = self.request(&self.query).error(ErrorKind::Ambiguous);
        let walk = Walk::by_index(self.start(), self.paging());
        let mut pages = Pages::new(self, walk);
        let Some(found) = pages.next().await.transpose()? else { return Ok(None) };
        match pages.next().await {
            None => Ok(Some(found)),
            Some(Ok(_)) => Err(ambiguous),
            Some(Err(error)) => Err(error),
        }
    }

    /// What the next page of the walk brings, or nothing if the walk is over.
    pub(crate) async fn next_page(
        &self,
        walk: &mut Walk,
    ) -> Result<Option<Vec<Result<R, Error>>>, Error> {
        let mut query = self.query.clone();
        match walk.place() {
            None => return Ok(None),
            // Some service providers refuse the parameter, so the first page goes without.
            Some(Place::Index(FIRST)) => query.start_index = None,
            Some(Place::Index(start)) => {
                query.start_index = Some(i64::try_from(*start).unwrap_or(i64::MAX));
            }
            Some(Place::Cursor(cursor)) => {
                query.start_index = None;
                query.cursor = Some(cursor.clone());
            }
        }
        let page = self.answer(&query).await?.list()?;
        let asked = self.query.count.and_then(|count| u64::try_from(count).ok());
        let resources = walk.take(page, asked).into_iter();
        let request = self.request(&query);
        Ok(Some(resources.map(|json| Answer::decode_resource(&request, json)).collect()))
    }

    /// Asks for a page: by a URL, or by a message where the URL would be too long or is not wanted.
    async fn answer(&self, query: &SearchRequest) -> Result<Answer, Error> {
        let client = &self.api.client;
        let query = &self.adapted(query);
        let by_url = self.request(query);
        let is_long = by_url.url_length() > client.profile().max_url;
        let endpoint = self.api.endpoint();
        let offers = client.target().offers(Operation::Search, endpoint);
        if self.by_search && !offers {
            return Err(by_url.error(ErrorKind::Unsupported));
        }
        if !(self.by_search || is_long && offers) {
            return client.send(by_url).await;
        }
        let search = Request::new(Operation::Search, &format!("{endpoint}/.search"));
        match client.send(search.with_body(query)?).await {
            Err(error) if matches!(error.kind(), ErrorKind::Unsupported | ErrorKind::NotScim) => {
                client.target().learn_refused(Operation::Search, endpoint);
                // What is kept out of URLs is not put into one.
                if self.by_search { Err(error) } else { client.send(by_url).await }
            }
            outcome => outcome,
        }
    }

    /// The query without what the service provider does not take.
    fn adapted(&self, query: &SearchRequest) -> SearchRequest {
        let profile = self.api.client.profile();
        let mut query = query.clone();
        if !profile.projects {
            query.attributes = None;
            query.excluded_attributes = None;
        }
        let most = profile.max_page_size.and_then(|most| i64::try_from(most).ok());
        query.count = query.count.map(|count| most.map_or(count, |most| count.min(most)));
        query
    }

    fn paging(&self) -> Paging {
        self.api.client.capabilities().paging
    }

    fn start(&self) -> u64 {
        let start = self.query.start_index.and_then(|start| u64::try_from(start).ok());
        start.unwrap_or(FIRST)
    }

    fn request(&self, query: &SearchRequest) -> Request {
        self.api.request(Operation::List).with_query(query)
    }
}
