//! Clients that take their time, beside one that works.

use std::{io, net::SocketAddr, time::Duration};

use scim_client::{Client, User, transport::ReqwestTransport};
use scim_examples::roster::{Roster, RosterSettings, StoreChoice};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    sync::oneshot,
    task::JoinSet,
    time::interval,
};

/// Of each kind.
const SLOW: usize = 40;
/// The pause between two bytes: none of them is silent for as long as a limit.
const PAUSE: Duration = Duration::from_millis(40);

/// Writes a head, and then byte by byte, until the server closes the connection.
async fn trickle(address: SocketAddr, head: String) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let (mut from, mut to) = stream.split();
    let mut ticks = interval(PAUSE);
    let write = async {
        while to.write_all(b"x").await.is_ok() {
            ticks.tick().await;
        }
    };
    let read = async { while from.read(&mut [0; 1024]).await.is_ok_and(|count| count > 0) {} };
    tokio::select! { () = write => {} () = read => {} }
}

/// Says nothing.
async fn be_silent(address: SocketAddr) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    assert!(!stream.read(&mut [0; 1]).await.is_ok_and(|count| count > 0));
}

/// Asks for more than the system holds, and takes none of it.
async fn read_nothing(address: SocketAddr, request: String) {
    let stream = TcpStream::connect(address).await.unwrap();
    let requests = request.repeat(200);
    let mut rest = requests.as_bytes();
    let mut ticks = interval(PAUSE);
    loop {
        ticks.tick().await;
        match stream.try_write(if rest.is_empty() { b"G" } else { rest }) {
            Ok(count) => rest = rest.get(count..).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(_) => return,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn those_who_take_their_time_are_sent_away_and_others_are_served() {
    let mut settings = RosterSettings::new(
        "127.0.0.1:0".parse().unwrap(),
        StoreChoice::Memory,
        "clinic".parse().unwrap(),
    );
    settings.http.header_time = Duration::from_secs(2);
    settings.http.request_time = Duration::from_secs(4);
    settings.http.write_time = Duration::from_secs(2);
    let roster = Roster::open(settings).await.unwrap();
    let base_url = roster.base_url().to_owned();
    let token = roster.token().reveal().to_owned();
    let (stop, stopped) = oneshot::channel::<()>();
    let mut server = JoinSet::new();
    server.spawn(roster.serve(async { drop(stopped.await) }));

    // With connections of its own each time: one that has been idle may be closed at any moment.
    let users = || {
        let client = Client::builder(base_url.as_str())
            .bearer_token(token.as_str())
            .transport(ReqwestTransport::new().unwrap())
            .build()
            .unwrap();
        client.api::<User>()
    };
    let mut large = User::new("large");
    large.title = Some("x".repeat(60_000));
    let large = users().create(&large).await.unwrap().resource.id.unwrap();

    let (host, path) = base_url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let address: SocketAddr = host.parse().unwrap();
    let head = |method: &str, rest: &str, more: &str| {
        format!(
            "{method} /{path}/Users{rest} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n{more}"
        )
    };
    let mut slow = JoinSet::new();
    let half_a_body =
        head("POST", "", "Content-Type: application/scim+json\r\nContent-Length: 100000\r\n\r\n{");
    for _ in 0..SLOW {
        slow.spawn(be_silent(address));
        slow.spawn(trickle(address, head("GET", "", "X-Slow: ")));
        slow.spawn(trickle(address, half_a_body.clone()));
        slow.spawn(read_nothing(address, head("GET", &format!("/{large}"), "\r\n")));
    }
    let mut created = 0;
    while !slow.is_empty() {
        users().create(&User::new(format!("user{created}"))).await.unwrap();
        created += 1;
        while let Some(gone) = slow.try_join_next() {
            gone.unwrap();
        }
    }
    assert!(created > 0);
    let there = users().list().count(0).first_page().await.unwrap().total_results;
    assert_eq!(there, Some(created + 1));
    drop(stop);
    server.join_all().await;
}
