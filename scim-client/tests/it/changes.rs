//! Changes in the form that a service provider takes, by profile or after a refusal.

use scim_client::{
    ErrorKind, Group, PatchOp, User,
    target::{Feature, MemberForm, Profile},
    transport::Operation,
};
use serde_json::{Value, json};

use crate::script::{Script, answer, id, json, stored};

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
