//! How the client proves who it is, and keeps that to itself.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{Request, Response};
use scim_client::{
    Client, ErrorKind, User,
    transport::{ClientCredentials, InProcessTransport, TokioTimer},
};
use serde_json::json;

const SECRET: &str = "s3cr3t: %+é";

/// A service provider that takes the latest token only, and the server that gives them out.
#[derive(Clone, Default)]
struct House(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// The bodies and the `Authorization` of the requests for tokens.
    asked: Vec<(String, Option<String>)>,
    /// How many requests were refused.
    refused: u32,
    /// How many requests were answered.
    answered: u32,
    /// What a request for a token is answered with, if not with a token.
    denial: Option<(u16, &'static str)>,
    /// The tokens that are worth nothing any more.
    revoked: u32,
}

impl House {
    fn answer(&self, request: &Request<Bytes>) -> Response<Bytes> {
        let mut state = self.0.lock().unwrap();
        let header = request.headers().get("authorization");
        let header = header.map(|header| header.to_str().unwrap().to_owned());
        let (status, body) = if request.uri().path() == "/token" {
            let body = String::from_utf8(request.body().to_vec()).unwrap();
            state.asked.push((body, header));
            let token = format!("token-{}", state.asked.len());
            let token = json!({"access_token": token, "token_type": "bearer", "expires_in": "100"});
            let denial = state.denial.map(|(status, body)| (status, body.to_owned()));
            denial.unwrap_or_else(|| (200, token.to_string()))
        } else if header.as_deref() == Some(&*format!("Bearer token-{}", state.asked.len()))
            && state.asked.len() > state.revoked as usize
        {
            state.answered += 1;
            (200, r#"{"totalResults": 0, "Resources": []}"#.to_owned())
        } else {
            state.refused += 1;
            (401, r#"{"status": "401"}"#.to_owned())
        };
        Response::builder().status(status).body(Bytes::from(body)).unwrap()
    }

    fn client(&self, credentials: ClientCredentials) -> Client {
        let house = self.clone();
        let transport = InProcessTransport::new(move |request: Request<Bytes>| {
            let house = house.clone();
            async move {
                // Others come meanwhile.
                tokio::task::yield_now().await;
                house.answer(&request)
            }
        });
        let builder = Client::builder("https://scim.example.com/v2").credentials(credentials);
        builder.transport(transport).timer(TokioTimer::new()).build().unwrap()
    }

    /// How many tokens were given, requests answered, and requests refused.
    fn counts(&self) -> (usize, u32, u32) {
        let state = self.0.lock().unwrap();
        (state.asked.len(), state.answered, state.refused)
    }
}

fn credentials() -> ClientCredentials {
    ClientCredentials::new("https://login.example.com/token", "engine:1", SECRET).unwrap()
}

async fn list(client: &Client) -> Result<(), scim_client::Error> {
    client.api::<User>().list().first_page().await.map(drop)
}

async fn listed(client: Client) {
    list(&client).await.unwrap();
}

#[expect(clippy::disallowed_methods, reason = "the clock stands still but for this")]
async fn later(seconds: u64) {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}

#[tokio::test(start_paused = true)]
async fn a_token_is_fetched_when_needed_and_before_it_expires() {
    let house = House::default();
    let client = house.client(credentials());
    assert_eq!(house.counts(), (0, 0, 0));
    list(&client).await.unwrap();
    list(&client).await.unwrap();
    later(79).await;
    list(&client).await.unwrap();
    assert_eq!(house.counts(), (1, 3, 0));
    // Four fifths of its 100 s are over.
    later(2).await;
    list(&client).await.unwrap();
    assert_eq!(house.counts(), (2, 4, 0));
}

#[tokio::test(start_paused = true)]
async fn a_refused_token_is_fetched_anew_once() {
    let house = House::default();
    let client = house.client(credentials());
    list(&client).await.unwrap();
    house.0.lock().unwrap().revoked = 1;
    list(&client).await.unwrap();
    assert_eq!(house.counts(), (2, 2, 1));

    house.0.lock().unwrap().revoked = u32::MAX;
    let error = list(&client).await.unwrap_err();
    assert!(error.is_unauthorized());
    assert_eq!(house.counts(), (3, 2, 3));
}

#[tokio::test(start_paused = true)]
async fn many_requests_share_one_token() {
    let house = House::default();
    let client = house.client(credentials());
    let together = async || {
        let calls: Vec<_> = (0..20).map(|_| client.clone()).collect();
        let mut tasks = tokio::task::JoinSet::new();
        for client in calls {
            tasks.spawn(listed(client));
        }
        tasks.join_all().await
    };
    together().await;
    assert_eq!(house.counts(), (1, 20, 0));
    // All are refused at the same time, and one of them fetches.
    house.0.lock().unwrap().revoked = 1;
    together().await;
    let (tokens, answered, refused) = house.counts();
    assert_eq!((tokens, answered), (2, 40));
    assert!((1..=20).contains(&refused), "{refused}");
}

#[tokio::test(start_paused = true)]
async fn the_request_for_a_token_is_that_of_the_rfc() {
    let house = House::default();
    list(&house.client(credentials().with_scope("scim read"))).await.unwrap();
    list(&house.client(credentials().in_body())).await.unwrap();
    let asked = house.0.lock().unwrap().asked.clone();
    assert_eq!(asked[0].0, "grant_type=client_credentials&scope=scim+read");
    // RFC 6749 §2.3.1: both parts are form-encoded first.
    let basic = STANDARD.encode("engine%3A1:s3cr3t%3A+%25%2B%C3%A9");
    assert_eq!(asked[0].1.as_deref(), Some(&*format!("Basic {basic}")));
    let body = "grant_type=client_credentials&client_id=engine%3A1\
                &client_secret=s3cr3t%3A+%25%2B%C3%A9";
    assert_eq!(asked[1], (body.to_owned(), None));
}

#[tokio::test(start_paused = true)]
async fn no_token_is_an_error_that_shows_no_secret() {
    let rows = [
        (400, r#"{"error": "invalid_client", "error_description": "s3cr3t"}"#, false),
        (401, "s3cr3t", false),
        (429, "", true),
        (503, "s3cr3t", true),
        (200, "<html>s3cr3t</html>", true),
        (200, r#"{"access_token": "s3cr3t s3cr3t"}"#, true),
        (200, r#"{"access_token": "s3cr3t", "token_type": "mac"}"#, true),
    ];
    for (status, body, may_be_had_later) in rows {
        let house = House::default();
        house.0.lock().unwrap().denial = Some((status, body));
        let client = house.client(credentials());
        let error = list(&client).await.unwrap_err();
        let kind = if may_be_had_later { ErrorKind::Transport } else { ErrorKind::Unauthorized };
        assert_eq!(error.kind(), kind, "{status} {body}");
        assert!(!error.is_in_doubt());
        let shown = format!("{error} {error:?} {:?} {client:?}", std::error::Error::source(&error));
        assert!(!shown.contains("s3cr3t"), "{shown}");
        assert_eq!(house.counts().1, 0);
    }
    let shown = format!("{:?}", credentials());
    assert!(!shown.contains("s3cr3t") && !shown.contains("engine"), "{shown}");
}

#[test]
fn settings_that_are_no_credentials_are_refused() {
    for url in ["", "login.example.com/token", "ftp://login.example.com/token", "https://"] {
        assert!(ClientCredentials::new(url, "engine", SECRET).is_err(), "{url}");
    }
    assert!(ClientCredentials::new("https://login.example.com/token", "", SECRET).is_err());
}
