//! A tower service as the transport.

use std::{
    error::Error,
    future::{Ready, ready},
    io,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use scim_client::{
    Client, TransportError, User,
    transport::{TowerTransport, TransportErrorKind},
};
use tower_service::Service;

/// Answers with what it was given, once it is ready.
#[derive(Clone)]
struct Canned {
    is_ready: bool,
    body: Result<&'static str, io::ErrorKind>,
}

impl Service<Request<Full<Bytes>>> for Canned {
    type Response = Response<Full<Bytes>>;
    type Error = io::Error;
    type Future = Ready<Result<Self::Response, io::Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), io::Error>> {
        Poll::Ready(if self.is_ready { Ok(()) } else { Err(io::ErrorKind::NotConnected.into()) })
    }

    fn call(&mut self, request: Request<Full<Bytes>>) -> Self::Future {
        assert!(self.is_ready, "called before it was ready");
        assert_eq!(request.uri(), "https://scim.example.com/Users/2819");
        let body = self.body.map_err(io::Error::from);
        ready(body.map(|body| Response::new(Full::new(Bytes::from_static(body.as_bytes())))))
    }
}

const USER: &str = r#"{"id": "2819", "userName": "bjensen"}"#;

async fn get(transport: TowerTransport<Canned>) -> Result<String, TransportErrorKind> {
    let builder = Client::builder("https://scim.example.com").transport(transport);
    let users = builder.build().unwrap().api::<User>();
    match users.get(&"2819".parse().unwrap()).await {
        Ok(user) => Ok(user.resource.user_name),
        Err(error) => Err(error.transport_error().map(TransportError::kind).unwrap()),
    }
}

#[tokio::test]
async fn a_service_brings_the_answer_or_an_error_with_its_kind() {
    let ready = |body| Canned { is_ready: true, body };
    assert_eq!(get(TowerTransport::new(ready(Ok(USER)))).await.as_deref(), Ok("bjensen"));

    let unready = Canned { is_ready: false, body: Ok(USER) };
    assert_eq!(get(TowerTransport::new(unready)).await, Err(TransportErrorKind::Connect));

    let failing = TowerTransport::new(ready(Err(io::ErrorKind::TimedOut)));
    assert_eq!(get(failing.clone()).await, Err(TransportErrorKind::Interrupted));
    let kind = |error: &(dyn Error + Send + Sync + 'static)| {
        let error = error.downcast_ref::<io::Error>().map(io::Error::kind);
        match error {
            Some(io::ErrorKind::TimedOut) => TransportErrorKind::Timeout,
            _ => TransportErrorKind::Other,
        }
    };
    assert_eq!(get(failing.with_kind(kind)).await, Err(TransportErrorKind::Timeout));

    let short = TowerTransport::new(ready(Ok(USER))).with_max_body(USER.len() - 1);
    assert_eq!(get(short).await, Err(TransportErrorKind::BodyTooLarge));
}
