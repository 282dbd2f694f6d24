use std::{
    net::SocketAddr,
    sync::{
        Arc,
        mpsc::{Sender, channel},
    },
    thread,
    time::{Duration, Instant},
};

use scim_benches::{
    http_load::{self, Outcome},
    markdown,
};
use scim_examples::roster::{Roster, RosterSettings, StoreChoice};
use serde_json::json;
use tokio::{
    io::AsyncWriteExt as _, net::TcpStream, runtime::Builder, sync::oneshot, time::interval,
};

use crate::TOKEN;

/// What others do beside those who read.
type Others<'o> = Box<dyn FnOnce(&Listening) + Send + 'o>;

const SECONDS: Duration = Duration::from_secs(4);

/// The roster in a thread of its own.
struct Listening {
    address: SocketAddr,
    path: String,
    user: String,
    _stop: oneshot::Sender<()>,
}

impl Listening {
    fn start() -> Self {
        let (tell, told) = channel();
        let (stop, stopped) = oneshot::channel::<()>();
        thread::spawn(move || {
            let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build();
            runtime.unwrap().block_on(serve(&tell, stopped));
        });
        let base_url: String = told.recv().unwrap();
        let (host, path) = base_url.strip_prefix("http://").unwrap().split_once('/').unwrap();
        let mut listening = Self {
            address: host.parse().unwrap(),
            path: format!("/{path}"),
            user: String::new(),
            _stop: stop,
        };
        listening.user = listening.first_user();
        listening
    }

    fn request(&self, method: &str, path: &str, length: usize, body: &str) -> Vec<u8> {
        let base = &self.path;
        format!(
            "{method} {base}{path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {TOKEN}\r\n\
             content-type: application/scim+json\r\ncontent-length: {length}\r\n\r\n{body}"
        )
        .into_bytes()
    }

    fn first_user(&self) -> String {
        let body = json!({ "userName": "babs" }).to_string();
        let request = self.request("POST", "/Users", body.len(), &body);
        let outcome = self.send(1, Duration::ZERO, 201, request);
        assert_eq!(outcome.len(), 1);
        // Everybody is one.
        "/Users?count=1".to_owned()
    }

    fn send(&self, connections: u64, duration: Duration, status: u16, request: Vec<u8>) -> Outcome {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let request = Arc::new(request);
        let send =
            http_load::send(self.address, connections, duration, status, move |_| request.to_vec());
        runtime.block_on(send).unwrap()
    }

    /// What those who read notice while others do something for all that time.
    fn read_beside(&self, others: impl FnOnce(&Self) + Send) -> Outcome {
        thread::scope(|scope| {
            scope.spawn(|| others(self));
            // They have begun.
            self.send(1, Duration::from_millis(500), 200, self.request("GET", &self.user, 0, ""));
            self.send(8, SECONDS, 200, self.request("GET", &self.user, 0, ""))
        })
    }

    /// Opens connections that send some bytes, and then one now and then.
    fn be_slow(&self, connections: usize, bytes: &[u8]) {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(be_slow(self.address, connections, bytes));
    }
}

/// Serves until somebody says that it is enough.
async fn serve(tell: &Sender<String>, stopped: oneshot::Receiver<()>) {
    let (address, realm) = ("127.0.0.1:0".parse().unwrap(), "clinic".parse().unwrap());
    let mut settings = RosterSettings::new(address, StoreChoice::Memory, realm);
    settings.token = Some(TOKEN.parse().unwrap());
    let roster = Roster::open(settings).await.unwrap();
    tell.send(roster.base_url().to_owned()).unwrap();
    roster.serve(async { drop(stopped.await) }).await;
}

async fn be_slow(address: SocketAddr, connections: usize, bytes: &[u8]) {
    let mut streams = Vec::new();
    for _ in 0..connections {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        streams.push(stream);
    }
    let mut ticks = interval(Duration::from_millis(250));
    let began = Instant::now();
    while began.elapsed() < SECONDS {
        ticks.tick().await;
        for stream in &streams {
            // The roster may have closed it.
            let _ = stream.try_write(b"x");
        }
    }
}

fn resident_kilobytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(f64::NAN)
}

pub(crate) fn measure() {
    let listening = Listening::start();
    let columns = ["beside", "GETs/s", "p50 µs", "p99 µs", "resident MB"];
    println!("{}", markdown::head(&columns));
    let half_a_body = listening.request("POST", "/Users", 100_000, "{");
    let deep = "[".repeat(1_000_000);
    let deep = listening.request("POST", "/Users", deep.len(), &deep);
    let too_large = listening.request("POST", "/Users", 10_000_000, "");
    let filter = json!({ "filter": vec!["title co \"x\""; 2048].join(" or ") }).to_string();
    let filter = listening.request("POST", "/Users/.search", filter.len(), &filter);
    let rows: [(&str, Others<'_>); 6] = [
        ("nobody", Box::new(|_| {})),
        ("900 who begin a head", Box::new(|l| l.be_slow(900, b"GET /scim HTTP/1.1\r\nx-slow: "))),
        ("900 who begin a body", Box::new(|l| l.be_slow(900, &half_a_body))),
        ("2 with 1 MB of `[`, again and again", Box::new(|l| drop(l.send(2, SECONDS, 400, deep)))),
        ("2 with the largest filter", Box::new(|l| drop(l.send(2, SECONDS, 200, filter)))),
        ("100 who announce 10 MB", Box::new(|l| l.be_slow(100, &too_large))),
    ];
    for (name, others) in rows {
        let outcome = listening.read_beside(others);
        println!(
            "{}",
            markdown::row(&[
                name.to_owned(),
                format!("{:.0}", outcome.rate()),
                format!("{:.0}", outcome.percentile(50)),
                format!("{:.0}", outcome.percentile(99)),
                format!("{:.0}", resident_kilobytes() / 1024.0),
            ])
        );
    }
}
