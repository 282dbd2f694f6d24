//! A service provider that is wrong in one thing is found out.

mod entra_id;
mod entra_id_changes;
mod okta;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use scim_server::{
    ScimService,
    emulate::{
        Dialect, EntraId, Error, Expectation, Okta, OktaApplication, Person, Report, UserRoster,
    },
};
use serde_json::Value;

use crate::emulate::{BASE, in_memory};

/// One thing that is wrong: what becomes of a request before the service sees it, and of the
/// answer before the client does.
struct Fault {
    name: &'static str,
    before: fn(&mut Request<Bytes>),
    after: fn(&Request<Bytes>, &mut Response<Bytes>),
    expectation: fn() -> Expectation,
}

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

impl Fault {
    const fn request(
        name: &'static str,
        before: fn(&mut Request<Bytes>),
        expectation: fn() -> Expectation,
    ) -> Self {
        Self { name, before, after: |_, _| {}, expectation }
    }

    const fn answer(
        name: &'static str,
        after: fn(&Request<Bytes>, &mut Response<Bytes>),
        expectation: fn() -> Expectation,
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
        assert_eq!(*error.expectation(), (self.expectation)(), "{}: {error}", self.name);
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

fn kept(name: &str) -> Expectation {
    Expectation::Kept(name.to_owned())
}

fn of_enterprise(name: &str) -> Expectation {
    Expectation::Kept(format!("{ENTERPRISE}:{name}"))
}

/// The request becomes a read of the same.
fn without_effect(request: &mut Request<Bytes>) {
    *request.method_mut() = http::Method::GET;
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
    for fault in entra_id::FAULTS.iter().chain(entra_id_changes::FAULTS) {
        for dialect in [Dialect::Default, Dialect::AadOptscim062020] {
            let outcome = with_entra_id(fault, dialect).await;
            fault.find(&outcome.err().unwrap_or_else(|| panic!("nobody noticed: {}", fault.name)));
        }
    }
}

#[tokio::test]
async fn okta_finds_out_each_fault() {
    for fault in okta::FAULTS {
        let outcome = with_okta(fault, OktaApplication::IntegrationNetwork).await;
        fault.find(&outcome.err().unwrap_or_else(|| panic!("nobody noticed: {}", fault.name)));
    }
    let still_active = Fault::answer(
        "a PUT does not deactivate",
        |request, response| {
            if is(request, "PUT", "/Users") {
                change(response, |body| body["active"] = true.into());
            }
        },
        || kept("active"),
    );
    still_active.find(&with_okta(&still_active, OktaApplication::Wizard).await.unwrap_err());
}

#[tokio::test]
async fn without_a_fault_none_is_found() {
    let none = Fault::answer("none", |_, _| {}, || Expectation::Answer);
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
        || Expectation::Status(&[200, 404, 501]),
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
