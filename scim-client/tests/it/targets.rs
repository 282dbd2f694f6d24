//! What the client makes of what a service provider says of itself, and of profiles.

use scim_client::{
    Group, User,
    target::{Feature, Paging, Profile},
    transport::{Operation, TransportErrorKind},
};
use serde_json::{Value, json};

use crate::script::{Script, answer, json};

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
