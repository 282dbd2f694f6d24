//! Single calls, and what stands between them and the transport.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use scim_client::{
    Client, ErrorKind, TransportError, User,
    transport::{Call, InProcessTransport, Middleware, Next},
};
use serde_json::{Value, json};

use crate::script::{Script, answer, id, json, stored, with_header};

fn list(resources: &Value) -> Value {
    json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": resources.as_array().unwrap().len(), "Resources": resources})
}

#[tokio::test]
async fn a_redirect_within_the_origin_is_followed_and_no_other() {
    let moved = |to: &'static str| with_header(answer(308, ""), "location", to);
    let script = Script::new([moved("/v3/Users/2819"), json(200, &stored())]);
    script.client().api::<User>().get(&id()).await.unwrap();
    assert_eq!(script.requests()[1].uri(), "https://scim.example.com/v3/Users/2819");
    assert_eq!(script.requests()[1].headers()["authorization"], "Bearer AQ-3.fT");

    for elsewhere in [
        "https://scim.example.org/v2/Users",
        "http://scim.example.com/v2/Users",
        "//evil.example/",
        "https://scim.example.com:8443/v2",
    ] {
        let script = Script::new([moved(elsewhere)]);
        let error = script.client().api::<User>().get(&id()).await.unwrap_err();
        assert!(error.is_not_scim(), "{elsewhere}");
        assert_eq!(script.requests().len(), 1, "{elsewhere}");
    }

    let script = Script::new((0..9).map(|_| moved("/v2/Users/2819")));
    assert!(script.client().api::<User>().get(&id()).await.unwrap_err().is_not_scim());
    assert_eq!(script.requests().len(), 4);
}

/// Notes what passes by.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

#[async_trait]
impl Middleware for Log {
    async fn handle(
        &self,
        mut request: Request<Bytes>,
        call: &Call,
        next: Next<'_>,
    ) -> Result<Response<Bytes>, TransportError> {
        request.headers_mut().insert("x-request-id", "7".parse().unwrap());
        let line = format!("{:?} {} {:?}", call.operation, call.endpoint, call.idempotency);
        let answer = next.send(request, call).await?;
        self.0.lock().unwrap().push(format!("{line}: {}", answer.status().as_u16()));
        Ok(answer)
    }
}

#[tokio::test]
async fn middleware_sees_each_attempt_on_its_way_there_and_back() {
    let script = Script::new([json(200, &stored()), answer(204, "")]);
    let (outer, inner) = (Log::default(), Log::default());
    let builder = script.builder().middleware(outer.clone()).middleware(inner.clone());
    let users = builder.build().unwrap().api::<User>();
    users.get(&id()).await.unwrap();
    users.patch(&id()).replace("active", false).unwrap().await.unwrap();
    let expected = ["Get /Users Safe: 200", "Patch /Users Idempotent: 204"];
    assert_eq!(*outer.0.lock().unwrap(), expected);
    assert_eq!(*inner.0.lock().unwrap(), expected);
    assert_eq!(script.requests()[1].headers()["x-request-id"], "7");
}

#[tokio::test]
async fn a_query_goes_by_search_where_its_url_grows_too_long_or_it_holds_secrets() {
    let page = || json(200, &list(&json!([])));
    let long = || scim_client::Filter::eq("userName", "x".repeat(3000)).unwrap();
    let script =
        Script::new([page(), page(), page(), answer(404, ""), page(), page(), answer(501, "")]);
    let client = script.client();
    let users = client.api::<User>();
    users.list().filter(long()).count(5).first_page().await.unwrap();
    users.list().by_search().first_page().await.unwrap();
    client.search().first_page().await.unwrap();
    assert_eq!(script.lines(), ["POST /Users/.search", "POST /Users/.search", "POST /.search"]);
    let sent = &script.bodies()[0];
    assert_eq!(sent["schemas"], json!(["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]));
    assert_eq!((sent["filter"].as_str().unwrap().len(), &sent["count"]), (3014, &json!(5)));

    // Where there is no `.search`, a long URL is better than nothing, and it is asked once.
    let users = script.client().api::<User>();
    users.list().filter(long()).first_page().await.unwrap();
    users.list().filter(long()).first_page().await.unwrap();
    assert_eq!(script.lines()[3..], ["POST /Users/.search", "GET /Users", "GET /Users"]);
    // What is kept out of URLs stays out.
    let error = script.client().api::<User>().list().by_search().first_page().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
}

#[tokio::test]
async fn me_is_read_and_changed_at_its_own_endpoint() {
    let script =
        Script::new([json(200, &stored()), json(200, &stored()), answer(204, ""), answer(204, "")]);
    let client = script.client();
    let me = client.me::<User>();
    let user = me.get().await.unwrap().resource;
    me.replace(&user).await.unwrap();
    me.patch().replace("active", false).unwrap().await.unwrap();
    me.delete().await.unwrap();
    assert_eq!(script.lines(), ["GET /Me", "PUT /Me", "PATCH /Me", "DELETE /Me"]);
}

#[tokio::test]
async fn a_resource_that_has_not_changed_is_not_sent_again() {
    let script = Script::new([answer(304, ""), with_header(json(200, &stored()), "etag", "\"2\"")]);
    let users = script.client().api::<User>();
    let get = || users.get(&id()).if_none_match("W/\"1\"".parse().unwrap());
    assert!(get().await.unwrap().is_none());
    assert_eq!(script.requests()[0].headers()["if-none-match"], "W/\"1\"");
    assert_eq!(get().await.unwrap().unwrap().version, Some("\"2\"".parse().unwrap()));
}

#[tokio::test]
async fn each_simple_call_is_one_request() {
    let count = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&count);
    let service = InProcessTransport::new(move |request: Request<Bytes>| {
        *counted.lock().unwrap() += 1;
        let path = request.uri().path().to_owned();
        let listed = json!({"totalResults": 1, "Resources": [stored()], "id": "2819"});
        async move {
            let body = match &*path {
                "/ServiceProviderConfig" => json!({"patch": {"supported": true}}),
                "/Users" | "/ResourceTypes" | "/Schemas" => listed,
                _ => stored(),
            };
            Response::new(Bytes::from(body.to_string()))
        }
    });
    let client = Client::builder("https://scim.example.com").transport(service).build().unwrap();
    client.discover().await.unwrap();
    let users = client.api::<User>();
    let user = User::new("bjensen");
    let taken = || std::mem::take(&mut *count.lock().unwrap());
    assert_eq!(taken(), 3);
    users.get(&id()).await.unwrap();
    assert_eq!(taken(), 1);
    users.create(&user).await.unwrap();
    assert_eq!(taken(), 1);
    users.replace(&id(), &user).await.unwrap();
    assert_eq!(taken(), 1);
    users.patch(&id()).replace("title", "Boss").unwrap().await.unwrap();
    assert_eq!(taken(), 1);
    users.delete(&id()).await.unwrap();
    assert_eq!(taken(), 1);
    users.list().all().await.unwrap();
    assert_eq!(taken(), 1);
    let filter = scim_client::Filter::eq("userName", "bjensen").unwrap();
    users.list().filter(filter).at_most_one().await.unwrap();
    assert_eq!(taken(), 1);
}
