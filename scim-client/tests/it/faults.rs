//! What the client does when something goes wrong between it and the service provider, row by row.

use std::time::Duration;

use http::Response;
use proptest::{collection, prelude::*, sample, test_runner::TestCaseError};
use scim_client::{
    Client, Error, ErrorKind, PatchOp, User,
    transport::{RetryPolicy, TokioTimer, TransportErrorKind},
};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::script::{Script, Step, answer, id, json, with_header};

/// What comes of a request whose first attempt meets a fault, and whose second one would not.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Outcome {
    /// It is sent again, and succeeds.
    Repeated,
    /// It succeeds, although the answer is odd.
    Taken,
    /// It is not sent again, and has surely done nothing.
    Failed(ErrorKind),
    /// It is not sent again, and may have done what it was to do.
    InDoubt(ErrorKind),
}

use Outcome::{Failed, InDoubt, Repeated, Taken};

/// Each kind of request is about user 2819.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Get,
    List,
    Create,
    Replace,
    /// A PATCH that may be done twice.
    Set,
    /// A PATCH that may not.
    Append,
    /// The same, of a version that is named.
    AppendGuarded,
    Delete,
    Bulk,
}

const DEEDS: [Deed; 9] = [
    Deed::Get,
    Deed::List,
    Deed::Create,
    Deed::Replace,
    Deed::Set,
    Deed::Append,
    Deed::AppendGuarded,
    Deed::Delete,
    Deed::Bulk,
];

impl Deed {
    async fn done_by(self, client: &Client) -> Result<(), Error> {
        let (users, id) = (client.api::<User>(), id());
        let address = json!([{"type": "work", "locality": "Bergen"}]);
        match self {
            Self::Get => users.get(&id).await.map(drop),
            Self::List => users.list().first_page().await.map(drop),
            Self::Create => users.create(&User::new("bjensen")).await.map(drop),
            Self::Replace => users.replace(&id, &User::new("bjensen")).await.map(drop),
            Self::Set => users.patch(&id).replace("active", false)?.await.map(drop),
            Self::Append => users.patch(&id).add("addresses", address)?.await.map(drop),
            Self::AppendGuarded => {
                let patch = users.patch(&id).add("addresses", address)?;
                patch.if_match("W/\"1\"".parse().unwrap()).await.map(drop)
            }
            Self::Delete => users.delete(&id).await,
            Self::Bulk => {
                let report = client.bulk().create(&User::new("bjensen"))?.await?;
                report.into_outcomes().remove(0).into_error().map_or(Ok(()), Err)
            }
        }
    }

    /// What it is answered with when all is well.
    fn success(self) -> Response<bytes::Bytes> {
        match self {
            Self::List => json(200, &json!({"totalResults": 1, "Resources": [user()]})),
            Self::Create => json(201, &user()),
            Self::Delete => answer(204, ""),
            Self::Bulk => json(
                200,
                &json!({"Operations": [
                    {"method": "POST", "bulkId": "1", "location": "/v2/Users/2819", "status": "201"},
                ]}),
            ),
            _ => json(200, &user()),
        }
    }

    /// The column of the table that it belongs to.
    fn column(self) -> usize {
        match self {
            Self::Get | Self::List => 0,
            Self::Replace | Self::Set | Self::AppendGuarded | Self::Delete => 1,
            Self::Create | Self::Append | Self::Bulk => 2,
        }
    }
}

fn user() -> Value {
    json!({"id": "2819", "userName": "bjensen", "meta": {"version": "W/\"1\""}})
}

/// A script, and a client that has asked already what the service provider is able to do.
async fn discovered(steps: impl IntoIterator<Item = Step>, retry: RetryPolicy) -> (Script, Client) {
    let bulk = json!({"supported": true, "maxOperations": 10, "maxPayloadSize": 9999});
    let config = json!({"patch": {"supported": true}, "bulk": bulk});
    let none = || json(200, &json!({"totalResults": 0}));
    let discovery = [json(200, &config), none(), none()].map(Step::from);
    let script = Script::new(discovery.into_iter().chain(steps));
    let client = script.builder().timer(TokioTimer::new()).retry(retry).build().unwrap();
    client.discover().await.unwrap();
    script.forget();
    (script, client)
}

/// The row: what becomes of what reads, of what may be done twice, and of what may not.
async fn row(name: &str, fault: impl Fn(Deed) -> Step, outcomes: [Outcome; 3]) {
    for deed in DEEDS {
        let steps = [fault(deed), deed.success().into()];
        let (script, client) = discovered(steps, RetryPolicy::new()).await;
        let outcome = deed.done_by(&client).await;
        let attempts = script.requests().len();
        let observed = match outcome {
            Ok(()) if attempts == 2 => Repeated,
            Ok(()) => Taken,
            Err(error) if error.is_in_doubt() => InDoubt(error.kind()),
            Err(error) => Failed(error.kind()),
        };
        assert_eq!(observed, outcomes[deed.column()], "{name}, {deed:?}");
        assert_eq!(attempts, 1 + usize::from(observed == Repeated), "{name}, {deed:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_connection() {
    let row = |kind: TransportErrorKind| row("refused", move |_| kind.into(), [Repeated; 3]);
    row(TransportErrorKind::Connect).await;
}

#[tokio::test(start_paused = true)]
async fn a_reset_or_a_time_out_before_or_after_sending() {
    // Nobody can tell whether the request arrived.
    let outcomes = [Repeated, Repeated, InDoubt(ErrorKind::Transport)];
    row("reset", |_| TransportErrorKind::Interrupted.into(), outcomes).await;
    row("time-out", |_| TransportErrorKind::Timeout.into(), outcomes).await;
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_too_long() {
    let fails = ErrorKind::Transport;
    let outcomes = [Failed(fails), InDoubt(fails), InDoubt(fails)];
    row("too long", |_| TransportErrorKind::BodyTooLarge.into(), outcomes).await;
}

#[tokio::test(start_paused = true)]
async fn too_many_requests_with_seconds_or_a_date() {
    let outcomes = [Repeated, Repeated, Failed(ErrorKind::Throttled)];
    row("429, seconds", |_| with_header(answer(429, ""), "retry-after", "7").into(), outcomes)
        .await;
    row("429, date", |_| throttled_until().into(), outcomes).await;
    row("429, neither", |_| answer(429, "").into(), outcomes).await;
}

/// Seven seconds after the `Date` of the same answer; the clock here shows another year.
fn throttled_until() -> Response<bytes::Bytes> {
    let answer = with_header(answer(429, ""), "retry-after", "Sun, 06 Nov 1994 08:49:44 GMT");
    with_header(answer, "date", "Sun, 06 Nov 1994 08:49:37 GMT")
}

#[tokio::test(start_paused = true)]
async fn a_service_provider_that_fails_and_then_does_not() {
    for status in [500, 502, 503, 504] {
        let outcomes = [Repeated, Repeated, InDoubt(ErrorKind::Server)];
        row("5xx", |_| answer(status, "<html>sorry</html>").into(), outcomes).await;
    }
    for status in [408, 425] {
        let outcomes = [Repeated, Repeated, Failed(ErrorKind::Server)];
        row("408", |_| answer(status, "").into(), outcomes).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_is_cut_off_without_a_word() {
    let cut = |deed: Deed| {
        let whole = deed.success();
        let half = whole.body().slice(..whole.body().len() / 2);
        Step::from(answer(whole.status().as_u16(), half))
    };
    for deed in DEEDS {
        if matches!(deed, Deed::Delete) {
            // It has no body that could be cut.
            continue;
        }
        let steps = [cut(deed), deed.success().into()];
        let (script, client) = discovered(steps, RetryPolicy::new()).await;
        let outcome = deed.done_by(&client).await;
        let is_repeated = deed.column() < 2 && !matches!(deed, Deed::AppendGuarded);
        assert_eq!(outcome.is_ok(), is_repeated, "{deed:?} {outcome:?}");
        assert_eq!(script.requests().len(), 1 + usize::from(is_repeated), "{deed:?}");
        if let Err(error) = outcome {
            assert_eq!((error.kind(), error.is_in_doubt()), (ErrorKind::Decode, true), "{deed:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_of_html() {
    let html = |status| move |_| answer(status, "<!doctype html><title>Sign in</title>").into();
    let foreign = ErrorKind::NotScim;
    let done = [Failed(foreign), InDoubt(foreign), InDoubt(foreign)];
    row("html, 200", html(200), done).await;
    row("html, 404", html(404), [Failed(foreign); 3]).await;
}

#[tokio::test(start_paused = true)]
async fn another_media_type() {
    for name in ["text/plain", "text/html; charset=utf-8", "application/octet-stream"] {
        let odd = |deed: Deed| with_header(deed.success(), "content-type", name).into();
        row("media type", odd, [Taken; 3]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn waits_are_those_that_were_asked_for() {
    let rows = [
        (with_header(answer(429, ""), "retry-after", "7"), 7..=7),
        (throttled_until(), 7..=7),
        (with_header(answer(503, ""), "retry-after", " 120 "), 120..=120),
        (with_header(answer(503, ""), "retry-after", "0"), 0..=0),
        // Without a number, or with one that makes no sense, between nothing and half a second.
        (answer(503, ""), 0..=0),
        (with_header(answer(503, ""), "retry-after", "soon"), 0..=0),
    ];
    for (fault, seconds) in rows {
        let script = Script::new([fault, Deed::Get.success()]);
        let client = script.patient();
        let began = Instant::now();
        client.api::<User>().get(&id()).await.unwrap();
        assert!(seconds.contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_nobody_has_time_for_is_an_error_at_once() {
    let script = Script::new([with_header(answer(429, ""), "retry-after", "86400")]);
    let began = Instant::now();
    let error = script.patient().api::<User>().get(&id()).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_hours(24)));
    assert!(error.is_throttled() && began.elapsed().is_zero());

    let script = Script::new([with_header(answer(503, ""), "retry-after", "20")]);
    let client = script.patient().with_deadline(Duration::from_secs(10));
    let error = client.api::<User>().get(&id()).await.unwrap_err();
    assert_eq!((error.kind(), script.requests().len()), (ErrorKind::Server, 1));
    assert!(began.elapsed().is_zero());
}

#[tokio::test(start_paused = true)]
async fn a_429_to_one_request_holds_all_others_back() {
    let throttled = with_header(answer(429, ""), "retry-after", "30");
    let script = Script::new([throttled, json(201, &user()), json(200, &user())]);
    let client = script.patient();
    let users = client.api::<User>();
    let began = Instant::now();
    // The POST is not repeated, and yet nobody else bothers the service provider meanwhile.
    assert!(users.create(&User::new("bjensen")).await.unwrap_err().is_throttled());
    assert!(began.elapsed().is_zero());
    users.create(&User::new("bjensen")).await.unwrap();
    assert_eq!(began.elapsed().as_secs(), 30);
    users.get(&id()).await.unwrap();
    assert_eq!(began.elapsed().as_secs(), 30);
}

#[tokio::test(start_paused = true)]
async fn four_attempts_are_enough_and_a_budget_ends_them_sooner() {
    let faults = || Script::new((0..1000).map(|_| answer(503, "")));
    let script = faults();
    let client = script.patient();
    let users = client.api::<User>();
    assert_eq!(users.get(&id()).await.unwrap_err().kind(), ErrorKind::Server);
    assert_eq!(script.requests().len(), 4);
    for _ in 0..200 {
        users.get(&id()).await.unwrap_err();
    }
    // One attempt for each, and 50 more for all together.
    assert_eq!(script.requests().len(), 201 + 50);
}

#[tokio::test(start_paused = true)]
async fn a_deadline_ends_a_request_that_hangs() {
    let script = Script::new([Step::Hang, Step::Hang, answer(503, "").into(), Step::Hang]);
    let client = script.patient().with_deadline(Duration::from_secs(5));
    let (users, began) = (client.api::<User>(), Instant::now());
    let error = users.get(&id()).await.unwrap_err();
    assert_eq!(error.transport_error().unwrap().kind(), TransportErrorKind::Timeout);
    assert!(!error.is_in_doubt());
    assert_eq!(began.elapsed().as_secs(), 5);
    let error = users.create(&User::new("bjensen")).await.unwrap_err();
    assert!(error.is_in_doubt());
    // All attempts of a request share the time.
    users.get(&id()).await.unwrap_err();
    assert_eq!(began.elapsed().as_secs(), 15);
    assert_eq!(script.requests().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_client_without_a_timer_sends_each_request_once() {
    for deed in [Deed::Get, Deed::Replace, Deed::Delete] {
        let script = Script::new([answer(503, ""), deed.success()]);
        assert!(deed.done_by(&script.client()).await.unwrap_err().is_transient());
        assert_eq!(script.requests().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_resource_that_is_gone_at_the_second_attempt_is_deleted() {
    let steps = [Step::from(TransportErrorKind::Interrupted), answer(404, "").into()];
    Deed::Delete.done_by(&Script::new(steps).patient()).await.unwrap();
    let error = Deed::Delete.done_by(&Script::new([answer(404, "")]).patient()).await.unwrap_err();
    assert!(error.is_not_found());
}

#[tokio::test(start_paused = true)]
async fn a_guarded_patch_that_was_done_at_the_first_attempt_is_found_out() {
    let passed = || Step::from(answer(412, ""));
    let lost = || Step::from(TransportErrorKind::Timeout);
    let now = |city: &str| {
        let addresses = json!([{"type": "work", "locality": city}]);
        Step::from(json(200, &json!({"id": "2819", "userName": "b", "addresses": addresses})))
    };
    let script = Script::new([lost(), passed(), now("Bergen")]);
    Deed::AppendGuarded.done_by(&script.patient()).await.unwrap();
    assert_eq!(script.lines(), ["PATCH /Users/2819", "PATCH /Users/2819", "GET /Users/2819"]);

    // Somebody else was there first.
    let script = Script::new([lost(), passed(), now("Oslo")]);
    let error = Deed::AppendGuarded.done_by(&script.patient()).await.unwrap_err();
    assert!(error.is_precondition_failed() && error.is_in_doubt());

    let script = Script::new([passed()]);
    let error = Deed::AppendGuarded.done_by(&script.patient()).await.unwrap_err();
    assert!(error.is_precondition_failed() && !error.is_in_doubt());
}

/// Faults that a request may meet at any attempt.
fn fault() -> impl Strategy<Value = Fault> {
    let kinds = [
        TransportErrorKind::Connect,
        TransportErrorKind::Timeout,
        TransportErrorKind::Interrupted,
        TransportErrorKind::BodyTooLarge,
        TransportErrorKind::Other,
    ];
    let statuses = [400, 401, 404, 408, 409, 412, 425, 429, 429, 500, 502, 503, 504];
    prop_oneof![
        sample::select(kinds.to_vec()).prop_map(Fault::Kind),
        sample::select(statuses.to_vec()).prop_map(Fault::Status),
        Just(Fault::Cut),
    ]
}

#[derive(Clone, Copy, Debug)]
enum Fault {
    Kind(TransportErrorKind),
    Status(u16),
    Cut,
}

impl Fault {
    fn step(self) -> Step {
        match self {
            Self::Kind(kind) => kind.into(),
            Self::Status(status) => answer(status, "{}").into(),
            Self::Cut => answer(201, r#"{"id": "28"#).into(),
        }
    }

    /// Whether it leaves no doubt that nothing was done, and that it is worth another attempt.
    fn is_before(self, consent: bool) -> bool {
        match self {
            Self::Kind(kind) => kind == TransportErrorKind::Connect,
            Self::Status(status) => consent && status == 429,
            Self::Cut => false,
        }
    }
}

fn in_order(faults: &[Fault], deed: Deed, consent: bool) -> Result<(), TestCaseError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    let steps = faults.iter().map(|fault| fault.step()).chain([deed.success().into()]);
    let policy = RetryPolicy::new();
    let policy = if consent { policy.with_throttled_posts() } else { policy };
    runtime.block_on(async {
        let (script, client) = discovered(steps, policy).await;
        let outcome = deed.done_by(&client).await;
        let sent = script.requests().len();
        let before = faults.iter().take_while(|fault| fault.is_before(consent)).count();
        prop_assert_eq!(sent, (before + 1).min(4));
        prop_assert_eq!(outcome.is_ok(), before == faults.len() && sent == before + 1);
        Ok(())
    })
}

proptest! {
    #[test]
    fn no_post_is_sent_again_without_consent(
        faults in collection::vec(fault(), 0..6),
        deed in sample::select(vec![Deed::Create, Deed::Append, Deed::Bulk]),
        consent in any::<bool>(),
    ) {
        in_order(&faults, deed, consent)?;
    }
}

#[tokio::test(start_paused = true)]
async fn an_addition_of_members_may_be_done_twice() {
    let patch = PatchOp::new().add("members", json!([{"value": "2819"}])).unwrap();
    let script = Script::new([answer(503, ""), answer(204, "")]);
    let groups = script.patient().api::<scim_client::Group>();
    groups.patch(&id()).operations(&patch).await.unwrap();
    assert_eq!(script.requests().len(), 2);
}
