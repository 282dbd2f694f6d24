//! Faults of connection, searches and creation.

use bytes::Bytes;
use http::{HeaderValue, header::CONTENT_TYPE};
use scim_server::emulate::Expectation;
use serde_json::{Value, json};

use super::{
    ENTERPRISE, Fault, change, has_status, is, is_search, kept, of_enterprise, remove, set_status,
    without_query,
};

pub(super) const FAULTS: &[Fault] = &[
    Fault::answer(
        "a search without a hit is 404",
        |request, response| {
            let body: Value = serde_json::from_slice(response.body()).unwrap_or_default();
            if is_search(request) && body["totalResults"] == 0 {
                set_status(response, 404);
            }
        },
        || Expectation::Status(&[200]),
    ),
    Fault::request(
        "a filter is passed over",
        |request| {
            if is(request, "GET", "/Users") && is_search(request) {
                without_query(request);
            }
        },
        || Expectation::EmptyList,
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
        || Expectation::List,
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
        || Expectation::List,
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
        || Expectation::List,
    ),
    Fault::answer(
        "an answer is HTML",
        |_, response| {
            if has_status(response, 200) {
                let html = HeaderValue::from_static("text/html");
                response.headers_mut().insert(CONTENT_TYPE, html);
            }
        },
        || Expectation::Json,
    ),
    Fault::answer(
        "an answer has no media type",
        |_, response| {
            response.headers_mut().remove(CONTENT_TYPE);
        },
        || Expectation::Json,
    ),
    Fault::answer(
        "any token will do",
        |_, response| {
            if has_status(response, 401) {
                set_status(response, 200);
            }
        },
        || Expectation::Status(&[401, 403]),
    ),
    Fault::answer(
        "a schema has null",
        |request, response| {
            if is(request, "GET", "/Schemas") {
                change(response, |body| body["Resources"][0]["description"] = Value::Null);
            }
        },
        || Expectation::SchemaWords,
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
        || Expectation::SchemaWords,
    ),
    Fault::answer(
        "a creation is answered with 200",
        |request, response| {
            if is(request, "POST", "/Users") && has_status(response, 201) {
                set_status(response, 200);
            }
        },
        || Expectation::Status(&[201]),
    ),
    Fault::answer(
        "a creation is answered without a body",
        |request, response| {
            if is(request, "POST", "/Users") {
                *response.body_mut() = Bytes::new();
            }
        },
        || Expectation::Json,
    ),
    Fault::answer(
        "a creation is answered without an id",
        |request, response| {
            if is(request, "POST", "/Users") {
                change(response, |body| remove(body, "id"));
            }
        },
        || Expectation::Id,
    ),
    Fault::answer(
        "a list shows no id",
        |request, response| {
            if is_search(request) {
                change(response, without_ids);
            }
        },
        || Expectation::Id,
    ),
    Fault::answer(
        "an existing user is given for a new one",
        |_, response| {
            if has_status(response, 409) {
                set_status(response, 201);
            }
        },
        || Expectation::Status(&[409]),
    ),
    Fault::answer(
        "a user is created as inactive",
        |request, response| {
            if is(request, "POST", "/Users") {
                change(response, |body| body["active"] = false.into());
            }
        },
        || kept("active"),
    ),
    Fault::answer(
        "the enterprise extension is not kept",
        |request, response| {
            if is(request, "POST", "/Users") {
                change(response, |body| remove(body, ENTERPRISE));
            }
        },
        || of_enterprise("department"),
    ),
    Fault::answer(
        "an externalId is not kept",
        |request, response| {
            if is(request, "POST", "/Users") {
                change(response, |body| remove(body, "externalId"));
            }
        },
        || kept("externalId"),
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
        || Expectation::FoundOnce,
    ),
    Fault::answer(
        "one name finds two",
        |request, response| {
            if is(request, "GET", "/Users") && is_search(request) {
                change(response, with_the_one_twice);
            }
        },
        || Expectation::FoundOnce,
    ),
    Fault::answer(
        "an identifier changes",
        |request, response| {
            if is(request, "GET", "/Users") && is_search(request) {
                change(response, with_another_id);
            }
        },
        || Expectation::Id,
    ),
];

fn without_ids(list: &mut Value) {
    for found in list["Resources"].as_array_mut().into_iter().flatten() {
        remove(found, "id");
    }
}

fn with_another_id(list: &mut Value) {
    if list["totalResults"] == 1 {
        list["Resources"][0]["id"] = "another".into();
    }
}

fn with_the_one_twice(list: &mut Value) {
    if list["totalResults"] == 1 {
        let found = list["Resources"][0].clone();
        list["totalResults"] = 2.into();
        list["Resources"] = json!([found, found]);
    }
}
