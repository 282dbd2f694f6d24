//! What the client costs beside what it stands on, as Markdown tables.
//!
//! The first table is of calls that are answered in this process, at once: what is left is the
//! client. `serde_json` writes the same message and reads the same answer. The second is of a GET
//! over loopback, beside bare `reqwest` with the same settings and headers. In both, the samples
//! are taken in turn: a figure is the median of its samples, a ratio the median of the ratios of
//! each turn. The third is of long lists that are read to the end: the most heap that was held at
//! once. The users of a page are made while it is asked for, and what that takes is left out, but
//! the bytes of the page count. Where heap is counted, time is a little longer than it would be.
#![expect(clippy::print_stdout, reason = "the tables are the result")]
#![allow(clippy::panic, clippy::unwrap_used, reason = "a bench reports by panicking")]

use std::{
    future::ready,
    hint::black_box,
    net::{SocketAddr, TcpListener},
    pin::pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    task::{Context, Poll, Waker},
    thread,
    time::{Duration, Instant},
};

use allocation_counter::AllocationInfo;
use axum::{Router, routing, serve::ListenerExt as _};
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use scim_benches::{lanes::Lane, markdown, users};
use scim_client::{
    Api, Client, ClientBuilder, PatchOp, Resource, ResourceId, Transport, User,
    transport::{InProcessTransport, Rate, RateLimit, ReqwestTransport, RetryPolicy, TokioTimer},
};
use serde::{Deserialize, de::DeserializeOwned};
use tokio::runtime::Builder;

const BASE_URL: &str = "https://scim.example.com/v2";
const PAGE: usize = 100;

/// How often each call has its turn, in process and over loopback.
const TURNS: [usize; 2] = [301, 4_001];

fn main() {
    in_process();
    println!();
    over_loopback();
    println!();
    lists();
}

/// What is told of each call in process.
const COLUMNS: [&str; 8] = [
    "in process",
    "requests",
    "ns",
    "`serde_json` ns",
    "ns more",
    "times",
    "allocations",
    "of `serde_json`",
];

/// A call of the client, and the same done without it.
struct Call<'w> {
    name: &'static str,
    client: Box<dyn Fn() + 'w>,
    bare: Box<dyn Fn() + 'w>,
}

impl<'w> Call<'w> {
    fn new<C, B>(
        name: &'static str,
        client: impl Fn() -> C + 'w,
        bare: impl Fn() -> B + 'w,
    ) -> Self {
        let client = move || drop(black_box(client()));
        let bare = move || drop(black_box(bare()));
        Self { name, client: Box::new(client), bare: Box::new(bare) }
    }

    fn compare(&self, requests: &AtomicU32) -> [String; COLUMNS.len()] {
        // The first call sets up what is kept.
        (self.client)();
        let before = requests.load(Ordering::Relaxed);
        let allocated = allocation_counter::measure(&self.client);
        let sent = requests.load(Ordering::Relaxed) - before;
        assert_eq!(sent, 1, "{}", self.name);
        let by_hand = allocation_counter::measure(&self.bare);
        let mut lanes = [Lane::new(&self.client), Lane::new(&self.bare)];
        Lane::race(TURNS[0], &mut lanes);
        let [client, bare] = &lanes;
        // A DELETE has nothing to read or write.
        let is_empty = bare.median() < 10.0;
        let ratio = if is_empty { String::new() } else { format!("{:.1}", client.ratio_to(bare)) };
        [
            self.name.to_owned(),
            sent.to_string(),
            format!("{:.0}", client.median()),
            format!("{:.0}", bare.median()),
            format!("{:.0}", client.median() - bare.median()),
            ratio,
            allocations(allocated),
            allocations(by_hand),
        ]
    }
}

/// A page as one would read it by hand.
#[derive(Deserialize)]
struct Page {
    #[serde(rename = "Resources")]
    resources: Vec<User>,
}

fn in_process() {
    let json = users::user(7).to_string();
    let page = Directory::new(PAGE).page(1, PAGE);
    let requests = Arc::new(AtomicU32::new(0));
    let service = answering(Bytes::from(json.clone()), page.clone(), Arc::clone(&requests));
    let client = Client::builder(BASE_URL).transport(Arc::clone(&service)).build().unwrap();
    let equipped = equipped(Client::builder(BASE_URL), service);

    let user: User = serde_json::from_str(&json).unwrap();
    let id: ResourceId = users::id(7).parse().unwrap();
    let (users, equipped) = (client.api::<User>(), equipped.api::<User>());
    let dynamic = client.dynamic("/Users").unwrap();
    let read = || serde_json::from_str::<User>(&json).unwrap();
    let exchange = || (serde_json::to_vec(&user).unwrap(), read());
    let patch = || {
        let patch = PatchOp::new().replace("active", false).unwrap();
        (serde_json::to_vec(&patch).unwrap(), read())
    };
    let calls = [
        Call::new("GET", || at_once(users.get(&id)).unwrap(), read),
        Call::new("GET, with all settings", || at_once(equipped.get(&id)).unwrap(), read),
        Call::new(
            "GET, dynamic",
            || at_once(dynamic.get(&id)).unwrap(),
            || serde_json::from_str::<Resource>(&json).unwrap(),
        ),
        Call::new("POST", || at_once(users.create(&user)).unwrap(), exchange),
        Call::new("PUT", || at_once(users.replace(&id, &user)).unwrap(), exchange),
        Call::new(
            "PATCH",
            || at_once(users.patch(&id).replace("active", false).unwrap()).unwrap(),
            patch,
        ),
        Call::new("DELETE", || at_once(users.delete(&id)).unwrap(), || ()),
        Call::new(
            "GET of a page of 100",
            || at_once(users.list().count(100).first_page()).unwrap(),
            || serde_json::from_slice::<Page>(&page).unwrap(),
        ),
    ];
    compare(&calls, &requests);
}

/// A service that answers each request at once, and counts it.
fn answering(user: Bytes, page: Bytes, requests: Arc<AtomicU32>) -> Arc<impl Transport> {
    Arc::new(InProcessTransport::new(move |request: Request<Bytes>| {
        requests.fetch_add(1, Ordering::Relaxed);
        let is_list = request.method() == Method::GET && request.uri().path().ends_with("/Users");
        let (status, body) = match *request.method() {
            Method::DELETE => (StatusCode::NO_CONTENT, Bytes::new()),
            Method::POST => (StatusCode::CREATED, user.clone()),
            _ if is_list => (StatusCode::OK, page.clone()),
            _ => (StatusCode::OK, user.clone()),
        };
        let mut response = Response::new(body);
        *response.status_mut() = status;
        ready(response)
    }))
}

/// A client with all that stands before the transport, which never has to wait.
fn equipped(builder: ClientBuilder, transport: impl Transport) -> Client {
    let rate = Rate::new(1_000, Duration::from_secs(1)).with_burst(u32::MAX);
    let client = builder
        .transport(transport)
        .timer(TokioTimer::new())
        .retry(RetryPolicy::new())
        .bearer_token("a-token-for-the-bench-of-the-client")
        .rate_limit(RateLimit::of_all(rate).with_writes(rate))
        .max_concurrency(8)
        .build();
    client.unwrap()
}

fn compare(calls: &[Call<'_>], requests: &AtomicU32) {
    println!("{}", markdown::head(&COLUMNS));
    for call in calls {
        println!("{}", markdown::row(&call.compare(requests)));
    }
}

fn allocations(counted: AllocationInfo) -> String {
    format!("{} / {} B", counted.count_total, counted.bytes_total)
}

/// What a future gives that waits for nothing.
fn at_once<F: IntoFuture>(future: F) -> F::Output {
    let future = pin!(future.into_future());
    match future.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits"),
    }
}

fn over_loopback() {
    let connections = Arc::new(AtomicU32::new(0));
    let base_url = format!("http://{}/v2", serve(Arc::clone(&connections)));
    let url = format!("{base_url}/Users/{}", users::id(7));
    let id: ResourceId = users::id(7).parse().unwrap();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();

    let [reading, unread] = [(); 2].map(|()| bare());
    let get = async |client: &reqwest::Client| {
        let request = client.get(&url).header(header::ACCEPT, ACCEPT);
        request.send().await.unwrap().error_for_status().unwrap().bytes().await.unwrap()
    };
    let transport = || ReqwestTransport::new().unwrap();
    let client = Client::builder(&base_url).transport(transport()).build().unwrap();
    let (client, equipped) =
        (client.api::<User>(), equipped(Client::builder(&base_url), transport()).api::<User>());
    let mut lanes = [
        Lane::of_one(|| {
            let body = runtime.block_on(get(&reading));
            serde_json::from_slice::<User>(&body).unwrap()
        }),
        Lane::of_one(|| runtime.block_on(get(&unread))),
        Lane::of_one(|| runtime.block_on(client.get(&id).into_future()).unwrap()),
        Lane::of_one(|| runtime.block_on(equipped.get(&id).into_future()).unwrap()),
    ];
    Lane::race(TURNS[1], &mut lanes);
    let names = [
        "`reqwest` and `serde_json`",
        "`reqwest`, nothing read",
        "the client",
        "the client, with all settings",
    ];
    println!("{}", markdown::head(&["GET over loopback", "p50 µs", "µs more", "times"]));
    let [bare, ..] = &lanes;
    for (name, lane) in names.iter().zip(&lanes) {
        let cells = [
            (*name).to_owned(),
            format!("{:.1}", lane.median() / 1e3),
            format!("{:.1}", (lane.median() - bare.median()) / 1e3),
            format!("{:.3}", lane.ratio_to(bare)),
        ];
        println!("{}", markdown::row(&cells));
    }
    println!("\nconnections: {}", connections.load(Ordering::Relaxed));
}

const ACCEPT: &str = "application/scim+json, application/json;q=0.9";

/// `reqwest` with the settings of [`ReqwestTransport`].
fn bare() -> reqwest::Client {
    let client = reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(10))
        .timeout(Duration::from_mins(1))
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .user_agent("scim-client/0.1.0");
    client.build().unwrap()
}

/// Answers with one user, in a thread of its own, for as long as the process lasts.
fn serve(connections: Arc<AtomicU32>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    let body = Bytes::from(users::user(7).to_string());
    let answer = ([(header::CONTENT_TYPE, "application/scim+json")], body);
    let route = routing::get(move || ready(answer.clone()));
    let router = Router::new().route("/v2/Users/{id}", route);
    thread::spawn(move || {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            let listener = listener.tap_io(move |stream| {
                connections.fetch_add(1, Ordering::Relaxed);
                stream.set_nodelay(true).unwrap();
            });
            axum::serve(listener, router).await.unwrap();
        });
    });
    address
}

/// A list of users that are made while they are asked for.
struct Directory {
    users: usize,
    /// The page that was asked for last.
    text: Mutex<String>,
    /// The time that all pages took to be made.
    making: Mutex<Duration>,
    requests: AtomicU32,
}

impl Directory {
    fn new(users: usize) -> Self {
        Self {
            users,
            text: Mutex::default(),
            making: Mutex::default(),
            requests: AtomicU32::new(0),
        }
    }

    fn answer(&self, request: &Request<Bytes>) -> Response<Bytes> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let parameter = |name: &str| {
            let mut parameters = request.uri().query()?.split('&');
            parameters.find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?.parse().ok()
        };
        let start = parameter("startIndex").unwrap_or(1);
        Response::new(self.page(start, parameter("count").unwrap()))
    }

    /// A page; of the heap that is needed to make it, only its bytes are counted.
    fn page(&self, start: usize, count: usize) -> Bytes {
        let began = Instant::now();
        let mut text = self.text.lock().unwrap();
        allocation_counter::opt_out(|| *text = users::page(self.users, start, count));
        let page = Bytes::copy_from_slice(text.as_bytes());
        *self.making.lock().unwrap() += began.elapsed();
        page
    }
}

fn lists() {
    let columns =
        ["list", "users", "peak KB", "bytes a user", "ms", "of it making pages", "requests"];
    println!("{}", markdown::head(&columns));
    let page = Directory::new(PAGE).page(1, PAGE);
    let counted = allocation_counter::measure(|| {
        let read: Page = serde_json::from_slice(&page).unwrap();
        assert_eq!(read.resources.len(), PAGE);
    });
    let none = ["", "", ""].map(str::to_owned);
    print_list("one page, by `serde_json`", PAGE, counted, none);
    let typed = |client: &Client| taken(&client.api::<User>());
    let dynamic = |client: &Client| taken(&client.dynamic("/Users").unwrap());
    for users in [1_000, 10_000, 100_000] {
        measure("`pages`", users, typed);
    }
    for users in [1_000, 10_000, 100_000] {
        measure("`pages`, dynamic", users, dynamic);
    }
    measure("`all`", 10_000, |client| gathered(&client.api::<User>()));
    measure("`all`, dynamic", 10_000, |client| gathered(&client.dynamic("/Users").unwrap()));
}

/// Reads the list to the end, and keeps nothing; gives how many there are.
fn taken<R: DeserializeOwned + Send + 'static>(api: &Api<R>) -> usize {
    let mut pages = api.list().count(100).pages();
    let mut taken = 0;
    while let Some(resource) = at_once(pages.next()) {
        black_box(resource.unwrap());
        taken += 1;
    }
    assert!(pages.consistency().is_certain());
    taken
}

/// Reads the list to the end, and keeps all; gives how many there are.
fn gathered<R: DeserializeOwned + Send + 'static>(api: &Api<R>) -> usize {
    black_box(at_once(api.list().count(100).all()).unwrap()).len()
}

fn measure(name: &str, users: usize, read: impl FnOnce(&Client) -> usize) {
    let directory = Arc::new(Directory::new(users));
    let answering = Arc::clone(&directory);
    let service =
        InProcessTransport::new(move |request: Request<Bytes>| ready(answering.answer(&request)));
    let client = Client::builder(BASE_URL).transport(service).build().unwrap();
    let began = Instant::now();
    let mut count = 0;
    let counted = allocation_counter::measure(|| count = read(&client));
    let elapsed = began.elapsed();
    assert_eq!(count, users);
    let requests = directory.requests.load(Ordering::Relaxed);
    assert_eq!(usize::try_from(requests).unwrap(), users / PAGE);
    let milliseconds = |time: Duration| format!("{:.0}", time.as_secs_f64() * 1e3);
    let making = milliseconds(*directory.making.lock().unwrap());
    print_list(name, users, counted, [milliseconds(elapsed), making, requests.to_string()]);
}

fn print_list(name: &str, users: usize, counted: AllocationInfo, times: [String; 3]) {
    let peak = counted.bytes_max;
    let each = peak / u64::try_from(users).unwrap();
    let [elapsed, making, requests] = times;
    let cells = [
        name.to_owned(),
        users.to_string(),
        format!("{}", peak / 1_000),
        each.to_string(),
        elapsed,
        making,
        requests,
    ];
    println!("{}", markdown::row(&cells));
}
