//! Tries every operation that a service provider offers, with people made up for it.
//!
//! ```text
//! SCIM_TOKEN=… cargo run --release --example client_tour -- https://host/scim/v2 --profile rfc
//! ```
//!
//! It creates 500 users and deletes them again. Exit code 0 says that all went as it should; what
//! the service provider does not offer is told, and is no fault. Without a URL it starts a roster
//! in the same process and tries that one. A URL with `https` needs `--features rustls`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to a person")]

use std::process::ExitCode;

use clap::Parser;
use comfy_table::{Table, presets::UTF8_FULL_CONDENSED};
use scim_client::Client;
use scim_examples::{
    service_provider::{ServiceProvider, ServiceProviderArguments},
    tour::{Station, Tour, TourSettings},
};

/// Tries every operation that a service provider offers
#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    service_provider: ServiceProviderArguments,
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
async fn main() -> Result<ExitCode, Box<dyn std::error::Error + Send + Sync>> {
    let arguments = Arguments::parse();
    let mut settings = TourSettings::default();
    (settings.people, settings.page) = (arguments.people.max(5), arguments.page);
    let service_provider = ServiceProvider::open(arguments.service_provider).await?;
    let client = service_provider.client().clone();
    Ok(service_provider.during(tour(&client, settings, arguments.at_least)).await)
}

async fn tour(client: &Client, settings: TourSettings, at_least: usize) -> ExitCode {
    let stations = match Tour::new(client, settings).go().await {
        Ok(stations) => stations,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    println!("{}", table(&stations));
    let offered = stations.iter().filter(|station| station.seen.is_some()).count();
    if offered < at_least {
        eprintln!("it offers {offered} of them, not {at_least}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn table(stations: &[Station]) -> Table {
    let mut table = Table::new();
    table.load_preset(UTF8_FULL_CONDENSED).set_header(["what", "seen"]);
    for station in stations {
        table.add_row([station.name, station.seen.as_deref().unwrap_or("not offered")]);
    }
    table
}
