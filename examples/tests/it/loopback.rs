use scim_client::{
    Client, User,
    provision::{CycleKind, Provisioner, state::MemoryState},
    transport::{ReqwestTransport, TransportErrorKind},
};
use scim_examples::{
    directory::Directory,
    directory_source::DirectorySource,
    job::{mapping, scope},
    roster::{Roster, RosterSettings, StoreChoice},
};
use tokio::{net::TcpStream, sync::oneshot};

use crate::comparison::{Users, assert_agree, users};

#[tokio::test]
async fn a_roster_that_ends_answers_what_has_begun_and_then_closes_its_port() {
    let address = "127.0.0.1:0".parse().unwrap();
    let settings = RosterSettings::new(address, StoreChoice::Memory, "clinic".parse().unwrap());
    let roster = Roster::open(settings).await.unwrap();
    let base_url = roster.base_url().to_owned();
    let token = roster.token().reveal().to_owned();
    let client = Client::builder(base_url.as_str())
        .bearer_token(token.as_str())
        .transport(ReqwestTransport::new().unwrap())
        .build()
        .unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let (has_ended, ended) = oneshot::channel::<()>();
    let serve = async {
        roster.serve(async { drop(stopped.await) }).await;
        has_ended.send(()).unwrap();
    };
    let play = async {
        provision(&client).await;

        let (host, path) = base_url.strip_prefix("http://").unwrap().split_once('/').unwrap();
        let body =
            r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"last"}"#;
        let stream = TcpStream::connect(host).await.unwrap();
        let head = format!(
            "POST /{path}/Users HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/scim+json\r\nContent-Length: {}\r\n\
             Expect: 100-continue\r\n\r\n",
            body.len()
        );
        write(&stream, head.as_bytes()).await;
        let answer = read_until(&stream, |answer| answer.ends_with("\r\n\r\n")).await;
        assert!(answer.starts_with("HTTP/1.1 100 "), "{answer}");

        // The request has begun: now the roster is to end.
        drop(stop);
        while TcpStream::connect(host).await.is_ok() {
            tokio::task::yield_now().await;
        }
        write(&stream, body.as_bytes()).await;
        let answer = read_until(&stream, |_| false).await;
        assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
        assert!(answer.contains(r#""userName":"last""#), "{answer}");
        ended.await.unwrap();

        let error = client.api::<User>().list().first_page().await.unwrap_err();
        let kind = error.transport_error().unwrap().kind();
        assert_eq!(kind, TransportErrorKind::Connect);
    };
    tokio::join!(serve, play);
}

/// Provisions a small directory over the socket, and asserts that it has arrived.
async fn provision(client: &Client) {
    let source = DirectorySource::new(Directory::generate(7, 30, 4));
    let mapping = mapping().unwrap();
    let job = Provisioner::new(client, mapping, source.clone(), MemoryState::new()).unwrap();
    let job = job.with_scope(scope());
    assert_eq!(job.run(CycleKind::Initial).await.unwrap().created, 26);
    assert_eq!(job.run(CycleKind::Initial).await.unwrap().writes, 0);
    let users = users(client).await;
    assert_agree(&source.directory(), &users, &Users::new());
}

async fn write(stream: &TcpStream, mut bytes: &[u8]) {
    while !bytes.is_empty() {
        stream.writable().await.unwrap();
        match stream.try_write(bytes) {
            Ok(written) => bytes = &bytes[written..],
            Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock),
        }
    }
}

/// Reads until it is enough, or until the other end closes.
async fn read_until(stream: &TcpStream, is_enough: impl Fn(&str) -> bool) -> String {
    let mut text = String::new();
    let mut buffer = [0; 4096];
    while !is_enough(&text) {
        stream.readable().await.unwrap();
        match stream.try_read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => text.push_str(std::str::from_utf8(&buffer[..read]).unwrap()),
            Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock),
        }
    }
    text
}
