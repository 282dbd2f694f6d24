//! A service provider that is wrong in one thing is found out.

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header::CONTENT_TYPE};
use scim_server::{
    ScimService,
    emulate::{
        Dialect, EntraId, Error, Expectation, Okta, OktaApplication, Person, Report, UserRoster,
    },
};
use serde_json::{Value, json};

use super::{BASE, in_memory};

/// One thing that is wrong: what becomes of a request before the service sees it, and of the
/// answer before the client does.
struct Fault {
    name: &'static str,
    before: fn(&mut Request<Bytes>),
    after: fn(&Request<Bytes>, &mut Response<Bytes>),
    expectation: Expectation,
}

impl Fault {
    fn request(
        name: &'static str,
        before: fn(&mut Request<Bytes>),
        expectation: Expectation,
    ) -> Self {
        Self { name, before, after: |_, _| {}, expectation }
    }

    fn answer(
        name: &'static str,
        after: fn(&Request<Bytes>, &mut Response<Bytes>),
        expectation: Expectation,
    ) -> Self {
        Self { name, before: |_| {}, after, expectation }
    }

    /// Sends a request to the service with the fault.
    async fn send(
        &self,
        service: &ScimService,
        mut request: Request<Bytes>,
    ) -> Result<Response<Bytes>, http::Error> {
        (self.before)(&mut request);
        let mut response = service.handle(request.clone()).await;
        (self.after)(&request, &mut response);
        Ok(response)
    }

    fn find(&self, error: &Error) {
        assert_eq!(*error.expectation(), self.expectation, "{}: {error}", self.name);
        let text = format!("{error} {error:?}").to_lowercase();
        for personal in ["maren", "samir", "tobias", "clinic.example", "ward of"] {
            assert!(!text.contains(personal), "{}: {text}", self.name);
        }
    }
}

fn is(request: &Request<Bytes>, method: &str, path: &str) -> bool {
    request.method() == method && request.uri().path().contains(path)
}

fn is_search(request: &Request<Bytes>) -> bool {
    request.uri().query().is_some_and(|query| query.contains("filter="))
}

fn sends(request: &Request<Bytes>, text: &str) -> bool {
    String::from_utf8_lossy(request.body()).contains(text)
}

fn has_status(response: &Response<Bytes>, status: u16) -> bool {
    response.status().as_u16() == status
}

fn set_status(response: &mut Response<Bytes>, status: u16) {
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
}

fn change(response: &mut Response<Bytes>, change: impl FnOnce(&mut Value)) {
    if let Ok(mut body) = serde_json::from_slice(response.body()) {
        change(&mut body);
        *response.body_mut() = body.to_string().into();
    }
}

fn remove(value: &mut Value, name: &str) {
    if let Value::Object(members) = value {
        members.remove(name);
    }
}

fn without_query(request: &mut Request<Bytes>) {
    *request.uri_mut() = request.uri().path().parse().unwrap();
}

/// The request becomes a read of the same.
fn without_effect(request: &mut Request<Bytes>) {
    *request.method_mut() = http::Method::GET;
}

const WORK_EMAIL: &str = r#"emails[type eq "work"].value"#;
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn faults_for_entra_id() -> Vec<Fault> {
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

fn faults_for_okta() -> Vec<Fault> {
    vec![
        Fault::answer(
            "a password is shown",
            |request, response| {
                if is(request, "POST", "/Users") {
                    let sent: Value = serde_json::from_slice(request.body()).unwrap();
                    change(response, |body| body["password"] = sent["password"].clone());
                }
            },
            Expectation::PasswordHidden,
        ),
        Fault::answer(
            "an error is not SCIM's",
            |_, response| {
                if has_status(response, 404) {
                    *response.body_mut() = Bytes::from_static(b"{}");
                }
            },
            Expectation::ErrorBody,
        ),
        Fault::answer(
            "the status of an error is a number",
            |_, response| {
                let status = response.status().as_u16();
                if status >= 400 {
                    change(response, |body| body["status"] = status.into());
                }
            },
            Expectation::ErrorBody,
        ),
        Fault::answer(
            "an error has no body",
            |_, response| {
                if has_status(response, 409) {
                    *response.body_mut() = Bytes::new();
                }
            },
            Expectation::Json,
        ),
        Fault::answer(
            "a wrong token is forbidden to do more",
            |_, response| {
                if has_status(response, 401) {
                    set_status(response, 500);
                }
            },
            Expectation::Status(&[401]),
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
            Expectation::Pages,
        ),
        Fault::answer(
            "a page before the end is empty",
            |request, response| {
                let query = request.uri().query().unwrap_or_default();
                if is(request, "GET", "/Users") && query.contains("startIndex=2") {
                    change(response, |body| body["Resources"] = json!([]));
                }
            },
            Expectation::Pages,
        ),
        Fault::request(
            "a page is longer than asked for",
            |request| {
                if is(request, "GET", "/Users") && !is_search(request) {
                    without_query(request);
                }
            },
            Expectation::Pages,
        ),
        Fault::answer(
            "a PUT is answered without the user",
            |request, response| {
                if is(request, "PUT", "/Users") {
                    set_status(response, 204);
                }
            },
            Expectation::Status(&[200]),
        ),
        Fault::answer(
            "a profile is not kept",
            |request, response| {
                if is(request, "PUT", "/Users") {
                    change(response, |body| remove(body, "title"));
                }
            },
            Expectation::Kept("title".to_owned()),
        ),
        Fault::answer(
            "the id in a rename is refused",
            |request, response| {
                if is(request, "PATCH", "/Groups") && sends(request, "\"id\"") {
                    set_status(response, 400);
                }
            },
            Expectation::Status(&[200, 204]),
        ),
        Fault::answer(
            "a group cannot be emptied",
            |request, response| {
                if is(request, "PATCH", "/Groups") && sends(request, "\"value\":[]") {
                    set_status(response, 400);
                }
            },
            Expectation::Status(&[200, 204]),
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
            Expectation::Members,
        ),
    ]
}

async fn with_entra_id(fault: &Fault, dialect: Dialect) -> Result<Report, Error> {
    let (service, token) = in_memory();
    // Somebody is there, as everywhere.
    let resident = Person::new("resident@clinic.example");
    EntraId::new(&service, BASE, token.reveal()).create_user(&resident).await?;
    let transport = |request| fault.send(&service, request);
    EntraId::new(&transport, BASE, token.reveal()).with_dialect(dialect).run_all().await
}

async fn with_okta(fault: &Fault, application: OktaApplication) -> Result<Report, Error> {
    let (service, token) = in_memory();
    let transport = |request| fault.send(&service, request);
    let okta = Okta::new(&transport, BASE, token.reveal());
    okta.with_application(application).with_page_size(1).run_all().await
}

#[tokio::test]
async fn entra_id_finds_out_each_fault_in_both_dialects() {
    for fault in faults_for_entra_id() {
        for dialect in [Dialect::Default, Dialect::AadOptscim062020] {
            let outcome = with_entra_id(&fault, dialect).await;
            fault.find(&outcome.err().unwrap_or_else(|| panic!("nobody noticed: {}", fault.name)));
        }
    }
}

#[tokio::test]
async fn okta_finds_out_each_fault() {
    for fault in faults_for_okta() {
        let outcome = with_okta(&fault, OktaApplication::IntegrationNetwork).await;
        fault.find(&outcome.err().unwrap_or_else(|| panic!("nobody noticed: {}", fault.name)));
    }
    let still_active = Fault::answer(
        "a PUT does not deactivate",
        |request, response| {
            if is(request, "PUT", "/Users") {
                change(response, |body| body["active"] = true.into());
            }
        },
        Expectation::Kept("active".to_owned()),
    );
    still_active.find(&with_okta(&still_active, OktaApplication::Wizard).await.unwrap_err());
}

#[tokio::test]
async fn without_a_fault_none_is_found() {
    let none = Fault::answer("none", |_, _| {}, Expectation::Answer);
    for dialect in [Dialect::Default, Dialect::AadOptscim062020] {
        with_entra_id(&none, dialect).await.unwrap();
    }
    for application in [OktaApplication::IntegrationNetwork, OktaApplication::Wizard] {
        with_okta(&none, application).await.unwrap();
    }
}

#[tokio::test]
async fn a_roster_that_fails_where_it_may_lack_something_is_found_out() {
    let (service, token) = in_memory();
    let fault = Fault::answer(
        "groups break",
        |request, response| {
            if is(request, "GET", "/Groups") {
                set_status(response, 500);
            }
        },
        Expectation::Status(&[200, 404, 501]),
    );
    let transport = |request| fault.send(&service, request);
    let roster = UserRoster::new(&transport, BASE, token.reveal());
    let error = roster.run_all().await.unwrap_err();
    fault.find(&error);
    assert_eq!(
        error.to_string(),
        "Entra ID with a user roster expects status 200 or 404 or 501: \
         GET /Groups?filter=displayName eq \"…\" was answered with 500"
    );
    // What led to it is there all the same.
    let report = roster.report().to_string();
    assert!(report.ends_with("GET /Groups?filter=displayName eq \"…\" → 500\n"), "{report}");
}

#[tokio::test]
async fn no_answer_is_an_error_with_its_cause() {
    let gone = |_: Request<Bytes>| async {
        Err::<Response<Bytes>, _>(std::io::Error::other("connection reset"))
    };
    let error = EntraId::new(&gone, BASE, "t0").test_connection().await.unwrap_err();
    assert_eq!((error.expectation(), error.status()), (&Expectation::Answer, None));
    let source = std::error::Error::source(&error).unwrap();
    assert_eq!(source.to_string(), "connection reset");
    assert_eq!(
        error.to_string(),
        "Entra ID expects an answer: GET /Users?filter=userName eq \"…\" was not answered"
    );
}
