use scim_client::{
    Client, ErrorKind, TransportError, User,
    transport::{ReqwestTransport, TransportErrorKind},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    task::JoinHandle,
};

const USER: &str = r#"{"id": "2819", "userName": "bjensen"}"#;

/// A service provider on loopback that answers one request and closes; it gives what it was sent.
async fn serve(answer: String) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v2/Users", listener.local_addr().unwrap());
    #[expect(clippy::disallowed_methods, reason = "the test owns the executor")]
    let served = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            request.push(stream.read_u8().await.unwrap());
        }
        stream.write_all(answer.as_bytes()).await.unwrap();
        String::from_utf8(request).unwrap()
    });
    (url, served)
}

fn http(status: &str, length: usize, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/scim+json\r\netag: W/\"7\"\r\n\
         content-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
}

fn client(url: &str, transport: ReqwestTransport) -> Client {
    Client::builder(url).bearer_token("AQ-3.fT").transport(transport).build().unwrap()
}

async fn failure(url: &str, transport: ReqwestTransport) -> (ErrorKind, TransportErrorKind) {
    let users = client(url, transport).api::<User>();
    let error = users.get(&"2819".parse().unwrap()).await.unwrap_err();
    assert!(!format!("{error:?}").contains("2819"), "{error:?}");
    (error.kind(), error.transport_error().map(TransportError::kind).unwrap())
}

#[tokio::test]
async fn it_brings_a_request_there_and_the_answer_back() {
    let (url, served) = serve(http("200 OK", USER.len(), USER)).await;
    let users = client(&url, ReqwestTransport::new().unwrap()).api::<User>();
    let user = users.get(&"28 19".parse().unwrap()).await.unwrap();
    assert_eq!(user.resource.user_name, "bjensen");
    assert_eq!(user.version, Some("W/\"7\"".parse().unwrap()));
    let request = served.await.unwrap();
    assert!(request.starts_with("GET /v2/Users/28%2019 HTTP/1.1\r\n"), "{request}");
    assert!(request.contains("authorization: Bearer AQ-3.fT\r\n"), "{request}");
    assert!(request.contains("user-agent: scim-client/0.1.0\r\n"), "{request}");
}

#[tokio::test]
async fn a_refusal_is_an_answer_and_a_redirect_is_not_followed() {
    let (url, _served) = serve(http("503 Service Unavailable", 0, "")).await;
    let users = client(&url, ReqwestTransport::new().unwrap()).api::<User>();
    assert_eq!(users.list().all().await.unwrap_err().kind(), ErrorKind::Server);

    let redirect = "HTTP/1.1 302 Found\r\nlocation: /login\r\ncontent-length: 0\r\n\r\n";
    let (url, _served) = serve(redirect.to_owned()).await;
    let users = client(&url, ReqwestTransport::new().unwrap()).api::<User>();
    assert!(users.list().all().await.unwrap_err().is_not_scim());
}

#[tokio::test]
async fn a_body_that_breaks_off_is_interrupted() {
    let (url, _served) = serve(http("200 OK", 100, USER)).await;
    let failure = failure(&url, ReqwestTransport::new().unwrap()).await;
    assert_eq!(failure, (ErrorKind::Transport, TransportErrorKind::Interrupted));
}

#[tokio::test]
async fn no_answer_at_all_is_interrupted() {
    let (url, _served) = serve(String::new()).await;
    let failure = failure(&url, ReqwestTransport::new().unwrap()).await;
    assert_eq!(failure, (ErrorKind::Transport, TransportErrorKind::Interrupted));
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_too_large() {
    let (url, _served) = serve(http("200 OK", USER.len(), USER)).await;
    let transport = ReqwestTransport::new().unwrap().with_max_body(USER.len() - 1);
    let failure = failure(&url, transport).await;
    assert_eq!(failure, (ErrorKind::Transport, TransportErrorKind::BodyTooLarge));
}

#[tokio::test]
async fn a_refused_connection_is_connect() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let failure = failure(&url, ReqwestTransport::new().unwrap()).await;
    assert_eq!(failure, (ErrorKind::Transport, TransportErrorKind::Connect));
}
