//! Requests over many connections at once, each as soon as the one before it is answered.

use std::{
    io,
    net::SocketAddr,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

/// What came of a while of requests.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// How long each request took.
    latencies: Vec<Duration>,
    elapsed: Duration,
}

impl Outcome {
    /// Requests answered in a second.
    pub fn rate(&self) -> f64 {
        f64::from(u32::try_from(self.latencies.len()).unwrap_or(u32::MAX))
            / self.elapsed.as_secs_f64()
    }

    /// How many requests were answered.
    pub fn len(&self) -> usize {
        self.latencies.len()
    }

    /// Whether no request was answered.
    pub fn is_empty(&self) -> bool {
        self.latencies.is_empty()
    }

    /// The time that so many of a hundred requests took at most, in microseconds.
    pub fn percentile(&self, percent: usize) -> f64 {
        let mut latencies = self.latencies.clone();
        latencies.sort_unstable();
        let place = latencies.len().saturating_sub(1) * percent / 100;
        latencies.get(place).map_or(f64::NAN, |latency| latency.as_secs_f64() * 1e6)
    }
}

/// Sends requests to a server for a while, over so many connections.
///
/// `request` gives the bytes of each request, by its number; numbers are given once.
///
/// # Errors
/// If a connection breaks, or an answer has another status than `status`.
pub async fn send(
    address: SocketAddr,
    connections: u64,
    duration: Duration,
    status: u16,
    request: impl Fn(u64) -> Vec<u8> + Clone + Send + 'static,
) -> io::Result<Outcome> {
    let began = Instant::now();
    let mut running = JoinSet::new();
    for first in 0..connections {
        let numbers = (first..).step_by(usize::try_from(connections).unwrap_or(1));
        let requests = numbers.map(request.clone());
        running.spawn(async move {
            let connection = Connection::open(address).await?;
            connection.keep_sending(requests, began + duration, status).await
        });
    }
    let mut outcome = Outcome::default();
    while let Some(latencies) = running.join_next().await {
        outcome.latencies.extend(latencies.map_err(io::Error::other)??);
    }
    outcome.elapsed = began.elapsed();
    Ok(outcome)
}

/// One connection, kept alive, or opened anew where the server closes it.
struct Connection {
    address: SocketAddr,
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = connect(address).await?;
        Ok(Self { address, stream, buffer: Vec::with_capacity(16 * 1024) })
    }

    /// Sends one request after the other, and tells how long each took.
    async fn keep_sending(
        mut self,
        requests: impl Iterator<Item = Vec<u8>>,
        end: Instant,
        status: u16,
    ) -> io::Result<Vec<Duration>> {
        let mut latencies = Vec::new();
        for request in requests {
            let sent = Instant::now();
            let answered = self.exchange(&request).await?;
            latencies.push(sent.elapsed());
            if answered != status {
                return Err(io::Error::other(format!("status {answered}")));
            }
            if Instant::now() >= end {
                break;
            }
        }
        Ok(latencies)
    }

    /// Sends a request, and reads its answer to the end; gives the status.
    async fn exchange(&mut self, request: &[u8]) -> io::Result<u16> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let Some(head) = Head::read(&self.buffer) else { continue };
            if self.buffer.len() < head.length {
                continue;
            }
            if head.closes {
                self.stream = connect(self.address).await?;
            }
            return Ok(head.status);
        }
    }
}

async fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// What the head of an answer says.
#[derive(Debug, Eq, PartialEq)]
struct Head {
    status: u16,
    /// How long the answer is with its body.
    length: usize,
    /// Whether the server closes the connection behind it.
    closes: bool,
}

impl Head {
    /// Reads the head once it is there.
    fn read(answer: &[u8]) -> Option<Self> {
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
        let text = std::str::from_utf8(answer.get(..end)?).ok()?;
        let status = text.split(' ').nth(1)?.parse().ok()?;
        let field = |wanted: &str| {
            let fields = text.lines().filter_map(|line| line.split_once(':'));
            let mut values = fields.filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
            values.next().map(|(_, value)| value.trim())
        };
        let body = field("content-length").and_then(|length| length.parse::<usize>().ok());
        let closes = match field("connection") {
            Some(value) => value.eq_ignore_ascii_case("close"),
            None => text.starts_with("HTTP/1.0"),
        };
        Some(Self { status, length: end + body.unwrap_or(0), closes })
    }
}

#[cfg(test)]
mod tests {
    use super::Head;

    #[test]
    fn an_answer_is_as_long_as_its_head_says() {
        let answer = b"HTTP/1.1 201 Created\r\ncontent-length: 5\r\n\r\n12345";
        let length = answer.len();
        assert_eq!(Head::read(answer), Some(Head { status: 201, length, closes: false }));
        let empty = b"HTTP/1.0 204 No Content\r\nConnection: close\r\n\r\n";
        let length = empty.len();
        assert_eq!(Head::read(empty), Some(Head { status: 204, length, closes: true }));
        assert_eq!(Head::read(b"HTTP/1.1 200 OK\r\ncontent-le"), None);
    }
}
