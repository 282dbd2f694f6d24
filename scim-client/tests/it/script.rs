use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
#[cfg(feature = "tokio")]
use scim_client::transport::TokioTimer;
use scim_client::{
    Client, ClientBuilder, ResourceId, Transport, TransportError, transport::TransportErrorKind,
};
use serde_json::{Value, json};

/// A service provider that gives prepared answers, or none, and keeps the requests.
#[derive(Clone, Default)]
pub(crate) struct Script {
    answers: Arc<Mutex<VecDeque<Step>>>,
    requests: Arc<Mutex<Vec<Request<Bytes>>>>,
}

/// What becomes of one request.
pub(crate) enum Step {
    Answer(Response<Bytes>),
    Fail(TransportErrorKind),
    /// It never ends.
    #[cfg(feature = "tokio")]
    Hang,
}

impl From<Response<Bytes>> for Step {
    fn from(answer: Response<Bytes>) -> Self {
        Self::Answer(answer)
    }
}

impl From<TransportErrorKind> for Step {
    fn from(kind: TransportErrorKind) -> Self {
        Self::Fail(kind)
    }
}

impl Script {
    pub(crate) fn new(answers: impl IntoIterator<Item = impl Into<Step>>) -> Self {
        let answers = answers.into_iter().map(Into::into).collect();
        Self { answers: Arc::new(Mutex::new(answers)), requests: Arc::default() }
    }

    pub(crate) fn builder(&self) -> ClientBuilder {
        Client::builder("https://scim.example.com/v2/")
            .bearer_token("AQ-3.fT")
            .transport(self.clone())
    }

    pub(crate) fn client(&self) -> Client {
        self.builder().build().unwrap()
    }

    /// A client that repeats requests, by a clock that a test may stop.
    #[cfg(feature = "tokio")]
    pub(crate) fn patient(&self) -> Client {
        self.builder().timer(TokioTimer::new()).build().unwrap()
    }

    /// Forgets the requests until now.
    pub(crate) fn forget(&self) {
        self.requests.lock().unwrap().clear();
    }

    pub(crate) fn requests(&self) -> Vec<Request<Bytes>> {
        self.requests.lock().unwrap().clone()
    }

    /// The URIs of all requests, without the base.
    pub(crate) fn uris(&self) -> Vec<String> {
        let uris = self.requests().into_iter().map(|request| request.uri().to_string());
        uris.map(|uri| uri.replace("https://scim.example.com/v2", "")).collect()
    }

    /// The methods and the paths below the base of all requests.
    pub(crate) fn lines(&self) -> Vec<String> {
        let requests = self.requests().into_iter();
        let line = |request: Request<Bytes>| {
            format!("{} {}", request.method(), request.uri().path().trim_start_matches("/v2"))
        };
        requests.map(line).collect()
    }

    /// The bodies of all requests that have one.
    pub(crate) fn bodies(&self) -> Vec<Value> {
        let requests = self.requests().into_iter().filter(|request| !request.body().is_empty());
        requests.map(|request| serde_json::from_slice(request.body()).unwrap()).collect()
    }
}

#[async_trait]
impl Transport for Script {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        self.requests.lock().unwrap().push(request);
        let step = self.answers.lock().unwrap().pop_front();
        match step.unwrap() {
            Step::Answer(answer) => Ok(answer),
            Step::Fail(kind) => Err(TransportError::new(kind, "by the script")),
            #[cfg(feature = "tokio")]
            Step::Hang => std::future::pending().await,
        }
    }
}

pub(crate) fn answer(status: u16, body: impl Into<Bytes>) -> Response<Bytes> {
    Response::builder().status(status).body(body.into()).unwrap()
}

pub(crate) fn json(status: u16, body: &Value) -> Response<Bytes> {
    answer(status, body.to_string())
}

pub(crate) fn with_header(
    mut answer: Response<Bytes>,
    name: &'static str,
    value: &'static str,
) -> Response<Bytes> {
    answer.headers_mut().insert(name, value.parse().unwrap());
    answer
}

/// The user of most tests.
pub(crate) fn id() -> ResourceId {
    "2819".parse().unwrap()
}

/// The same user as the service provider has it, with what this crate does not know.
pub(crate) fn stored() -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "id": "2819",
        "userName": "bjensen", "title": "Guide", "meta": {"version": "W/\"1\""},
        "urn:unheard:of": {"a": 1},
    })
}
