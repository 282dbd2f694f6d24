//! Exports the users of a service provider as JSON lines, page by page.
//!
//! ```text
//! SCIM_TOKEN=… cargo run --release --features rustls --example client_export -- \
//!     https://host/scim/v2 --filter 'active eq true' --output users.jsonl
//! ```
//!
//! Exit code 0 says that all were read, as far as one can tell. Without a URL it starts a roster
//! in the same process, provisions 250 people and exports those.
#![expect(clippy::print_stderr, reason = "an example talks to a person")]

use std::{
    fs::File,
    io::{self, BufWriter, IsTerminal as _, Write, stdout},
    path::PathBuf,
    process::ExitCode,
};

use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use scim_client::{Client, Filter};
use scim_examples::{
    causes::Causes,
    export::export,
    service_provider::{ServiceProvider, ServiceProviderArguments, provision},
};

type AnyError = Box<dyn std::error::Error + Send + Sync>;

/// How many people the roster in the same process has.
const PEOPLE: usize = 250;

/// Exports the users of a service provider as JSON lines
#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    service_provider: ServiceProviderArguments,
    /// Where to write; standard output otherwise
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// How many users go on a page
    #[arg(long, default_value_t = 100)]
    count: u64,
    /// Which users to export, such as `active eq true`
    #[arg(long)]
    filter: Option<Filter>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match Box::pin(run(Arguments::parse())).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{}", Causes::of(&*error));
            ExitCode::FAILURE
        }
    }
}

async fn run(mut arguments: Arguments) -> Result<ExitCode, AnyError> {
    let provider = ServiceProvider::open(std::mem::take(&mut arguments.service_provider)).await?;
    let client = provider.client().clone();
    let is_empty = provider.is_in_process();
    let work = async {
        if is_empty {
            provision(&client, PEOPLE).await?;
        }
        export_users(&client, arguments).await
    };
    Box::pin(provider.during(work)).await
}

async fn export_users(client: &Client, arguments: Arguments) -> Result<ExitCode, AnyError> {
    let Arguments { output, count, filter, .. } = arguments;
    let report = client.test_connection("userName").await?;
    eprintln!("{report}\n");
    if !report.probe.is_scim() {
        return Ok(ExitCode::FAILURE);
    }
    let mut list = client.dynamic("/Users")?.list().count(count);
    if let Some(filter) = filter {
        list = list.filter(filter);
    }
    let bar = progress_bar(output.is_none() && stdout().is_terminal());
    let out: Box<dyn Write + Send> = match output {
        Some(file) => Box::new(File::create(file).map_err(|error| unwritable(&error))?),
        None => Box::new(stdout()),
    };
    let export = export(list.pages(), BufWriter::new(out), |came, total| {
        bar.set_length(total.unwrap_or(came));
        bar.set_position(came);
    });
    let export = export.await;
    bar.finish_and_clear();
    let export = export.map_err(|error| unwritable(&error))?;
    eprintln!("{export}");
    Ok(if export.is_whole() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn unwritable(error: &io::Error) -> String {
    format!("the output cannot be written: {error}")
}

/// A bar on standard error, unless users are shown on the same screen.
fn progress_bar(is_hidden: bool) -> ProgressBar {
    let bar = if is_hidden { ProgressBar::hidden() } else { ProgressBar::new(0) };
    match ProgressStyle::with_template("  {bar:40} {pos}/{len} users, {per_sec}, {eta} left") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
