use bytes::Bytes;
use http::{HeaderValue, header::CONTENT_TYPE};
use scim_server::emulate::Expectation;
use serde_json::{Value, json};

use super::{
    Fault, change, has_status, is, is_search, remove, sends, set_status, without_effect,
    without_query,
};

const WORK_EMAIL: &str = r#"emails[type eq "work"].value"#;
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

pub(super) fn faults() -> Vec<Fault> {
    let kept = |name: &str| Expectation::Kept(name.to_owned());
    let of_enterprise = |name: &str| Expectation::Kept(format!("{ENTERPRISE}:{name}"));
    vec![
        Fault::answer(
            "a search without a hit is 404",
            |request, response| {
                let body: Value = serde_json::from_slice(response.body()).unwrap_or_default();
                if is_search(request) && body["totalResults"] == 0 {
                    set_status(response, 404);
                }
            },
            Expectation::Status(&[200]),
        ),
        Fault::request(
            "a filter is passed over",
            |request| {
                if is(request, "GET", "/Users") && is_search(request) {
                    without_query(request);
                }
            },
            Expectation::EmptyList,
        ),
        Fault::answer(
            "a count is text",
            |_, response| {
                change(response, |body| {
                    if body["totalResults"].is_u64() {
                        body["totalResults"] = body["totalResults"].to_string().into();
                    }
                });
            },
            Expectation::List,
        ),
        Fault::answer(
            "an empty list has no array",
            |_, response| {
                change(response, |body| {
                    if body["totalResults"] == 0 {
                        remove(body, "Resources");
                    }
                });
            },
            Expectation::List,
        ),
        Fault::answer(
            "a list is an array",
            |_, response| {
                change(response, |body| {
                    if body["Resources"].is_array() {
                        *body = body["Resources"].take();
                    }
                });
            },
            Expectation::List,
        ),
        Fault::answer(
            "an answer is HTML",
            |_, response| {
                if has_status(response, 200) {
                    let html = HeaderValue::from_static("text/html");
                    response.headers_mut().insert(CONTENT_TYPE, html);
                }
            },
            Expectation::Json,
        ),
        Fault::answer(
            "an answer has no media type",
            |_, response| {
                response.headers_mut().remove(CONTENT_TYPE);
            },
            Expectation::Json,
        ),
        Fault::answer(
            "any token will do",
            |_, response| {
                if has_status(response, 401) {
                    set_status(response, 200);
                }
            },
            Expectation::Status(&[401, 403]),
        ),
        Fault::answer(
            "a schema has null",
            |request, response| {
                if is(request, "GET", "/Schemas") {
                    change(response, |body| body["Resources"][0]["description"] = Value::Null);
                }
            },
            Expectation::SchemaWords,
        ),
        Fault::answer(
            "a schema shouts",
            |request, response| {
                if is(request, "GET", "/Schemas") {
                    change(response, |body| {
                        body["Resources"][0]["attributes"][0]["mutability"] = "READ_WRITE".into();
                    });
                }
            },
            Expectation::SchemaWords,
        ),
        Fault::answer(
            "a creation is answered with 200",
            |request, response| {
                if is(request, "POST", "/Users") && has_status(response, 201) {
                    set_status(response, 200);
                }
            },
            Expectation::Status(&[201]),
        ),
        Fault::answer(
            "a creation is answered without a body",
            |request, response| {
                if is(request, "POST", "/Users") {
                    *response.body_mut() = Bytes::new();
                }
            },
            Expectation::Json,
        ),
        Fault::answer(
            "a creation is answered without an id",
            |request, response| {
                if is(request, "POST", "/Users") {
                    change(response, |body| remove(body, "id"));
                }
            },
            Expectation::Id,
        ),
        Fault::answer(
            "a list shows no id",
            |request, response| {
                if is_search(request) {
                    change(response, |body| {
                        for found in body["Resources"].as_array_mut().into_iter().flatten() {
                            remove(found, "id");
                        }
                    });
                }
            },
            Expectation::Id,
        ),
        Fault::answer(
            "an existing user is given for a new one",
            |_, response| {
                if has_status(response, 409) {
                    set_status(response, 201);
                }
            },
            Expectation::Status(&[409]),
        ),
        Fault::answer(
            "a user is created as inactive",
            |request, response| {
                if is(request, "POST", "/Users") {
                    change(response, |body| body["active"] = false.into());
                }
            },
            kept("active"),
        ),
        Fault::answer(
            "the enterprise extension is not kept",
            |request, response| {
                if is(request, "POST", "/Users") {
                    change(response, |body| remove(body, ENTERPRISE));
                }
            },
            of_enterprise("department"),
        ),
        Fault::answer(
            "an externalId is not kept",
            |request, response| {
                if is(request, "POST", "/Users") {
                    change(response, |body| remove(body, "externalId"));
                }
            },
            kept("externalId"),
        ),
        Fault::answer(
            "names are found in their own case alone",
            |request, response| {
                if request.uri().query().is_some_and(|query| query.contains("CLINIC.EXAMPLE")) {
                    change(response, |body| {
                        body["totalResults"] = 0.into();
                        body["Resources"] = json!([]);
                    });
                }
            },
            Expectation::FoundOnce,
        ),
        Fault::answer(
            "one name finds two",
            |request, response| {
                if is(request, "GET", "/Users") && is_search(request) {
                    change(response, |body| {
                        if body["totalResults"] == 1 {
                            let found = body["Resources"][0].clone();
                            *body = json!({
                                "schemas": body["schemas"], "totalResults": 2,
                                "Resources": [found, found],
                            });
                        }
                    });
                }
            },
            Expectation::FoundOnce,
        ),
        Fault::answer(
            "an identifier changes",
            |request, response| {
                if is(request, "GET", "/Users") && is_search(request) {
                    change(response, |body| {
                        if body["totalResults"] == 1 {
                            body["Resources"][0]["id"] = "another".into();
                        }
                    });
                }
            },
            Expectation::Id,
        ),
        Fault::answer(
            "PATCH is not offered",
            |request, response| {
                if is(request, "PATCH", "/Users") {
                    set_status(response, 501);
                }
            },
            Expectation::Status(&[200, 204]),
        ),
        Fault::request(
            "a manager is not taken",
            |request| {
                if is(request, "PATCH", "/Users") && sends(request, ":manager") {
                    without_effect(request);
                }
            },
            of_enterprise("manager"),
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
            of_enterprise("manager"),
        ),
        Fault::request(
            "the filter of a reference is passed over",
            |request| {
                if request.uri().query().is_some_and(|query| query.contains("manager")) {
                    *request.uri_mut() = "/scim/v1/Realms/clinic/Users?count=1".parse().unwrap();
                }
            },
            Expectation::FoundOnce,
        ),
        Fault::answer(
            "a filtered path creates nothing",
            |request, response| {
                if is(request, "GET", "/Users/") {
                    change(response, |body| remove(body, "emails"));
                }
            },
            kept(WORK_EMAIL),
        ),
        Fault::request(
            "a name is not changed",
            |request| {
                if is(request, "PATCH", "/Users") && sends(request, "familyName") {
                    without_effect(request);
                }
            },
            kept("displayName"),
        ),
        Fault::request(
            "nobody is disabled",
            |request| {
                if is(request, "PATCH", "/Users") && sends(request, "active") {
                    without_effect(request);
                }
            },
            kept("active"),
        ),
        Fault::answer(
            "disabled users are hidden",
            |request, response| {
                let body: Value = serde_json::from_slice(response.body()).unwrap_or_default();
                if is(request, "GET", "/Users/") && body["active"] == false {
                    set_status(response, 404);
                }
            },
            Expectation::Status(&[200]),
        ),
        Fault::answer(
            "disabled users are not found",
            |request, response| {
                if is_search(request) {
                    change(response, |body| {
                        if body["Resources"][0]["active"] == false {
                            body["totalResults"] = 0.into();
                            body["Resources"] = json!([]);
                        }
                    });
                }
            },
            Expectation::FoundOnce,
        ),
        Fault::answer(
            "a change of a group is answered with its members",
            |request, response| {
                if is(request, "PATCH", "/Groups") {
                    set_status(response, 200);
                }
            },
            Expectation::Status(&[204]),
        ),
        Fault::request(
            "members are always shown",
            |request| {
                if is(request, "GET", "/Groups/") {
                    without_query(request);
                }
            },
            Expectation::MembersLeftOut,
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
            Expectation::Members,
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
            Expectation::Members,
        ),
        Fault::answer(
            "a member is shown twice",
            |request, response| {
                if is(request, "GET", "/Groups/") {
                    change(response, |body| {
                        if let Some(members) = body["members"].as_array_mut() {
                            members.extend(members.clone());
                        }
                    });
                }
            },
            Expectation::Members,
        ),
        Fault::request(
            "a group is not renamed",
            |request| {
                if is(request, "PATCH", "/Groups") && sends(request, "displayName") {
                    let body = String::from_utf8_lossy(request.body()).replace("Ward", "Word");
                    *request.body_mut() = body.into();
                }
            },
            kept("displayName"),
        ),
        Fault::answer(
            "who is deleted is still there",
            |request, response| {
                if is(request, "GET", "/Users/") && has_status(response, 404) {
                    set_status(response, 200);
                }
            },
            Expectation::Status(&[404]),
        ),
        Fault::answer(
            "a deletion is answered with 200",
            |request, response| {
                if is(request, "DELETE", "/Users") {
                    set_status(response, 200);
                }
            },
            Expectation::Status(&[204]),
        ),
    ]
}
