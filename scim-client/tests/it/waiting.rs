//! Rates, and how many requests there are at the same time.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response};
use scim_client::{
    Client, ClientBuilder, User,
    target::Profile,
    transport::{FunctionTransport, Rate, RateLimit, TokioTimer},
};
use tokio::{task::JoinSet, time::Instant};

/// A service provider that takes 100 ms, and knows how many wait for it at most.
#[derive(Clone, Default)]
struct Slow {
    now: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
}

impl Slow {
    fn builder(&self) -> ClientBuilder {
        let slow = self.clone();
        let transport = FunctionTransport::new(move |_: Request<Bytes>| {
            let slow = slow.clone();
            async move {
                let now = slow.now.fetch_add(1, Ordering::SeqCst) + 1;
                slow.most.fetch_max(now, Ordering::SeqCst);
                #[expect(
                    clippy::disallowed_methods,
                    reason = "the clock stands still but for this"
                )]
                tokio::time::sleep(Duration::from_millis(100)).await;
                slow.now.fetch_sub(1, Ordering::SeqCst);
                Ok(Response::new(Bytes::from_static(br#"{"id": "2819", "userName": "b"}"#)))
            }
        });
        let builder = Client::builder("https://scim.example.com").transport(transport);
        builder.timer(TokioTimer::new())
    }
}

/// How long so many reads and so many writes take, all begun at once.
async fn time(client: &Client, reads: usize, writes: usize) -> Duration {
    let began = Instant::now();
    let mut tasks = JoinSet::new();
    for number in 0..reads + writes {
        let users = client.api::<User>();
        tasks.spawn(async move {
            if number < reads {
                users.get(&"2819".parse().unwrap()).await.map(drop).unwrap();
            } else {
                users.create(&User::new("b")).await.map(drop).unwrap();
            }
        });
    }
    tasks.join_all().await;
    began.elapsed()
}

#[tokio::test(start_paused = true)]
async fn no_more_requests_at_once_than_allowed() {
    let slow = Slow::default();
    let client = slow.builder().max_concurrency(3).build().unwrap();
    assert_eq!(time(&client, 10, 2).await, Duration::from_millis(400));
    assert_eq!(slow.most.load(Ordering::SeqCst), 3);

    let slow = Slow::default();
    assert_eq!(time(&slow.builder().build().unwrap(), 12, 0).await, Duration::from_millis(100));
    assert_eq!(slow.most.load(Ordering::SeqCst), 12);
}

#[tokio::test(start_paused = true)]
async fn requests_keep_to_the_rate() {
    let rate = Rate::new(10, Duration::from_secs(1)).with_burst(5);
    let builder = Slow::default().builder().rate_limit(RateLimit::of_all(rate));
    // Five at once, and one each 100 ms after that, the last one taking 100 ms.
    assert_eq!(time(&builder.build().unwrap(), 15, 0).await, Duration::from_millis(1100));
}

#[tokio::test(start_paused = true)]
async fn writes_have_a_rate_of_their_own_and_profiles_bring_it() {
    // 600 a minute, 180 at once.
    let client = Slow::default().builder().profile(Profile::slack()).build().unwrap();
    assert_eq!(time(&client, 1000, 0).await, Duration::from_millis(100));
    assert_eq!(time(&client, 0, 280).await, Duration::from_millis(100 + 100 * 100));

    let builder = Slow::default().builder().profile(Profile::slack());
    let client = builder.rate_limit(RateLimit::default()).build().unwrap();
    assert_eq!(time(&client, 0, 280).await, Duration::from_millis(100));
}

#[tokio::test(start_paused = true)]
async fn a_turn_that_comes_after_the_deadline_is_an_error_at_once() {
    let rate = Rate::new(1, Duration::from_mins(1));
    let builder = Slow::default().builder().rate_limit(RateLimit::of_all(rate));
    let client = builder.build().unwrap().with_deadline(Duration::from_secs(5));
    let users = client.api::<User>();
    users.create(&User::new("b")).await.unwrap();
    let began = Instant::now();
    let error = users.create(&User::new("b")).await.unwrap_err();
    assert!(error.is_transient() && !error.is_in_doubt());
    assert!(began.elapsed().is_zero());
}
