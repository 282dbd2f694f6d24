//! Requests a second over loopback, the server in a process of its own, 16 connections, as a
//! Markdown table.
//!
//! ```text
//! cargo bench -p scim-benches --bench load
//! cargo bench -p scim-benches --bench load -- peers      with servers of others beside it
//! cargo bench -p scim-benches --bench load -- users=1000 seconds=1 rounds=3
//! ```
//!
//! All take turns for some seconds each, several times over: a ratio is the median of those of
//! each round, since a machine whose speed changes changes all of a round alike. `bare` is an axum
//! route that gives the same number of bytes without looking at the request. The processor time is
//! what the server's process took for each request.
#![expect(clippy::print_stdout, reason = "the table is the result")]
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a bench reports by panicking"
)]

use std::{
    io::{BufRead, BufReader, Write as _},
    net::{SocketAddr, TcpListener},
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use axum::{Router, routing};
use bytes::Bytes;
use scim_benches::{
    http_load::{self, Outcome},
    markdown, users,
};
use scim_core::{Resource, fold};
use scim_server::{
    Access, Context, ResourceStore, ScimService, SystemAccounts,
    store::{MemoryStore, NewResource, ResourceKey, SqliteStore, UniqueKey},
};
use serde_json::{Value, json};
use tokio::runtime::Builder;

const CONNECTIONS: u64 = 16;
const TOKEN: &str = "a-token-for-the-bench-of-the-whole";

/// The path of a script that starts a server of others; a bench runs in the folder of its package.
macro_rules! interop {
    ($name:literal) => {
        concat!(env!("CARGO_MANIFEST_DIR"), "/../interop/", $name)
    };
}

/// What a run is made of, by words such as `users=1000`.
struct Settings {
    users: u64,
    seconds: f64,
    rounds: usize,
    peers: bool,
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let Some(position) = words.iter().position(|word| word == "serve") {
        let users = words[position + 2].parse().unwrap();
        return serve(&words[position + 1], users);
    }
    let number = |name: &str, usual: f64| {
        let value = words.iter().find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
        value.map_or(usual, |text| text.parse().unwrap())
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small numbers")]
    let settings = Settings {
        users: number("users", 100_000.0) as u64,
        seconds: number("seconds", 3.0),
        rounds: number("rounds", 5.0) as usize,
        peers: words.iter().any(|word| word == "peers"),
    };
    measure(&settings);
}

/// A server in a process of its own, which ends with it.
struct Server {
    child: Child,
    address: SocketAddr,
    /// What precedes the endpoint in a path.
    path: String,
    token: String,
}

impl Server {
    /// Starts this program once more, to serve.
    fn start(kind: &str, users: u64) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["serve", kind, &users.to_string()]);
        Self::spawn(command)
    }

    /// Starts a script that prints `BASE_URL=…` and `TOKEN=…` and stays in the foreground.
    fn script(path: &str) -> Self {
        Self::spawn(Command::new(path))
    }

    fn spawn(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut value = |name: &str| {
            lines.find_map(|line| line.unwrap().strip_prefix(name).map(str::to_owned)).unwrap()
        };
        let (base_url, token) = (value("BASE_URL="), value("TOKEN="));
        let (authority, path) = base_url.strip_prefix("http://").unwrap().split_once('/').unwrap();
        let address = authority.parse().unwrap();
        Self { child, address, path: format!("/{path}"), token }
    }

    fn request(&self, method: &str, path: &str, body: &str) -> Vec<u8> {
        let Self { address, token, path: base, .. } = self;
        let body_head = if body.is_empty() {
            String::new()
        } else {
            format!("content-type: application/scim+json\r\ncontent-length: {}\r\n", body.len())
        };
        format!(
            "{method} {base}{path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\n\
             {body_head}\r\n{body}"
        )
        .into_bytes()
    }

    /// Microseconds of processor time so far, where the system tells them.
    fn processor_time(&self) -> Option<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).ok()?;
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let ticks: f64 = fields.get(11..13)?.iter().filter_map(|f| f.parse::<f64>().ok()).sum();
        // Linux counts in hundredths of a second.
        Some(ticks * 10_000.0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A kind of request to a server, with what came of it in each round.
struct Load<'s> {
    name: &'static str,
    server: &'s Server,
    status: u16,
    request: Arc<dyn Fn(u64) -> Vec<u8> + 's>,
    outcomes: Vec<Outcome>,
    processor: Vec<f64>,
}

impl<'s> Load<'s> {
    fn new(
        name: &'static str,
        server: &'s Server,
        status: u16,
        request: impl Fn(u64) -> Vec<u8> + 's,
    ) -> Self {
        let request = Arc::new(request);
        Self { name, server, status, request, outcomes: Vec::new(), processor: Vec::new() }
    }

    fn run(&mut self, duration: Duration) {
        let before = self.server.processor_time();
        // The requests of a round differ from those of others.
        let first = u64::try_from(self.outcomes.len()).unwrap() << 32;
        let requests: Vec<Vec<u8>> = (0..PREPARED).map(|n| (self.request)(first + n)).collect();
        let requests = Arc::new(requests);
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let outcome = runtime
            .block_on(http_load::send(
                self.server.address,
                CONNECTIONS,
                duration,
                self.status,
                move |number| {
                    let place = usize::try_from(number).unwrap() % requests.len();
                    requests[place].clone()
                },
            ))
            .unwrap_or_else(|error| panic!("{}: {error}", self.name));
        if let (Some(before), Some(after)) = (before, self.server.processor_time()) {
            let requests = f64::from(u32::try_from(outcome.len()).unwrap());
            self.processor.push((after - before) / requests);
        }
        self.outcomes.push(outcome);
    }

    fn rates(&self) -> Vec<f64> {
        self.outcomes.iter().map(Outcome::rate).collect()
    }

    fn percentile(&self, percent: usize) -> f64 {
        median(self.outcomes.iter().map(|outcome| outcome.percentile(percent)))
    }
}

/// How many requests of a round are made ready before it: more than are sent of those that must
/// not be sent twice.
const PREPARED: u64 = 200_000;

fn measure(settings: &Settings) {
    let users = settings.users;
    let servers = [("bare"), ("memory"), ("sqlite")].map(|kind| Server::start(kind, users));
    let [bare, memory, sqlite] = &servers;
    let peers: Vec<(Server, String)> = if settings.peers {
        [interop!("start-scim2-server"), interop!("start-scimmy")].map(peer).into()
    } else {
        Vec::new()
    };
    let mut loads = vec![Load::new("bare axum", bare, 200, |_| bare.request("GET", "/x", ""))];
    for (server, names) in [
        (memory, ["memory: GET by id", "memory: `userName eq`", "memory: POST"]),
        (sqlite, ["SQLite: GET by id", "SQLite: `userName eq`", "SQLite: POST"]),
    ] {
        loads.push(Load::new(names[0], server, 200, move |n| {
            server.request("GET", &format!("/Users/{}", users::id(scattered(n, users))), "")
        }));
        loads.push(Load::new(names[1], server, 200, move |n| {
            let number = scattered(n, users);
            let filter = format!("userName%20eq%20%22user{number:05}%40example.com%22");
            server.request("GET", &format!("/Users?filter={filter}"), "")
        }));
        loads.push(Load::new(names[2], server, 201, move |n| {
            server.request("POST", "/Users", &new_user(n).to_string())
        }));
    }
    for ((server, id), name) in
        peers.iter().zip(["python scim2-server: GET by id", "scimmy-routers: GET by id"])
    {
        loads.push(Load::new(name, server, 200, move |_| {
            server.request("GET", &format!("/Users/{id}"), "")
        }));
    }
    let duration = Duration::from_secs_f64(settings.seconds);
    for _ in 0..settings.rounds {
        for load in &mut loads {
            load.run(duration);
        }
    }
    print(&loads);
}

fn print(loads: &[Load<'_>]) {
    let columns = ["", "requests/s", "of bare", "p50 µs", "p99 µs", "processor µs"];
    println!("{}", markdown::head(&columns));
    let bare = loads[0].rates();
    for load in loads {
        let rates = load.rates();
        let ratio = median(rates.iter().zip(&bare).map(|(rate, bare)| rate / bare));
        println!(
            "{}",
            markdown::row(&[
                load.name.to_owned(),
                format!("{:.0}", median(rates)),
                format!("{:.1} %", ratio * 100.0),
                format!("{:.0}", load.percentile(50)),
                format!("{:.0}", load.percentile(99)),
                format!("{:.1}", median(load.processor.iter().copied())),
            ])
        );
    }
}

/// A server of others with one user, and the `id` of that.
fn peer(script: &str) -> (Server, String) {
    let server = Server::script(script);
    let body = new_user(0).to_string();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let id = runtime.block_on(async {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let mut stream = tokio::net::TcpStream::connect(server.address).await.unwrap();
        stream.write_all(&server.request("POST", "/Users", &body)).await.unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"}") {
            assert_ne!(stream.read_buf(&mut answer).await.unwrap(), 0, "the answer is cut");
        }
        let text = String::from_utf8(answer).unwrap();
        let body: Value = serde_json::from_str(text.split_once("\r\n\r\n").unwrap().1).unwrap();
        body["id"].as_str().unwrap().to_owned()
    });
    (server, id)
}

/// A user that no other run has made.
fn new_user(number: u64) -> Value {
    let mut user = users::user(7);
    let members = user.as_object_mut().unwrap();
    for name in ["id", "meta"] {
        members.remove(name);
    }
    let name = format!("new{number:x}@example.com");
    members.insert("userName".to_owned(), json!(name));
    members.insert("externalId".to_owned(), json!(format!("new{number:x}")));
    user
}

/// Numbers below a limit, each far from the one before.
fn scattered(number: u64, limit: u64) -> usize {
    usize::try_from(number.wrapping_mul(7_919) % limit).unwrap()
}

fn median(samples: impl IntoIterator<Item = f64>) -> f64 {
    let mut samples: Vec<f64> = samples.into_iter().collect();
    samples.sort_unstable_by(f64::total_cmp);
    samples.get(samples.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Serves until it is killed.
fn serve(kind: &str, users: u64) {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let root = format!("http://{}/scim", listener.local_addr().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let router = match kind {
        "bare" => {
            let body = Bytes::from(users::user(7).to_string());
            Router::new().route("/scim/x", routing::get(move || async move { body.clone() }))
        }
        "memory" => of_store(&runtime, &root, Arc::new(MemoryStore::new()), users),
        _ => {
            let store = SqliteStore::open(folder.path().join("load.db")).unwrap();
            of_store(&runtime, &root, Arc::new(store), users)
        }
    };
    println!("BASE_URL={root}\nTOKEN={TOKEN}");
    std::io::stdout().flush().unwrap();
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        axum::serve(listener, router).await.unwrap();
    });
}

fn of_store(
    runtime: &tokio::runtime::Runtime,
    root: &str,
    store: Arc<dyn ResourceStore>,
    users: u64,
) -> Router {
    let cx = Context::new("bench".parse().unwrap());
    runtime.block_on(async {
        let mut tasks = tokio::task::JoinSet::new();
        for task in 0..64_u64 {
            let numbers = (task..users).step_by(64);
            tasks.spawn(create(Arc::clone(&store), cx.clone(), numbers));
        }
        tasks.join_all().await;
    });
    let accounts = SystemAccounts::new();
    accounts.add_token("bench", Access::to_all_tenants(), &TOKEN.parse().unwrap(), None).unwrap();
    let service = ScimService::builder(root, store, accounts).with_tenant(cx.tenant).build();
    scim_server::axum::router(service.unwrap())
}

async fn create(
    store: Arc<dyn ResourceStore>,
    cx: Context,
    numbers: impl Iterator<Item = u64> + Send,
) {
    for number in numbers {
        store.create(&cx, stored_user(number)).await.unwrap();
    }
}

fn stored_user(number: u64) -> NewResource {
    let user = users::user(usize::try_from(number).unwrap());
    let mut user = user.as_object().unwrap().clone();
    let meta = user["meta"].as_object_mut().unwrap();
    meta.remove("location");
    meta.remove("version");
    let key = ResourceKey::new("User", user["id"].as_str().unwrap().parse().unwrap());
    let name = fold(user["userName"].as_str().unwrap()).into_owned();
    NewResource::new(key, Resource::from_canonical(user))
        .with_unique(vec![UniqueKey::new("userName", name)])
}
