//! Somebody on loopback who is told something once.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

/// Waits for one connection, and gives what came over it.
pub(super) struct Listener {
    pub(super) port: u16,
    told: Receiver<String>,
}

impl Listener {
    /// A mail server without TLS.
    #[cfg(feature = "smtp")]
    pub(super) fn of_mail() -> Self {
        Self::with(mail)
    }

    /// A service that takes what it is posted.
    pub(super) fn of_http() -> Self {
        Self::with(post)
    }

    /// A port where nobody listens.
    pub(super) fn nobody() -> u16 {
        TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
    }

    /// All that it was told.
    pub(super) fn told(self) -> String {
        self.told.recv_timeout(Duration::from_mins(1)).unwrap()
    }

    fn with(serve: fn(BufReader<TcpStream>) -> String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (sender, told) = channel();
        thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            drop(listener);
            let _ = sender.send(serve(BufReader::new(stream)));
        });
        Self { port, told }
    }
}

fn post(mut stream: BufReader<TcpStream>) -> String {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert!(stream.read_line(&mut head).unwrap() > 0, "{head}");
    }
    let head = head.to_lowercase();
    let (_, length) = head.split_once("content-length: ").unwrap();
    let mut body = vec![0; length.lines().next().unwrap().parse().unwrap()];
    stream.read_exact(&mut body).unwrap();
    stream.get_mut().write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n").unwrap();
    head + &String::from_utf8(body).unwrap()
}

#[cfg(feature = "smtp")]
fn mail(mut stream: BufReader<TcpStream>) -> String {
    let mut told = String::new();
    let mut answer = "220 mail";
    loop {
        stream.get_mut().write_all(format!("{answer}\r\n").as_bytes()).unwrap();
        let is_message = answer.starts_with("354");
        let start = told.len();
        while stream.read_line(&mut told).unwrap() > 0 && is_message && !told.ends_with("\r\n.\r\n")
        {
        }
        answer = match told.get(start..).unwrap().split([' ', '\r']).next().unwrap() {
            "QUIT" | "" => return told,
            "EHLO" => "250-mail\r\n250 AUTH PLAIN",
            "AUTH" => "235 welcome",
            "DATA" => "354 go on",
            _ => "250 ok",
        };
    }
}
