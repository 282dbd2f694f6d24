//! Creates the people of a CSV file at a service provider, in bulk.
//!
//! ```text
//! SCIM_TOKEN=… cargo run --release --features rustls --example client_import -- \
//!     people.csv https://host/scim/v2
//! ```
//!
//! The file has a header with `userName`, and with any of `givenName`, `familyName`, `email`,
//! `active`, `externalId` and `department`. Who is there already stays as he is, so the same file
//! can be imported twice. Exit code 0 says that everybody in the file is there, 1 that rows were
//! refused, 2 that the file or the service provider cannot be used. Without a URL it starts a
//! roster in the same process, and without a file it makes one up, in which some rows are faulty.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to a person")]

mod sample;

use std::{
    fs::File,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use scim_client::Client;
use scim_examples::{
    causes::Causes,
    import::{Rows, import},
    service_provider::{ServiceProvider, ServiceProviderArguments},
};
use tempfile::NamedTempFile;

type AnyError = Box<dyn std::error::Error + Send + Sync>;

const REFUSED: u8 = 1;
const UNUSABLE: u8 = 2;

/// Creates the people of a CSV file at a service provider
#[derive(Parser)]
struct Arguments {
    /// The people; without a file, some that are made up
    csv_file: Option<PathBuf>,
    #[command(flatten)]
    service_provider: ServiceProviderArguments,
}

#[tokio::main]
async fn main() -> ExitCode {
    match Box::pin(run(Arguments::parse())).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{}", Causes::of(&*error));
            ExitCode::from(UNUSABLE)
        }
    }
}

async fn run(arguments: Arguments) -> Result<ExitCode, AnyError> {
    let mut sample = NamedTempFile::new()?;
    let file = if let Some(file) = &arguments.csv_file {
        file
    } else {
        sample::write(&mut sample)?;
        sample.path()
    };
    let provider = ServiceProvider::open(arguments.service_provider).await?;
    let client = provider.client().clone();
    provider.during(import_people(&client, file)).await
}

async fn import_people(client: &Client, file: &Path) -> Result<ExitCode, AnyError> {
    let file = File::open(file).map_err(|error| format!("the file cannot be read: {error}"))?;
    let bar = ProgressBar::new(file.metadata()?.len());
    let rows = Rows::new(file)?;
    let report = client.test_connection("userName").await?;
    eprintln!("{report}\n");
    if !report.probe.is_scim() {
        return Ok(ExitCode::from(UNUSABLE));
    }
    let template = "  {bar:40} {bytes} of {total_bytes}, {eta} left";
    let bar = bar.with_style(ProgressStyle::with_template(template)?);
    let import = import(client, rows, |bytes| bar.set_position(bytes)).await;
    bar.finish_and_clear();
    let import = import?;
    println!("{import}");
    Ok(match &import.lost {
        None if import.is_complete() => ExitCode::SUCCESS,
        None => ExitCode::from(REFUSED),
        Some(_) => ExitCode::from(UNUSABLE),
    })
}
