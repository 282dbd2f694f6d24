//! The provisioning engine as a command-line tool over a job file.
//!
//! ```text
//! cargo run --release --example provision -- init
//! cargo run --release --example provision -- plan
//! cargo run --release --example provision -- run
//! ```
//!
//! The guide to provisioning goes through all commands. Without a command it plays a scenario:
//! starts a roster on loopback with its resources in a SQLite file, has a made-up directory
//! provision it for a week, reads the roster back and compares it with the directory. That ends
//! with exit code 0 only if they agree.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to a person")]

mod commands;
mod events;
mod failure;
mod job;
mod job_file;
mod notifications;
mod progress;
mod scenario;
mod screen;
mod secret;
mod source;

use std::process::ExitCode;

use clap::Parser;
use scim_examples::causes::Causes;

use self::{
    commands::Command,
    failure::{Failure, Verdict},
    scenario::ScenarioArguments,
};

const EXIT_CODES: &str = "\
Exit codes:
  0  all is well
  1  something failed, or somebody has to decide
  2  the job file, a file that it names, or the command line cannot be used";

const NEEDS_ATTENTION: u8 = 1;
const UNUSABLE: u8 = 2;

/// Provisions people and groups as a job file says; without a command, plays a scenario
#[derive(Parser)]
#[command(args_conflicts_with_subcommands = true, after_help = EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    scenario: ScenarioArguments,
}

#[tokio::main]
async fn main() -> ExitCode {
    let Arguments { command, scenario } = Arguments::parse();
    let outcome = if let Some(command) = command {
        Box::pin(command.run()).await
    } else {
        let outcome = Box::pin(scenario::play(scenario)).await;
        outcome.map(Verdict::well_if).map_err(Failure::Failed)
    };
    match outcome {
        Ok(Verdict::Well) => ExitCode::SUCCESS,
        Ok(Verdict::NeedsAttention) => ExitCode::from(NEEDS_ATTENTION),
        Err(Failure::Failed(error)) => {
            eprintln!("{}", Causes::of(&*error));
            ExitCode::from(NEEDS_ATTENTION)
        }
        Err(Failure::Unusable(error)) => {
            eprintln!("{}", Causes::of(&*error));
            ExitCode::from(UNUSABLE)
        }
    }
}
