//! The tour of a service provider, at the roster of this package.

use bytes::Bytes;
use http::{Request, Response};
use scim_client::{Client, Transport, transport::FunctionTransport};
use scim_examples::{
    service_provider::{ServiceProvider, ServiceProviderArguments},
    tour::{Tour, TourError, TourSettings},
};

fn settings() -> TourSettings {
    let mut settings = TourSettings::default();
    settings.people = 30;
    settings
}

async fn roster() -> ServiceProvider {
    let mut arguments = ServiceProviderArguments::default();
    arguments.profile = scim_client::target::Profile::rfc();
    ServiceProvider::open(arguments).await.unwrap()
}

#[tokio::test]
async fn the_roster_offers_all_but_oneself_and_is_empty_afterwards() {
    let roster = roster().await;
    let client = roster.client().clone();
    let (stations, left) = roster
        .during(async {
            let stations = Tour::new(&client, settings()).go().await.unwrap();
            (stations, client.search().all().await.unwrap())
        })
        .await;
    let missing: Vec<_> =
        stations.iter().filter(|station| station.seen.is_none()).map(|at| at.name).collect();
    assert_eq!(missing, ["read oneself"]);
    assert_eq!(stations.len(), 17);
    assert!(left.is_empty());
}

/// A service provider that answers any PATCH with 204 and does nothing.
async fn deaf(
    transport: impl Transport + Clone,
    request: Request<Bytes>,
) -> Result<Response<Bytes>, scim_client::TransportError> {
    if request.method() == "PATCH" {
        let mut answer = Response::new(Bytes::new());
        *answer.status_mut() = http::StatusCode::NO_CONTENT;
        return Ok(answer);
    }
    transport.send(request).await
}

#[tokio::test]
async fn a_service_provider_that_only_says_that_it_did_something_is_found_out() {
    use scim_client::transport::ReqwestTransport;
    use scim_examples::roster::{Roster, RosterSettings, StoreChoice};

    let address = "127.0.0.1:0".parse().unwrap();
    let roster = RosterSettings::new(address, StoreChoice::Memory, "clinic".parse().unwrap());
    let roster = Roster::open(roster).await.unwrap();
    let transport = ReqwestTransport::new().unwrap();
    let transport = FunctionTransport::new(move |request| deaf(transport.clone(), request));
    let builder = Client::builder(roster.base_url()).bearer_token(roster.token().reveal());
    let client = builder.transport(transport).build().unwrap();
    let outcome = tokio::select! {
        outcome = Tour::new(&client, settings()).go() => outcome,
        () = roster.serve(std::future::pending()) => panic!("the roster has ended"),
    };
    let Err(TourError::Seen { station, .. }) = outcome else { panic!("{outcome:?}") };
    assert_eq!(station, "send what differs");
}
