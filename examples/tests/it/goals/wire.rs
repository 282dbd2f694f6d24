//! The way to the service provider: it counts the requests, and fails as it is told.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard},
};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Method, Request, Response, header};
use scim_client::{
    Transport,
    transport::{TransportError, TransportErrorKind},
};
use scim_server::ScimService;
use serde_json::{Value, json};

use super::ways::Ways;

/// Clones are the same way.
#[derive(Clone)]
pub(super) struct Wire(Arc<Inner>);

struct Inner {
    service: ScimService,
    ways: Ways,
    log: Mutex<Log>,
}

struct Log {
    sent: Vec<Sent>,
    count: usize,
    rule: Box<Rule>,
}

type Rule = dyn Fn(usize, &Sent) -> Option<Fault> + Send;

/// A request as it went.
#[derive(Clone)]
pub(super) struct Sent {
    pub(super) method: Method,
    /// Behind the base URL.
    pub(super) path: String,
    pub(super) query: String,
    pub(super) body: Bytes,
}

/// How a request fails.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fault {
    /// No connection: nothing is done.
    Refused,
    /// It is done, and the answer gets lost.
    Lost,
    /// No answer in time, and nothing was done.
    Late,
    /// Too many requests: nothing is done.
    Throttled,
    /// Refused with this status: nothing is done.
    Status(u16),
    /// It is done, and yet answered with 500.
    Broken,
    /// A gateway answers with a page for people: nothing is done.
    Html,
    /// It is done, and half of the answer arrives.
    Truncated,
    /// It is done twice; the second answer arrives.
    Twice,
    /// It is done, and lists come in another order.
    Reordered,
}

impl Wire {
    pub(super) fn new(service: ScimService, ways: Ways) -> Self {
        let log = Log { sent: Vec::new(), count: 0, rule: Box::new(|_, _| None) };
        Self(Arc::new(Inner { service, ways, log: Mutex::new(log) }))
    }

    pub(super) fn service(&self) -> &ScimService {
        &self.0.service
    }

    /// Fails requests by their number from now on, counted from 0, and by what they are.
    pub(super) fn fail(&self, rule: impl Fn(usize, &Sent) -> Option<Fault> + Send + 'static) {
        let mut log = self.log();
        log.count = 0;
        log.rule = Box::new(rule);
    }

    pub(super) fn recover(&self) {
        self.fail(|_, _| None);
    }

    /// The requests since they were last taken.
    pub(super) fn take(&self) -> Vec<Sent> {
        std::mem::take(&mut self.log().sent)
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.0.log.lock().unwrap()
    }

    async fn answer(&self, request: Request<Bytes>, sent: &Sent) -> Response<Bytes> {
        if let Some(refusal) = self.0.ways.refusal(sent) {
            return refusal;
        }
        let request = Ways::received(request);
        self.0.ways.shown(self.0.service.handle(request).await)
    }
}

#[async_trait]
impl Transport for Wire {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let sent = Sent::new(&request);
        let fault = {
            let mut log = self.log();
            let fault = (log.rule)(log.count, &sent);
            log.count += 1;
            log.sent.push(sent.clone());
            fault
        };
        let missing = |kind| Err(TransportError::new(kind, "as told"));
        match fault {
            None => Ok(self.answer(request, &sent).await),
            Some(Fault::Refused) => missing(TransportErrorKind::Connect),
            Some(Fault::Late) => missing(TransportErrorKind::Timeout),
            Some(Fault::Lost) => {
                self.answer(request, &sent).await;
                missing(TransportErrorKind::Interrupted)
            }
            Some(Fault::Status(status)) => Ok(error(status)),
            Some(Fault::Throttled) => {
                let mut answer = error(429);
                answer.headers_mut().insert(header::RETRY_AFTER, "1".parse().unwrap());
                Ok(answer)
            }
            Some(Fault::Html) => {
                let page = Bytes::from_static(b"<html><h1>502 Bad Gateway</h1></html>");
                Ok(response(502, "text/html", page))
            }
            Some(Fault::Broken) => {
                self.answer(request, &sent).await;
                Ok(error(500))
            }
            Some(Fault::Truncated) => {
                Ok(self.answer(request, &sent).await.map(|body| body.slice(..body.len() / 2)))
            }
            Some(Fault::Twice) => {
                self.answer(request.clone(), &sent).await;
                Ok(self.answer(request, &sent).await)
            }
            Some(Fault::Reordered) => Ok(self.answer(request, &sent).await.map(reordered)),
        }
    }
}

impl Sent {
    fn new(request: &Request<Bytes>) -> Self {
        let path = request.uri().path();
        Self {
            method: request.method().clone(),
            path: path.strip_prefix("/scim").unwrap_or(path).to_owned(),
            query: request.uri().query().unwrap_or_default().to_owned(),
            body: request.body().clone(),
        }
    }

    pub(super) fn is_read(&self) -> bool {
        self.method == Method::GET
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

impl fmt::Display for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.method, self.path, self.query)
    }
}

pub(super) fn error(status: u16) -> Response<Bytes> {
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": status.to_string(),
        "detail": "as told",
    });
    response(status, "application/scim+json", body.to_string().into())
}

fn response(status: u16, media_type: &'static str, body: Bytes) -> Response<Bytes> {
    let answer = Response::builder().status(status).header(header::CONTENT_TYPE, media_type);
    answer.body(body).unwrap()
}

fn reordered(body: Bytes) -> Bytes {
    let Ok(mut answer) = serde_json::from_slice::<Value>(&body) else { return body };
    if let Some(resources) = answer.get_mut("Resources").and_then(Value::as_array_mut) {
        resources.reverse();
    }
    answer.to_string().into()
}
