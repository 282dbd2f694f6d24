//! Tries every operation that a service provider offers, with people made up for it.
//!
//! ```text
//! SCIM_TOKEN=… cargo run --release --example client_tour -- https://host/scim/v2 --profile rfc
//! ```
//!
//! It creates 500 users and deletes them again. Exit code 0 says that all went as it should; what
//! the service provider does not offer is told, and is no fault. Without a URL it starts a roster
//! in the same process and tries that one.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to a person")]

use std::{net::SocketAddr, process::ExitCode};

use clap::Parser;
use comfy_table::{Table, presets::UTF8_FULL_CONDENSED};
use scim_client::{
    Client,
    target::Profile,
    transport::{ReqwestTransport, TokioTimer},
};
use scim_examples::{
    roster::{Roster, RosterSettings, StoreChoice},
    tour::{Station, Tour, TourSettings},
};

type AnyError = Box<dyn std::error::Error + Send + Sync>;

/// Tries every operation that a service provider offers
#[derive(Parser)]
struct Arguments {
    /// The base URL; the bearer token comes in the variable `SCIM_TOKEN`
    base_url: Option<String>,
    /// The kind of service provider: rfc, aws, entra, github, slack, salesforce, atlassian, google
    /// or cerner
    #[arg(long, default_value = "rfc")]
    profile: String,
    /// How many people are created
    #[arg(long, default_value_t = 500)]
    people: usize,
    /// How many go on a page
    #[arg(long, default_value_t = 7)]
    page: u64,
    /// How much of it the service provider has to offer
    #[arg(long, default_value_t = 0)]
    at_least: usize,
}

#[tokio::main]
async fn main() -> Result<ExitCode, AnyError> {
    let arguments = Arguments::parse();
    let profile = Profile::preset(&arguments.profile).ok_or("there is no such profile")?;
    let mut settings = TourSettings::default();
    (settings.people, settings.page) = (arguments.people.max(5), arguments.page);
    if let Some(base_url) = arguments.base_url {
        let token = std::env::var("SCIM_TOKEN").map_err(|_| "there is no token in `SCIM_TOKEN`")?;
        return tour(&client(&base_url, &token, profile)?, settings, arguments.at_least).await;
    }
    let address = SocketAddr::from(([127, 0, 0, 1], 0));
    let roster = RosterSettings::new(address, StoreChoice::Memory, "tour".parse()?);
    let roster = Roster::open(roster).await?;
    let client = client(roster.base_url(), roster.token().reveal(), profile)?;
    tokio::select! {
        code = tour(&client, settings, arguments.at_least) => code,
        () = roster.serve(std::future::pending()) => Err("the roster has ended".into()),
    }
}

fn client(base_url: &str, token: &str, profile: Profile) -> Result<Client, AnyError> {
    let builder = Client::builder(base_url).bearer_token(token).profile(profile);
    Ok(builder.transport(ReqwestTransport::new()?).timer(TokioTimer::new()).build()?)
}

async fn tour(
    client: &Client,
    settings: TourSettings,
    at_least: usize,
) -> Result<ExitCode, AnyError> {
    let stations = match Tour::new(client, settings).go().await {
        Ok(stations) => stations,
        Err(error) => {
            eprintln!("{error}");
            return Ok(ExitCode::FAILURE);
        }
    };
    println!("{}", table(&stations));
    let offered = stations.iter().filter(|station| station.seen.is_some()).count();
    if offered < at_least {
        eprintln!("it offers {offered} of them, not {at_least}");
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

fn table(stations: &[Station]) -> Table {
    let mut table = Table::new();
    table.load_preset(UTF8_FULL_CONDENSED).set_header(["what", "seen"]);
    for station in stations {
        table.add_row([station.name, station.seen.as_deref().unwrap_or("not offered")]);
    }
    table
}
