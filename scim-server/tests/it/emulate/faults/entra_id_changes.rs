//! Faults of changes, groups and deletion.

use bytes::Bytes;
use scim_server::emulate::Expectation;
use serde_json::{Value, json};

use super::{
    ENTERPRISE, Fault, change, has_status, is, is_search, kept, of_enterprise, remove, sends,
    set_status, without_effect, without_query,
};

const WORK_EMAIL: &str = r#"emails[type eq "work"].value"#;

pub(super) const FAULTS: &[Fault] = &[
    Fault::answer(
        "PATCH is not offered",
        |request, response| {
            if is(request, "PATCH", "/Users") {
                set_status(response, 501);
            }
        },
        || Expectation::Status(&[200, 204]),
    ),
    Fault::request(
        "a manager is not taken",
        |request| {
            if is(request, "PATCH", "/Users") && sends(request, ":manager") {
                without_effect(request);
            }
        },
        || of_enterprise("manager"),
    ),
    Fault::answer(
        "a manager is shown elsewhere",
        |request, response| {
            if is(request, "GET", "/Users/") {
                change(response, |body| {
                    let manager = body[ENTERPRISE]["manager"].take();
                    remove(body, ENTERPRISE);
                    body["manager"] = manager;
                });
            }
        },
        || of_enterprise("manager"),
    ),
    Fault::request(
        "the filter of a reference is passed over",
        |request| {
            if request.uri().query().is_some_and(|query| query.contains("manager")) {
                *request.uri_mut() = "/scim/v1/Realms/clinic/Users?count=1".parse().unwrap();
            }
        },
        || Expectation::FoundOnce,
    ),
    Fault::answer(
        "a filtered path creates nothing",
        |request, response| {
            if is(request, "GET", "/Users/") {
                change(response, |body| remove(body, "emails"));
            }
        },
        || kept(WORK_EMAIL),
    ),
    Fault::request(
        "a name is not changed",
        |request| {
            if is(request, "PATCH", "/Users") && sends(request, "familyName") {
                without_effect(request);
            }
        },
        || kept("displayName"),
    ),
    Fault::request(
        "nobody is disabled",
        |request| {
            if is(request, "PATCH", "/Users") && sends(request, "active") {
                without_effect(request);
            }
        },
        || kept("active"),
    ),
    Fault::answer(
        "disabled users are hidden",
        |request, response| {
            let body: Value = serde_json::from_slice(response.body()).unwrap_or_default();
            if is(request, "GET", "/Users/") && body["active"] == false {
                set_status(response, 404);
            }
        },
        || Expectation::Status(&[200]),
    ),
    Fault::answer(
        "disabled users are not found",
        |request, response| {
            if is_search(request) {
                change(response, without_the_disabled);
            }
        },
        || Expectation::FoundOnce,
    ),
    Fault::answer(
        "a change of a group is answered with its members",
        |request, response| {
            if is(request, "PATCH", "/Groups") {
                set_status(response, 200);
            }
        },
        || Expectation::Status(&[204]),
    ),
    Fault::request(
        "members are always shown",
        |request| {
            if is(request, "GET", "/Groups/") {
                without_query(request);
            }
        },
        || Expectation::MembersLeftOut,
    ),
    Fault::request(
        "one who leaves takes all along",
        |request| {
            if is(request, "PATCH", "/Groups") && (sends(request, "emove")) {
                let operation = json!({ "op": "remove", "path": "members" });
                let schema = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
                let body = json!({ "schemas": [schema], "Operations": [operation] });
                *request.body_mut() = body.to_string().into();
            }
        },
        || Expectation::Members,
    ),
    Fault::request(
        "a member is not removed",
        |request| {
            if is(request, "PATCH", "/Groups") && sends(request, "emove") {
                *request.body_mut() = Bytes::from(
                    r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                            "Operations":[{"op":"add","path":"members","value":[]}]}"#,
                );
            }
        },
        || Expectation::Members,
    ),
    Fault::answer(
        "a member is shown twice",
        |request, response| {
            if is(request, "GET", "/Groups/") {
                change(response, with_members_twice);
            }
        },
        || Expectation::Members,
    ),
    Fault::request(
        "a group is not renamed",
        |request| {
            if is(request, "PATCH", "/Groups") && sends(request, "displayName") {
                let body = String::from_utf8_lossy(request.body()).replace("Ward", "Word");
                *request.body_mut() = body.into();
            }
        },
        || kept("displayName"),
    ),
    Fault::answer(
        "who is deleted is still there",
        |request, response| {
            if is(request, "GET", "/Users/") && has_status(response, 404) {
                set_status(response, 200);
            }
        },
        || Expectation::Status(&[404]),
    ),
    Fault::answer(
        "a deletion is answered with 200",
        |request, response| {
            if is(request, "DELETE", "/Users") {
                set_status(response, 200);
            }
        },
        || Expectation::Status(&[204]),
    ),
];

fn without_the_disabled(list: &mut Value) {
    if list["Resources"][0]["active"] == false {
        list["totalResults"] = 0.into();
        list["Resources"] = json!([]);
    }
}

fn with_members_twice(group: &mut Value) {
    if let Some(members) = group["members"].as_array_mut() {
        members.extend(members.clone());
    }
}
