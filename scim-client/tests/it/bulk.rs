//! Several operations in as few requests as can be.

use std::collections::HashMap;

use http::Response;
use proptest::{collection, prelude::*};
use scim_client::{
    Client, ErrorKind, Group, PatchOp, ResourceId, User,
    bulk::BulkOutcome,
    scim_core::bulk::{BulkMethod, BulkOperation},
};
use serde_json::{Value, json};

use crate::script::{Script, Step, answer, json};

/// A client that knows the limits, and a script without the requests for them.
async fn discovered(limits: Value, steps: impl IntoIterator<Item = Step>) -> (Script, Client) {
    let config = json!({"patch": {"supported": true}, "bulk": limits});
    let none = || Step::from(json(200, &json!({"totalResults": 0})));
    let discovery = [json(200, &config).into(), none(), none()];
    let script = Script::new(discovery.into_iter().chain(steps));
    let client = script.client();
    client.discover().await.unwrap();
    script.forget();
    (script, client)
}

fn bulk(operations: &Value) -> Step {
    json(200, &json!({"Operations": operations})).into()
}

fn created(bulk_id: &str, id: &str) -> Value {
    json!({"method": "POST", "bulkId": bulk_id, "status": "201",
        "location": format!("https://scim.example.com/v2/Users/{id}")})
}

/// The methods and paths of the operations in each request.
fn sent(script: &Script) -> Vec<Vec<String>> {
    let text = |operation: &Value| {
        let word = |name| operation[name].as_str().unwrap_or_default();
        format!("{} {} {}", word("method"), word("path"), word("bulkId")).trim().to_owned()
    };
    let operations =
        |body: &Value| body["Operations"].as_array().unwrap().iter().map(text).collect();
    script.bodies().iter().map(operations).collect()
}

fn ids(outcomes: &[BulkOutcome]) -> Vec<Option<&str>> {
    outcomes.iter().map(|outcome| outcome.id().map(ResourceId::as_str)).collect()
}

fn kinds(outcomes: &[BulkOutcome]) -> Vec<Option<ErrorKind>> {
    let kind = |outcome: &BulkOutcome| outcome.error().map(scim_client::Error::kind);
    outcomes.iter().map(kind).collect()
}

fn users(client: &Client, count: usize) -> scim_client::bulk::Bulk {
    let users = (1..=count).map(|number| User::new(format!("user{number}")));
    users.fold(client.bulk(), |bulk, user| bulk.create(&user).unwrap())
}

#[tokio::test]
async fn all_go_into_one_request_where_they_fit() {
    let answers = json!([created("2", "b"), created("1", "a"), {"method": "DELETE", "status": "404",
        "location": "https://scim.example.com/v2/Users/7"}]);
    let limits = json!({"supported": true, "maxOperations": 3, "maxPayloadSize": 100_000});
    let (script, client) = discovered(limits, [bulk(&answers)]).await;
    let report = users(&client, 2).delete::<User>(&"7".parse().unwrap()).unwrap().await.unwrap();
    assert_eq!(sent(&script), [["POST /Users 1", "POST /Users 2", "DELETE /Users/7"]]);
    assert_eq!(report.requests(), 1);
    // Answers are in any order.
    assert_eq!(ids(report.outcomes()), [Some("a"), Some("b"), Some("7")]);
    assert_eq!(kinds(report.outcomes()), [None, None, Some(ErrorKind::NotFound)]);
    assert!(!report.is_success());
    let schemas = &script.bodies()[0]["schemas"];
    assert_eq!(schemas, &json!(["urn:ietf:params:scim:api:messages:2.0:BulkRequest"]));
}

#[tokio::test]
async fn they_are_split_by_number_and_by_size() {
    let limits = json!({"supported": true, "maxOperations": 2, "maxPayloadSize": 100_000});
    let steps = [
        bulk(&json!([created("1", "a"), created("2", "b")])),
        bulk(&json!([created("3", "c"), created("4", "d")])),
        bulk(&json!([created("5", "e")])),
    ];
    let (script, client) = discovered(limits, steps).await;
    let report = users(&client, 5).await.unwrap();
    assert_eq!(sent(&script).iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 1]);
    assert!(report.is_success());

    for size in [320, 500, 1000] {
        let answers = |script: &Script| -> Vec<usize> {
            script.requests().iter().map(|request| request.body().len()).collect()
        };
        let limits = json!({"supported": true, "maxOperations": 0, "maxPayloadSize": size});
        let ids: Vec<Value> =
            (1..=20).map(|id: u32| created(&id.to_string(), &id.to_string())).collect();
        // Each request is answered with all, of which it asked for some.
        let steps = (0..20).map(|_| bulk(&json!(ids)));
        let (script, client) = discovered(limits, steps).await;
        let report = users(&client, 20).await.unwrap();
        assert!(report.is_success(), "{:?}", kinds(report.outcomes()));
        let sizes = answers(&script);
        assert!(sizes.iter().all(|bytes| *bytes <= size), "{size} {sizes:?}");
        assert_eq!(sent(&script).concat().len(), 20);
        assert!(sizes.len() <= 20 * 170 / (size - 128) + 3, "{size} {sizes:?}");
    }
}

#[tokio::test]
async fn a_reference_goes_with_what_it_refers_to_or_after_it() {
    let group = |members: &[&str]| {
        let mut group = Group::new("Guides");
        let members: Value = members.iter().map(|id| json!({"value": id})).collect();
        group.members = serde_json::from_value(members).unwrap();
        group
    };
    let limits =
        |most: u64| json!({"supported": true, "maxOperations": most, "maxPayloadSize": 100_000});
    let request = |client: &Client| {
        let bulk = client.bulk();
        // The reference comes before what it refers to.
        let bulk = bulk.create_as("g".parse().unwrap(), &group(&["bulkId:u", "bulkId:v"])).unwrap();
        let bulk = bulk.create_as("u".parse().unwrap(), &User::new("u")).unwrap();
        bulk.create_as("v".parse().unwrap(), &User::new("v")).unwrap()
    };
    let steps = [bulk(&json!([created("g", "3"), created("u", "1"), created("v", "2")]))];
    let (script, client) = discovered(limits(3), steps).await;
    assert!(request(&client).await.unwrap().is_success());
    assert_eq!(sent(&script)[0], ["POST /Groups g", "POST /Users u", "POST /Users v"]);

    let steps =
        [bulk(&json!([created("u", "1"), created("v", "2")])), bulk(&json!([created("g", "3")]))];
    let (script, client) = discovered(limits(2), steps).await;
    let report = request(&client).await.unwrap();
    assert_eq!(ids(report.outcomes()), [Some("3"), Some("1"), Some("2")]);
    assert_eq!(sent(&script), [vec!["POST /Users u", "POST /Users v"], vec!["POST /Groups g"]]);
    let data = &script.bodies()[1]["Operations"][0]["data"];
    assert_eq!(data["members"], json!([{"value": "1"}, {"value": "2"}]));

    // Who was not created cannot become a member.
    let refused = json!({"method": "POST", "bulkId": "v", "status": "409"});
    let (script, client) =
        discovered(limits(2), [bulk(&json!([created("u", "1"), refused]))]).await;
    let report = request(&client).await.unwrap();
    let expected = [Some(ErrorKind::NotDone), None, Some(ErrorKind::Conflict)];
    assert_eq!(kinds(report.outcomes()), expected);
    assert_eq!(script.requests().len(), 1);

    // Nor can one whom no operation creates.
    let (script, client) = discovered(json!({"supported": false}), []).await;
    let report = client.bulk().create(&group(&["bulkId:nobody"])).unwrap().await.unwrap();
    assert_eq!(kinds(report.outcomes()), [Some(ErrorKind::NotDone)]);
    assert!(script.requests().is_empty());
}

#[tokio::test]
async fn groups_in_a_circle_are_created_and_then_completed() {
    let group = |name: &str, member: &str| {
        let mut group = Group::new(name);
        group.members =
            serde_json::from_value(json!([{"value": member, "type": "Group"}])).unwrap();
        group
    };
    // One by one, since there is no bulk.
    let answered = |id: &str| Step::from(json(201, &json!({"id": id, "displayName": "x"})));
    let steps = [answered("1"), answered("2"), answer(204, "").into()];
    let (script, client) = discovered(json!({"supported": false}), steps).await;
    let bulk = client.bulk().create_as("a".parse().unwrap(), &group("A", "bulkId:b")).unwrap();
    let report =
        bulk.create_as("b".parse().unwrap(), &group("B", "bulkId:a")).unwrap().await.unwrap();
    assert!(report.is_success(), "{:?}", kinds(report.outcomes()));
    assert_eq!(script.lines()[..2], ["POST /Groups", "POST /Groups"]);
    assert!(script.lines()[2].starts_with("PATCH /Groups/"));
    let bodies = script.bodies();
    let (first, second) = (&bodies[0], &bodies[1]);
    assert_eq!(first.get("members"), None);
    assert_eq!(second["members"][0]["value"], "1");
    assert!(bodies[2].to_string().contains(r#""value":"2""#));
    assert_eq!(report.requests(), 3);
}

#[tokio::test]
async fn without_bulk_each_goes_alone_and_keeps_its_version() {
    let user = json!({"id": "1", "userName": "u", "meta": {"version": "W/\"2\""}});
    let steps = [
        Step::from(json(201, &user)),
        json(200, &user).into(),
        answer(204, "").into(),
        answer(412, "").into(),
    ];
    let (script, client) = discovered(json!({"supported": false}), steps).await;
    let id: ResourceId = "1".parse().unwrap();
    let version = || "W/\"1\"".parse().unwrap();
    let patch = PatchOp::new().replace("active", false).unwrap();
    let bulk = client.bulk().create(&User::new("u")).unwrap();
    let bulk = bulk.replace(&id, &User::new("u")).unwrap().if_match(version());
    let bulk = bulk.patch::<User>(&id, &patch).unwrap().if_match(version());
    let report = bulk.delete::<User>(&id).unwrap().if_match(version()).await.unwrap();
    let expected = ["POST /Users", "PUT /Users/1", "PATCH /Users/1", "DELETE /Users/1"];
    assert_eq!(script.lines(), expected);
    let versions: Vec<_> = script.requests()[1..]
        .iter()
        .map(|request| request.headers()["if-match"].to_str().unwrap().to_owned())
        .collect();
    assert_eq!(versions, ["W/\"1\""; 3]);
    assert_eq!(kinds(report.outcomes()), [None, None, None, Some(ErrorKind::Precondition)]);
    let methods: Vec<_> = report.outcomes().iter().map(BulkOutcome::method).collect();
    let expected = [BulkMethod::Post, BulkMethod::Put, BulkMethod::Patch, BulkMethod::Delete];
    assert_eq!(methods, expected);
}

#[tokio::test]
async fn after_so_many_errors_nothing_more_is_done() {
    let refused = |id: &str| json!({"method": "POST", "bulkId": id, "status": {"code": "409"}});
    let limits = json!({"supported": true, "maxOperations": 2, "maxPayloadSize": 100_000});
    let steps = [bulk(&json!([refused("1"), created("2", "b")])), bulk(&json!([refused("3")]))];
    let (script, client) = discovered(limits, steps).await;
    let report = users(&client, 6).fail_on_errors(2).await.unwrap();
    let taken = Some(ErrorKind::Conflict);
    let undone = Some(ErrorKind::NotDone);
    assert_eq!(kinds(report.outcomes()), [taken, None, taken, undone, undone, undone]);
    // Of two that are allowed one is left for the second request.
    let limits: Vec<_> = script.bodies().iter().map(|body| body["failOnErrors"].clone()).collect();
    assert_eq!(limits, [json!(2), json!(1)]);
}

#[tokio::test]
async fn what_was_not_answered_is_in_doubt() {
    let limits = || json!({"supported": true, "maxOperations": 10, "maxPayloadSize": 100_000});
    let (_, client) = discovered(limits(), [bulk(&json!([created("1", "a")]))]).await;
    let report = users(&client, 2).await.unwrap();
    let error = report.outcomes()[1].error().unwrap();
    assert!(report.outcomes()[0].is_success() && error.is_in_doubt());

    let (_, client) = discovered(limits(), [answer(500, "").into()]).await;
    let report = users(&client, 2).await.unwrap();
    assert!(report.outcomes().iter().all(|outcome| outcome.error().unwrap().is_in_doubt()));

    let (_, client) = discovered(limits(), [answer(413, "").into()]).await;
    let report = users(&client, 2).await.unwrap();
    let kinds = kinds(report.outcomes());
    assert_eq!(kinds, [Some(ErrorKind::TooLarge); 2]);
    assert!(report.outcomes().iter().all(|outcome| !outcome.error().unwrap().is_in_doubt()));
}

#[tokio::test]
async fn nobody_asks_for_what_is_known_or_of_no_use() {
    // It is asked once for what it takes.
    let config = json!({"bulk": {"supported": true, "maxOperations": 9, "maxPayloadSize": 9999}});
    let none = || json(200, &json!({"totalResults": 0}));
    let one = || json(200, &json!({"Operations": [created("1", "a")]}));
    let script = Script::new([json(200, &config), none(), none(), one(), one()]);
    let client = script.client();
    users(&client, 1).await.unwrap();
    users(&client, 1).await.unwrap();
    let lines = script.lines();
    assert_eq!(lines[0], "GET /ServiceProviderConfig");
    assert_eq!(lines[3..], ["POST /Bulk", "POST /Bulk"]);
    // Without operations there is no request.
    assert_eq!(client.bulk().await.unwrap().requests(), 0);
}

/// A service provider that takes so many operations, resolves references within a request, and
/// counts.
#[derive(Default)]
struct Provider {
    /// The members of each resource, by its `id`.
    there: HashMap<String, Vec<String>>,
}

impl Provider {
    fn bulk(&mut self, body: &Value, most: usize) -> Response<bytes::Bytes> {
        let operations = body["Operations"].as_array().unwrap();
        assert!(operations.len() <= most);
        let mut names = HashMap::new();
        for operation in operations.iter().filter(|operation| operation["method"] == "POST") {
            let name = operation["bulkId"].as_str().unwrap().to_owned();
            names.insert(format!("bulkId:{name}"), format!("id-{name}"));
        }
        let resolved = |text: &str| {
            let id = names.get(text);
            assert!(id.is_some() || !text.starts_with("bulkId:"), "{text} in {body}");
            id.cloned().unwrap_or_else(|| text.to_owned())
        };
        let members = |value: &Value| -> Vec<String> {
            let members = value.as_array().into_iter().flatten();
            members.map(|member| resolved(member["value"].as_str().unwrap())).collect()
        };
        let mut answers = Vec::new();
        for operation in operations {
            let data = &operation["data"];
            if operation["method"] == "POST" {
                let name = operation["bulkId"].as_str().unwrap();
                let id = format!("id-{name}");
                self.there.insert(id.clone(), members(&data["members"]));
                answers.push(created(name, &id));
            } else {
                let path = operation["path"].as_str().unwrap();
                let id = resolved(path.rsplit('/').next().unwrap());
                let changes = data["Operations"].as_array().unwrap().iter();
                let added = changes.map(|change| &change["value"]);
                let added = added.flat_map(|value| members(value.get("members").unwrap_or(value)));
                self.there.get_mut(&id).unwrap().extend(added);
                answers.push(json!({"method": "PATCH", "location": path, "status": "204"}));
            }
        }
        json(200, &json!({"Operations": answers}))
    }
}

fn all_members_arrive(references: &[Vec<usize>], most: usize) -> Result<(), TestCaseError> {
    use std::sync::{Arc, Mutex};

    let provider = Arc::new(Mutex::new(Provider::default()));
    let state = Arc::clone(&provider);
    let service = move |request: http::Request<bytes::Bytes>| {
        let answer = match request.uri().path() {
            "/Bulk" => {
                let body = serde_json::from_slice(request.body()).unwrap();
                state.lock().unwrap().bulk(&body, most)
            }
            "/ServiceProviderConfig" => {
                let size = 1 << 20;
                let bulk =
                    json!({"supported": true, "maxOperations": most, "maxPayloadSize": size});
                json(200, &json!({"bulk": bulk}))
            }
            _ => answer(404, ""),
        };
        async move { answer }
    };
    let transport = scim_client::transport::InProcessTransport::new(service);
    let client = Client::builder("https://scim.example.com").transport(transport).build().unwrap();
    let count = references.len();
    let mut bulk = client.bulk();
    let mut expected = HashMap::new();
    for (index, to) in references.iter().enumerate() {
        let mut to: Vec<usize> = to.iter().map(|to| to % count).collect();
        to.sort_unstable();
        to.dedup();
        let members: Value =
            to.iter().map(|to| json!({"value": format!("bulkId:g{to}")})).collect();
        let data = json!({"displayName": "x", "members": members});
        let data = data.as_object().unwrap().clone();
        let name = format!("g{index}");
        bulk = bulk.operation(BulkOperation::post(
            "/Groups".parse().unwrap(),
            name.parse().unwrap(),
            data,
        ));
        expected.insert(
            format!("id-{name}"),
            to.iter().map(|to| format!("id-g{to}")).collect::<Vec<_>>(),
        );
    }
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let report = runtime.block_on(bulk.into_future()).unwrap();
    prop_assert!(report.is_success(), "{:?}", kinds(report.outcomes()));
    prop_assert_eq!(report.outcomes().len(), count);
    let mut there = std::mem::take(&mut provider.lock().unwrap().there);
    for members in there.values_mut().chain(expected.values_mut()) {
        members.sort();
    }
    prop_assert_eq!(there, expected);
    // Each creation goes once, and what completes a circle besides.
    let least = u64::try_from(count.div_ceil(most)).unwrap();
    prop_assert!((least..=2 * u64::try_from(count).unwrap()).contains(&report.requests()));
    Ok(())
}

proptest! {
    #[test]
    fn whatever_refers_to_whatever_all_members_arrive(
        references in collection::vec(collection::vec(0_usize..12, 0..4), 1..12),
        most in 1_usize..8,
    ) {
        all_members_arrive(&references, most)?;
    }
}
