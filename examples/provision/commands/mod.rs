//! The commands, a file for each.

mod init;
mod links;
mod log;
mod on_demand;
mod plan;
mod restart;
mod run;
mod status;
mod test_connection;
mod watch;

use clap::{Args, Subcommand};
use scim_client::provision::CycleKind;

use crate::{
    failure::{Failure, Verdict},
    job::JobArgument,
};

/// What is to be done.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Write a sample job file with a small sample source beside it
    Init(JobArgument),
    /// Test whether the service provider answers, takes the token and speaks SCIM
    TestConnection(JobArgument),
    /// Show what a cycle would do; nothing is sent
    Plan(plan::PlanArguments),
    /// Run a cycle
    Run(run::RunArguments),
    /// Let the removals happen that a cycle has held back
    Approve(run::ApproveArguments),
    /// Run cycle after cycle until Ctrl-C; a second Ctrl-C does not wait for the current change
    Watch(JobArgument),
    /// Provision some objects now, and show each step
    OnDemand(on_demand::OnDemandArguments),
    /// Show how the job stands
    Status(status::StatusArguments),
    /// Show what the log says about objects
    Log(log::LogArguments),
    /// Show, save, restore or forget which object belongs to which resource
    Links(links::LinksArguments),
    /// Forget what the next cycle is to find out anew
    Restart(restart::RestartArguments),
}

/// What a cycle looks at.
#[derive(Args, Clone, Copy)]
pub(crate) struct KindArguments {
    /// Look at everyone in the source
    #[arg(long)]
    initial: bool,
    /// Look at everyone in the source and at every resource, and change back what somebody else
    /// has changed
    #[arg(long, conflicts_with = "initial")]
    reconcile: bool,
}

impl KindArguments {
    fn kind(self) -> CycleKind {
        match self {
            Self { reconcile: true, .. } => CycleKind::Reconcile,
            Self { initial: true, .. } => CycleKind::Initial,
            Self { .. } => CycleKind::Incremental,
        }
    }
}

impl Command {
    /// Does it.
    pub(crate) async fn run(self) -> Result<Verdict, Failure> {
        match self {
            Self::Init(job) => init::run(&job),
            Self::TestConnection(job) => test_connection::run(&job).await,
            Self::Plan(arguments) => arguments.run().await,
            Self::Run(arguments) => arguments.run().await,
            Self::Approve(arguments) => arguments.run().await,
            Self::Watch(job) => watch::run(&job).await,
            Self::OnDemand(arguments) => arguments.run().await,
            Self::Status(arguments) => arguments.run().await,
            Self::Log(arguments) => arguments.run(),
            Self::Links(arguments) => arguments.run().await,
            Self::Restart(arguments) => arguments.run().await,
        }
    }
}
