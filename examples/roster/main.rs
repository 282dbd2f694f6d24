//! The user roster alone: a service provider of SCIM 2.0 in a process of its own.
//!
//! ```text
//! cargo run --release --example roster -- --store sqlite:roster.db --realm clinic
//! ```
//!
//! Prints `BASE_URL=…` and `TOKEN=…` once it listens, and ends on SIGTERM or SIGINT when the
//! requests that have begun are answered.
#![expect(clippy::print_stderr, clippy::print_stdout, reason = "an example talks to a person")]

use std::{
    io::{Write as _, stdout},
    net::SocketAddr,
    path::PathBuf,
    process::ExitCode,
};

use clap::Parser;
use scim_examples::roster::{Roster, RosterSettings, StoreChoice, read_registry};
use scim_server::{Tenant, Token};
use tokio::signal::unix::{SignalKind, signal};

/// A user roster: a service provider of SCIM 2.0.
#[derive(Parser)]
struct Arguments {
    /// Where to listen; with port 0, the system chooses one
    #[arg(long, default_value = "127.0.0.1:8080")]
    address: SocketAddr,
    /// Where to keep the resources: `memory` or `sqlite:FILE`
    #[arg(long, default_value = "memory")]
    store: StoreChoice,
    /// The realm to serve
    #[arg(long, default_value = "clinic")]
    realm: Tenant,
    /// The token of the system account; without it a new one is made, and shown this once
    #[arg(long, env = "ROSTER_TOKEN", hide_env_values = true)]
    token: Option<Token>,
    /// A JSON file of further schemas
    #[arg(long)]
    schemas: Option<PathBuf>,
    /// A JSON file of further resource types
    #[arg(long)]
    resource_types: Option<PathBuf>,
    /// What to log to standard error: error, warn, info, debug or trace
    #[arg(long, default_value = "warn")]
    log: tracing_subscriber::filter::LevelFilter,
}

#[tokio::main]
async fn main() -> ExitCode {
    let Err(error) = serve(Arguments::parse()).await else { return ExitCode::SUCCESS };
    eprintln!("{error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        eprintln!("  because {error}");
        cause = error.source();
    }
    ExitCode::FAILURE
}

async fn serve(arguments: Arguments) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    tracing_subscriber::fmt().with_max_level(arguments.log).with_writer(std::io::stderr).init();
    let mut settings = RosterSettings::new(arguments.address, arguments.store, arguments.realm);
    settings.token = arguments.token;
    settings.registry =
        read_registry(arguments.schemas.as_deref(), arguments.resource_types.as_deref())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let roster = Roster::open(settings).await?;
    println!("BASE_URL={}", roster.base_url());
    println!("TOKEN={}", roster.token().reveal());
    stdout().flush()?;
    roster
        .serve(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        })
        .await;
    Ok(())
}
