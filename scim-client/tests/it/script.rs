use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use scim_client::{Client, Transport, TransportError};
use serde_json::Value;

/// A service provider that gives prepared answers, and keeps the requests.
#[derive(Clone, Default)]
pub(crate) struct Script {
    answers: Arc<Mutex<VecDeque<Response<Bytes>>>>,
    requests: Arc<Mutex<Vec<Request<Bytes>>>>,
}

impl Script {
    pub(crate) fn new(answers: impl IntoIterator<Item = Response<Bytes>>) -> Self {
        let answers = Arc::new(Mutex::new(answers.into_iter().collect()));
        Self { answers, requests: Arc::default() }
    }

    pub(crate) fn client(&self) -> Client {
        Client::builder("https://scim.example.com/v2/")
            .bearer_token("AQ-3.fT")
            .transport(self.clone())
            .build()
            .unwrap()
    }

    pub(crate) fn requests(&self) -> Vec<Request<Bytes>> {
        self.requests.lock().unwrap().clone()
    }

    /// The URIs of all requests, without the base.
    pub(crate) fn uris(&self) -> Vec<String> {
        let uris = self.requests().into_iter().map(|request| request.uri().to_string());
        uris.map(|uri| uri.replace("https://scim.example.com/v2", "")).collect()
    }
}

#[async_trait]
impl Transport for Script {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        self.requests.lock().unwrap().push(request);
        Ok(self.answers.lock().unwrap().pop_front().unwrap())
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
