use bytes::Bytes;
use http::Request;
use scim_client::{Error, ErrorKind, Filter, PatchOp, ResourceId, User, scim_core};
use scim_core::{Meta, query::SortOrder};
use serde_json::{Value, json};

use crate::script::{Script, answer, json, with_header};

/// A request as text: the line, the headers in order of name, the body.
fn written(request: &Request<Bytes>) -> String {
    let mut headers: Vec<_> = request
        .headers()
        .iter()
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    headers.sort();
    let body = String::from_utf8(request.body().to_vec()).unwrap();
    format!("{} {}\n{}\n{body}", request.method(), request.uri(), headers.join("\n"))
}

fn id() -> ResourceId {
    "2819".parse().unwrap()
}

fn stored() -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "id": "2819",
        "userName": "bjensen",
        "meta": {"version": "W/\"1\"", "location": "https://scim.example.com/v2/Users/2819"},
    })
}

fn user() -> User {
    serde_json::from_value(stored()).unwrap()
}

#[tokio::test]
async fn create_sends_neither_id_nor_meta() {
    let script = Script::new([with_header(json(201, &stored()), "etag", "W/\"2\"")]);
    let created = script.client().api::<User>().create(&user()).await.unwrap();
    let expected = "POST https://scim.example.com/v2/Users
accept: application/scim+json, application/json;q=0.9
authorization: Bearer AQ-3.fT
content-type: application/scim+json
user-agent: scim-client/0.1.0
{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"userName\":\"bjensen\"}";
    assert_eq!(written(&script.requests()[0]), expected);

    // The header says more than `meta` does.
    assert_eq!(created.version, Some("W/\"2\"".parse().unwrap()));
    assert_eq!(created.location.as_deref(), Some("https://scim.example.com/v2/Users/2819"));
    assert_eq!(created.resource, user());
}

#[tokio::test]
async fn get_has_no_body_and_no_content_type() {
    let script = Script::new([json(200, &stored())]);
    let users = script.client().api::<User>();
    let read = users
        .get(&"a/b?c d+é%2F".parse().unwrap())
        .attributes(["userName", "urn:x:y:User:a.b"])
        .await
        .unwrap();
    let expected = "GET https://scim.example.com/v2/Users/a%2Fb%3Fc%20d%2B%C3%A9%252F\
?attributes=userName,urn%3Ax%3Ay%3AUser%3Aa.b
accept: application/scim+json, application/json;q=0.9
authorization: Bearer AQ-3.fT
user-agent: scim-client/0.1.0
";
    assert_eq!(written(&script.requests()[0]), expected);
    assert_eq!(read.version, Some("W/\"1\"".parse().unwrap()));
}

#[tokio::test]
async fn replace_sends_the_id_and_the_version_but_no_meta() {
    let script = Script::new([json(200, &stored())]);
    let mut user = user();
    user.meta = Some(Meta::default());
    let users = script.client().api::<User>();
    users.replace(&id(), &user).if_match("W/\"1\"".parse().unwrap()).await.unwrap();
    let expected = "PUT https://scim.example.com/v2/Users/2819
accept: application/scim+json, application/json;q=0.9
authorization: Bearer AQ-3.fT
content-type: application/scim+json
if-match: W/\"1\"
user-agent: scim-client/0.1.0
{\"id\":\"2819\",\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\
\"userName\":\"bjensen\"}";
    assert_eq!(written(&script.requests()[0]), expected);
}

#[tokio::test]
async fn patch_is_answered_with_the_resource_or_nothing() {
    let nothing = with_header(answer(204, ""), "etag", "W/\"3\"");
    let script = Script::new([json(200, &stored()), nothing]);
    let users = script.client().api::<User>();
    let patch = PatchOp::new().add("title", "Tour Guide").unwrap();
    let patched = users
        .patch(&id())
        .replace("active", false)
        .unwrap()
        .remove(r#"emails[type eq "home"]"#)
        .unwrap()
        .operations(&patch)
        .await
        .unwrap();
    assert_eq!(patched.resource, Some(user()));
    assert_eq!(patched.version, Some("W/\"1\"".parse().unwrap()));
    let request = &script.requests()[0];
    assert_eq!((request.method().as_str(), request.uri().path()), ("PATCH", "/v2/Users/2819"));
    assert_eq!(
        serde_json::from_slice::<Value>(request.body()).unwrap(),
        json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [
                {"op": "replace", "path": "active", "value": false},
                {"op": "remove", "path": "emails[type eq \"home\"]"},
                {"op": "add", "path": "title", "value": "Tour Guide"},
            ],
        })
    );

    let patched = users.patch(&id()).operations(&patch).if_match("\"2\"".parse().unwrap());
    let patched = patched.await.unwrap();
    assert_eq!(patched.resource, None);
    assert_eq!(patched.version, Some("W/\"3\"".parse().unwrap()));
    assert_eq!(script.requests()[1].headers()["if-match"], "\"2\"");
}

#[tokio::test]
async fn delete_sends_the_version() {
    let script = Script::new([answer(204, "")]);
    let users = script.client().api::<User>();
    users.delete(&id()).if_match("W/\"1\"".parse().unwrap()).await.unwrap();
    let expected = "DELETE https://scim.example.com/v2/Users/2819
accept: application/scim+json, application/json;q=0.9
authorization: Bearer AQ-3.fT
if-match: W/\"1\"
user-agent: scim-client/0.1.0
";
    assert_eq!(written(&script.requests()[0]), expected);
}

#[tokio::test]
async fn list_percent_encodes_its_parameters() {
    let script = Script::new([json(200, &json!({"Resources": [stored()]}))]);
    let users = script.client().api::<User>();
    let page = users
        .list()
        .filter(Filter::eq("userName", "a+b c&d=\"é\"").unwrap())
        .attributes(["userName"])
        .excluded_attributes(["groups", "name.formatted"])
        .sort_by("name.familyName")
        .sort_order(SortOrder::Descending)
        .start_index(8)
        .count(7)
        .first_page()
        .await
        .unwrap();
    assert_eq!(page.resources, [user()]);
    let expected = "/Users?filter=userName%20eq%20%22a%2Bb%20c%26d%3D%5C%22%C3%A9%5C%22%22\
&attributes=userName&excludedAttributes=groups,name.formatted&sortBy=name.familyName\
&sortOrder=descending&startIndex=8&count=7";
    assert_eq!(script.uris(), [expected]);
}

#[tokio::test]
async fn an_answer_is_read_for_what_it_means() {
    let odd = || {
        json!({
            "Id": 2819, "username": "bjensen", "Active": "True", "emails": null,
            "schemas": "urn:ietf:params:scim:schemas:core:2.0:User",
            "Meta": {"Version": "W/\"1\"", "location": "../Users/2819"}, "Extra": 1,
        })
    };
    let page = json!({"totalresults": "1", "resources": [odd()]});
    let script =
        Script::new([json(200, &odd()), json(200, &page), json(200, &page), json(200, &odd())]);
    let client = script.client();
    let read = client.api::<User>().get(&id()).await.unwrap();
    assert_eq!(read.version, Some("W/\"1\"".parse().unwrap()));
    assert_eq!(read.location.as_deref(), Some("../Users/2819"));
    assert_eq!((read.resource.id, read.resource.active), (Some(id()), Some(true)));
    assert_eq!(read.resource.other["Extra"], 1);
    let users = client.api::<User>().list().all().await.unwrap();
    assert_eq!((&*users[0].user_name, &users[0].id), ("bjensen", &Some(id())));
    let dynamic = client.dynamic("/Users").unwrap().list().first_page().await.unwrap();
    assert_eq!(
        (dynamic.total_results, dynamic.resources[0].text("userName")),
        (Some(1), Some("bjensen"))
    );
    assert_eq!(client.me::<User>().get().await.unwrap().resource.active, Some(true));
}

#[tokio::test]
async fn a_dynamic_endpoint_reads_and_writes_any_json() {
    let device = json!({"id": "7", "schemas": ["urn:x:Device"], "serial": 12});
    let page = json!({"totalResults": 1, "Resources": [device]});
    let script = Script::new([json(201, &device), json(200, &page)]);
    let devices = script.client().dynamic("/v3/Devices").unwrap();
    let created = devices.create(&serde_json::from_value(device.clone()).unwrap()).await.unwrap();
    assert_eq!(created.resource.attributes()["serial"], 12);
    assert_eq!(devices.list().all().await.unwrap(), [created.resource]);
    assert_eq!(script.uris(), ["/v3/Devices", "/v3/Devices"]);
    let body: Value = serde_json::from_slice(script.requests()[0].body()).unwrap();
    assert_eq!(body, json!({"schemas": ["urn:x:Device"], "serial": 12}));
}

#[tokio::test]
async fn what_cannot_be_written_is_not_sent() {
    let script = Script::default();
    let client = script.client();
    let users = client.api::<User>();
    let dots = ["..".parse().unwrap(), ".".parse().unwrap()];
    let errors: [Error; 7] = [
        users.delete(&dots[0]).await.unwrap_err(),
        users.get(&dots[1]).await.unwrap_err(),
        users.patch(&id()).await.unwrap_err(),
        users.patch(&id()).remove("emails[").unwrap_err(),
        users.delete(&id()).if_match("W/\"\n\"".parse().unwrap()).await.unwrap_err(),
        client.dynamic("Devices").unwrap_err(),
        client.dynamic("/../Devices").unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.kind(), ErrorKind::Request, "{error}");
        assert!(std::error::Error::source(&error).is_some(), "{error}");
        assert!(!error.is_transient());
    }
    assert!(script.requests().is_empty());
}

#[test]
fn what_is_awaited_can_move_to_another_thread() {
    fn is_send(_: impl Future + Send + 'static) {}

    let client = Script::default().client();
    let users = client.api::<User>();
    is_send(users.create(&user()).into_future());
    is_send(users.replace(&id(), &user()).into_future());
    is_send(users.list().all());
    is_send(users.list().at_most_one());
    is_send(users.list().first_page());
    is_send(async move { client.probe("userName").await });
}
