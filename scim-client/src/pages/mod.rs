//! Lists page by page, as a stream.

mod walk;

use std::{
    fmt,
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll},
    vec,
};

use futures_core::Stream;
use serde::de::DeserializeOwned;

pub(crate) use walk::{Place, Walk};

use crate::{api::List, error::Error};

/// The resources of a list, read page by page while they are taken.
///
/// It is a [`Stream`], and [`next`](Self::next) does without. A resource comes once; a page that
/// cannot be had ends it with an error, and a resource that cannot be read is an error in its place.
///
/// ```
/// # use bytes::Bytes;
/// # use http::{Request, Response};
/// # use scim_client::{Client, User, transport::InProcessTransport};
/// # let service = |request: Request<Bytes>| async move {
/// #     Response::new(Bytes::from(match request.uri().query() {
/// #         Some("count=1") => r#"{"totalResults": 2, "Resources": [{"id": "1", "userName": "a"}]}"#,
/// #         _ => r#"{"totalResults": 2, "Resources": [{"id": "2", "userName": "b"}]}"#,
/// #     }))
/// # };
/// # let client = Client::builder("https://scim.example.com/v2")
/// #     .transport(InProcessTransport::new(service))
/// #     .build()?;
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let mut users = client.api::<User>().list().count(1).pages();
/// let mut names = Vec::new();
/// while let Some(user) = users.next().await {
///     names.push(user?.user_name);
/// }
/// assert_eq!(names, ["a", "b"]);
/// assert!(users.consistency().is_certain());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "nothing is read until it is polled"]
pub struct Pages<R> {
    /// Where it stands while no page is being read; none when it is over.
    rest: Option<Box<Rest<R>>>,
    reading: Option<Reading<R>>,
    ready: vec::IntoIter<Result<R, Error>>,
    consistency: Consistency,
}

/// How far what was read can be taken for the whole list, as it was at one moment.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Consistency {
    /// How many resources came.
    pub resources: u64,
    /// How many came again, and were left out: the list has moved while it was read.
    pub repeated: u64,
    /// How many there are, as the last page says.
    pub total_results: Option<u64>,
    /// Whether the pages disagree on that.
    pub has_total_changed: bool,
}

type Reading<R> = Pin<Box<dyn Future<Output = (Box<Rest<R>>, Read<R>)> + Send>>;

/// A page, or nothing if there is none any more.
type Read<R> = Result<Option<Vec<Result<R, Error>>>, Error>;

struct Rest<R> {
    list: List<R>,
    walk: Walk,
}

impl Consistency {
    /// Whether nothing speaks against it that each resource came once and none is missing.
    pub fn is_certain(&self) -> bool {
        self.repeated == 0
            && !self.has_total_changed
            && self.total_results.is_none_or(|total| total == self.resources)
    }
}

impl<R: DeserializeOwned + Send + 'static> Pages<R> {
    pub(crate) fn new(list: List<R>, walk: Walk) -> Self {
        Self {
            rest: Some(Box::new(Rest { list, walk })),
            reading: None,
            ready: Vec::new().into_iter(),
            consistency: Consistency::default(),
        }
    }

    /// The next resource.
    pub async fn next(&mut self) -> Option<Result<R, Error>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    /// How far what was read until now can be trusted.
    pub fn consistency(&self) -> Consistency {
        self.consistency
    }

    /// Reads the next page; `false` if there is none.
    fn poll_page(&mut self, cx: &mut Context<'_>) -> Poll<Result<bool, Error>> {
        if self.reading.is_none() {
            let Some(mut rest) = self.rest.take() else { return Poll::Ready(Ok(false)) };
            self.reading = Some(Box::pin(async move {
                let page = rest.list.next_page(&mut rest.walk).await;
                (rest, page)
            }));
        }
        let Some(reading) = &mut self.reading else { return Poll::Ready(Ok(false)) };
        let Poll::Ready((rest, page)) = reading.as_mut().poll(cx) else { return Poll::Pending };
        self.reading = None;
        self.consistency = rest.walk.consistency();
        let Some(page) = page? else { return Poll::Ready(Ok(false)) };
        self.ready = page.into_iter();
        self.rest = Some(rest);
        Poll::Ready(Ok(true))
    }
}

impl<R: DeserializeOwned + Send + 'static> Stream for Pages<R> {
    type Item = Result<R, Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let pages = self.get_mut();
        loop {
            if let Some(resource) = pages.ready.next() {
                return Poll::Ready(Some(resource));
            }
            match pages.poll_page(cx) {
                Poll::Ready(Ok(true)) => {}
                Poll::Ready(Ok(false)) => return Poll::Ready(None),
                Poll::Ready(Err(error)) => return Poll::Ready(Some(Err(error))),
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}

// No part of it is pinned where it lies.
impl<R> Unpin for Pages<R> {}

impl<R> fmt::Debug for Pages<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("consistency", &self.consistency).finish_non_exhaustive()
    }
}
