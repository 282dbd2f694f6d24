use bytes::Bytes;
use scim_server::emulate::Expectation;
use serde_json::{Value, json};

use super::{
    Fault, change, has_status, is, is_search, kept, remove, sends, set_status, without_query,
};

pub(super) const FAULTS: &[Fault] = &[
    Fault::answer(
        "a password is shown",
        |request, response| {
            if is(request, "POST", "/Users") {
                let sent: Value = serde_json::from_slice(request.body()).unwrap();
                change(response, |body| body["password"] = sent["password"].clone());
            }
        },
        || Expectation::PasswordHidden,
    ),
    Fault::answer(
        "an error is not SCIM's",
        |_, response| {
            if has_status(response, 404) {
                *response.body_mut() = Bytes::from_static(b"{}");
            }
        },
        || Expectation::ErrorBody,
    ),
    Fault::answer(
        "the status of an error is a number",
        |_, response| {
            let status = response.status().as_u16();
            if status >= 400 {
                change(response, |body| body["status"] = status.into());
            }
        },
        || Expectation::ErrorBody,
    ),
    Fault::answer(
        "an error has no body",
        |_, response| {
            if has_status(response, 409) {
                *response.body_mut() = Bytes::new();
            }
        },
        || Expectation::Json,
    ),
    Fault::answer(
        "a wrong token is forbidden to do more",
        |_, response| {
            if has_status(response, 401) {
                set_status(response, 500);
            }
        },
        || Expectation::Status(&[401]),
    ),
    Fault::request(
        "every page is the first",
        |request| {
            if is(request, "GET", "/Users") && !is_search(request) {
                let first = "/scim/v1/Realms/clinic/Users?count=1";
                if request.uri().query().is_some() {
                    *request.uri_mut() = first.parse().unwrap();
                }
            }
        },
        || Expectation::Pages,
    ),
    Fault::answer(
        "a page before the end is empty",
        |request, response| {
            let query = request.uri().query().unwrap_or_default();
            if is(request, "GET", "/Users") && query.contains("startIndex=2") {
                change(response, |body| body["Resources"] = json!([]));
            }
        },
        || Expectation::Pages,
    ),
    Fault::request(
        "a page is longer than asked for",
        |request| {
            if is(request, "GET", "/Users") && !is_search(request) {
                without_query(request);
            }
        },
        || Expectation::Pages,
    ),
    Fault::answer(
        "a PUT is answered without the user",
        |request, response| {
            if is(request, "PUT", "/Users") {
                set_status(response, 204);
            }
        },
        || Expectation::Status(&[200]),
    ),
    Fault::answer(
        "a profile is not kept",
        |request, response| {
            if is(request, "PUT", "/Users") {
                change(response, |body| remove(body, "title"));
            }
        },
        || kept("title"),
    ),
    Fault::answer(
        "the id in a rename is refused",
        |request, response| {
            if is(request, "PATCH", "/Groups") && sends(request, "\"id\"") {
                set_status(response, 400);
            }
        },
        || Expectation::Status(&[200, 204]),
    ),
    Fault::answer(
        "a group cannot be emptied",
        |request, response| {
            if is(request, "PATCH", "/Groups") && sends(request, "\"value\":[]") {
                set_status(response, 400);
            }
        },
        || Expectation::Status(&[200, 204]),
    ),
    Fault::request(
        "members are added to those that are there",
        |request| {
            if is(request, "PATCH", "/Groups") && sends(request, "\"replace\"") {
                let body =
                    String::from_utf8_lossy(request.body()).replace("\"replace\"", "\"add\"");
                *request.body_mut() = body.into();
            }
        },
        || Expectation::Members,
    ),
];
