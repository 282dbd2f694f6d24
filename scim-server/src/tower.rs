//! [`ScimService`] as a [`tower_service::Service`] over any request body.

use std::{
    convert::Infallible,
    error::Error,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body::{Body, Frame, SizeHint};
use http_body_util::{BodyExt, Collected, LengthLimitError, Limited};
use tower_service::Service;

use crate::service::ScimService;

/// The body of a response: bytes that are there as a whole.
#[derive(Debug, Default)]
pub struct ResponseBody(Option<Bytes>);

impl<B> Service<Request<B>> for ScimService
where
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    type Response = Response<ResponseBody>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let service = self.clone();
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let limit = service.body_limit(&parts);
            let body = if body.is_end_stream() {
                Ok(Bytes::new())
            } else {
                Box::pin(Limited::new(body, limit)).collect().await.map(Collected::to_bytes)
            };
            let response = match body {
                Ok(body) => service.handle(Request::from_parts(parts, body)).await,
                Err(error) if error.is::<LengthLimitError>() => service.body_too_large(&parts),
                // The client went away in the middle of its body: nobody reads the answer.
                Err(_) => {
                    let mut response = Response::new(Bytes::new());
                    *response.status_mut() = StatusCode::BAD_REQUEST;
                    response
                }
            };
            Ok(response.map(|bytes| ResponseBody(Some(bytes))))
        })
    }
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let bytes = self.0.take().filter(|bytes| !bytes.is_empty());
        Poll::Ready(bytes.map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.as_ref().is_none_or(Bytes::is_empty)
    }

    fn size_hint(&self) -> SizeHint {
        let length = self.0.as_ref().map_or(0, Bytes::len);
        SizeHint::with_exact(u64::try_from(length).unwrap_or(u64::MAX))
    }
}
