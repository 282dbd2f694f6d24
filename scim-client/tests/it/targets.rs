//! What the client makes of what a service provider says of itself, of profiles and of refusals.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use scim_client::{
    Client, ErrorKind, Group, PatchOp, ResourceId, TransportError, User,
    target::{Feature, MemberForm, Paging, Profile},
    transport::{Call, InProcessTransport, Middleware, Next, Operation, TransportErrorKind},
};
use serde_json::{Value, json};

use crate::script::{Script, answer, json, with_header};

fn id() -> ResourceId {
    "2819".parse().unwrap()
}

fn list(resources: &Value) -> Value {
    json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": resources.as_array().unwrap().len(), "Resources": resources})
}

fn types() -> Value {
    json!([
        {"name": "Person", "endpoint": "https://scim.example.com/v2/People/",
            "schema": "urn:ietf:params:scim:schemas:core:2.0:User"},
        {"name": "Team", "endpoint": "Teams", "schema": "URN:ietf:params:scim:schemas:core:2.0:group"},
        {"name": "no endpoint"}, 7,
    ])
}

const ODD_CONFIG: &str = r#"{
    "Patch": {"Supported": "true"}, "bulk": {"supported": true, "maxOperations": 0},
    "filter": {"supported": true, "maxResults": "200"}, "etag": null, "unheard": {}
}"#;

#[tokio::test]
async fn discovery_reads_what_is_odd_and_survives_what_is_missing() {
    let script = Script::new([
        answer(200, ODD_CONFIG),
        json(200, &list(&types())),
        answer(200, "<html></html>"),
        json(200, &json!({"totalResults": 0})),
        json(200, &json!({"totalResults": 0})),
    ]);
    let client = script.client();
    let discovery = client.discover().await.unwrap();
    assert_eq!(script.uris(), ["/ServiceProviderConfig", "/ResourceTypes", "/Schemas"],);
    assert_eq!(discovery.resource_types.len(), 2);
    assert_eq!(discovery.missing.len(), 1);
    assert_eq!(discovery.missing[0].0, "/Schemas");
    assert!(discovery.missing[0].1.is_not_scim());

    let capabilities = client.capabilities();
    assert!(capabilities.patch && capabilities.put && capabilities.filter);
    assert_eq!(capabilities.bulk.unwrap().max_operations, usize::MAX);
    assert_eq!(capabilities.max_page_size, Some(200));

    // Resources are where it says that they are.
    client.api::<User>().list().first_page().await.unwrap();
    client.api::<Group>().list().first_page().await.unwrap();
    assert_eq!(script.uris()[3..], ["/People", "/Teams"]);
}

#[tokio::test]
async fn an_array_of_types_an_old_name_and_nothing_at_all_are_documents_too() {
    let script = Script::new([
        answer(404, ""),
        json(200, &json!({"patch": {"supported": false}})),
        json(200, &types()),
        answer(500, ""),
    ]);
    let client = script.client();
    let discovery = client.discover().await.unwrap();
    assert_eq!(script.uris()[..2], ["/ServiceProviderConfig", "/ServiceProviderConfigs"]);
    assert_eq!(discovery.resource_types.len(), 2);
    assert!(!client.capabilities().patch);

    let nothing = Script::new((0..4).map(|_| answer(404, "")));
    let client = nothing.client();
    let discovery = client.discover().await.unwrap();
    assert_eq!(discovery.missing.len(), 3);
    assert!(client.capabilities().patch, "who says nothing does as the RFC says");
}

#[tokio::test]
async fn a_discovery_that_nobody_answers_is_an_error() {
    let script = Script::new([answer(401, "")]);
    assert!(script.client().discover().await.unwrap_err().is_unauthorized());
}

#[tokio::test]
async fn a_connection_report_is_one_that_a_person_can_read() {
    let script = Script::new([
        json(200, &list(&json!([]))),
        answer(200, ODD_CONFIG),
        json(200, &list(&types())),
        answer(404, ""),
    ]);
    let report = script.client().test_connection("userName").await.unwrap();
    assert!(report.probe.is_ready());
    let expected = "reachable: yes
answers without failing: yes
accepts the credentials: yes
speaks SCIM: yes
filters users by `userName`: yes
profile: RFC 7644
changes users: by PATCH, or by PUT
bulk: any number of operations and any number of bytes in a request
pages lists: by index or by cursor, whichever the first page shows, up to 200 resources in a page
filters lists: yes
gives versions: no";
    assert_eq!(report.to_string(), expected);

    let script = Script::new([answer(401, "who are you?")]);
    let report = script.client().test_connection("externalId").await.unwrap();
    let expected = "reachable: yes
answers without failing: yes
accepts the credentials: NO
speaks SCIM: not known
filters users by `externalId`: not known
the answer: `GET /Users`: the token is missing, wrong or expired (401)
profile: RFC 7644";
    assert_eq!(report.to_string(), expected);
    assert_eq!(script.requests().len(), 1);

    let script = Script::new([TransportErrorKind::Connect]);
    let report = script.client().test_connection("userName").await.unwrap().to_string();
    let expected = "the answer: `GET /Users`: there is no answer
  because: no connection to the service provider
  because: by the script
";
    assert!(report.starts_with("reachable: NO\n") && report.contains(expected), "{report}");
}

#[test]
fn presets_are_data_that_can_be_kept_in_a_file() {
    let names =
        ["rfc", "aws", "entra", "github", "slack", "salesforce", "atlassian", "google", "cerner"];
    for name in names {
        let profile = Profile::preset(name).unwrap();
        let text = serde_json::to_string(&profile).unwrap();
        assert_eq!(serde_json::from_str::<Profile>(&text).unwrap(), profile, "{text}");
    }
    // What a file leaves out is as in the RFC.
    let short: Profile = serde_json::from_str(r#"{"paging": "cursor"}"#).unwrap();
    let mut rfc = Profile::rfc();
    rfc.paging = Paging::Cursor;
    assert_eq!(short, rfc);
}

#[tokio::test]
async fn a_profile_goes_before_what_is_said() {
    let config = json!({"patch": {"supported": false}, "bulk": {"supported": true}});
    let script = Script::new([json(200, &config), answer(404, ""), answer(404, "")]);
    let mut profile = Profile::rfc();
    profile.offered = vec![Feature::new(Operation::Patch)];
    profile.refused =
        vec![Feature::new(Operation::Bulk), Feature::at(Operation::Replace, "/users")];
    let client = script.builder().profile(profile).build().unwrap();
    client.discover().await.unwrap();
    let capabilities = client.capabilities();
    assert!(capabilities.patch && !capabilities.put && capabilities.bulk.is_none());
}

fn stored() -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "id": "2819",
        "userName": "bjensen", "title": "Guide", "meta": {"version": "W/\"1\""},
        "urn:unheard:of": {"a": 1},
    })
}

#[tokio::test]
async fn where_there_is_no_patch_the_resource_is_replaced() {
    for refusal in [405, 501] {
        let script = Script::new([
            answer(refusal, ""),
            json(200, &stored()),
            json(200, &stored()),
            json(200, &stored()),
            json(200, &stored()),
        ]);
        let client = script.client();
        let users = client.api::<User>();
        let patch = async |title| users.patch(&id()).replace("title", title)?.await;
        patch("Boss").await.unwrap();
        assert!(!client.capabilities().patch);
        // It is not tried again.
        patch("Boss").await.unwrap();
        let expected =
            ["PATCH", "GET", "PUT", "GET", "PUT"].map(|name| format!("{name} /Users/2819"));
        assert_eq!(script.lines(), expected);
        let put = &script.requests()[2];
        assert_eq!(put.headers()["if-match"], "W/\"1\"");
        // Nothing that was there is lost.
        let mut expected = stored();
        expected["title"] = json!("Boss");
        expected.as_object_mut().unwrap().remove("meta");
        assert_eq!(serde_json::from_slice::<Value>(put.body()).unwrap(), expected);
    }
}

#[tokio::test]
async fn a_replacement_that_would_change_nothing_is_not_sent() {
    let script = Script::new([answer(405, ""), json(200, &stored())]);
    let users = script.client().api::<User>();
    let patched = users.patch(&id()).replace("title", "Guide").unwrap().await.unwrap();
    assert_eq!(patched.resource.unwrap().title.as_deref(), Some("Guide"));
    assert_eq!(script.lines(), ["PATCH /Users/2819", "GET /Users/2819"]);
}

#[tokio::test]
async fn a_replacement_of_another_version_is_refused() {
    let script = Script::new([answer(501, ""), json(200, &stored())]);
    let users = script.client().api::<User>();
    let patch = users.patch(&id()).replace("title", "Boss").unwrap();
    let error = patch.if_match("W/\"0\"".parse().unwrap()).await.unwrap_err();
    assert!(error.is_precondition_failed());
    assert_eq!(script.requests().len(), 2);
}

#[tokio::test]
async fn members_that_are_not_shown_are_not_replaced() {
    let script = Script::new([answer(405, "")]);
    let mut profile = Profile::rfc();
    profile.shows_members = false;
    let client = script.builder().profile(profile).build().unwrap();
    let patch = client.api::<Group>().patch(&id()).replace("displayName", "x").unwrap();
    assert_eq!(patch.await.unwrap_err().kind(), ErrorKind::Unsupported);
    assert_eq!(script.requests().len(), 1);
}

#[tokio::test]
async fn an_update_sends_what_differs_by_patch_or_else_by_put() {
    let mut old: User = serde_json::from_value(stored()).unwrap();
    old.active = Some(true);
    let mut new = old.clone();
    new.active = Some(false);
    new.title = None;
    let script =
        Script::new([answer(204, ""), json(200, &stored()), answer(405, ""), json(200, &stored())]);
    let users = script.client().api::<User>();
    users.update(&old, &new).if_match("W/\"1\"".parse().unwrap()).await.unwrap().unwrap();
    let request = &script.requests()[0];
    assert_eq!(request.headers()["if-match"], "W/\"1\"");
    let body: Value = serde_json::from_slice(request.body()).unwrap();
    let mut operations = body["Operations"].as_array().unwrap().clone();
    operations.sort_by_key(|operation| operation["path"].to_string());
    assert_eq!(
        operations,
        [
            json!({"op": "replace", "path": "active", "value": false}),
            json!({"op": "remove", "path": "title"}),
        ]
    );
    assert!(users.update(&new, &new).await.unwrap().is_none());
    assert_eq!(script.requests().len(), 1);

    // By PUT where a profile says so, without a look at what is there.
    let mut profile = Profile::rfc();
    profile.refused = vec![Feature::new(Operation::Patch)];
    let client = script.builder().profile(profile).build().unwrap();
    client.api::<User>().update(&old, &new).await.unwrap().unwrap();
    assert_eq!(script.lines()[1..], ["PUT /Users/2819"]);
    let sent = &script.bodies()[1];
    assert_eq!((&sent["active"], sent.get("title")), (&json!(false), None));

    let nameless = User::new("bjensen");
    let error = client.api::<User>().update(&nameless, &new).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
}

/// The values of `members` that the requests hold, each with what it does.
fn operations(script: &Script) -> Vec<Vec<Value>> {
    script.bodies().iter().map(|body| body["Operations"].as_array().unwrap().clone()).collect()
}

fn members(range: std::ops::Range<u32>) -> Value {
    range.map(|number| json!({"value": number.to_string()})).collect()
}

#[tokio::test]
async fn members_come_and_go_in_the_form_and_the_number_that_is_wanted() {
    let patch = PatchOp::new()
        .add("members", members(0..5))
        .unwrap()
        .remove(r#"members[value eq "9"]"#)
        .unwrap()
        .replace("displayName", "Guides")
        .unwrap();
    let rows = [
        (MemberForm::RemoveByFilter, json!({"op": "remove", "path": "members[value eq \"9\"]"})),
        (
            MemberForm::RemoveByValue,
            json!({"op": "remove", "path": "members", "value": [{"value": "9"}]}),
        ),
        (
            MemberForm::Wrapped,
            json!({"op": "remove", "path": "members", "value": {"members": [{"value": "9"}]}}),
        ),
    ];
    for (form, removal) in rows {
        let mut profile = Profile::rfc();
        profile.members = form;
        profile.max_members = Some(2);
        let script = Script::new((0..3).map(|_| answer(204, "")));
        let client = script.builder().profile(profile).build().unwrap();
        client.api::<Group>().patch(&id()).operations(&patch).await.unwrap();
        let add = |range| {
            let value = members(range);
            let wrapped = (form == MemberForm::Wrapped).then(|| json!({"members": value}));
            let value = wrapped.unwrap_or(value);
            json!({"op": "add", "path": "members", "value": value})
        };
        let name = json!({"op": "replace", "path": "displayName", "value": "Guides"});
        let expected = [vec![add(0..2)], vec![add(2..4)], vec![add(4..5), removal, name]];
        assert_eq!(operations(&script), expected, "{form:?}");
    }
}

#[tokio::test]
async fn a_failure_between_two_requests_of_a_patch_is_told() {
    let mut profile = Profile::rfc();
    profile.max_members = Some(2);
    let script = Script::new([answer(204, ""), answer(400, "")]);
    let client = script.builder().profile(profile.clone()).build().unwrap();
    let patch = client.api::<Group>().patch(&id()).add("members", members(0..4)).unwrap();
    let error = patch.await.unwrap_err();
    assert_eq!((error.kind(), error.is_in_doubt()), (ErrorKind::Invalid, true));

    let group = json!({"id": "2819", "displayName": "Guides"});
    let script = Script::new([json(201, &group), answer(503, "")]);
    let client = script.builder().profile(profile).build().unwrap();
    let mut new = Group::new("Guides");
    new.members = serde_json::from_value(members(0..4)).unwrap();
    let error = client.api::<Group>().create(&new).await.unwrap_err();
    assert_eq!(error.created(), Some(&id()));
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
